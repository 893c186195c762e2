-- The language in which a browser's page asked to be woken; empty: the one that
-- the member chose, or English.
ALTER TABLE push_subscription ADD COLUMN locale TEXT NOT NULL DEFAULT '';
