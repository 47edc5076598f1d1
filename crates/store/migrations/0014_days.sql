-- What accounts' days were like, and short ways to what waits: the console shows both at any size.

-- Sums of each day in Chile, added up behind the payments by a job.
CREATE TABLE daily_sums (
  account_id BIGINT NOT NULL,
  day TEXT NOT NULL,                     -- of Chile: 2026-03-03
  measure TEXT NOT NULL,                 -- begun | converted | paid | amount | took
  part TEXT NOT NULL,                    -- a currency (paid, amount), a step of time (took), or ''
  value BIGINT NOT NULL,
  PRIMARY KEY (account_id, day, measure, part)
);

-- How far the sums are: everything up to this row of a feed is in them, and nothing after it.
CREATE TABLE daily_cursors (
  feed TEXT PRIMARY KEY,                 -- begun | paid
  at BIGINT NOT NULL,
  payment_id TEXT NOT NULL
);

-- The feeds, in the order in which they happened.
CREATE INDEX attempts_begun ON attempts (started_at, payment_id) WHERE number = 1;
CREATE INDEX reconciliations_feed ON reconciliations (conciliated_at, payment_id);

-- What waits: each row is in its index only while, or because, something is out of the ordinary.
CREATE INDEX releases_held ON releases (account_id, releases_at, payment_id)
  WHERE settlement_id IS NULL AND held_until IS NOT NULL AND confirmed_at IS NULL;
CREATE INDEX notices_spent ON notices (account_id, created_at, id) WHERE state = 'spent';
CREATE INDEX notices_failing ON notices (account_id, created_at, id) WHERE state = 'pending' AND tries > 0;
CREATE INDEX mails_stuck ON mails (account_id, created_at, id) WHERE state IN ('failed', 'held');

-- Lists of one account.
CREATE INDEX settlements_list ON settlements (account_id, day, id);
CREATE INDEX consents_list ON consents (account_id, created_at, id);
