-- A job that is asked for while it runs may have read what was there before: it
-- runs once more, at this time; 0: nobody asked.
ALTER TABLE job ADD COLUMN again_at INTEGER NOT NULL DEFAULT 0;
