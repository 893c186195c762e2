-- Ed25519 keys beside the RSA ones: the seeds of local accounts (given at the
-- next start to those that have none), and the public keys of everyone, with
-- which objects are signed and, by some, requests too (FEP-521a).
ALTER TABLE private_key ADD COLUMN seed BLOB NOT NULL DEFAULT x'';

CREATE TABLE assertion_key (
    uri        TEXT    PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    public     BLOB    NOT NULL -- 32 bytes
) STRICT, WITHOUT ROWID;
CREATE INDEX assertion_key_account ON assertion_key (account_id);

-- Activities of other servers that were taken back lately, so that copies of
-- them with a proof do not count again.
CREATE TABLE undone (
    uri TEXT    PRIMARY KEY,
    at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX undone_at ON undone (at);
