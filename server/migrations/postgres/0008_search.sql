-- The words of items and messages, made from their texts by the program. Message 0 is the item itself; a long text is several parts,
-- which overlap. Words come in lower case without accents, with spaces between: nothing is left to a text search configuration.
CREATE TABLE item_words (
    item_id BIGINT NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    message_id BIGINT NOT NULL,
    part BIGINT NOT NULL,
    internal BOOLEAN NOT NULL,
    words TSVECTOR NOT NULL,
    PRIMARY KEY (item_id, message_id, part)
);
CREATE INDEX item_words_words ON item_words USING GIN (words);
CREATE FUNCTION words_vector(TEXT) RETURNS TSVECTOR LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE AS $$
    -- The word that separates texts has a place, so that no phrase runs over it, and is not kept.
    SELECT COALESCE(string_agg('''' || word || ''':' || place, ' '), '')::tsvector
    FROM unnest(string_to_array($1, ' ')) WITH ORDINALITY AS words (word, place) WHERE word <> chr(57344)
$$;
CREATE FUNCTION forget_words() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM item_words WHERE item_id = OLD.item_id AND message_id = OLD.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER item_words_of_message AFTER DELETE ON message FOR EACH ROW EXECUTE FUNCTION forget_words();
-- The highest id of an item whose words are still to be found
INSERT INTO counter (name, value) SELECT 'words', COALESCE(MAX(id), 0) FROM item;
