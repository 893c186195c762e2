-- What the staff is told of reports by, and what it notes of other servers.

ALTER TABLE notification ADD COLUMN report_id INTEGER REFERENCES report ON DELETE CASCADE;
CREATE INDEX notification_report ON notification (report_id) WHERE report_id IS NOT NULL;

-- Beside the settings of the same names, which alone say what is refused and let in.
CREATE TABLE listed_host (
    list       TEXT    NOT NULL,            -- blocked_hosts, allowed_hosts
    host       TEXT    NOT NULL,            -- as it stands in the list
    public     TEXT    NOT NULL DEFAULT '', -- why, for who may see the list
    private    TEXT    NOT NULL DEFAULT '', -- for the staff
    obfuscate  INTEGER NOT NULL DEFAULT 0,  -- the name is shown to others in part
    created_at INTEGER NOT NULL,
    PRIMARY KEY (list, host)
) STRICT, WITHOUT ROWID;

INSERT OR IGNORE INTO listed_host (list, host, created_at)
    SELECT s.key, trim(j.value), unixepoch() * 1000
    FROM setting s, json_each('["' || replace(replace(s.value, '"', ''), char(10), '","') || '"]') j
    WHERE s.key IN ('blocked_hosts', 'allowed_hosts') AND trim(j.value) <> '';
