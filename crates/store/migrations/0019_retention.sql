-- What the day's run of retention comes back to, and how far it has gone through lines of statements.

-- What could not be taken out yet, since its money is on its way or it can't be read: tried again in each run.
CREATE TABLE retention_held (
  account_id BIGINT NOT NULL,
  what TEXT NOT NULL,                    -- a payment, or a line as collecting account / the bank's id
  since BIGINT NOT NULL,
  tried_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, what)
);

-- How far old lines of each collecting account, that are no payment's, were gone through.
CREATE TABLE retention_line_cursors (
  collecting_id BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,                    -- the line's booking
  movement_id TEXT NOT NULL
);

-- Who of the readers of old mails got none since.
CREATE INDEX mails_reader ON mails (account_id, lower(address), created_at);
CREATE INDEX mail_readers_address ON mail_readers (account_id, address);
