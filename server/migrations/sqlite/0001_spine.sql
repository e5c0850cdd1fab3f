-- The spine. Times are milliseconds since 1970 UTC, flags BOOLEAN, JSON is TEXT.
-- Columns named *_key hold a form that is made in Rust for sorting and searching, so that both engines order alike.

CREATE TABLE counter (name TEXT PRIMARY KEY, value BIGINT NOT NULL);
INSERT INTO counter (name, value) VALUES ('item', 0), ('event', 0);

CREATE TABLE file (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    storage_path TEXT NOT NULL,
    uploader_kind TEXT NOT NULL,
    uploader_id BIGINT,
    -- What it belongs to: 'none' (the uploader's, not used yet), 'description', 'message', 'logo', 'import'
    purpose TEXT NOT NULL DEFAULT 'none',
    item_id BIGINT,
    message_id BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX file_item ON file (item_id);

CREATE TABLE workspace (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    name TEXT NOT NULL,
    colour TEXT NOT NULL,
    logo_id BIGINT REFERENCES file (id),
    language TEXT NOT NULL,
    auto_organizations BOOLEAN NOT NULL,
    set_up_at BIGINT
);
INSERT INTO workspace (id, name, colour, language, auto_organizations) VALUES (1, 'Taquilla', '#2456d6', 'en', TRUE);

CREATE TABLE portal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    slug TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);
INSERT INTO portal (slug, created_at) VALUES ('support', 0);

CREATE TABLE agent (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    role TEXT NOT NULL,
    access TEXT NOT NULL,
    state TEXT NOT NULL,
    password_hash TEXT,
    language TEXT NOT NULL,
    time_zone TEXT NOT NULL DEFAULT 'UTC',
    theme TEXT NOT NULL DEFAULT 'system',
    last_seen_at BIGINT,
    created_at BIGINT NOT NULL
);

CREATE TABLE team (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);
CREATE TABLE team_member (
    team_id BIGINT NOT NULL REFERENCES team (id) ON DELETE CASCADE,
    agent_id BIGINT NOT NULL REFERENCES agent (id),
    PRIMARY KEY (team_id, agent_id)
);
CREATE INDEX team_member_agent ON team_member (agent_id);

CREATE TABLE organization (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    address TEXT NOT NULL DEFAULT '',
    notes TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL
);
CREATE TABLE organization_domain (
    domain TEXT PRIMARY KEY,
    organization_id BIGINT NOT NULL REFERENCES organization (id) ON DELETE CASCADE
);
CREATE INDEX organization_domain_organization ON organization_domain (organization_id);

CREATE TABLE customer (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    -- Display name, lower case
    name_key TEXT NOT NULL,
    -- Display name and all addresses, lower case
    search_key TEXT NOT NULL,
    phone TEXT NOT NULL DEFAULT '',
    job_title TEXT NOT NULL DEFAULT '',
    organization_id BIGINT REFERENCES organization (id),
    language TEXT NOT NULL,
    time_zone TEXT NOT NULL DEFAULT '',
    notes TEXT NOT NULL DEFAULT '',
    -- 'none', 'invited', 'active', 'disabled'
    state TEXT NOT NULL DEFAULT 'none',
    password_hash TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX customer_name ON customer (name_key, id);
CREATE INDEX customer_organization ON customer (organization_id);

-- One e-mail address belongs to one person, agent or customer.
CREATE TABLE address (
    email TEXT PRIMARY KEY,
    agent_id BIGINT REFERENCES agent (id),
    customer_id BIGINT REFERENCES customer (id),
    position BIGINT NOT NULL DEFAULT 0,
    CHECK ((agent_id IS NULL) <> (customer_id IS NULL))
);
CREATE INDEX address_agent ON address (agent_id);
CREATE INDEX address_customer ON address (customer_id, position);

CREATE TABLE ticket_type (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL DEFAULT '',
    name TEXT NOT NULL,
    icon TEXT NOT NULL,
    colour TEXT NOT NULL,
    enabled BOOLEAN NOT NULL DEFAULT TRUE,
    position BIGINT NOT NULL
);
CREATE TABLE status (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    type_id BIGINT NOT NULL REFERENCES ticket_type (id),
    key TEXT NOT NULL DEFAULT '',
    name TEXT NOT NULL,
    category TEXT NOT NULL,
    colour TEXT NOT NULL,
    position BIGINT NOT NULL
);
CREATE INDEX status_type ON status (type_id, position);
INSERT INTO ticket_type (key, name, icon, colour, position) VALUES
    ('question', 'Question', 'question', '#2456d6', 1),
    ('incident', 'Incident', 'incident', '#b42318', 2),
    ('problem', 'Problem', 'problem', '#b54708', 3),
    ('request', 'Request', 'request', '#067647', 4);
INSERT INTO status (type_id, key, name, category, colour, position)
SELECT ticket_type.id, s.key, s.name, s.category, s.colour, s.position
FROM ticket_type CROSS JOIN (
    SELECT 'new' AS key, 'New' AS name, 'todo' AS category, '#7a5af8' AS colour, 1 AS position
    UNION ALL SELECT 'open', 'Open', 'todo', '#2e6fe0', 2
    UNION ALL SELECT 'in_progress', 'In progress', 'todo', '#0e7c86', 3
    UNION ALL SELECT 'waiting_customer', 'Waiting for customer', 'waiting', '#b87503', 4
    UNION ALL SELECT 'on_hold', 'On hold', 'waiting', '#8a6d3b', 5
    UNION ALL SELECT 'resolved', 'Resolved', 'done', '#2b8a3e', 6
    UNION ALL SELECT 'closed', 'Closed', 'done', '#5f6b7a', 7
) AS s
ORDER BY ticket_type.position, s.position;

CREATE TABLE item (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    number BIGINT NOT NULL UNIQUE,
    kind TEXT NOT NULL DEFAULT 'ticket',
    title TEXT NOT NULL,
    title_key TEXT NOT NULL,
    -- Title, requester's name and addresses, lower case: what the search looks in
    search_key TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    type_id BIGINT NOT NULL REFERENCES ticket_type (id),
    status_id BIGINT NOT NULL REFERENCES status (id),
    category TEXT NOT NULL,
    -- Order of the status: category (0 todo, 1 waiting, 2 done) × 1000 + position
    status_rank BIGINT NOT NULL,
    priority BIGINT NOT NULL DEFAULT 0,
    requester_id BIGINT REFERENCES customer (id),
    -- name_key of the requester; NULL without one
    requester_key TEXT,
    organization_id BIGINT REFERENCES organization (id),
    channel TEXT NOT NULL,
    impact TEXT NOT NULL DEFAULT 'none',
    product TEXT NOT NULL DEFAULT '',
    published BOOLEAN NOT NULL DEFAULT TRUE,
    created_by_kind TEXT NOT NULL,
    created_by_id BIGINT,
    created_by_name TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    first_response_at BIGINT,
    resolved_at BIGINT,
    -- The last public message (the description of a customer counts as one): when, by what kind, whom
    last_message_at BIGINT,
    last_message_by TEXT,
    last_message_by_id BIGINT,
    last_message_name TEXT NOT NULL DEFAULT '',
    version BIGINT NOT NULL DEFAULT 1,
    external_source TEXT,
    external_id TEXT
);
CREATE UNIQUE INDEX item_external ON item (external_source, external_id);
CREATE INDEX item_updated ON item (updated_at, id);
CREATE INDEX item_created ON item (created_at, id);
CREATE INDEX item_title ON item (title_key, id);
-- No priority comes last in both directions
CREATE INDEX item_priority ON item (priority, id);
CREATE INDEX item_priority_last ON item ((CASE WHEN priority = 0 THEN 6 ELSE priority END), id);
CREATE INDEX item_status_rank ON item (status_rank, id);
CREATE INDEX item_requester_key ON item (requester_key, id);
CREATE INDEX item_category_updated ON item (category, updated_at, id);
CREATE INDEX item_requester ON item (requester_id, last_message_at, id);
CREATE INDEX item_organization ON item (organization_id, last_message_at, id);
CREATE INDEX item_resolved ON item (category, resolved_at);
-- Most lists show what is not done, which is little of all in the long run
CREATE INDEX item_open_updated ON item (updated_at, id) WHERE category <> 'done';
CREATE INDEX item_open_created ON item (created_at, id) WHERE category <> 'done';
CREATE INDEX item_open_title ON item (title_key, id) WHERE category <> 'done';
CREATE INDEX item_open_status ON item (status_rank, id) WHERE category <> 'done';
CREATE INDEX item_open_number ON item (number) WHERE category <> 'done';

CREATE TABLE item_agent (
    item_id BIGINT NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    agent_id BIGINT NOT NULL REFERENCES agent (id),
    PRIMARY KEY (item_id, agent_id)
);
CREATE INDEX item_agent_agent ON item_agent (agent_id, item_id);
CREATE TABLE item_team (
    item_id BIGINT NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    team_id BIGINT NOT NULL REFERENCES team (id) ON DELETE CASCADE,
    PRIMARY KEY (item_id, team_id)
);
CREATE INDEX item_team_team ON item_team (team_id, item_id);
CREATE TABLE item_tag (
    item_id BIGINT NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (item_id, tag)
);
CREATE INDEX item_tag_tag ON item_tag (tag, item_id);
CREATE TABLE item_following_agent (
    item_id BIGINT NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    agent_id BIGINT NOT NULL REFERENCES agent (id),
    PRIMARY KEY (item_id, agent_id)
);
CREATE INDEX item_following_agent_agent ON item_following_agent (agent_id, item_id);
CREATE TABLE item_following_customer (
    item_id BIGINT NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    customer_id BIGINT NOT NULL REFERENCES customer (id),
    PRIMARY KEY (item_id, customer_id)
);
CREATE INDEX item_following_customer_customer ON item_following_customer (customer_id, item_id);

CREATE TABLE message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    item_id BIGINT NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    author_kind TEXT NOT NULL,
    author_id BIGINT,
    author_name TEXT NOT NULL,
    html TEXT NOT NULL,
    channel TEXT NOT NULL,
    -- JSON array of mail addresses
    recipients TEXT NOT NULL DEFAULT '[]',
    created_at BIGINT NOT NULL
);
CREATE INDEX message_item ON message (item_id, id);

-- A request that may come twice is done once: the key remembers what it made.
CREATE TABLE idempotency (
    actor_kind TEXT NOT NULL,
    actor_id BIGINT NOT NULL,
    key TEXT NOT NULL,
    -- 'item' or 'message'
    made TEXT NOT NULL,
    made_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (actor_kind, actor_id, key)
);

CREATE TABLE draft (
    agent_id BIGINT NOT NULL REFERENCES agent (id),
    item_id BIGINT NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    html TEXT NOT NULL,
    saved_at BIGINT NOT NULL,
    PRIMARY KEY (agent_id, item_id, kind)
);

-- Up to when a customer has read an item's public messages.
CREATE TABLE read_mark (
    customer_id BIGINT NOT NULL REFERENCES customer (id),
    item_id BIGINT NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    read_at BIGINT NOT NULL,
    PRIMARY KEY (customer_id, item_id)
);

-- The log. Append-only; seq is given out under the lock of counter 'event', so it is gapless in the order of commits.
CREATE TABLE event (
    seq BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BIGINT,
    actor_name TEXT NOT NULL DEFAULT '',
    channel TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    field TEXT NOT NULL DEFAULT '',
    -- For people: names, not ids
    old_text TEXT NOT NULL DEFAULT '',
    new_text TEXT NOT NULL DEFAULT '',
    -- For programs: JSON; empty where there is nothing
    old_value TEXT NOT NULL DEFAULT '',
    new_value TEXT NOT NULL DEFAULT '',
    -- Version of the item after it
    version BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX event_subject ON event (subject_kind, subject_id, seq);

-- The outbox for mail.
CREATE TABLE mail (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Unguessable, becomes the Message-ID; the same on every try
    token TEXT NOT NULL UNIQUE,
    -- JSON array of addresses
    recipients TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    html TEXT NOT NULL DEFAULT '',
    item_id BIGINT,
    message_id BIGINT,
    -- Carries a code or link that lets somebody in: the body is wiped when it is sent
    secret BOOLEAN NOT NULL DEFAULT FALSE,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    next_try_at BIGINT NOT NULL,
    last_error TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    sent_at BIGINT
);
CREATE INDEX mail_due ON mail (state, next_try_at);

CREATE TABLE session (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    realm TEXT NOT NULL,
    person_id BIGINT NOT NULL,
    -- SHA-256 of the token, hex
    token_hash TEXT NOT NULL UNIQUE,
    user_agent TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL
);
CREATE INDEX session_person ON session (realm, person_id);

-- Mailed codes and invitation tokens: only hashes, single use.
CREATE TABLE code (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    realm TEXT NOT NULL,
    -- 'sign_in', 'reset', 'invitation', 'register'
    purpose TEXT NOT NULL,
    email TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    -- JSON: what a registration will make
    payload TEXT NOT NULL DEFAULT '',
    tries_left BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX code_email ON code (realm, purpose, email);
CREATE INDEX code_hash ON code (code_hash);

-- One-time tokens of the first set-up, one a process that waits for it: only hashes.
CREATE TABLE set_up_token (
    token_hash TEXT PRIMARY KEY,
    created_at BIGINT NOT NULL
);

CREATE TABLE rate_limit (
    key TEXT PRIMARY KEY,
    window_start BIGINT NOT NULL,
    used BIGINT NOT NULL
);

CREATE TABLE import_run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    file_id BIGINT NOT NULL REFERENCES file (id),
    file_name TEXT NOT NULL,
    -- JSON of domain::import::ImportMap
    map TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BIGINT,
    state TEXT NOT NULL,
    rows_total BIGINT NOT NULL,
    rows_done BIGINT NOT NULL DEFAULT 0,
    imported BIGINT NOT NULL DEFAULT 0,
    existing BIGINT NOT NULL DEFAULT 0,
    refused BIGINT NOT NULL DEFAULT 0,
    first_number BIGINT,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    -- A worker that holds the run says so until then; another may take over later
    lease_until BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE import_problem (
    import_id BIGINT NOT NULL REFERENCES import_run (id) ON DELETE CASCADE,
    row_number BIGINT NOT NULL,
    position BIGINT NOT NULL,
    external_id TEXT NOT NULL,
    column_name TEXT NOT NULL,
    value TEXT NOT NULL,
    key TEXT NOT NULL,
    refused BOOLEAN NOT NULL,
    PRIMARY KEY (import_id, row_number, position)
);
