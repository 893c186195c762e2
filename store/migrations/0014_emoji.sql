-- Custom emoji, our own and those seen from other servers. A shortcode belongs
-- to a host: the same one at two hosts is two emoji.
CREATE TABLE emoji (
    id         INTEGER PRIMARY KEY,
    host       TEXT    NOT NULL DEFAULT '', -- '': ours
    name       TEXT    NOT NULL,            -- the shortcode, without colons
    uri        TEXT    NOT NULL DEFAULT '', -- at its own server, if that gives it one
    icon_url   TEXT    NOT NULL DEFAULT '', -- of a remote one: its picture there, as a tag said
    media_type TEXT    NOT NULL DEFAULT '',
    hash       TEXT    REFERENCES file,     -- of our own: its picture, which may move
    still_hash TEXT    REFERENCES file,     -- and one that does not, NULL if the picture does not either
    still_type TEXT    NOT NULL DEFAULT '',
    width      INTEGER NOT NULL DEFAULT 0,
    height     INTEGER NOT NULL DEFAULT 0,
    size       INTEGER NOT NULL DEFAULT 0,  -- bytes of the picture
    category   TEXT    NOT NULL DEFAULT '',
    aliases    TEXT    NOT NULL DEFAULT '', -- JSON, other words to find it by
    licence    TEXT    NOT NULL DEFAULT '',
    credits    TEXT    NOT NULL DEFAULT '', -- who made it
    disabled   INTEGER NOT NULL DEFAULT 0,  -- not offered, and shown as its name
    updated_at INTEGER NOT NULL,            -- as its own server says, 0: it does not
    created_at INTEGER NOT NULL,
    UNIQUE (host, name)
) STRICT;
-- Reactions that came before.
INSERT INTO emoji (id, host, name, icon_url, updated_at, created_at)
SELECT MIN(id), host, trim(emoji, ':'), MAX(icon_url), 0, MIN(created_at) FROM reaction WHERE host <> '' AND icon_url <> '' GROUP BY host, emoji;

CREATE INDEX emoji_category ON emoji (category, name) WHERE host = '';
CREATE INDEX emoji_hash ON emoji (hash) WHERE hash IS NOT NULL;
CREATE INDEX emoji_still ON emoji (still_hash) WHERE still_hash IS NOT NULL;
