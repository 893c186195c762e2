-- Descriptions that other members suggest for files on a post.
CREATE TABLE alt_suggestion (
    id         INTEGER PRIMARY KEY,
    media_id   INTEGER NOT NULL REFERENCES media ON DELETE CASCADE,
    post_id    INTEGER NOT NULL REFERENCES post ON DELETE CASCADE,
    from_id    INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    text       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (media_id, from_id)
) STRICT;
CREATE INDEX alt_suggestion_post ON alt_suggestion (post_id);
CREATE INDEX alt_suggestion_from ON alt_suggestion (from_id, created_at);
