-- What came with schema 13: views of what lies outside of ordinary lists.
UPDATE saved_view SET name = 'Bin', version = 2 WHERE system_key = 'deleted';
