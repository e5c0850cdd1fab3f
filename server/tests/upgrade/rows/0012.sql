-- What came with schema 12: items that lie outside of ordinary lists, links, a merge that can be taken back.
INSERT INTO item (number, title, title_key, search_key, description, type_id, status_id, category, status_rank, channel, created_by_kind,
    created_at, updated_at, spam, deleted_at, snoozed_until)
    SELECT 4, 'Offer', 'offer', 'offer', '', type_id, status_id, category, status_rank, 'mail', 'system',
    1790000000000, 1790000000000, TRUE, 1790000000001, 1790000000002 FROM item WHERE number = 1;
INSERT INTO item (number, title, title_key, search_key, description, type_id, status_id, category, status_rank, channel, created_by_kind,
    created_at, updated_at, merged_into)
    SELECT 5, 'Again', 'again', 'again', '', type_id, status_id, category, status_rank, 'mail', 'system',
    1790000000000, 1790000000000, 4 FROM item WHERE number = 1;
INSERT INTO item_away (item_id) SELECT id FROM item WHERE number IN (4, 5);
INSERT INTO item_link (from_id, to_id, kind, created_at)
    SELECT MIN(id), MAX(id), 'relates', 1790000000000 FROM item WHERE number IN (4, 5);
INSERT INTO item_merge (item_id, target_id, merged_at, status_id, resolved_at, brought)
    SELECT item.id, target.id, 1790000000000, item.status_id, NULL, '{"tags":{"all":["jam"],"added":[]},"agents":{"all":[],"added":[]},"customers":{"all":[],"added":[]},"last":null}'
    FROM item JOIN item AS target ON target.number = item.merged_into WHERE item.number = 5;
UPDATE counter SET value = 5 WHERE name = 'item';
