-- What the server says to its members and to visitors: announcements, pages in
-- the admins' own words, and what explains a rule. Addresses of private feeds.
CREATE TABLE announcement (
    id         INTEGER PRIMARY KEY,
    source     TEXT    NOT NULL, -- Markdown
    html       TEXT    NOT NULL,
    starts_at  INTEGER NOT NULL, -- 0: at once
    ends_at    INTEGER NOT NULL, -- 0: until it is removed
    all_day    INTEGER NOT NULL, -- of an event: the days count, not the hours
    created_at INTEGER NOT NULL,
    edited_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE announcement_dismissal (
    account_id      INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    announcement_id INTEGER NOT NULL REFERENCES announcement ON DELETE CASCADE,
    PRIMARY KEY (account_id, announcement_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX announcement_dismissal_of ON announcement_dismissal (announcement_id);

CREATE TABLE announcement_reaction (
    announcement_id INTEGER NOT NULL REFERENCES announcement ON DELETE CASCADE,
    account_id      INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    emoji           TEXT    NOT NULL, -- 🌱, or :shortcode: of ours
    id              INTEGER NOT NULL,
    PRIMARY KEY (announcement_id, emoji, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX announcement_reaction_account ON announcement_reaction (account_id);

CREATE TABLE page (
    name      TEXT    PRIMARY KEY, -- PageName
    source    TEXT    NOT NULL,    -- Markdown
    html      TEXT    NOT NULL,
    edited_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE rule_hint (
    rule TEXT PRIMARY KEY, -- the rule as the setting has it
    hint TEXT NOT NULL     -- what it means
) STRICT, WITHOUT ROWID;

CREATE TABLE feed_key (
    id         INTEGER PRIMARY KEY,
    hash       BLOB    NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    name       TEXT    NOT NULL, -- as its owner calls it
    created_at INTEGER NOT NULL,
    used_at    INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX feed_key_account ON feed_key (account_id);
