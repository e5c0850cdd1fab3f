-- What counts over all items read: what they are grouped by, in the narrowest form. By status also the columns of a board are read.
CREATE INDEX item_status ON item (status_id, updated_at, id);
CREATE INDEX item_ways ON item (channel, impact, published, product);
