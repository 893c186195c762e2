-- How a member wrote the text of their profile: '' or plain, or markdown.
ALTER TABLE account ADD COLUMN bio_format TEXT NOT NULL DEFAULT '';
