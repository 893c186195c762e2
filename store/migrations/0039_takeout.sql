-- Archives that members ask for of what is theirs.

CREATE TABLE takeout (
    id         INTEGER PRIMARY KEY, -- made of when it was asked for; the file is called by it
    account_id INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    bytes      INTEGER NOT NULL DEFAULT 0, -- of the file, 0: it is not made yet
    failed     INTEGER NOT NULL DEFAULT 0, -- it could not be made
    ready_at   INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX takeout_account ON takeout (account_id, id);
