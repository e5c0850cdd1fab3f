-- What came with schema 11: bulk changes, one over and taken back, one under way.
INSERT INTO bulk_run (id, agent_id, deed, undo_of, undone_by, shown, up_to, gathered, at_number, state, total, done, changed, refused, error,
    created_at, finished_at) VALUES
    (1, 1, '{"set":{"field":"priority","value":4}}', NULL, 2, NULL, 9, TRUE, 2, 'done', 2, 2, 1, 1, '', 1790000000000, 1790000000001),
    (2, 1, '{"set":{"field":"priority","value":4}}', 1, NULL, NULL, 9, TRUE, 1, 'done', 1, 1, 1, 0, '', 1790000000002, 1790000000003),
    (3, 1, '{"tags":{"add":["hot"],"remove":[]}}', NULL, NULL, '{"all":[]}', 9, FALSE, 1, 'failed', 1, 0, 0, 0,
        '{"code":"forbidden","key":"error_forbidden"}', 1790000000004, 1790000000005);
INSERT INTO bulk_item (run_id, number, state, error, before_values, after_values) VALUES
    (1, 1, 'undone', '', '{"fields":[{"field":"priority","value":1}]}', '{"fields":[{"field":"priority","value":4}]}'),
    (1, 2, 'refused', '{"code":"not_found","key":"error_not_found"}', '', ''),
    (2, 1, 'changed', '', '{"fields":[{"field":"priority","value":4}]}', '{"fields":[{"field":"priority","value":1}]}'),
    (3, 1, '', '', '', '');
