-- Apps, their authorisations, and what clients keep here.
CREATE TABLE app (
    id            INTEGER PRIMARY KEY,
    client_id     TEXT    NOT NULL UNIQUE,
    secret        BLOB    NOT NULL,            -- SHA-256 of the client secret
    name          TEXT    NOT NULL,
    website       TEXT    NOT NULL DEFAULT '',
    redirect_uris TEXT    NOT NULL,            -- one a line
    scopes        TEXT    NOT NULL,            -- what it may ask for
    created_at    INTEGER NOT NULL
) STRICT;

-- Access tokens. Those of the command line have no app, and those that an app
-- got for itself have no account.
CREATE TABLE token_new (
    id         INTEGER PRIMARY KEY,
    hash       BLOB    NOT NULL UNIQUE,
    account_id INTEGER REFERENCES user ON DELETE CASCADE,
    app_id     INTEGER REFERENCES app ON DELETE CASCADE,
    scopes     TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    used_at    INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO token_new (id, hash, account_id, scopes, created_at) SELECT id, hash, account_id, scopes, created_at FROM token;
DROP TABLE token;
ALTER TABLE token_new RENAME TO token;
CREATE INDEX token_account ON token (account_id);
CREATE INDEX token_app ON token (app_id);

-- What a member allowed an app, to be exchanged once for a token.
CREATE TABLE oauth_code (
    hash         BLOB    PRIMARY KEY,
    app_id       INTEGER NOT NULL REFERENCES app ON DELETE CASCADE,
    account_id   INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    redirect_uri TEXT    NOT NULL,
    scopes       TEXT    NOT NULL,
    challenge    TEXT    NOT NULL DEFAULT '', -- S256 (RFC 7636)
    created_at   INTEGER NOT NULL,
    token_id     INTEGER NOT NULL DEFAULT 0   -- that it was exchanged for
) STRICT, WITHOUT ROWID;
CREATE INDEX oauth_code_created ON oauth_code (created_at);
CREATE INDEX oauth_code_app ON oauth_code (app_id);
CREATE INDEX oauth_code_account ON oauth_code (account_id);

-- How far a member has read, as their clients say.
CREATE TABLE marker (
    account_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    timeline   TEXT    NOT NULL, -- home or notifications
    last_read  INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, timeline)
) STRICT, WITHOUT ROWID;

-- When an account last wrote something that everybody may see; 0: never, as far
-- as is known here.
ALTER TABLE account ADD COLUMN last_post_at INTEGER NOT NULL DEFAULT 0;
UPDATE account SET last_post_at = COALESCE((SELECT p.created_at FROM post p WHERE p.account_id = account.id AND p.visibility <= 1 ORDER BY p.id DESC LIMIT 1), 0);

-- Whom a member does not want to have suggested again.
CREATE TABLE suggestion_aside (
    account_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    target_id  INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    PRIMARY KEY (account_id, target_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX suggestion_aside_target ON suggestion_aside (target_id);
