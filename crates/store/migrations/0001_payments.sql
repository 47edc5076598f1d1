-- The payments side: who collects, what is owed, what was tried, what the bank's statement said, who was told.
-- One text for both engines: TEXT, BIGINT, BYTEA only. Instants are Unix milliseconds, amounts ten-thousandths
-- of the currency's unit, flags 0 or 1. Rows of `payments` are narrow and their indexes few: creation is the hot path.

-- Keys that seal other columns, themselves sealed by the master key (which is never in the database).
CREATE TABLE data_keys (
  name TEXT PRIMARY KEY,
  sealed BYTEA NOT NULL,
  created_at BIGINT NOT NULL
);

-- A merchant's account. `id` is the receiver_id of the wire.
CREATE TABLE accounts (
  id BIGINT PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  mode TEXT NOT NULL,                    -- developer | live
  privileges TEXT NOT NULL,              -- words joined by commas: refunds,wallet,confirm,contracts,integrator,psp
  integrator_account_id BIGINT,
  notify_url TEXT,
  secret_sealed BYTEA NOT NULL,          -- 40 hex characters, signs notifications
  next_secret_sealed BYTEA,              -- during a rotation's overlap
  next_secret_at BIGINT,                 -- when the overlap ends and the next secret takes over
  created_at BIGINT NOT NULL
);

-- People who may collect for an account (responsible_user_email).
CREATE TABLE users (
  account_id BIGINT NOT NULL,
  email TEXT NOT NULL,                   -- lower case
  can_collect BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, email)
);

CREATE TABLE api_keys (
  hash BYTEA PRIMARY KEY,                -- SHA-256 of the key's text
  account_id BIGINT NOT NULL,
  alias TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  last_used_at BIGINT
);
CREATE UNIQUE INDEX api_keys_alias ON api_keys (account_id, alias);

-- A bank account on which an account's money arrives.
CREATE TABLE collecting_accounts (
  id BIGINT PRIMARY KEY,
  uuid TEXT NOT NULL UNIQUE,             -- collect_account_uuid of the wire
  account_id BIGINT NOT NULL,
  bank_id TEXT NOT NULL,
  currency TEXT NOT NULL,
  number TEXT NOT NULL,
  holder_name TEXT NOT NULL,
  holder_identifier TEXT NOT NULL,       -- RUT, without dots and hyphen
  holder_email TEXT NOT NULL,
  login_sealed BYTEA,                    -- the bank login, where a connector reads the statement
  created_at BIGINT NOT NULL,
  read_at BIGINT                         -- start of the last complete reading of its statement
);
CREATE UNIQUE INDEX collecting_accounts_number ON collecting_accounts (bank_id, number);
CREATE INDEX collecting_accounts_owner ON collecting_accounts (account_id, currency, created_at, id);

-- A payment. Its row is its first event (creation); later events are rows of payment_events.
CREATE TABLE payments (
  id TEXT PRIMARY KEY,
  account_id BIGINT NOT NULL,
  collecting_id BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  currency TEXT NOT NULL,
  state TEXT NOT NULL,                   -- pending | verifying | deleted | done/normal | done/rejected-by-payer | …
  events BIGINT NOT NULL,                -- how many rows of payment_events there are: the guard of every transition
  subject TEXT NOT NULL,
  transaction_id TEXT,
  details TEXT                           -- JSON of the optional fields that were set, without `custom`
);
CREATE INDEX payments_list ON payments (account_id, created_at, id);
CREATE INDEX payments_transaction ON payments (account_id, transaction_id, created_at, id) WHERE transaction_id IS NOT NULL;
-- `status` of the wire is told by a state's first four letters: done/normal and done/reversed are both done.
CREATE INDEX payments_status ON payments (account_id, substr(state, 1, 4), created_at, id) WHERE state <> 'pending';

-- `custom` may be large, is never searched and is left out of lists.
CREATE TABLE payment_customs (
  payment_id TEXT PRIMARY KEY,
  custom TEXT NOT NULL
);

CREATE TABLE payment_events (
  payment_id TEXT NOT NULL,
  number BIGINT NOT NULL,                -- 1, 2, …
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,                   -- the state after it
  data TEXT NOT NULL,                    -- JSON of the event
  PRIMARY KEY (payment_id, number)
);

CREATE TABLE pictures (
  payment_id TEXT PRIMARY KEY,
  content_type TEXT NOT NULL,
  bytes BYTEA NOT NULL
);

CREATE TABLE contracts (
  payment_id TEXT PRIMARY KEY,
  sha256 BYTEA NOT NULL,
  bytes BYTEA NOT NULL
);

