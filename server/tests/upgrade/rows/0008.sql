-- What came with schema 8: the words of items and messages, which the program finds. None of the rows before has any yet.
UPDATE counter SET value = 0 WHERE name = 'words';
