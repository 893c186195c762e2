-- Reports to the moderators, from here and from elsewhere.
CREATE TABLE report (
    id          INTEGER PRIMARY KEY,
    account_id  INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,  -- who is reported
    reporter_id INTEGER REFERENCES account ON DELETE SET NULL,          -- a member; of other servers only the host is kept
    host        TEXT    NOT NULL DEFAULT '',                            -- of the server that reports, '': this one
    key         TEXT    NOT NULL UNIQUE,                                -- of the form, or of the Flag: a second copy makes no second report
    category    INTEGER NOT NULL,                                       -- ReportCategory
    rules       TEXT    NOT NULL DEFAULT '',                            -- JSON: their words when it was made
    comment     TEXT    NOT NULL DEFAULT '',
    forwarded   INTEGER NOT NULL DEFAULT 0,                             -- the reported account's server was told
    assigned_id INTEGER REFERENCES account ON DELETE SET NULL,          -- who looks after it
    resolved_id INTEGER REFERENCES account ON DELETE SET NULL,
    resolved_at INTEGER NOT NULL DEFAULT 0,                             -- 0: open
    created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX report_account ON report (account_id, id);
CREATE INDEX report_reporter ON report (reporter_id, created_at) WHERE reporter_id IS NOT NULL;
CREATE INDEX report_host ON report (host, created_at) WHERE host <> '';
CREATE INDEX report_open ON report (id) WHERE resolved_at = 0;
CREATE INDEX report_assigned ON report (assigned_id) WHERE assigned_id IS NOT NULL;
CREATE INDEX report_resolved ON report (resolved_id) WHERE resolved_id IS NOT NULL;

-- The posts that a report is about, as they were then: what its author deletes
-- or changes afterwards was said all the same.
CREATE TABLE report_post (
    report_id  INTEGER NOT NULL REFERENCES report ON DELETE CASCADE,
    post_id    INTEGER NOT NULL,            -- maybe of a post that is gone
    uri        TEXT    NOT NULL,
    visibility INTEGER NOT NULL,
    text       TEXT    NOT NULL DEFAULT '', -- plain
    PRIMARY KEY (report_id, post_id)
) STRICT, WITHOUT ROWID;

-- What the moderators tell each other about a report.
CREATE TABLE report_note (
    id         INTEGER PRIMARY KEY,
    report_id  INTEGER NOT NULL REFERENCES report ON DELETE CASCADE,
    account_id INTEGER REFERENCES account ON DELETE SET NULL,
    text       TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX report_note_report ON report_note (report_id, id);
CREATE INDEX report_note_account ON report_note (account_id) WHERE account_id IS NOT NULL;
