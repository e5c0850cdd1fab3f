-- What came with schema 2: the texts of a refused form.
INSERT INTO typed_form (token_hash, form, customer_id, texts, files, created_at) VALUES
    ('h4', '/_fn/portal/create', 1, '{"title":"Printer jam"}', TRUE, 1789999999000);
