-- Which ticket each browser tab of an agent shows, and what is written there. A row counts for less than a minute.
CREATE TABLE presence (
    agent_id BIGINT NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    tab TEXT NOT NULL,
    session_id BIGINT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    item_id BIGINT NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    writing TEXT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (agent_id, tab)
);
CREATE INDEX presence_session ON presence (session_id);
CREATE INDEX presence_item ON presence (item_id);
