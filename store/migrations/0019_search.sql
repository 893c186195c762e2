-- The full-text index. Neither table keeps the text itself (content=''), which
-- stands in post and account.

-- Posts by what they say (text) and by what they are (marks: author, kind of
-- files, language, tags; see search_index.go). Words are folded by unicode61, to
-- whose letters come marks and symbols: vowel signs of many scripts, and emoji.
-- Scripts that put no spaces between words are cut into pairs before they get
-- here: a trigram index finds no word of two characters, the usual length in
-- Chinese and Japanese, and takes three times the room for all others.
CREATE VIRTUAL TABLE post_search USING fts5 (
    text, marks, content = '', contentless_delete = 1,
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* M* Co So'"
);
CREATE TRIGGER post_search_gone AFTER DELETE ON post BEGIN
    DELETE FROM post_search WHERE rowid = old.id;
END;

-- People by any part of their names, which are short.
CREATE VIRTUAL TABLE account_search USING fts5 (
    names, content = '', contentless_delete = 1, tokenize = 'trigram remove_diacritics 1'
);
INSERT INTO account_search (rowid, names) SELECT id, username || ' ' || display_name FROM account;
CREATE TRIGGER account_search_new AFTER INSERT ON account BEGIN
    INSERT INTO account_search (rowid, names) VALUES (new.id, new.username || ' ' || new.display_name);
END;
CREATE TRIGGER account_search_changed AFTER UPDATE OF username, display_name ON account
WHEN new.username <> old.username OR new.display_name <> old.display_name BEGIN
    INSERT OR REPLACE INTO account_search (rowid, names) VALUES (new.id, new.username || ' ' || new.display_name);
END;
CREATE TRIGGER account_search_gone AFTER DELETE ON account BEGIN
    DELETE FROM account_search WHERE rowid = old.id;
END;

-- Posts of before, and those of whoever lets themselves be found from now on
-- (flag 8, see AccountFlags), are put in by a job.
INSERT INTO job (kind, key, payload, run_at) SELECT 'index', '0', '0', 0 WHERE EXISTS (SELECT 1 FROM post);
CREATE TRIGGER post_search_author AFTER UPDATE OF flags ON account
WHEN new.flags & 8 AND NOT old.flags & 8 AND new.host <> '' BEGIN
    INSERT OR IGNORE INTO job (kind, key, payload, run_at) VALUES ('index', new.id, new.id, 0);
END;
