-- When the followers of an account were last carried over to a new one: that
-- happens once in a while at most.
ALTER TABLE account ADD COLUMN moved_at INTEGER NOT NULL DEFAULT 0;
