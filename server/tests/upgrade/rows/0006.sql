-- What came with schema 6: who has which ticket open.
INSERT INTO presence (agent_id, tab, session_id, item_id, writing, seen_at) VALUES (1, 'tab', 1, 1, 'reply', 1789999999000);
