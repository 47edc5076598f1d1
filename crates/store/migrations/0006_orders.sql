-- Money that leaves a collecting account. One row is one bank transfer; its id stands in the transfer's comment.
CREATE TABLE orders (
  id TEXT PRIMARY KEY,
  collecting_id BIGINT NOT NULL,         -- where the money leaves
  kind TEXT NOT NULL,                    -- refund | payout | return
  owner BIGINT NOT NULL,                 -- whose money it is: an account; 0 for a return
  subject TEXT NOT NULL,                 -- the refund, the settlement or the movement that it is for
  amount BIGINT NOT NULL,
  currency TEXT NOT NULL,
  bank_id TEXT NOT NULL,                 -- to whom: bank, account, holder
  number TEXT NOT NULL,
  holder_name TEXT NOT NULL,
  holder_identifier TEXT NOT NULL,       -- RUT, without dots and hyphen
  holder_email TEXT NOT NULL,
  via TEXT NOT NULL,                     -- connector | file
  state TEXT NOT NULL,                   -- ready | sending | authorised | uncertain | refused | paid | failed | expired
  events BIGINT NOT NULL,                -- how many rows of order_events there are: the guard of every transition
  tries BIGINT NOT NULL,                 -- refusals of the bank
  created_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,                -- from when it may be sent
  sent_at BIGINT,                        -- when the request that moves money was about to be sent, or its file was written
  operation_number TEXT,                 -- the bank's, from its receipt
  reason TEXT,                           -- why it was refused, is uncertain or could not be sent yet
  movement_id TEXT,                      -- its debit on the statement
  ended_at BIGINT
);
CREATE INDEX orders_waiting ON orders (collecting_id, via, created_at, id) WHERE state IN ('ready', 'refused');
CREATE INDEX orders_list ON orders (created_at, id);
CREATE INDEX orders_subject ON orders (kind, subject);

CREATE TABLE order_events (
  order_id TEXT NOT NULL,
  number BIGINT NOT NULL,                -- 1, 2, …
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,                   -- the state after it
  reason TEXT,
  PRIMARY KEY (order_id, number)
);

-- A refund that was accepted. Its id is that of the order that executes it.
CREATE TABLE refunds (
  id TEXT PRIMARY KEY,
  payment_id TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  collecting_id BIGINT NOT NULL,         -- the bank account that it leaves, in whose ledger it stands
  kind TEXT NOT NULL,                    -- classic | wallet
  amount BIGINT NOT NULL,                -- in the payment's currency
  transfer BIGINT NOT NULL,              -- in the collecting account's currency: another amount for a payment in UF only
  state TEXT NOT NULL,                   -- pending | authorized | paid | expired
  requested_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX refunds_payment ON refunds (payment_id, requested_at, id);
CREATE INDEX refunds_account ON refunds (account_id, requested_at, id);
CREATE INDEX refunds_list ON refunds (requested_at, id);

-- The reference with which a merchant tops its wallet up; made when it is first asked for.
CREATE TABLE wallets (
  reference TEXT PRIMARY KEY,
  account_id BIGINT NOT NULL,
  collecting_id BIGINT NOT NULL,         -- the bank account on which the wallet's money lies
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX wallets_owner ON wallets (account_id, collecting_id);
