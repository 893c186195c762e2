-- Who voted a post of a community down; shown there alone.
CREATE TABLE downvote (
    id         INTEGER PRIMARY KEY,
    uri        TEXT    NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    post_id    INTEGER NOT NULL REFERENCES post ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    UNIQUE (post_id, account_id)
) STRICT;
CREATE INDEX downvote_account ON downvote (account_id, id);
ALTER TABLE post ADD COLUMN downvotes_count INTEGER NOT NULL DEFAULT 0;

-- The collection in which a community lists its moderators, and who stands in it.
ALTER TABLE account ADD COLUMN moderators_uri TEXT NOT NULL DEFAULT '';
CREATE TABLE moderator (
    group_id   INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    PRIMARY KEY (group_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX moderator_account ON moderator (account_id);

-- Handles that accounts elsewhere had before.
CREATE TABLE former_handle (
    host       TEXT    NOT NULL,
    username   TEXT    NOT NULL COLLATE NOCASE,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    PRIMARY KEY (host, username)
) STRICT, WITHOUT ROWID;
CREATE INDEX former_handle_account ON former_handle (account_id);
