-- What was typed into a form that was refused, for half an hour. The token is in a cookie of the browser; here is its SHA-256.
CREATE TABLE typed_form (
    token_hash TEXT PRIMARY KEY,
    -- Path of the function that the form calls
    form TEXT NOT NULL,
    -- Who was signed in; NULL for somebody who was not
    customer_id BIGINT REFERENCES customer (id) ON DELETE CASCADE,
    -- JSON: field to text
    texts TEXT NOT NULL,
    -- Whether files were chosen
    files BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX typed_form_created ON typed_form (created_at);
