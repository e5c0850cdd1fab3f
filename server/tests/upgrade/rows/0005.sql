-- What came with schema 5: jobs. Those of the mails are made by the migration.
INSERT INTO job (kind, subject_id, priority, state, attempts, claims, run_at, lease_until, every, last_error, created_at) VALUES
    ('tidy', 0, 2, 'waiting', 0, 7, 1790003600000, 0, 3600000, '', 1789000000000);
