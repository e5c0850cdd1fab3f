-- What is done with whole items. What is spam, deleted, asleep or merged lies outside of ordinary lists.
ALTER TABLE item ADD COLUMN spam BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE item ADD COLUMN deleted_at BIGINT;
ALTER TABLE item ADD COLUMN snoozed_until BIGINT;
-- The number of the item that it was merged into; 0: it was not
ALTER TABLE item ADD COLUMN merged_into BIGINT NOT NULL DEFAULT 0;
CREATE INDEX item_deleted ON item (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX item_snoozed ON item (snoozed_until) WHERE snoozed_until IS NOT NULL;
CREATE INDEX item_spam ON item (id) WHERE spam;
CREATE INDEX item_merged ON item (merged_into) WHERE merged_into <> 0;
-- The items of which one of these four is so: what lists leave out. A table of its own, so that every index of items serves as before
CREATE TABLE item_away (
    item_id INTEGER PRIMARY KEY REFERENCES item (id) ON DELETE CASCADE
);

CREATE TABLE item_link (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    from_id BIGINT NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    to_id BIGINT NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    -- 'relates' (from the lower id), 'blocks', 'duplicates', 'causes', 'split_into', 'cloned_to'
    kind TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (from_id, to_id, kind)
);
CREATE INDEX item_link_to ON item_link (to_id);

-- A merge that can be taken back: the item keeps its messages, the other one what it got.
CREATE TABLE item_merge (
    item_id BIGINT PRIMARY KEY REFERENCES item (id) ON DELETE CASCADE,
    target_id BIGINT NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    merged_at BIGINT NOT NULL,
    -- What the item was before
    status_id BIGINT NOT NULL REFERENCES status (id),
    resolved_at BIGINT,
    -- JSON: what it brought to the other one, and what that had not before
    brought TEXT NOT NULL
);
CREATE INDEX item_merge_target ON item_merge (target_id);
