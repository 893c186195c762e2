-- Mutes, lists, followed tags, filters, notes and other things a member says about accounts.
CREATE TABLE mute (
    account_id    INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    target_id     INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    id            INTEGER NOT NULL,           -- the order of the list
    notifications INTEGER NOT NULL,           -- 1: those too
    until         INTEGER NOT NULL DEFAULT 0, -- then a job ends it; 0: for good
    PRIMARY KEY (account_id, target_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX mute_until ON mute (until) WHERE until > 0;

-- Servers of which a member wants nothing.
CREATE TABLE host_block (
    account_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    host       TEXT    NOT NULL,
    id         INTEGER NOT NULL,
    PRIMARY KEY (account_id, host)
) STRICT, WITHOUT ROWID;

-- The first post of the thread that a post stands in, as far as it is stored:
-- what a member says about a thread holds for all of it.
ALTER TABLE post ADD COLUMN thread_id INTEGER NOT NULL DEFAULT 0;
WITH RECURSIVE t (id, root) AS (
    SELECT id, id FROM post WHERE reply_to_id IS NULL
    UNION ALL SELECT p.id, t.root FROM t JOIN post p ON p.reply_to_id = t.id)
UPDATE post SET thread_id = t.root FROM t WHERE t.id = post.id;

CREATE TABLE thread_choice (
    account_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    thread_id  INTEGER NOT NULL,
    choice     INTEGER NOT NULL, -- ThreadChoice
    PRIMARY KEY (account_id, thread_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX thread_choice_thread ON thread_choice (thread_id);

-- What a follow is to bring beside posts.
ALTER TABLE follow ADD COLUMN boosts INTEGER NOT NULL DEFAULT 1;
ALTER TABLE follow ADD COLUMN notify INTEGER NOT NULL DEFAULT 0;
ALTER TABLE follow ADD COLUMN languages TEXT NOT NULL DEFAULT ''; -- ",de,en,": those alone
CREATE INDEX follow_notify ON follow (target_id) WHERE notify;

CREATE TABLE note (
    account_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    target_id  INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    text       TEXT    NOT NULL,
    PRIMARY KEY (account_id, target_id)
) STRICT, WITHOUT ROWID;

-- People whom a member features on their profile.
CREATE TABLE endorsement (
    account_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    target_id  INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    id         INTEGER NOT NULL,
    PRIMARY KEY (account_id, target_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE list (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    title      TEXT    NOT NULL,
    replies    INTEGER NOT NULL DEFAULT 0, -- ListReplies
    exclusive  INTEGER NOT NULL DEFAULT 0  -- 1: its members leave home
) STRICT;
CREATE INDEX list_account ON list (account_id);

CREATE TABLE list_member (
    list_id    INTEGER NOT NULL REFERENCES list ON DELETE CASCADE,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    owner_id   INTEGER NOT NULL, -- the list's, so that home finds the lists of one member alone
    id         INTEGER NOT NULL,
    PRIMARY KEY (list_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX list_member_owner ON list_member (owner_id, account_id);

CREATE TABLE tag_follow (
    account_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    tag_id     INTEGER NOT NULL REFERENCES tag,
    id         INTEGER NOT NULL,
    PRIMARY KEY (account_id, tag_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tag_follow_tag ON tag_follow (tag_id, account_id);

CREATE TABLE filter (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    title      TEXT    NOT NULL,
    contexts   INTEGER NOT NULL,           -- FilterContexts
    action     INTEGER NOT NULL,           -- FilterAction
    expires_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX filter_account ON filter (account_id);

CREATE TABLE filter_phrase (
    id         INTEGER PRIMARY KEY,
    filter_id  INTEGER NOT NULL REFERENCES filter ON DELETE CASCADE,
    phrase     TEXT    NOT NULL,
    whole_word INTEGER NOT NULL,
    pattern    INTEGER NOT NULL -- 1: a regular expression
) STRICT;
CREATE INDEX filter_phrase_filter ON filter_phrase (filter_id);

CREATE TABLE filter_post (
    id        INTEGER PRIMARY KEY,
    filter_id INTEGER NOT NULL REFERENCES filter ON DELETE CASCADE,
    post_id   INTEGER NOT NULL REFERENCES post ON DELETE CASCADE,
    UNIQUE (filter_id, post_id)
) STRICT;
CREATE INDEX filter_post_post ON filter_post (post_id);

CREATE TABLE bookmark_folder (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    name       TEXT    NOT NULL,
    emoji      TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX bookmark_folder_account ON bookmark_folder (account_id);
ALTER TABLE bookmark ADD COLUMN folder_id INTEGER REFERENCES bookmark_folder ON DELETE SET NULL;
CREATE INDEX bookmark_in_folder ON bookmark (folder_id, id) WHERE folder_id IS NOT NULL;
