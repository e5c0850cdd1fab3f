-- Bulk changes: a run for each, and a row for each item that it is about. Kept for a while, so that it can be taken back.
CREATE TABLE bulk_run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    agent_id BIGINT NOT NULL REFERENCES agent (id),
    -- JSON: what is done to each item
    deed TEXT NOT NULL,
    -- The run that this one takes back, and the one that takes this one back. No references: runs are discarded one by one
    undo_of BIGINT,
    undone_by BIGINT,
    -- JSON: the filter of all that a list shows, for as long as its items are being found
    shown TEXT,
    -- The highest number there was when it began
    up_to BIGINT NOT NULL,
    -- Whether all its items are found
    gathered BOOLEAN NOT NULL,
    -- The last item that was found, then the last one that had its turn; in the order of numbers
    at_number BIGINT NOT NULL DEFAULT 0,
    -- 'waiting', 'running', 'done', 'cancelled', 'failed'
    state TEXT NOT NULL DEFAULT 'waiting',
    total BIGINT NOT NULL DEFAULT 0,
    done BIGINT NOT NULL DEFAULT 0,
    changed BIGINT NOT NULL DEFAULT 0,
    refused BIGINT NOT NULL DEFAULT 0,
    -- JSON: why it could not go on
    error TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX bulk_run_agent ON bulk_run (agent_id, id);
CREATE INDEX bulk_run_under_way ON bulk_run (agent_id) WHERE state IN ('waiting', 'running');

CREATE TABLE bulk_item (
    run_id BIGINT NOT NULL REFERENCES bulk_run (id),
    -- No reference: it may name an item that there is not
    number BIGINT NOT NULL,
    -- '': waits, or was so already; 'changed'; 'refused'; 'undone': was changed and taken back
    state TEXT NOT NULL DEFAULT '',
    -- JSON: why it was refused
    error TEXT NOT NULL DEFAULT '',
    -- JSON: what the fields held before and after
    before_values TEXT NOT NULL DEFAULT '',
    after_values TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (run_id, number)
);
CREATE INDEX bulk_item_refused ON bulk_item (run_id, number) WHERE state = 'refused';
