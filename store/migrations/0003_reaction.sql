-- Emoji reactions to posts. emoji is a Unicode emoji, fully qualified, or the
-- :shortcode: of a custom one, which is the host's that it came from.
CREATE TABLE reaction (
    id         INTEGER PRIMARY KEY,
    uri        TEXT    NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    post_id    INTEGER NOT NULL REFERENCES post ON DELETE CASCADE,
    emoji      TEXT    NOT NULL,
    host       TEXT    NOT NULL DEFAULT '', -- of a custom emoji
    icon_url   TEXT    NOT NULL DEFAULT '', -- its picture, at that host
    created_at INTEGER NOT NULL,
    UNIQUE (post_id, emoji, host, account_id)
) STRICT;
CREATE INDEX reaction_account ON reaction (account_id, id);

-- When a server was last asked what software it runs, or is about to be.
ALTER TABLE instance ADD COLUMN software_at INTEGER NOT NULL DEFAULT 0;
