-- The console's search of payments, filled by background work so that making a payment stays lean, and its exports.

-- One row for each thing that a payment is found by: a letter that says the kind, and then a folded word, an amount, a
-- keyed digest of a RUT or an e-mail address, or a word of the list's filters.
CREATE TABLE payment_search (
  account_id BIGINT NOT NULL,
  token BYTEA NOT NULL,
  created_at BIGINT NOT NULL,            -- the payment's
  payment_id TEXT NOT NULL,
  PRIMARY KEY (account_id, token, created_at, payment_id)
);

-- What of a payment is in it.
CREATE TABLE payment_search_entries (
  payment_id TEXT PRIMARY KEY,
  version BIGINT NOT NULL,               -- the guard of every change
  events BIGINT NOT NULL,                -- how many of the payment's events were seen
  tokens BYTEA NOT NULL                  -- its tokens, each after its length
);

-- How far the search has walked: the payments of each account by their making, all events by their instant.
CREATE TABLE payment_search_cursors (
  walk TEXT NOT NULL,                    -- made | made-again | changed | changed-again
  account_id BIGINT NOT NULL,            -- 0 for the events, which are walked for all accounts at once
  at BIGINT NOT NULL,
  payment_id TEXT NOT NULL,
  number BIGINT NOT NULL,
  PRIMARY KEY (walk, account_id)
);
CREATE INDEX payment_events_walk ON payment_events (at, payment_id, number);

-- A list that is written as a file, portion by portion, and kept for a day.
CREATE TABLE payment_exports (
  id TEXT PRIMARY KEY,                   -- UUID
  account_id BIGINT NOT NULL,
  wanted TEXT NOT NULL,                  -- the list's query
  lang TEXT NOT NULL,                    -- es | en
  state TEXT NOT NULL,                   -- running | ready
  lines BIGINT NOT NULL,                 -- written so far
  chunks BIGINT NOT NULL,                -- the guard of every portion
  at BIGINT NOT NULL,                    -- where the next portion begins
  payment_id TEXT NOT NULL,
  is_cut BIGINT NOT NULL,                -- whether it ended at the most lines that a file may have
  created_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX payment_exports_account ON payment_exports (account_id, created_at);
CREATE INDEX payment_exports_age ON payment_exports (created_at);
CREATE TABLE payment_export_chunks (
  export_id TEXT NOT NULL,
  number BIGINT NOT NULL,                -- 1, 2, …
  bytes BYTEA NOT NULL,
  PRIMARY KEY (export_id, number)
);
