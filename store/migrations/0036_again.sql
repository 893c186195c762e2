-- Forms that made something, so that the same press sent again makes nothing.
CREATE TABLE press (
    key    BLOB    PRIMARY KEY, -- a hash of who sent what where
    led_to TEXT    NOT NULL,    -- path; empty: not known
    at     INTEGER NOT NULL     -- Unix milliseconds
) STRICT, WITHOUT ROWID;
CREATE INDEX press_at ON press (at);

-- Where a bookmark lay that was ended a moment ago: undone, it lies there again.
CREATE TABLE unbookmark (
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    post_id    INTEGER NOT NULL REFERENCES post ON DELETE CASCADE,
    folder_id  INTEGER NOT NULL REFERENCES bookmark_folder ON DELETE CASCADE,
    at         INTEGER NOT NULL, -- Unix milliseconds
    PRIMARY KEY (account_id, post_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX unbookmark_post ON unbookmark (post_id);
CREATE INDEX unbookmark_folder ON unbookmark (folder_id);
