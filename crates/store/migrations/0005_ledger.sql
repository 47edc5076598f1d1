-- Whose the money on a collecting bank account is, and the ledger of everything that happened to it.

-- gateway: the operator holds it for merchants; own: it is the merchant's own bank account.
ALTER TABLE collecting_accounts ADD COLUMN custody TEXT NOT NULL DEFAULT 'own';
UPDATE collecting_accounts SET custody = 'gateway'
  WHERE account_id IN (SELECT id FROM accounts WHERE mode = 'developer');

-- One balanced transaction for each thing that happened to money.
CREATE TABLE ledger_transactions (
  id TEXT PRIMARY KEY,                   -- kind:cause, the same for the same cause
  collecting_id BIGINT NOT NULL,         -- the bank account in which it lies, and whose currency it has
  kind TEXT NOT NULL,
  at BIGINT NOT NULL,
  payment_id TEXT,
  note TEXT                              -- why, where a person decided
);

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
