-- Schema 10 has one more index over what is not done: the items that lie in it have all that it holds.
UPDATE item SET priority = 4, product = 'Printer', impact = 'minor', first_response_at = created_at + 60000 WHERE category <> 'done';