-- One try of a payer to pay, by a connector (simplified_transfer) or by hand (regular_transfer).
CREATE TABLE attempts (
  id TEXT PRIMARY KEY,                   -- UUID
  payment_id TEXT NOT NULL,
  number BIGINT NOT NULL,                -- 1, 2, … of its payment; part of the transfer's comment
  account_id BIGINT NOT NULL,
  collecting_id BIGINT NOT NULL,
  bank_id TEXT NOT NULL,
  method TEXT NOT NULL,                  -- simplified_transfer | regular_transfer
  state TEXT NOT NULL,                   -- asking | authorising | authorised | uncertain | declared | failed | lapsed | settled
  version BIGINT NOT NULL,               -- the guard of every step
  browser_hash BYTEA NOT NULL,           -- SHA-256 of the cookie's token
  amount BIGINT NOT NULL,                -- what is transferred, in `currency` (pesos for a CLF payment)
  currency TEXT NOT NULL,
  payer_identifier TEXT,                 -- RUT, without dots and hyphen
  payer_name TEXT,
  payer_email TEXT,
  payer_account TEXT,
  operation_number TEXT,                 -- the bank's, from its receipt
  reason TEXT,                           -- why it failed or is uncertain
  session_sealed BYTEA,                  -- what the bank asks now and the session that waits for the answer; erased when the attempt ends
  logins BIGINT NOT NULL,                -- sent to the bank and not accepted by it: limited per payment
  started_at BIGINT NOT NULL,
  lapses_at BIGINT NOT NULL,
  authorising_at BIGINT,
  ended_at BIGINT
);
CREATE UNIQUE INDEX attempts_number ON attempts (payment_id, number);
CREATE UNIQUE INDEX attempts_authorising ON attempts (payment_id) WHERE state IN ('authorising', 'authorised', 'uncertain', 'declared');
CREATE INDEX attempts_operation ON attempts (collecting_id, operation_number) WHERE operation_number IS NOT NULL;
CREATE INDEX attempts_payer ON attempts (collecting_id, payer_identifier, amount) WHERE payer_identifier IS NOT NULL;

-- Every line of a collecting account's statement, once.
CREATE TABLE movements (
  collecting_id BIGINT NOT NULL,
  id TEXT NOT NULL,                      -- the bank's
  booked_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  amount BIGINT NOT NULL,                -- credits above zero, debits below
  currency TEXT NOT NULL,
  payer_identifier TEXT,
  payer_name TEXT,
  payer_account TEXT,
  reference TEXT NOT NULL,
  operation_number TEXT,
  state TEXT NOT NULL,                   -- matched | review | debit | assigned | returned
  payment_id TEXT,                       -- settled by this movement (matched, assigned)
  reason TEXT,                           -- why it went to review; what a person decided
  decided_at BIGINT,
  PRIMARY KEY (collecting_id, id)
);
CREATE INDEX movements_latest ON movements (collecting_id, booked_at, id);
CREATE UNIQUE INDEX movements_payment ON movements (payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX movements_review ON movements (seen_at, collecting_id, id) WHERE state = 'review';

-- What is known of a payment once its money was seen.
CREATE TABLE reconciliations (
  payment_id TEXT PRIMARY KEY,
  collecting_id BIGINT NOT NULL,
  movement_id TEXT NOT NULL,
  conciliated_at BIGINT NOT NULL,
  out_of_date BIGINT NOT NULL,
  bank_id TEXT NOT NULL,
  bank TEXT NOT NULL,
  method TEXT NOT NULL,
  payer_name TEXT NOT NULL,
  payer_email TEXT NOT NULL,
  payer_identifier TEXT NOT NULL,
  payer_account TEXT NOT NULL,
  operation_code TEXT NOT NULL
);
CREATE INDEX reconciliations_payer ON reconciliations (payer_email, bank_id, conciliated_at) WHERE payer_email <> '';

-- A notification to a merchant, its body fixed when the money was seen.
CREATE TABLE notices (
  id TEXT PRIMARY KEY,                   -- UUID
  account_id BIGINT NOT NULL,
  payment_id TEXT NOT NULL,
  url TEXT NOT NULL,
  version TEXT NOT NULL,                 -- 3.0 | 1.3
  body TEXT NOT NULL,
  state TEXT NOT NULL,                   -- pending | delivered | spent
  tries BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  next_at BIGINT,
  ended_at BIGINT
);
CREATE INDEX notices_list ON notices (account_id, created_at, id);
CREATE INDEX notices_payment ON notices (payment_id);

CREATE TABLE notice_tries (
  notice_id TEXT NOT NULL,
  number BIGINT NOT NULL,
  at BIGINT NOT NULL,
  status BIGINT,                         -- HTTP status, absent when there was no answer
  latency_ms BIGINT NOT NULL,
  error TEXT,                            -- why there was no answer
  answer TEXT NOT NULL,                  -- its first 2 KiB
  PRIMARY KEY (notice_id, number)
);

-- Work to do, enqueued in the unit of work that needs it. While a worker holds a job, `due_at` is the end of its lease.
CREATE TABLE jobs (
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  lane TEXT NOT NULL,                    -- what is limited together: a destination; '' where nothing is
  due_at BIGINT NOT NULL,
  again_at BIGINT,                       -- when it falls due after its lease, if it was enqueued during it
  lease TEXT,                            -- who holds it
  version BIGINT NOT NULL,               -- grows when it is enqueued again: a holder that finishes an older one leaves it due
  tries BIGINT NOT NULL,
  payload TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  buried_at BIGINT,
  reason TEXT,
  PRIMARY KEY (kind, key)
);
CREATE INDEX jobs_due ON jobs (kind, lane, due_at) WHERE buried_at IS NULL;

-- The stored answer of a request that carried an Idempotency-Key.
CREATE TABLE idempotent_answers (
  account_id BIGINT NOT NULL,
  method TEXT NOT NULL,
  path TEXT NOT NULL,
  key TEXT NOT NULL,
  body_hash BYTEA NOT NULL,
  status BIGINT NOT NULL,
  answer_sealed BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, method, path, key)
);
CREATE INDEX idempotent_answers_age ON idempotent_answers (created_at);
