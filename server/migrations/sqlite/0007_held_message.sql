-- Replies that wait for a moment before they are sent, so that their author can take them back. Nothing of them is in the
-- thread before.
CREATE TABLE held_message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    item_id BIGINT NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    agent_id BIGINT NOT NULL REFERENCES agent (id),
    html TEXT NOT NULL,
    -- JSON array of further mail addresses
    cc TEXT NOT NULL,
    -- The status to set with it
    status_id BIGINT,
    send_at BIGINT NOT NULL,
    -- Why it could not be sent: a message key
    error TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL
);
CREATE INDEX held_message_item ON held_message (item_id);
CREATE TABLE held_message_file (
    held_id BIGINT NOT NULL REFERENCES held_message (id) ON DELETE CASCADE,
    file_id BIGINT NOT NULL REFERENCES file (id),
    PRIMARY KEY (held_id, file_id)
);
CREATE INDEX held_message_file_file ON held_message_file (file_id);

-- Whether others who see the item may read a draft and take it over.
ALTER TABLE draft ADD COLUMN shared BOOLEAN NOT NULL DEFAULT FALSE;

-- Seconds that an agent's reply waits.
ALTER TABLE agent ADD COLUMN undo_send BIGINT NOT NULL DEFAULT 10;
