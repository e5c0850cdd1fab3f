-- The words of items and messages, made from their texts by the program. A row is a text: its number is the item's times 2^30 plus
-- the message's, 0 for the item itself. Words come in lower case without accents, with spaces between: nothing is left to the tokenizer.
CREATE VIRTUAL TABLE item_words USING fts5 (
    public, internal, content = '', contentless_delete = 1, tokenize = 'ascii'
);
CREATE TRIGGER item_words_of_item AFTER DELETE ON item BEGIN
    DELETE FROM item_words WHERE rowid BETWEEN OLD.id << 30 AND (OLD.id << 30) + (1 << 30) - 1;
END;
CREATE TRIGGER item_words_of_message AFTER DELETE ON message BEGIN
    DELETE FROM item_words WHERE rowid = (OLD.item_id << 30) + OLD.id;
END;
-- The highest id of an item whose words are still to be found
INSERT INTO counter (name, value) SELECT 'words', COALESCE(MAX(id), 0) FROM item;
