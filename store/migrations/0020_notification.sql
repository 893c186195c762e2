-- What a member wants to be told, and conversations.

-- 1: from somebody whom the member's policy holds back, until they are accepted.
ALTER TABLE notification ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
CREATE INDEX notification_held ON notification (account_id, from_id, id) WHERE held;

-- Each column a NotificationVerdict; without a row the usual policy holds.
CREATE TABLE notification_policy (
    account_id       INTEGER PRIMARY KEY REFERENCES user ON DELETE CASCADE,
    not_following    INTEGER NOT NULL,
    not_followers    INTEGER NOT NULL,
    new_accounts     INTEGER NOT NULL,
    private_mentions INTEGER NOT NULL,
    limited_accounts INTEGER NOT NULL,
    off              INTEGER NOT NULL DEFAULT 0, -- bits by NotificationKind: not told of at all
    no_push          INTEGER NOT NULL DEFAULT 0  -- and only on the pages
) STRICT;

-- Strangers whom the member wants to hear of whatever the policy says.
CREATE TABLE notification_permission (
    account_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    from_id    INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    PRIMARY KEY (account_id, from_id)
) STRICT, WITHOUT ROWID;

-- Strangers of whom notifications are held back.
CREATE TABLE notification_request (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    from_id    INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    UNIQUE (account_id, from_id)
) STRICT;

CREATE INDEX post_direct ON post (thread_id, id) WHERE visibility = 3;

-- The threads in which a member exchanges posts that name people alone.
CREATE TABLE conversation (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    thread_id  INTEGER NOT NULL,
    last_id    INTEGER NOT NULL REFERENCES post ON DELETE CASCADE, -- the newest post
    unread     INTEGER NOT NULL,
    UNIQUE (account_id, thread_id)
) STRICT;
CREATE INDEX conversation_list ON conversation (account_id, last_id);
CREATE INDEX conversation_last ON conversation (last_id);
CREATE INDEX conversation_thread ON conversation (thread_id);
CREATE INDEX conversation_unread ON conversation (account_id) WHERE unread;
INSERT INTO conversation (id, account_id, thread_id, last_id, unread)
    SELECT NULL, u.account_id, p.thread_id, MAX(p.id), 0 FROM post p JOIN user u ON u.account_id = p.account_id
        OR EXISTS (SELECT 1 FROM mention m WHERE m.post_id = p.id AND m.account_id = u.account_id)
    WHERE p.visibility = 3 GROUP BY u.account_id, p.thread_id;

-- Where browsers and apps want to be woken (RFC 8030). Each belongs to a token
-- or to a session, and goes with it.
CREATE TABLE push_subscription (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    token_id   INTEGER UNIQUE REFERENCES token ON DELETE CASCADE,
    session_id INTEGER UNIQUE REFERENCES session ON DELETE CASCADE,
    endpoint   TEXT    NOT NULL,
    public_key TEXT    NOT NULL,
    auth       TEXT    NOT NULL,
    kinds      INTEGER NOT NULL, -- bits by NotificationKind
    policy     INTEGER NOT NULL  -- PushPolicy
) STRICT;
CREATE INDEX push_subscription_account ON push_subscription (account_id);
