-- Drafts, scheduled posts and posts that expire.

-- What a member began to write and kept. With a time it is posted then by a job.
CREATE TABLE draft (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    body       TEXT    NOT NULL,            -- JSON draftBody
    publish_at INTEGER NOT NULL DEFAULT 0,  -- 0: a draft
    problem    TEXT    NOT NULL DEFAULT '', -- JSON PostError: why it could not be posted at its time
    token      TEXT,                        -- of the form that made it: a second press makes no second one
    saved_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX draft_account ON draft (account_id, id);
CREATE UNIQUE INDEX draft_token ON draft (account_id, token) WHERE token IS NOT NULL;

-- The uploads that drafts hold, so that they stay.
CREATE TABLE draft_media (
    draft_id INTEGER NOT NULL REFERENCES draft ON DELETE CASCADE,
    media_id INTEGER NOT NULL REFERENCES media ON DELETE CASCADE,
    PRIMARY KEY (draft_id, media_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX draft_media_media ON draft_media (media_id);

-- When a post of a member deletes itself; 0: never.
ALTER TABLE post ADD COLUMN expires_at INTEGER NOT NULL DEFAULT 0;

-- Which old posts of a member are deleted: JSON Tidying.
CREATE TABLE tidying (
    account_id INTEGER PRIMARY KEY REFERENCES user ON DELETE CASCADE,
    rules      TEXT    NOT NULL,
    next_at    INTEGER NOT NULL -- when a job looks next
) STRICT;
