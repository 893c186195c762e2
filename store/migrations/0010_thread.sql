-- Threads: their context on other servers, and what asking for missing replies brought.

-- The collection of the thread that a post is in (FEP-7888), and the older name
-- of the same: as its own server says, or as what it answers has it.
ALTER TABLE post ADD COLUMN context TEXT NOT NULL DEFAULT '';
ALTER TABLE post ADD COLUMN conversation TEXT NOT NULL DEFAULT '';
CREATE INDEX post_context ON post (context, id) WHERE context <> '';

-- A thread whose missing posts were asked for, by the topmost post of it that
-- was stored then.
CREATE TABLE completion (
    post_id  INTEGER PRIMARY KEY REFERENCES post ON DELETE CASCADE,
    asked_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL DEFAULT 0, -- 0: it waits or is running
    posts    INTEGER NOT NULL DEFAULT 0, -- that came
    stopped  TEXT    NOT NULL DEFAULT '' -- the limit that ended it, '' none
) STRICT;

CREATE TABLE completion_host (
    post_id INTEGER NOT NULL REFERENCES completion ON DELETE CASCADE,
    host    TEXT    NOT NULL,
    asked   INTEGER NOT NULL, -- requests
    brought INTEGER NOT NULL, -- posts
    failed  INTEGER NOT NULL, -- requests without a use
    cause   TEXT    NOT NULL DEFAULT '', -- why the last of those failed
    PRIMARY KEY (post_id, host)
) STRICT, WITHOUT ROWID;

-- When the followers of an account elsewhere were last compared (FEP-8fcf).
CREATE TABLE followers_sync (
    account_id INTEGER PRIMARY KEY REFERENCES account ON DELETE CASCADE,
    at         INTEGER NOT NULL
) STRICT;

-- Hashtags that an account shows on its profile.
CREATE TABLE featured_tag (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    tag_id     INTEGER NOT NULL REFERENCES tag,
    name       TEXT    NOT NULL, -- as the account writes it
    UNIQUE (account_id, tag_id)
) STRICT;

ALTER TABLE account ADD COLUMN featured_tags_uri TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN attribution_domains TEXT NOT NULL DEFAULT ''; -- JSON [host]: whose pages may name it as author
ALTER TABLE account ADD COLUMN hides_network INTEGER NOT NULL DEFAULT 0;     -- a local one: whom it follows, and who follows it, is not shown

-- What a deleted post answered: it leaves a gap in its thread.
ALTER TABLE tombstone ADD COLUMN parent_id INTEGER;
CREATE INDEX tombstone_parent ON tombstone (parent_id) WHERE parent_id IS NOT NULL;
