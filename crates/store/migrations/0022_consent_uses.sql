-- When a consent last gave its login for a visit, for who gave it and for who holds it.
ALTER TABLE consents ADD COLUMN last_used_at BIGINT;   -- to the minute; NULL: never
