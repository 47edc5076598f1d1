-- Reusable payment links: what each asks, and the payments that came of it.

CREATE TABLE payment_links (
  code TEXT PRIMARY KEY,                 -- in its address; the transaction_id of its payments
  account_id BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL,               -- grows when it is changed: the guard of every use
  terms TEXT NOT NULL,                   -- JSON: price, currency, subject, …
  expires_at BIGINT,
  uses BIGINT NOT NULL,
  uses_max BIGINT,
  deactivated_at BIGINT
);
CREATE INDEX payment_links_list ON payment_links (account_id, created_at, code);

CREATE TABLE payment_link_uses (
  code TEXT NOT NULL,
  submission TEXT NOT NULL,              -- of the form that was sent: one that is sent again finds its payment
  at BIGINT NOT NULL,
  quantity BIGINT NOT NULL,
  payment_id TEXT NOT NULL UNIQUE,
  PRIMARY KEY (code, submission)
);
CREATE INDEX payment_link_uses_list ON payment_link_uses (code, at, payment_id);
