-- What came with schema 7: replies that wait for a moment, shared drafts, and how long an agent's replies wait.
INSERT INTO file (name, content_type, size, storage_path, uploader_kind, uploader_id, created_at) VALUES
    ('held.txt', 'text/plain', 4, 'ee/held', 'agent', 1, 1789999000000);
INSERT INTO held_message (item_id, agent_id, html, cc, status_id, send_at, created_at) VALUES
    (1, 1, '<p>In a moment</p>', '["sven@home.test"]', 4, 1790000010000, 1790000000000);
INSERT INTO held_message_file (held_id, file_id) SELECT 1, id FROM file WHERE storage_path = 'ee/held';
INSERT INTO job (kind, subject_id, priority, run_at, created_at) VALUES ('reply', 1, 0, 1790000010000, 1790000000000);
UPDATE draft SET shared = TRUE;
UPDATE agent SET undo_send = 20 WHERE id = 1;
