-- Polls, local and remote. A poll belongs to a post of kind Question.
CREATE TABLE poll (
    post_id      INTEGER PRIMARY KEY REFERENCES post ON DELETE CASCADE,
    multiple     INTEGER NOT NULL,
    hide_results INTEGER NOT NULL DEFAULT 0,  -- until the end
    ends_at      INTEGER NOT NULL DEFAULT 0,  -- 0: never
    ended        INTEGER NOT NULL DEFAULT 0,  -- its end was told
    voters       INTEGER NOT NULL DEFAULT 0,  -- people; -1: its server does not say
    fetched_at   INTEGER NOT NULL DEFAULT 0   -- when its server last told the counts; 0 for a local one
) STRICT;

CREATE TABLE poll_option (
    post_id INTEGER NOT NULL REFERENCES poll ON DELETE CASCADE,
    number  INTEGER NOT NULL, -- from 0, in the author's order
    name    TEXT    NOT NULL,
    votes   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (post_id, number)
) STRICT, WITHOUT ROWID;

-- Who voted for what: everyone in local polls, members in remote ones.
CREATE TABLE poll_vote (
    post_id    INTEGER NOT NULL REFERENCES poll ON DELETE CASCADE,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    number     INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (post_id, account_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX poll_vote_account ON poll_vote (account_id);
