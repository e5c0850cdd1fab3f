-- Indexes only.
SELECT 1;
