-- How often an account was changed, so that a copy in memory can be held
-- against it (see accountcache.go), whichever process changed it.
ALTER TABLE account ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER account_changed AFTER UPDATE ON account WHEN NEW.version = OLD.version BEGIN
    UPDATE account SET version = version + 1 WHERE id = NEW.id;
END;
