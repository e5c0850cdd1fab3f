-- A small desk in schema 1: something in every table. Both engines take this text; ids are given out by the tables, from 1.
INSERT INTO file (name, content_type, size, storage_path, uploader_kind, uploader_id, purpose, item_id, message_id, created_at) VALUES
    ('logo.png', 'image/png', 4, 'aa/logo', 'agent', 1, 'logo', NULL, NULL, 1789000000000),
    ('jam „1“.txt', 'text/plain', 3, 'bb/jam', 'customer', 1, 'message', 1, 1, 1789000001000),
    ('waits.txt', 'text/plain', 5, 'cc/waits', 'agent', 1, 'none', NULL, NULL, 1789999000000),
    ('tickets.csv', 'application/octet-stream', 7, 'dd/import', 'agent', 1, 'import', NULL, NULL, 1789000002000);
UPDATE workspace SET name = 'Papierfabrik', logo_id = 1, language = 'de', set_up_at = 1789000000000;
INSERT INTO agent (name, name_key, role, access, state, password_hash, language, time_zone, theme, last_seen_at, created_at) VALUES
    ('Olga', 'olga', 'owner', 'all', 'active', '$argon2id$v=19$m=19456,t=2,p=1$UmGt2MBu0C0icfl3iDQT4g$BO/KgUi6Yv3DodHWzrrCZcAjOrgWJ3K+1eukEeRAwJI', 'de', 'Europe/Berlin', 'dark', 1789000100000, 1789000000000),
    ('Ana', 'ana', 'agent', 'teams', 'active', NULL, 'en', 'UTC', 'system', NULL, 1789000000000),
    ('Dora', 'dora', 'light', 'all', 'disabled', NULL, 'es', 'UTC', 'light', NULL, 1789000000000);
INSERT INTO team (name, name_key, created_at) VALUES ('Support', 'support', 1789000000000), ('Billing', 'billing', 1789000000000);
INSERT INTO team_member (team_id, agent_id) VALUES (1, 2), (2, 1);
INSERT INTO organization (name, name_key, address, notes, created_at) VALUES ('ACME', 'acme', 'Street 1', 'Pays late.', 1789000000000);
INSERT INTO organization_domain (domain, organization_id) VALUES ('acme.test', 1);
INSERT INTO customer (first_name, last_name, name_key, search_key, phone, job_title, organization_id, language, time_zone, notes, state, password_hash, created_at) VALUES
    ('Marisa', 'Paz', 'marisa paz', 'marisa paz marisa@acme.test', '+34 1', 'Buyer', 1, 'es', 'Europe/Madrid', 'Kind.', 'active', '$argon2id$v=19$m=19456,t=2,p=1$UmGt2MBu0C0icfl3iDQT4g$BO/KgUi6Yv3DodHWzrrCZcAjOrgWJ3K+1eukEeRAwJI', 1789000000000),
    ('Sven', '', 'sven', 'sven sven@home.test', '', '', NULL, 'en', '', '', 'none', NULL, 1789000000000);
INSERT INTO address (email, agent_id, customer_id, position) VALUES
    ('olga@desk.test', 1, NULL, 0), ('ana@desk.test', 2, NULL, 0), ('dora@desk.test', 3, NULL, 0),
    ('marisa@acme.test', NULL, 1, 0), ('marisa@home.test', NULL, 1, 1), ('sven@home.test', NULL, 2, 0);
INSERT INTO item (number, title, title_key, search_key, description, type_id, status_id, category, status_rank, priority, requester_id,
    requester_key, organization_id, channel, impact, product, published, created_by_kind, created_by_id, created_by_name, created_at,
    updated_at, first_response_at, resolved_at, last_message_at, last_message_by, last_message_by_id, last_message_name, version,
    external_source, external_id) VALUES
    (1, 'Printer jam', 'printer jam', 'printer jam
marisa paz marisa@acme.test', '<p>It jams.</p>', 1, 2, 'todo', 2, 3, 1, 'marisa paz', 1, 'portal', 'none', 'Printer', TRUE, 'customer',
        1, 'Marisa Paz', 1789000001000, 1789000300000, 1789000200000, NULL, 1789000300000, 'customer', 1, 'Marisa Paz', 2, NULL, NULL),
    (2, 'Invoice', 'invoice', 'invoice
sven sven@home.test', '', 4, 28, 'done', 2007, 0, 2, 'sven', NULL, 'agent', 'high', '', FALSE, 'agent', 1, 'Olga', 1789000002000,
        1789000400000, NULL, 1789000400000, NULL, NULL, NULL, '', 2, 'tickets.csv', '4711');
