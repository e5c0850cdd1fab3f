-- Schema 3 has two more indexes over what is not done: one more item that lies in them.
INSERT INTO item (number, title, title_key, search_key, type_id, status_id, category, status_rank, priority, requester_id, requester_key,
    channel, created_by_kind, created_by_id, created_by_name, created_at, updated_at) VALUES
    (3, 'No paper', 'no paper', 'no paper
sven sven@home.test', 2, 8, 'todo', 1, 5, 2, 'sven', 'agent', 'agent', 1, 'Olga', 1789001000000, 1789001000000);
INSERT INTO event (seq, at, actor_kind, actor_id, actor_name, channel, subject_kind, subject_id, name, version) VALUES
    (5, 1789001000000, 'agent', 1, 'Olga', 'agent', 'item', 3, 'created', 1);
UPDATE counter SET value = 3 WHERE name = 'item';
UPDATE counter SET value = 5 WHERE name = 'event';
