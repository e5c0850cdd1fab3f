-- The files of a draft. They stay uploads of the agent until the message is sent, and are not cleaned up before.
CREATE TABLE draft_file (
    agent_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    file_id BIGINT NOT NULL REFERENCES file (id) ON DELETE CASCADE,
    PRIMARY KEY (agent_id, item_id, kind, file_id),
    FOREIGN KEY (agent_id, item_id, kind) REFERENCES draft (agent_id, item_id, kind) ON DELETE CASCADE
);
CREATE INDEX draft_file_file ON draft_file (file_id);
