-- Whoever hid their follows hid their numbers too, which is a choice of its own now.
UPDATE account SET flags = flags | 128 WHERE hides_network AND host = '';

-- From whom private posts come without being asked: MessageRule.
ALTER TABLE notification_policy ADD COLUMN messages INTEGER NOT NULL DEFAULT 0;
