-- Second factors, passkeys and the log of sign-ins.
CREATE TABLE totp (
    account_id   INTEGER PRIMARY KEY REFERENCES user ON DELETE CASCADE,
    secret       TEXT    NOT NULL,           -- base32, as apps take it
    confirmed_at INTEGER NOT NULL DEFAULT 0, -- 0: the member has not shown a code yet
    last_step    INTEGER NOT NULL DEFAULT 0  -- of the last code that was taken: none is taken twice
) STRICT;

CREATE TABLE recovery_code (
    account_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    hash       BLOB    NOT NULL,
    PRIMARY KEY (account_id, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE passkey (
    id            INTEGER PRIMARY KEY,
    account_id    INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    credential_id BLOB    NOT NULL UNIQUE,
    credential    TEXT    NOT NULL, -- JSON, as the WebAuthn library keeps it
    name          TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    used_at       INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX passkey_account ON passkey (account_id);

-- What has begun in a browser and not ended: the second step of a log-in, the
-- challenge to a passkey. The browser holds the secret.
CREATE TABLE ceremony (
    hash       BLOB    PRIMARY KEY,
    kind       TEXT    NOT NULL,
    account_id INTEGER NOT NULL DEFAULT 0, -- 0: nobody yet
    detail     TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX ceremony_created ON ceremony (created_at);

CREATE TABLE sign_in (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    way        TEXT    NOT NULL, -- SignInWay
    user_agent TEXT    NOT NULL,
    address    TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_in_account ON sign_in (account_id, id);
