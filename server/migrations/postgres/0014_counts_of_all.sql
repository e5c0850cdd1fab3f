-- What counts over all items read: what they are grouped by, in the narrowest form. By status also the columns of a board are read.
CREATE INDEX item_status ON item (status_id, updated_at, id);
CREATE INDEX item_ways ON item (channel, impact, published, category, type_id, product);
-- A category holds too much to begin with, but indexes that begin with it led there: what is not done has indexes of its own.
DROP INDEX item_category_updated;
DROP INDEX item_resolved;
CREATE INDEX item_resolved ON item (resolved_at, id) WHERE resolved_at IS NOT NULL;
