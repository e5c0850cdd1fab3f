-- Who goes through what is not done in the order of the last change sees in the index whether a condition holds.
DROP INDEX item_open_updated;
CREATE INDEX item_open_updated ON item (updated_at, id, category, impact, channel, product, priority, type_id, status_id,
    organization_id, requester_id) WHERE category <> 'done';
-- Customers are looked for by any part of their names and addresses: here is nothing else to be read.
CREATE INDEX customer_sought ON customer (name_key, id, search_key, state) WHERE state <> 'disabled';
