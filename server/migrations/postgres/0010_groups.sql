-- All that lists are grouped by and that is added up, of what is not done: so that groups are counted without reading the items.
CREATE INDEX item_open_groups ON item (status_id, organization_id, type_id, requester_id, priority, created_at, updated_at,
    first_response_at, resolved_at, last_message_at, category, channel, impact, product, published, id) WHERE category <> 'done';
