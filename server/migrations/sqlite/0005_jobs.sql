-- What is still to be done after a change is committed: at least once, by any server. What is done is deleted.
CREATE TABLE job (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    -- What it is about: the id of a mail, of a run; 0 for what is done again and again
    subject_id BIGINT NOT NULL DEFAULT 0,
    -- 0 comes first
    priority BIGINT NOT NULL,
    -- 'waiting'; 'failed': given up, until somebody wants another try
    state TEXT NOT NULL DEFAULT 'waiting',
    -- Tries that count
    attempts BIGINT NOT NULL DEFAULT 0,
    -- How often it was taken in all; never counts back, so that who took it last is known
    claims BIGINT NOT NULL DEFAULT 0,
    run_at BIGINT NOT NULL,
    -- Who took it has it until then; 0: nobody has
    lease_until BIGINT NOT NULL DEFAULT 0,
    -- Milliseconds between two times, for what is done again and again
    every BIGINT,
    last_error TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    UNIQUE (kind, subject_id)
);
CREATE INDEX job_due ON job (priority, run_at, id) WHERE state = 'waiting';

INSERT INTO job (kind, subject_id, priority, state, attempts, run_at, last_error, created_at)
SELECT 'mail', id, CASE WHEN secret THEN 0 ELSE 1 END, CASE WHEN state = 'failed' THEN 'failed' ELSE 'waiting' END, attempts,
    next_try_at, last_error, created_at
FROM mail WHERE state IN ('pending', 'failed') ORDER BY id;
INSERT INTO job (kind, subject_id, priority, run_at, created_at)
SELECT 'import', id, 2, started_at, started_at FROM import_run WHERE state = 'running' ORDER BY id;

-- A mail and a run keep what people see of them; the job keeps who works on them.
DROP INDEX mail_due;
ALTER TABLE mail DROP COLUMN next_try_at;
CREATE INDEX mail_state ON mail (state, id);
CREATE INDEX mail_failed ON mail (item_id) WHERE state = 'failed';
ALTER TABLE import_run DROP COLUMN lease_until;

-- After a restore: nothing leaves the house before somebody says so.
ALTER TABLE workspace ADD COLUMN outgoing_held BOOLEAN NOT NULL DEFAULT FALSE;
