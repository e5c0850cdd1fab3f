-- What came with schema 9: views that people save, and what each makes of them.
INSERT INTO saved_view (name, scope, team_id, owner_id, folder, icon, colour, filter, settings, position, created_at) VALUES
    ('Urgent', 'everyone', NULL, 1, 'Daily', 'star', '#b42318', '{"compare":{"field":"priority","op":"ge","value":{"int":4}}}',
        '{"layout":"board","groups":["organization"]}', 34359738368, 1790000000000);
INSERT INTO saved_view (name, scope, team_id, owner_id, filter, settings, position, created_at, deleted_at)
    SELECT 'Of the team', 'team', MIN(id), 1, '{"all":[]}', '{}', 38654705664, 1790000000000, 1790000000001 FROM team;
UPDATE saved_view SET name = 'Work', hidden_for_all = TRUE, begins_for_all = TRUE, version = 2 WHERE system_key = 'open';
INSERT INTO own_view (agent_id, view_id, pinned, hidden, settings, position, begins)
    SELECT 1, id, TRUE, FALSE, '{"density":"compact"}', 17, TRUE FROM saved_view WHERE name = 'Urgent';
