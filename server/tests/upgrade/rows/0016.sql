-- A second portal with rules of its own, and a main contact.
INSERT INTO portal (slug, created_at, kind, name, enabled, rules, look, version) VALUES
    ('partners', 1700000000000, 'ticket_portal', 'Partners', FALSE, '{"colleagues":"main_contacts"}', '{"colour":"#067647"}', 3);
UPDATE customer SET main_contact = TRUE WHERE id = (SELECT MIN(id) FROM customer);
