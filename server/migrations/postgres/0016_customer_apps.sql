-- Customer apps: several portals, each with its own rules and looks.
ALTER TABLE portal ADD COLUMN kind TEXT NOT NULL DEFAULT 'ticket_portal';
-- Empty: the workspace's
ALTER TABLE portal ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE portal ADD COLUMN enabled BOOLEAN NOT NULL DEFAULT TRUE;
-- What it shows and allows, and how it looks, as JSON; what is not said is as in a new portal
ALTER TABLE portal ADD COLUMN rules TEXT NOT NULL DEFAULT '{}';
ALTER TABLE portal ADD COLUMN look TEXT NOT NULL DEFAULT '{}';
ALTER TABLE portal ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
-- Sees all tickets of the organization, also where ordinary members do not
ALTER TABLE customer ADD COLUMN main_contact BOOLEAN NOT NULL DEFAULT FALSE;
-- A customer's list is read in its order, however much there is.
DROP INDEX item_requester;
DROP INDEX item_organization;
CREATE INDEX item_requester ON item (requester_id, (COALESCE(last_message_at, created_at)), id);
CREATE INDEX item_organization ON item (organization_id, (COALESCE(last_message_at, created_at)), id);
