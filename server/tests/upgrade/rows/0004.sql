-- What came with schema 4: the files of a draft.
INSERT INTO draft_file (agent_id, item_id, kind, file_id) VALUES (1, 1, 'reply', 3);
