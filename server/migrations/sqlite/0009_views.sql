-- Views: those that every workspace has (system_key; their filter is the program's) and those that people save.
CREATE TABLE saved_view (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- The stable name of a view that every workspace has
    system_key TEXT UNIQUE,
    -- Empty: called as the reader's language says (only those with a system_key)
    name TEXT NOT NULL,
    -- 'personal': the owner's alone; 'team'; 'everyone'
    scope TEXT NOT NULL,
    team_id BIGINT REFERENCES team (id),
    -- Who made it
    owner_id BIGINT REFERENCES agent (id),
    folder TEXT NOT NULL DEFAULT '',
    icon TEXT NOT NULL DEFAULT '',
    colour TEXT NOT NULL DEFAULT '',
    -- JSON: which items, as the filter language keeps it; how they are shown
    filter TEXT NOT NULL,
    settings TEXT NOT NULL,
    -- The order for all, with room between
    position BIGINT NOT NULL,
    -- Out of everyone's panel
    hidden_for_all BOOLEAN NOT NULL DEFAULT FALSE,
    -- What the application begins with for all who have not chosen; one at most
    begins_for_all BOOLEAN NOT NULL DEFAULT FALSE,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    -- It can be brought back for a while
    deleted_at BIGINT,
    CHECK ((scope = 'team') = (team_id IS NOT NULL)),
    CHECK ((system_key IS NULL) = (owner_id IS NOT NULL))
);
CREATE INDEX saved_view_owner ON saved_view (owner_id);
CREATE INDEX saved_view_team ON saved_view (team_id);
CREATE INDEX saved_view_deleted ON saved_view (deleted_at) WHERE deleted_at IS NOT NULL;

-- What a person makes of a view for themselves alone.
CREATE TABLE own_view (
    agent_id BIGINT NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    view_id BIGINT NOT NULL REFERENCES saved_view (id) ON DELETE CASCADE,
    pinned BOOLEAN NOT NULL DEFAULT FALSE,
    hidden BOOLEAN NOT NULL DEFAULT FALSE,
    -- JSON; NULL: as it was saved
    settings TEXT,
    -- NULL: in the order for all
    position BIGINT,
    -- What the application begins with for them; one at most
    begins BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (agent_id, view_id)
);
CREATE INDEX own_view_view ON own_view (view_id);

INSERT INTO saved_view (system_key, name, scope, filter, settings, position, created_at) VALUES
    ('mine', '', 'everyone', '', '{}', 4294967296, 0),
    ('team_unassigned', '', 'everyone', '', '{}', 8589934592, 0),
    ('open', '', 'everyone', '', '{}', 12884901888, 0),
    ('waiting', '', 'everyone', '', '{}', 17179869184, 0),
    ('unanswered', '', 'everyone', '', '{}', 21474836480, 0),
    ('recently_done', '', 'everyone', '', '{}', 25769803776, 0),
    ('all', '', 'everyone', '', '{}', 30064771072, 0);
