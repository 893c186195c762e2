-- Apps whose relays read the draft of RFC 8291 alone.

ALTER TABLE push_subscription ADD COLUMN draft INTEGER NOT NULL DEFAULT 0; -- 1: messages are encrypted as aesgcm
