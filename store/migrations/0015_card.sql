-- Link cards: what is shown of the page that a post links to.

-- One row for each link, which all posts with it share.
CREATE TABLE card (
    id           INTEGER PRIMARY KEY,
    url          TEXT    NOT NULL UNIQUE,      -- as posts have it, without what stands behind #
    kind         INTEGER NOT NULL DEFAULT 0,   -- CardKind; 0: nothing to show, or nothing yet
    title        TEXT    NOT NULL DEFAULT '',
    description  TEXT    NOT NULL DEFAULT '',
    site         TEXT    NOT NULL DEFAULT '',
    language     TEXT    NOT NULL DEFAULT '',
    author_name  TEXT    NOT NULL DEFAULT '',
    author_url   TEXT    NOT NULL DEFAULT '',
    author_id    INTEGER REFERENCES account ON DELETE SET NULL,
    host         TEXT    NOT NULL DEFAULT '',  -- where the page was found in the end
    image_url    TEXT    NOT NULL DEFAULT '',
    image_alt    TEXT    NOT NULL DEFAULT '',
    image_width  INTEGER NOT NULL DEFAULT 0,
    image_height INTEGER NOT NULL DEFAULT 0,
    published_at INTEGER NOT NULL DEFAULT 0,
    made_at      INTEGER NOT NULL,
    fetched_at   INTEGER NOT NULL DEFAULT 0,   -- when the page was last read
    failures     INTEGER NOT NULL DEFAULT 0,   -- in a row
    retry_at     INTEGER NOT NULL DEFAULT 0,   -- not before
    last_error   TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX card_author ON card (author_id) WHERE author_id IS NOT NULL;

ALTER TABLE post ADD COLUMN card_id INTEGER REFERENCES card ON DELETE SET NULL;
CREATE INDEX post_card ON post (card_id) WHERE card_id IS NOT NULL;
