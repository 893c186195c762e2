-- What a post quotes: at most one other.
CREATE TABLE quote (
    post_id   INTEGER PRIMARY KEY REFERENCES post ON DELETE CASCADE,
    uri       TEXT    NOT NULL,                             -- of the quoted post, as the post names it
    quoted_id INTEGER REFERENCES post ON DELETE SET NULL,   -- NULL: not stored
    state     INTEGER NOT NULL,                             -- QuoteState
    stamp_uri TEXT    NOT NULL DEFAULT '',                  -- by which the quoted author approves (FEP-044f)
    asked_uri TEXT    NOT NULL DEFAULT ''                   -- of our QuoteRequest, for a quote by a member
) STRICT;
CREATE INDEX quote_quoted ON quote (quoted_id);
CREATE INDEX quote_uri ON quote (uri);
CREATE INDEX quote_stamp ON quote (stamp_uri) WHERE stamp_uri <> '';

-- The approvals that members gave: quoting_uri may quote post_id.
CREATE TABLE stamp (
    id          INTEGER PRIMARY KEY,
    post_id     INTEGER NOT NULL REFERENCES post ON DELETE CASCADE,
    quoting_uri TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    UNIQUE (post_id, quoting_uri)
) STRICT;

-- Who may quote the post, as its author's server says: QuotePolicy.
ALTER TABLE post ADD COLUMN quote_policy INTEGER NOT NULL DEFAULT 0;
