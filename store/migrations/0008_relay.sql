-- The relays that this server subscribes to.
CREATE TABLE relay (
    id         INTEGER PRIMARY KEY,
    url        TEXT    NOT NULL UNIQUE,     -- as the admin named it: an inbox (Mastodon's kind) or an actor (LitePub's)
    kind       INTEGER NOT NULL,            -- RelayKind
    state      INTEGER NOT NULL DEFAULT 0,  -- RelayState
    inbox      TEXT    NOT NULL DEFAULT '', -- '': its actor was not read yet
    actor_uri  TEXT    NOT NULL DEFAULT '', -- of Mastodon's kind: who answered
    follow_uri TEXT    NOT NULL UNIQUE,     -- of our Follow
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX relay_actor ON relay (actor_uri);
