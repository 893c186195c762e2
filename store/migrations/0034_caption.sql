-- Captions of sound and video, as WebVTT.

-- Of an upload here, one of each language.
CREATE TABLE media_caption (
    media_id INTEGER NOT NULL REFERENCES media ON DELETE CASCADE,
    language TEXT    NOT NULL, -- BCP 47
    hash     TEXT    NOT NULL REFERENCES file,
    PRIMARY KEY (media_id, language)
) STRICT, WITHOUT ROWID;
CREATE INDEX media_caption_hash ON media_caption (hash);

-- Of a film elsewhere: where they are there.
CREATE TABLE attachment_caption (
    id            INTEGER PRIMARY KEY,
    attachment_id INTEGER NOT NULL REFERENCES attachment ON DELETE CASCADE,
    language      TEXT    NOT NULL, -- BCP 47
    name          TEXT    NOT NULL, -- of the language, as its server says
    url           TEXT    NOT NULL
) STRICT;
CREATE INDEX attachment_caption_of ON attachment_caption (attachment_id);
