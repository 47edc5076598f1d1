-- What waits for a person on one bank account is found without its statement. The index of notifications that were given up
-- was there twice.
CREATE INDEX movements_waiting ON movements (collecting_id, seen_at, id) WHERE state = 'review';
DROP INDEX notices_spent;
