-- Who signs in to the console, how, and what they did there.

-- A person: one e-mail with one password, whichever accounts have them as user.
CREATE TABLE console_people (
  email TEXT PRIMARY KEY,                -- lower case
  password_hash TEXT,                    -- argon2id; NULL until the first password
  second_factor_sealed BYTEA,            -- the secret that codes are made from; NULL without a second factor
  second_factor_step BIGINT,             -- the last time step whose code was used
  offered_sealed BYTEA,                  -- a second factor that is being set up
  created_at BIGINT NOT NULL
);
CREATE INDEX users_email ON users (email, created_at);

-- Codes for who lost the second factor. One that was used is gone.
CREATE TABLE console_recovery_codes (
  email TEXT NOT NULL,
  digest TEXT NOT NULL,                  -- keyed, so that a stolen table can't be searched
  PRIMARY KEY (email, digest)
);

-- A signed-in browser.
CREATE TABLE console_sessions (
  hash BYTEA PRIMARY KEY,                -- SHA-256 of the cookie's token
  id TEXT NOT NULL UNIQUE,               -- names it on pages
  email TEXT NOT NULL,
  account_id BIGINT NOT NULL,            -- the account that its pages show
  is_complete BIGINT NOT NULL,           -- 0: the second factor is still asked for
  address TEXT NOT NULL,
  agent TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL
);
CREATE INDEX console_sessions_email ON console_sessions (email, created_at);

-- Tries that failed, or are under way: of a person, of an address, of a person from an address.
CREATE TABLE console_failures (
  subject TEXT PRIMARY KEY,              -- keyed digest
  failures BIGINT NOT NULL,
  since BIGINT NOT NULL                  -- the first of them: all are forgotten together
);

-- A link by which a person sets a password, once.
CREATE TABLE console_links (
  hash BYTEA PRIMARY KEY,                -- SHA-256 of the link's token
  id TEXT NOT NULL UNIQUE,
  email TEXT NOT NULL,
  account_id BIGINT NOT NULL,            -- who invited; its name stands in the mail
  lang TEXT NOT NULL,                    -- es | en
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX console_links_email ON console_links (email);

-- Who did what. Rows are only ever added.
CREATE TABLE audit (
  account_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  request TEXT NOT NULL,                 -- the request's UUID
  number BIGINT NOT NULL,                -- 1, 2, … within the request
  email TEXT NOT NULL,                   -- who; '' for the operator at the command line
  address TEXT NOT NULL,                 -- from where; '' where that is not known
  action TEXT NOT NULL,
  subject TEXT NOT NULL,                 -- to what; no secret and no RUT
  PRIMARY KEY (account_id, at, request, number)
);
CREATE INDEX audit_email ON audit (account_id, email, at, request, number);
CREATE INDEX audit_action ON audit (account_id, action, at, request, number);
