-- Who may reply to, boost, favourite and quote a post, and what was asked and granted.
ALTER TABLE post ADD COLUMN policy INTEGER NOT NULL DEFAULT 0;   -- InteractionPolicy
ALTER TABLE post ADD COLUMN approval INTEGER NOT NULL DEFAULT 0; -- Approval: of a reply, by whom it answers

-- What somebody did or wants to do with a post whose author is asked, or refused it.
CREATE TABLE interaction (
    id         INTEGER PRIMARY KEY,                                  -- that of the boost or favourite, once it is one
    deed       INTEGER NOT NULL,                                     -- Deed
    post_id    INTEGER NOT NULL REFERENCES post ON DELETE CASCADE,
    target_id  INTEGER NOT NULL REFERENCES account ON DELETE CASCADE, -- the post's author, who decides
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE, -- who wants it
    uri        TEXT    NOT NULL UNIQUE,                              -- of the reply, the quoting post, the boost or the favourite
    asked_uri  TEXT    NOT NULL DEFAULT '',                          -- of the request, '': there was none
    stamp_uri  TEXT    NOT NULL DEFAULT '',                          -- by which the author approves
    made_id    INTEGER REFERENCES post ON DELETE CASCADE,            -- the reply or the quoting post, if it is stored
    state      INTEGER NOT NULL,                                     -- Approval, or 3: approved
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX interaction_target ON interaction (target_id, id) WHERE state = 1;
CREATE INDEX interaction_post ON interaction (post_id, account_id);
CREATE INDEX interaction_account ON interaction (account_id);
CREATE INDEX interaction_made ON interaction (made_id) WHERE made_id IS NOT NULL;
CREATE INDEX interaction_asked ON interaction (asked_uri) WHERE asked_uri <> '';
CREATE INDEX interaction_stamp ON interaction (stamp_uri) WHERE stamp_uri <> '';

-- What the approval is of: Deed. Those before were of quotes.
ALTER TABLE stamp ADD COLUMN deed INTEGER NOT NULL DEFAULT 3;
ALTER TABLE stamp ADD COLUMN account_id INTEGER NOT NULL DEFAULT 0; -- to whom it was given
