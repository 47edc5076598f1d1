-- The data side: operations, the notices that carry their answers, and what is remembered of the sites they visit.

-- Whether callers of the data side may come with an API key, or with OAuth tokens only: accepted | refused.
ALTER TABLE accounts ADD COLUMN api_keys TEXT NOT NULL DEFAULT 'accepted';

-- One call of an institution. A synchronous one is written once, when it is over; an accepted one when it is accepted.
CREATE TABLE operations (
  id TEXT PRIMARY KEY,                   -- UUID
  account_id BIGINT NOT NULL,
  institution TEXT NOT NULL,             -- its path: com/services/servipag.com
  operation TEXT NOT NULL,
  lang TEXT NOT NULL,                    -- es | en: of its answer
  state TEXT NOT NULL,                   -- running | ok | error
  code TEXT,                             -- of the error
  created_at BIGINT NOT NULL,
  deadline_at BIGINT,                    -- of an accepted one: by then its callback goes out
  callback_url TEXT,
  request_sealed BYTEA,                  -- arguments and login; erased when the visit is over
  visits BIGINT NOT NULL,
  ended_at BIGINT,
  answer_sealed BYTEA,                   -- the envelope; erased at erase_at
  erase_at BIGINT
);
CREATE INDEX operations_list ON operations (created_at, id);
CREATE INDEX operations_erase ON operations (erase_at) WHERE erase_at IS NOT NULL;

-- A notice tells of a payment or carries an operation's answer: then payment_id and body are '', and the body that is
-- sent is the operation's sealed answer.
ALTER TABLE notices ADD COLUMN operation_id TEXT;

-- Logins that a site refused, by a keyed digest of institution and user name; kept for an hour.
CREATE TABLE site_refusals (
  user_hash TEXT NOT NULL,
  at BIGINT NOT NULL,
  id TEXT NOT NULL,                      -- UUID: two may fall on the same millisecond
  PRIMARY KEY (user_hash, at, id)
);
CREATE INDEX site_refusals_age ON site_refusals (at);

-- Pages that a connector did not know, without anybody's data, for the operator.
CREATE TABLE unknown_pages (
  id TEXT PRIMARY KEY,                   -- UUID
  institution TEXT NOT NULL,
  operation TEXT NOT NULL,
  at BIGINT NOT NULL,
  expected TEXT NOT NULL,
  status BIGINT NOT NULL,
  markup TEXT NOT NULL
);
CREATE INDEX unknown_pages_list ON unknown_pages (institution, at, id);
