-- The first schema. Times are Unix milliseconds; 0 or NULL means "not". Ids are
-- time-ordered (see id.go), so a timeline is ORDER BY id.

CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A remote server, keyed by its host, with what we know of its health.
CREATE TABLE instance (
    id            INTEGER PRIMARY KEY,
    host          TEXT    NOT NULL UNIQUE,
    software      TEXT    NOT NULL DEFAULT '',
    version       TEXT    NOT NULL DEFAULT '',
    signature     TEXT    NOT NULL DEFAULT '', -- the kind it takes: '' unknown, cavage, rfc9421
    failures      INTEGER NOT NULL DEFAULT 0,  -- failed deliveries in a row
    failing_since INTEGER NOT NULL DEFAULT 0,
    retry_at      INTEGER NOT NULL DEFAULT 0,
    last_error    TEXT    NOT NULL DEFAULT '',
    delivered_at  INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Anyone with an inbox, here (host '') or elsewhere.
CREATE TABLE account (
    id               INTEGER PRIMARY KEY,
    uri              TEXT    NOT NULL UNIQUE,
    kind             INTEGER NOT NULL,            -- AccountKind
    state            INTEGER NOT NULL DEFAULT 0,  -- AccountState
    username         TEXT    NOT NULL,
    host             TEXT    NOT NULL DEFAULT '',
    display_name     TEXT    NOT NULL DEFAULT '',
    bio              TEXT    NOT NULL DEFAULT '', -- safe HTML
    bio_source       TEXT    NOT NULL DEFAULT '',
    fields           TEXT    NOT NULL DEFAULT '', -- JSON [{name, value}], values safe HTML
    url              TEXT    NOT NULL DEFAULT '',
    inbox            TEXT    NOT NULL DEFAULT '',
    shared_inbox     TEXT    NOT NULL DEFAULT '',
    outbox_uri       TEXT    NOT NULL DEFAULT '',
    followers_uri    TEXT    NOT NULL DEFAULT '',
    following_uri    TEXT    NOT NULL DEFAULT '',
    featured_uri     TEXT    NOT NULL DEFAULT '',
    key_uri          TEXT    NOT NULL DEFAULT '',
    public_key       TEXT    NOT NULL DEFAULT '',
    avatar_url       TEXT    NOT NULL DEFAULT '',
    header_url       TEXT    NOT NULL DEFAULT '',
    moved_to_uri     TEXT    NOT NULL DEFAULT '',
    also_known_as    TEXT    NOT NULL DEFAULT '', -- JSON [uri]
    flags            INTEGER NOT NULL DEFAULT 0,  -- AccountFlags
    posts_count      INTEGER NOT NULL DEFAULT 0,
    followers_count  INTEGER NOT NULL DEFAULT 0,
    following_count  INTEGER NOT NULL DEFAULT 0,
    remote_posts     INTEGER NOT NULL DEFAULT 0,  -- what its own server claims
    remote_followers INTEGER NOT NULL DEFAULT 0,
    remote_following INTEGER NOT NULL DEFAULT 0,
    created_at       INTEGER NOT NULL,
    fetched_at       INTEGER NOT NULL DEFAULT 0,  -- the actor document
    outbox_at        INTEGER NOT NULL DEFAULT 0   -- its outbox was read
) STRICT;
CREATE UNIQUE INDEX account_local ON account (username COLLATE NOCASE) WHERE host = '';
CREATE INDEX account_handle ON account (username COLLATE NOCASE, host);
CREATE UNIQUE INDEX account_key ON account (key_uri) WHERE key_uri <> '';

-- Private keys stand apart, so that no query for an account carries one.
CREATE TABLE private_key (
    account_id INTEGER PRIMARY KEY REFERENCES account ON DELETE CASCADE,
    pem        TEXT NOT NULL
) STRICT;

-- The log-in of a local account.
CREATE TABLE user (
    account_id         INTEGER PRIMARY KEY REFERENCES account ON DELETE CASCADE,
    email              TEXT    NOT NULL DEFAULT '',
    password           TEXT    NOT NULL,            -- argon2id in PHC form
    role               INTEGER NOT NULL DEFAULT 0,  -- Role
    state              INTEGER NOT NULL DEFAULT 0,  -- UserState
    reason             TEXT    NOT NULL DEFAULT '', -- why they want to join
    waiting_key        BLOB,                        -- hash of the key of the waiting page
    locale             TEXT    NOT NULL DEFAULT '',
    preferences        TEXT    NOT NULL DEFAULT '', -- JSON Preferences
    notifications_read INTEGER NOT NULL DEFAULT 0,  -- newest notification seen
    created_at         INTEGER NOT NULL,
    invite_id          INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX user_email ON user (email COLLATE NOCASE) WHERE email <> '';
CREATE UNIQUE INDEX user_waiting ON user (waiting_key) WHERE waiting_key IS NOT NULL;

CREATE TABLE session (
    id         INTEGER PRIMARY KEY,
    hash       BLOB    NOT NULL UNIQUE, -- SHA-256 of the cookie
    account_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    user_agent TEXT    NOT NULL DEFAULT '',
    address    TEXT    NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX session_account ON session (account_id);

CREATE TABLE token (
    id         INTEGER PRIMARY KEY,
    hash       BLOB    NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    scopes     TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX token_account ON token (account_id);

CREATE TABLE invite (
    id         INTEGER PRIMARY KEY,
    code       TEXT    NOT NULL UNIQUE,
    created_by INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    max_uses   INTEGER NOT NULL DEFAULT 0, -- 0: any number
    uses       INTEGER NOT NULL DEFAULT 0,
    expires_at INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE post (
    id                  INTEGER PRIMARY KEY,
    uri                 TEXT    NOT NULL UNIQUE,
    account_id          INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    kind                INTEGER NOT NULL DEFAULT 0,  -- PostKind
    visibility          INTEGER NOT NULL,            -- Visibility
    timeline            INTEGER NOT NULL DEFAULT 0,  -- 0: in no public timeline, 1: federated, 2: local too
    sensitive           INTEGER NOT NULL DEFAULT 0,
    url                 TEXT    NOT NULL DEFAULT '',
    title               TEXT    NOT NULL DEFAULT '',
    content_warning     TEXT    NOT NULL DEFAULT '',
    html                TEXT    NOT NULL DEFAULT '',
    source              TEXT    NOT NULL DEFAULT '',
    format              TEXT    NOT NULL DEFAULT '',
    language            TEXT    NOT NULL DEFAULT '',
    reply_to_id         INTEGER REFERENCES post ON DELETE SET NULL,
    reply_to_account_id INTEGER NOT NULL DEFAULT 0,
    reply_to_uri        TEXT,                        -- only while the parent is not stored
    replies_count       INTEGER NOT NULL DEFAULT 0,
    boosts_count        INTEGER NOT NULL DEFAULT 0,
    favourites_count    INTEGER NOT NULL DEFAULT 0,
    created_at          INTEGER NOT NULL,
    edited_at           INTEGER NOT NULL DEFAULT 0,
    token               TEXT                         -- of the form that made it: a second press makes no second post
) STRICT;
CREATE INDEX post_account ON post (account_id, id);
CREATE INDEX post_reply ON post (reply_to_id, id) WHERE reply_to_id IS NOT NULL;
CREATE INDEX post_orphan ON post (reply_to_uri) WHERE reply_to_uri IS NOT NULL;
CREATE INDEX post_federated ON post (id) WHERE timeline > 0;
CREATE INDEX post_local ON post (id) WHERE timeline = 2;
CREATE UNIQUE INDEX post_token ON post (account_id, token) WHERE token IS NOT NULL;

-- Pictures, sound and video of a post, as its author's server describes them.
CREATE TABLE attachment (
    id          INTEGER PRIMARY KEY,
    post_id     INTEGER NOT NULL REFERENCES post ON DELETE CASCADE,
    kind        INTEGER NOT NULL, -- AttachmentKind
    url         TEXT    NOT NULL,
    media_type  TEXT    NOT NULL DEFAULT '',
    description TEXT    NOT NULL DEFAULT '', -- for those who do not see or hear it
    width       INTEGER NOT NULL DEFAULT 0,
    height      INTEGER NOT NULL DEFAULT 0,
    blurhash    TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX attachment_post ON attachment (post_id);

-- Earlier versions of an edited post, oldest first by id.
CREATE TABLE post_edit (
    id              INTEGER PRIMARY KEY,
    post_id         INTEGER NOT NULL REFERENCES post ON DELETE CASCADE,
    title           TEXT    NOT NULL,
    content_warning TEXT    NOT NULL,
    html            TEXT    NOT NULL,
    source          TEXT    NOT NULL,
    sensitive       INTEGER NOT NULL,
    created_at      INTEGER NOT NULL -- when this version was written
) STRICT;
CREATE INDEX post_edit_post ON post_edit (post_id);

-- What is left of a deleted post, so that its address can say "gone" and a
-- late copy of it is not stored again.
CREATE TABLE tombstone (
    uri        TEXT    PRIMARY KEY,
    id         INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    public     INTEGER NOT NULL, -- only then does its address say "gone"
    deleted_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tombstone_id ON tombstone (id);

-- Who a post is addressed to by name, beside its visibility.
CREATE TABLE mention (
    post_id    INTEGER NOT NULL REFERENCES post ON DELETE CASCADE,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    PRIMARY KEY (post_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX mention_account ON mention (account_id, post_id);

CREATE TABLE tag (
    id   INTEGER PRIMARY KEY,
    name TEXT    NOT NULL UNIQUE, -- folded
    text TEXT    NOT NULL         -- as first written
) STRICT;

CREATE TABLE post_tag (
    tag_id  INTEGER NOT NULL REFERENCES tag,
    post_id INTEGER NOT NULL REFERENCES post ON DELETE CASCADE,
    PRIMARY KEY (tag_id, post_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX post_tag_post ON post_tag (post_id);

CREATE TABLE boost (
    id         INTEGER PRIMARY KEY, -- shares the ids of posts: a timeline holds both
    uri        TEXT    NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    post_id    INTEGER NOT NULL REFERENCES post ON DELETE CASCADE,
    visibility INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (post_id, account_id)
) STRICT;
CREATE INDEX boost_account ON boost (account_id, id);

CREATE TABLE favourite (
    id         INTEGER PRIMARY KEY,
    uri        TEXT    NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    post_id    INTEGER NOT NULL REFERENCES post ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    UNIQUE (post_id, account_id)
) STRICT;
CREATE INDEX favourite_account ON favourite (account_id, id);

CREATE TABLE bookmark (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    post_id    INTEGER NOT NULL REFERENCES post ON DELETE CASCADE,
    UNIQUE (post_id, account_id)
) STRICT;
CREATE INDEX bookmark_account ON bookmark (account_id, id);

CREATE TABLE pin (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    post_id    INTEGER NOT NULL UNIQUE REFERENCES post ON DELETE CASCADE
) STRICT;
CREATE INDEX pin_account ON pin (account_id, id);

CREATE TABLE follow (
    id         INTEGER PRIMARY KEY,
    uri        TEXT    NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE, -- who follows
    target_id  INTEGER NOT NULL REFERENCES account ON DELETE CASCADE, -- whom
    accepted   INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (account_id, target_id)
) STRICT;
CREATE INDEX follow_target ON follow (target_id, accepted, id);

CREATE TABLE block (
    id         INTEGER PRIMARY KEY,
    uri        TEXT    NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    target_id  INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    UNIQUE (account_id, target_id)
) STRICT;
CREATE INDEX block_target ON block (target_id, account_id);

CREATE TABLE notification (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE, -- who is told
    kind       INTEGER NOT NULL,                                      -- NotificationKind
    from_id    INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    post_id    INTEGER REFERENCES post ON DELETE CASCADE,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX notification_account ON notification (account_id, id);
CREATE INDEX notification_from ON notification (from_id);
CREATE INDEX notification_post ON notification (post_id, kind) WHERE post_id IS NOT NULL;

-- The home timeline, written when a post arrives. id is that of the post or of
-- the boost; rows of deleted posts are skipped when reading.
CREATE TABLE home (
    account_id INTEGER NOT NULL,
    id         INTEGER NOT NULL,
    post_id    INTEGER NOT NULL,
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;

-- What local accounts did and other servers must hear of, in order. Written
-- with the deed, in its transaction.
CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY,
    kind       TEXT    NOT NULL,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    detail     TEXT    NOT NULL -- JSON OutboxDetail
) STRICT;

CREATE TABLE activity (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL, -- who signs
    body       BLOB    NOT NULL
) STRICT;

CREATE TABLE delivery (
    id          INTEGER PRIMARY KEY,
    activity_id INTEGER NOT NULL REFERENCES activity ON DELETE CASCADE,
    host        TEXT    NOT NULL,
    inbox       TEXT    NOT NULL,
    attempts    INTEGER NOT NULL DEFAULT 0,
    last_error  TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX delivery_host ON delivery (host, id);
CREATE INDEX delivery_activity ON delivery (activity_id);

CREATE TABLE job (
    id           INTEGER PRIMARY KEY,
    kind         TEXT    NOT NULL,
    key          TEXT    NOT NULL, -- of one kind and key there is one job
    payload      TEXT    NOT NULL DEFAULT '',
    run_at       INTEGER NOT NULL,
    locked_until INTEGER NOT NULL DEFAULT 0,
    attempts     INTEGER NOT NULL DEFAULT 0,
    last_error   TEXT    NOT NULL DEFAULT '',
    failed_at    INTEGER NOT NULL DEFAULT 0, -- given up, kept for the admins
    UNIQUE (kind, key)
) STRICT;
CREATE INDEX job_due ON job (run_at, id) WHERE failed_at = 0;
