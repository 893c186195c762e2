-- Whether a server can be spoken to with Ed25519 signatures: Ed25519 of HostState.
ALTER TABLE instance ADD COLUMN ed25519 INTEGER NOT NULL DEFAULT 0;
UPDATE instance SET ed25519 = 1 WHERE host IN (SELECT a.host FROM account a JOIN assertion_key k ON k.account_id = a.id WHERE a.host <> '');
