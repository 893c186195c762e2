-- What became of telling a server of a post, in its newest version. The rows of
-- a deleted post stay until its Delete is on its way: they say who must hear it.
CREATE TABLE post_delivery (
    post_id INTEGER NOT NULL,
    host    TEXT    NOT NULL,
    state   INTEGER NOT NULL,            -- DeliveryState
    at      INTEGER NOT NULL,            -- since when
    told_at INTEGER NOT NULL DEFAULT 0,  -- when it last took a version
    cause   TEXT    NOT NULL DEFAULT '', -- Cause, of what was refused or given up
    reason  TEXT    NOT NULL DEFAULT '', -- as the host or the network said it
    PRIMARY KEY (post_id, host)
) STRICT, WITHOUT ROWID;

-- Which servers ever took something of a local account: they hear of its end,
-- and of the end of posts whose rows above have expired.
CREATE TABLE told (
    account_id INTEGER NOT NULL,
    host       TEXT    NOT NULL,
    posts      INTEGER NOT NULL, -- 1: a post too
    PRIMARY KEY (account_id, host)
) STRICT, WITHOUT ROWID;

ALTER TABLE activity ADD COLUMN post_id INTEGER NOT NULL DEFAULT 0; -- of Create and Update of a post
ALTER TABLE instance ADD COLUMN inbox TEXT NOT NULL DEFAULT '';     -- where it last took a post
ALTER TABLE instance ADD COLUMN heard_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE instance ADD COLUMN cause TEXT NOT NULL DEFAULT '';     -- Cause of last_error
CREATE INDEX activity_post ON activity (post_id) WHERE post_id > 0;
CREATE INDEX instance_failing ON instance (host) WHERE failing_since > 0;
CREATE INDEX job_failed ON job (id) WHERE failed_at > 0;
