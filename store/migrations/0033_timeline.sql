-- What a member leaves out of a list's timeline: Omit.
ALTER TABLE list ADD COLUMN omit INTEGER NOT NULL DEFAULT 0;

-- Who else brought a post into a home: boosts alone, which are the smaller part.
CREATE INDEX home_boost ON home (account_id, post_id) WHERE id <> post_id;