INSERT INTO item_agent (item_id, agent_id) VALUES (1, 2), (2, 1);
INSERT INTO item_team (item_id, team_id) VALUES (1, 1);
INSERT INTO item_tag (item_id, tag) VALUES (1, 'paper'), (1, 'ärger'), (2, 'paper');
INSERT INTO item_following_agent (item_id, agent_id) VALUES (1, 1);
INSERT INTO item_following_customer (item_id, customer_id) VALUES (1, 2);
INSERT INTO message (item_id, kind, author_kind, author_id, author_name, html, channel, recipients, created_at) VALUES
    (1, 'reply', 'customer', 1, 'Marisa Paz', '<p>Still.</p>', 'portal', '[]', 1789000150000),
    (1, 'reply', 'agent', 2, 'Ana', '<p>Open the lid.</p>', 'agent', '["marisa@acme.test"]', 1789000200000),
    (1, 'note', 'agent', 1, 'Olga', '<p>Old model.</p>', 'agent', '[]', 1789000250000);
INSERT INTO idempotency (actor_kind, actor_id, key, made, made_id, created_at) VALUES ('agent', 2, 'once', 'message', 2, 1789000200000);
INSERT INTO draft (agent_id, item_id, kind, html, saved_at) VALUES (1, 1, 'reply', '<p>Dear Marisa</p>', 1789000500000);
INSERT INTO read_mark (customer_id, item_id, read_at) VALUES (1, 1, 1789000200000);
INSERT INTO event (seq, at, actor_kind, actor_id, actor_name, channel, subject_kind, subject_id, name, field, old_text, new_text, old_value, new_value, version) VALUES
    (1, 1789000001000, 'customer', 1, 'Marisa Paz', 'portal', 'item', 1, 'created', '', '', '', '', '', 1),
    (2, 1789000002000, 'agent', 1, 'Olga', 'agent', 'item', 2, 'created', '', '', '', '', '', 1),
    (3, 1789000200000, 'agent', 2, 'Ana', 'agent', 'item', 1, 'replied', '', '', '', '', '2', 2),
    (4, 1789000400000, 'agent', 1, 'Olga', 'agent', 'item', 2, 'changed', 'status', 'New', 'Closed', '22', '28', 2);
UPDATE counter SET value = 2 WHERE name = 'item';
UPDATE counter SET value = 4 WHERE name = 'event';
INSERT INTO mail (token, recipients, subject, text, html, item_id, message_id, secret, state, attempts, next_try_at, last_error, created_at, sent_at) VALUES
    ('t1', '["marisa@acme.test"]', 'Re: Printer jam', 'Open the lid.', '<p>Open the lid.</p>', 1, 2, FALSE, 'pending', 1, 1789000260000, 'busy', 1789000200000, NULL),
    ('t2', '["sven@home.test"]', 'Invoice', 'Done.', '', 2, NULL, FALSE, 'failed', 8, 1789000900000, 'no such mailbox', 1789000400000, NULL),
    ('t3', '["sven@home.test"]', 'Invoice', 'Noted.', '', 2, NULL, FALSE, 'held', 1, 1789000400000, '', 1789000400000, NULL),
    ('t4', '["olga@desk.test"]', 'Your code', '', '', NULL, NULL, TRUE, 'sent', 1, 1789000400000, '', 1789000400000, 1789000410000),
    ('t5', '["olga@desk.test"]', 'Your code', 'ABCDEFGH', '', NULL, NULL, TRUE, 'held', 1, 1789000400000, '', 1789000400000, NULL);
INSERT INTO session (realm, person_id, token_hash, user_agent, address, created_at, last_used_at) VALUES
    ('agent', 1, 'h1', 'Firefox', '192.0.2.1', 1789900000000, 1789900000000);
INSERT INTO code (realm, purpose, email, code_hash, payload, tries_left, expires_at, created_at) VALUES
    ('agent', 'reset', 'olga@desk.test', 'h2', '', 5, 1790000900000, 1790000000000);
INSERT INTO set_up_token (token_hash, created_at) VALUES ('h3', 1789000000000);
INSERT INTO rate_limit (key, window_start, used) VALUES ('sign_in_address:192.0.2.1', 1789000000000, 3);
INSERT INTO import_run (file_id, file_name, map, actor_kind, actor_id, state, rows_total, rows_done, imported, existing, refused, first_number, started_at, finished_at, lease_until) VALUES
    (4, 'tickets.csv', '{}', 'agent', 1, 'done', 2, 2, 1, 0, 1, 2, 1789000002000, 1789000003000, 0);
INSERT INTO import_problem (import_id, row_number, position, external_id, column_name, value, key, refused) VALUES
    (1, 2, 1, '4712', 'E-mail', 'nobody', 'error_email', TRUE);
