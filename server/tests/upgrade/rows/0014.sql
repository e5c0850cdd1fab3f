-- Schema 14 has two more indexes over all items: the items that lie in them have all that they hold.
UPDATE item SET product = 'Scanner', impact = 'major', published = FALSE WHERE number = 1;
