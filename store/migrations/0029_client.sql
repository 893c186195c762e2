-- What the client API keeps: the app that a post was written with, and the
-- collections of accounts that members recommend.

-- The name of an app as it was when somebody posted with it: the app itself may
-- be forgotten.
CREATE TABLE app_name (
    id      INTEGER PRIMARY KEY,
    name    TEXT NOT NULL,
    website TEXT NOT NULL,
    UNIQUE (name, website)
) STRICT;

CREATE TABLE post_app (
    post_id     INTEGER PRIMARY KEY REFERENCES post ON DELETE CASCADE,
    app_name_id INTEGER NOT NULL REFERENCES app_name
) STRICT;
CREATE INDEX post_app_name ON post_app (app_name_id);

-- Accounts that a member recommends under a name.
CREATE TABLE collection (
    id           INTEGER PRIMARY KEY,
    account_id   INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    name         TEXT    NOT NULL,
    description  TEXT    NOT NULL,
    language     TEXT    NOT NULL,
    tag          TEXT    NOT NULL, -- as written, without #; '': none
    sensitive    INTEGER NOT NULL,
    discoverable INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX collection_account ON collection (account_id, id);

CREATE TABLE collection_item (
    id            INTEGER PRIMARY KEY,
    collection_id INTEGER NOT NULL REFERENCES collection ON DELETE CASCADE,
    account_id    INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    revoked       INTEGER NOT NULL DEFAULT 0, -- the account does not want to be in it
    created_at    INTEGER NOT NULL,
    UNIQUE (collection_id, account_id)
) STRICT;
CREATE INDEX collection_item_account ON collection_item (account_id, collection_id);
