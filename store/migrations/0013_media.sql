-- Files kept here: uploads of members and the cache of remote media.

-- Every file that is kept, by the SHA-256 of its content. A file that no other
-- row names is removed; the foreign keys refuse to remove one that is.
CREATE TABLE file (
    hash       TEXT    PRIMARY KEY,
    media_type TEXT    NOT NULL,
    size       INTEGER NOT NULL,
    kept_at    INTEGER NOT NULL -- when somebody last handed it in
) STRICT, WITHOUT ROWID;
CREATE INDEX file_kept ON file (kept_at);

-- What a member handed in: for a post, or as a picture of the account.
CREATE TABLE media (
    id          INTEGER PRIMARY KEY,
    owner_id    INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    use         INTEGER NOT NULL DEFAULT 0,  -- MediaUse
    post_id     INTEGER REFERENCES post ON DELETE SET NULL, -- NULL: not attached, and removed after a day
    kind        INTEGER NOT NULL,            -- AttachmentKind
    hash        TEXT    NOT NULL REFERENCES file,
    small_hash  TEXT    REFERENCES file,     -- a still picture for lists: of a picture, or one handed in for sound and video
    description TEXT    NOT NULL DEFAULT '',
    focal_x     REAL    NOT NULL DEFAULT 0,  -- -1 to 1, left to right
    focal_y     REAL    NOT NULL DEFAULT 0,  -- -1 to 1, bottom to top
    width       INTEGER NOT NULL DEFAULT 0,
    height      INTEGER NOT NULL DEFAULT 0,
    duration    INTEGER NOT NULL DEFAULT 0,  -- milliseconds
    animated    INTEGER NOT NULL DEFAULT 0,
    blurhash    TEXT    NOT NULL DEFAULT '',
    color       TEXT    NOT NULL DEFAULT '',
    created_at  INTEGER NOT NULL             -- or when it was last taken off a post
) STRICT;
CREATE INDEX media_owner ON media (owner_id, use);
CREATE INDEX media_post ON media (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX media_loose ON media (created_at) WHERE post_id IS NULL;
CREATE INDEX media_hash ON media (hash);
CREATE INDEX media_small ON media (small_hash) WHERE small_hash IS NOT NULL;

ALTER TABLE attachment ADD COLUMN media_id INTEGER REFERENCES media ON DELETE SET NULL; -- of a post here: the file
ALTER TABLE attachment ADD COLUMN preview_url TEXT NOT NULL DEFAULT '';   -- of a post elsewhere: a still picture of it there
ALTER TABLE attachment ADD COLUMN focal_x REAL NOT NULL DEFAULT 0;
ALTER TABLE attachment ADD COLUMN focal_y REAL NOT NULL DEFAULT 0;
ALTER TABLE attachment ADD COLUMN duration INTEGER NOT NULL DEFAULT 0;    -- milliseconds
CREATE INDEX attachment_media ON attachment (media_id) WHERE media_id IS NOT NULL;

-- Of a local account's pictures what avatar_url and header_url don't tell: JSON
-- AccountPictures. Their files are media rows of the account.
ALTER TABLE account ADD COLUMN pictures TEXT NOT NULL DEFAULT '';

-- What is known of a file elsewhere: its copy here, or why there is none.
CREATE TABLE remote_file (
    url        TEXT    PRIMARY KEY,
    hash       TEXT    REFERENCES file,      -- NULL: not here
    small_hash TEXT    REFERENCES file,      -- of a picture: for lists
    size       INTEGER NOT NULL DEFAULT 0,   -- of both
    fetched_at INTEGER NOT NULL DEFAULT 0,
    used_at    INTEGER NOT NULL DEFAULT 0,
    large      INTEGER NOT NULL DEFAULT 0,   -- more than the cache takes: passed through
    failures   INTEGER NOT NULL DEFAULT 0,   -- in a row
    retry_at   INTEGER NOT NULL DEFAULT 0,   -- not before
    last_error TEXT    NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE INDEX remote_file_hash ON remote_file (hash) WHERE hash IS NOT NULL;
CREATE INDEX remote_file_small ON remote_file (small_hash) WHERE small_hash IS NOT NULL;

-- What makes the addresses of remote files here unguessable.
INSERT INTO setting (key, value) VALUES ('media.secret', lower(hex(randomblob(32))));

-- Files that no row names any more, while they are being removed from where they
-- are kept. One of them is not kept anew before that is done.
CREATE TABLE file_removal (hash TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
