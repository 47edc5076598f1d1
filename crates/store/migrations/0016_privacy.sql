-- How far old payments of each account were searched for payers whose time is over.

CREATE TABLE retention_cursors (
  account_id BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,                    -- the payment's making
  payment_id TEXT NOT NULL
);

-- Answers of merchants that are still kept.
CREATE INDEX notice_tries_answers ON notice_tries (at) WHERE answer <> '';
