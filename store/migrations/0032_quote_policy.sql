-- Who may quote a post is in its policy, beside the other deeds: the rule of
-- DeedQuote, bits 27 to 35 of InteractionPolicy. 1 was everybody, 2 those who are
-- asked for, 3 nobody; where both were stored, they said the same.
UPDATE post SET policy = policy | (CASE quote_policy WHEN 1 THEN 3 WHEN 2 THEN 33 ELSE 1 END << 27)
    WHERE quote_policy <> 0 AND (policy >> 27) & 511 = 0;
ALTER TABLE post DROP COLUMN quote_policy;
