-- Who stands behind an account, whether it may be used, what its users may do, and where its money is paid out.

ALTER TABLE accounts ADD COLUMN disabled_at BIGINT;      -- NULL: it may be used
ALTER TABLE accounts ADD COLUMN rendition_url TEXT;      -- where it is told of its settlements
CREATE INDEX accounts_children ON accounts (integrator_account_id, id) WHERE integrator_account_id IS NOT NULL;

ALTER TABLE users ADD COLUMN role TEXT NOT NULL DEFAULT 'owner'; -- owner | collector | read-only
ALTER TABLE users DROP COLUMN can_collect;

-- The business behind an account, as its integrator said.
CREATE TABLE businesses (
  account_id BIGINT PRIMARY KEY,
  country_code TEXT NOT NULL,            -- ISO 3166-1 alpha-2
  identifier TEXT NOT NULL,              -- in Chile a RUT, without dots and hyphen
  category TEXT NOT NULL,
  name TEXT NOT NULL,
  phone TEXT NOT NULL,
  address_line_1 TEXT NOT NULL,
  address_line_2 TEXT NOT NULL,
  address_line_3 TEXT NOT NULL,
  admin_first_name TEXT NOT NULL,
  admin_last_name TEXT NOT NULL,
  admin_email TEXT NOT NULL,
  contact_full_name TEXT NOT NULL,
  contact_job_title TEXT NOT NULL,
  contact_email TEXT NOT NULL,
  contact_phone TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

-- The bank account to which an account's settled money is paid, one for each currency.
CREATE TABLE payout_accounts (
  account_id BIGINT NOT NULL,
  currency TEXT NOT NULL,
  bank_id TEXT NOT NULL,
  account_type TEXT NOT NULL,            -- checking | sight | savings
  number TEXT NOT NULL,
  holder_name TEXT NOT NULL,
  holder_identifier TEXT NOT NULL,       -- in Chile a RUT, without dots and hyphen
  holder_email TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, currency)
);
