-- What a post that is no note says of itself beside its text: JSON Facts.
ALTER TABLE post ADD COLUMN facts TEXT NOT NULL DEFAULT '';
-- The community that a post stands in, by its ActivityPub id: '' is none.
ALTER TABLE post ADD COLUMN group_uri TEXT NOT NULL DEFAULT '';
-- Its community takes no more replies to it.
ALTER TABLE post ADD COLUMN locked INTEGER NOT NULL DEFAULT 0;
-- The community whose moderators removed a post; 0: its author did.
ALTER TABLE tombstone ADD COLUMN removed_by INTEGER NOT NULL DEFAULT 0;
