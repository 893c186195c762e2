-- What staff did to members, and the links that they hand out.

-- Lines are only added. They name people as they were called then, and stay
-- when an account is deleted. The time is in the id.
CREATE TABLE staff_log (
    id         INTEGER PRIMARY KEY,
    actor_id   INTEGER NOT NULL,            -- 0: the command line
    actor      TEXT    NOT NULL,            -- name; '' for the command line
    action     TEXT    NOT NULL,            -- StaffAction
    account_id INTEGER NOT NULL,
    account    TEXT    NOT NULL,            -- name
    before     TEXT    NOT NULL DEFAULT '', -- where it has one: the role before
    after      TEXT    NOT NULL DEFAULT '',
    reason     TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX staff_log_account ON staff_log (account_id, id);

-- A link with which a member chooses a new password, once.
CREATE TABLE password_link (
    account_id INTEGER PRIMARY KEY REFERENCES user ON DELETE CASCADE,
    hash       BLOB    NOT NULL UNIQUE, -- SHA-256 of its secret
    created_at INTEGER NOT NULL
) STRICT;
