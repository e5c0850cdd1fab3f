-- The two orders of what is not done that had no index of their own.
CREATE INDEX item_open_requester ON item (requester_key, id) WHERE category <> 'done';
CREATE INDEX item_open_priority ON item (priority, id) WHERE category <> 'done';
