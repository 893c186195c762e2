-- The language in which a browser's page asked to be woken; empty: the one that
-- the member chose, or English.
ALTER TABLE push_subscription ADD COLUMN locale TEXT NOT NULL DEFAULT '';

-- Whom the pages lead through the first steps at their next log-in: who was let
-- in after they had gone.
ALTER TABLE user ADD COLUMN to_welcome INTEGER NOT NULL DEFAULT 0;
