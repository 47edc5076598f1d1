-- Handing merchants what was collected for them: when each payment is released, what was settled, and where it goes.

-- From when a payment that lies on a bank account of the gateway may be settled, and in which settlement it was.
CREATE TABLE releases (
  payment_id TEXT PRIMARY KEY,
  account_id BIGINT NOT NULL,
  collecting_id BIGINT NOT NULL,
  releases_at BIGINT NOT NULL,
  held_until BIGINT,                     -- its confirm_timeout_date
  confirmed_at BIGINT,
  settlement_id TEXT
);
CREATE INDEX releases_due ON releases (collecting_id, account_id, releases_at, payment_id) WHERE settlement_id IS NULL;

-- What one account was handed out of one collecting account; on a day with many payments several of them.
CREATE TABLE settlements (
  id TEXT PRIMARY KEY,                   -- account-collecting-day-number, the same however often it is tried
  account_id BIGINT NOT NULL,
  collecting_id BIGINT NOT NULL,
  day TEXT NOT NULL,                     -- of Chile: 2026-03-03
  number BIGINT NOT NULL,                -- 1, 2, … of that day
  currency TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  payments BIGINT NOT NULL,
  amount BIGINT NOT NULL,                -- what payers transferred
  fee BIGINT NOT NULL,
  integrator_fee BIGINT NOT NULL,
  refunded BIGINT NOT NULL,
  carried BIGINT NOT NULL,               -- from before: below zero where the merchant owed
  paid_out BIGINT NOT NULL,
  state TEXT NOT NULL,                   -- ordered | paid | failed
  order_id TEXT NOT NULL,
  ended_at BIGINT
);
CREATE UNIQUE INDEX settlements_day ON settlements (account_id, collecting_id, day, number);
CREATE INDEX settlements_of_day ON settlements (day, id);
CREATE UNIQUE INDEX settlements_order ON settlements (order_id);

-- The integrators' shares of a settlement. One without an order waits for the integrator's payout account.
CREATE TABLE settlement_shares (
  settlement_id TEXT NOT NULL,
  account_id BIGINT NOT NULL,            -- the integrator
  collecting_id BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  order_id TEXT,
  PRIMARY KEY (settlement_id, account_id)
);
CREATE INDEX settlement_shares_waiting ON settlement_shares (collecting_id, account_id) WHERE order_id IS NULL;
CREATE INDEX settlement_shares_order ON settlement_shares (order_id) WHERE order_id IS NOT NULL;

CREATE TABLE settlement_lines (
  settlement_id TEXT NOT NULL,
  payment_id TEXT NOT NULL,
  amount BIGINT NOT NULL,
  fee BIGINT NOT NULL,
  integrator_fee BIGINT NOT NULL,
  refunded BIGINT NOT NULL,
  net BIGINT NOT NULL,
  PRIMARY KEY (settlement_id, payment_id)
);

-- A notice may tell of a settlement.
ALTER TABLE notices ADD COLUMN settlement_id TEXT;

-- A file of orders for the bank, and what stands in it: it can be written again, and is the same then.
CREATE TABLE payout_files (
  id TEXT PRIMARY KEY,                   -- goes into the file as its message's id
  collecting_id BIGINT NOT NULL,
  orders BIGINT NOT NULL,
  total BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  execute_on TEXT NOT NULL               -- the business day on which the bank is to execute it
);
CREATE INDEX payout_files_list ON payout_files (made_at, id);
CREATE TABLE payout_file_orders (
  file_id TEXT NOT NULL,
  number BIGINT NOT NULL,                -- 1, 2, …
  order_id TEXT NOT NULL UNIQUE,         -- an order stands in one file
  PRIMARY KEY (file_id, number)
);
