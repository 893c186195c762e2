-- What belongs to a post stays in memory with it (see post_kept.go). So a change
-- of it is a change of the post: it raises the version.
CREATE TRIGGER mention_new AFTER INSERT ON mention BEGIN UPDATE post SET version = version + 1 WHERE id = NEW.post_id; END;
CREATE TRIGGER mention_gone AFTER DELETE ON mention BEGIN UPDATE post SET version = version + 1 WHERE id = OLD.post_id; END;
CREATE TRIGGER attachment_new AFTER INSERT ON attachment BEGIN UPDATE post SET version = version + 1 WHERE id = NEW.post_id; END;
CREATE TRIGGER attachment_changed AFTER UPDATE ON attachment BEGIN UPDATE post SET version = version + 1 WHERE id = NEW.post_id; END;
CREATE TRIGGER attachment_gone AFTER DELETE ON attachment BEGIN UPDATE post SET version = version + 1 WHERE id = OLD.post_id; END;
CREATE TRIGGER post_tag_new AFTER INSERT ON post_tag BEGIN UPDATE post SET version = version + 1 WHERE id = NEW.post_id; END;
CREATE TRIGGER post_tag_gone AFTER DELETE ON post_tag BEGIN UPDATE post SET version = version + 1 WHERE id = OLD.post_id; END;
CREATE TRIGGER post_app_new AFTER INSERT ON post_app BEGIN UPDATE post SET version = version + 1 WHERE id = NEW.post_id; END;
CREATE TRIGGER post_app_gone AFTER DELETE ON post_app BEGIN UPDATE post SET version = version + 1 WHERE id = OLD.post_id; END;
CREATE TRIGGER pin_new AFTER INSERT ON pin BEGIN UPDATE post SET version = version + 1 WHERE id = NEW.post_id; END;
CREATE TRIGGER pin_gone AFTER DELETE ON pin BEGIN UPDATE post SET version = version + 1 WHERE id = OLD.post_id; END;
CREATE TRIGGER reaction_new AFTER INSERT ON reaction BEGIN UPDATE post SET version = version + 1 WHERE id = NEW.post_id; END;
CREATE TRIGGER reaction_gone AFTER DELETE ON reaction BEGIN UPDATE post SET version = version + 1 WHERE id = OLD.post_id; END;

-- A quote changes who quotes and what is quoted.
CREATE TRIGGER quote_new AFTER INSERT ON quote BEGIN UPDATE post SET version = version + 1 WHERE id IN (NEW.post_id, NEW.quoted_id); END;
CREATE TRIGGER quote_changed AFTER UPDATE ON quote BEGIN UPDATE post SET version = version + 1 WHERE id IN (NEW.post_id, NEW.quoted_id, OLD.quoted_id); END;
CREATE TRIGGER quote_gone AFTER DELETE ON quote BEGIN UPDATE post SET version = version + 1 WHERE id IN (OLD.post_id, OLD.quoted_id); END;

-- A request to answer, boost, favourite or quote changes what it is about and what it made.
CREATE TRIGGER interaction_new AFTER INSERT ON interaction BEGIN UPDATE post SET version = version + 1 WHERE id IN (NEW.post_id, NEW.made_id); END;
CREATE TRIGGER interaction_changed AFTER UPDATE ON interaction BEGIN UPDATE post SET version = version + 1 WHERE id IN (NEW.post_id, NEW.made_id, OLD.made_id); END;
CREATE TRIGGER interaction_gone AFTER DELETE ON interaction BEGIN UPDATE post SET version = version + 1 WHERE id IN (OLD.post_id, OLD.made_id); END;

-- Replies say the address of what they answer, and whether it is a film.
CREATE TRIGGER post_answered AFTER UPDATE OF uri, kind ON post WHEN NEW.uri <> OLD.uri OR NEW.kind <> OLD.kind BEGIN
    UPDATE post SET version = version + 1 WHERE reply_to_id = NEW.id;
END;
