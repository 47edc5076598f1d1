-- Whose the money on a collecting bank account is, and the ledger of everything that happened to it.

-- gateway: the operator holds it for merchants; own: it is the merchant's own bank account.
ALTER TABLE collecting_accounts ADD COLUMN custody TEXT NOT NULL DEFAULT 'own';
UPDATE collecting_accounts SET custody = 'gateway'
  WHERE account_id IN (SELECT id FROM accounts WHERE mode = 'developer');

-- One balanced transaction for each thing that happened to money. Rows are only ever added.
CREATE TABLE ledger_transactions (
  id TEXT PRIMARY KEY,                   -- kind:cause, the same for the same cause
  collecting_id BIGINT NOT NULL,         -- the bank account in which it lies, and whose currency it has
  kind TEXT NOT NULL,
  at BIGINT NOT NULL,
  payment_id TEXT,
  note TEXT                              -- why, where a person decided
);
CREATE INDEX ledger_transactions_list ON ledger_transactions (collecting_id, at, id);
CREATE INDEX ledger_transactions_payment ON ledger_transactions (payment_id, at, id) WHERE payment_id IS NOT NULL;

-- What it adds to each ledger account: debits above zero, credits below; they sum to zero.
CREATE TABLE ledger_postings (
  transaction_id TEXT NOT NULL,
  kind TEXT NOT NULL,                    -- bank | own | collected | wallet | transit | fees | integrator | suspense | payouts
  owner BIGINT NOT NULL,                 -- the account that it belongs to; 0 for none
  amount BIGINT NOT NULL,
  PRIMARY KEY (transaction_id, kind, owner)
);

-- The sum of each ledger account's postings.
CREATE TABLE ledger_balances (
  collecting_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  owner BIGINT NOT NULL,
  balance BIGINT NOT NULL,
  PRIMARY KEY (collecting_id, kind, owner)
);
CREATE INDEX ledger_balances_owner ON ledger_balances (owner, collecting_id, kind) WHERE owner <> 0;

-- How far each statement was stored, and what the bank said that the account held after exactly those lines.
CREATE TABLE ledger_statements (
  collecting_id BIGINT PRIMARY KEY,
  lines BIGINT NOT NULL,                 -- stored so far: the guard of a reading, which stores on top of what it knew
  balance BIGINT,                        -- absent where the bank did not say it with the lines
  is_open BIGINT NOT NULL,               -- whether what it held beyond the lines is posted
  stated_at BIGINT NOT NULL
);

-- What an account pays for each payment, by the currency of the bank account; no row: nothing.
CREATE TABLE account_fees (
  account_id BIGINT NOT NULL,
  currency TEXT NOT NULL,
  rate BIGINT NOT NULL,                  -- parts per million of the amount
  minimum BIGINT NOT NULL,               -- the least that the fee is, without VAT
  vat BIGINT NOT NULL,                   -- parts per million of the fee
  PRIMARY KEY (account_id, currency)
);

-- What came in for a payment, in the currency of the bank account, and who has which part of it; the rest is the merchant's.
ALTER TABLE reconciliations ADD COLUMN paid BIGINT NOT NULL DEFAULT 0;
ALTER TABLE reconciliations ADD COLUMN fee BIGINT NOT NULL DEFAULT 0;
ALTER TABLE reconciliations ADD COLUMN integrator_id BIGINT;
ALTER TABLE reconciliations ADD COLUMN integrator_fee BIGINT NOT NULL DEFAULT 0;
UPDATE reconciliations SET paid = COALESCE((SELECT m.amount FROM movements m
  WHERE m.collecting_id = reconciliations.collecting_id AND m.id = reconciliations.movement_id), 0);
