-- How often an account or a post was changed, so that a copy in memory can be
-- held against it (see kept.go), whichever process changed it.
ALTER TABLE account ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER account_changed AFTER UPDATE ON account WHEN NEW.version = OLD.version BEGIN
    UPDATE account SET version = version + 1 WHERE id = NEW.id;
END;

ALTER TABLE post ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER post_changed AFTER UPDATE ON post WHEN NEW.version = OLD.version BEGIN
    UPDATE post SET version = version + 1 WHERE id = NEW.id;
END;
