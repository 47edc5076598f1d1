-- What people were told by mail, and who does not want to be reminded any more.

-- A mail to one person. Its text is made from its payment at each try, and its Message-ID from its own id.
CREATE TABLE mails (
  id TEXT PRIMARY KEY,                   -- {payment}-{kind}: making one twice is impossible
  account_id BIGINT NOT NULL,
  payment_id TEXT NOT NULL,
  kind TEXT NOT NULL,                    -- request | reminder-1 | reminder-2 | receipt
  address TEXT NOT NULL,
  name TEXT NOT NULL,                    -- '' where it is not known
  lang TEXT NOT NULL,                    -- es | en
  state TEXT NOT NULL,                   -- pending | sent | failed | dropped | held (made where no mail server was set)
  reason TEXT,                           -- why it failed or was dropped
  tries BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  queued_at BIGINT NOT NULL,             -- when it was made or last sent by hand: two days of tries begin then
  next_at BIGINT,
  ended_at BIGINT
);
CREATE INDEX mails_list ON mails (created_at, id);
CREATE INDEX mails_payment ON mails (payment_id);

CREATE TABLE mail_tries (
  mail_id TEXT NOT NULL,
  number BIGINT NOT NULL,                -- 1, 2, …
  at BIGINT NOT NULL,
  latency_ms BIGINT NOT NULL,
  taken BIGINT NOT NULL,
  code BIGINT,                           -- the server's, where it refused
  said TEXT NOT NULL,                    -- its words, or why there were none
  PRIMARY KEY (mail_id, number)
);

-- Who was reminded, so that the address behind an unsubscribe link can be found from its token.
CREATE TABLE mail_readers (
  token_hash BYTEA PRIMARY KEY,          -- SHA-256 of the token, which is derived from the keyring
  account_id BIGINT NOT NULL,
  address TEXT NOT NULL,                 -- lower case
  declined_at BIGINT                     -- since when no reminders are wanted
);
