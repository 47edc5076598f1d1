-- An account is opened when it is first used; `movements` counts its movements and numbers the next one.
CREATE TABLE accounts (
  number    TEXT PRIMARY KEY,
  balance   INTEGER NOT NULL,
  movements INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A transfer whose money moved; `state` says whether the payer was told.
CREATE TABLE operations (
  operation   INTEGER PRIMARY KEY,
  at          INTEGER NOT NULL,
  origin      TEXT NOT NULL,
  destination TEXT NOT NULL,
  holder      TEXT NOT NULL,
  amount      INTEGER NOT NULL,
  comment     TEXT NOT NULL,
  state       TEXT NOT NULL
) STRICT;

-- One line of one account's statement; `amount` is below zero for a debit.
CREATE TABLE movements (
  account   TEXT NOT NULL,
  number    INTEGER NOT NULL,
  operation INTEGER NOT NULL,
  amount    INTEGER NOT NULL,
  balance   INTEGER NOT NULL,
  PRIMARY KEY (account, number)
) STRICT, WITHOUT ROWID;

-- A transfer that waits for its coordinates, or how it ended: open, moved, unclear, or the reason of its refusal.
CREATE TABLE drafts (
  draft       TEXT PRIMARY KEY,
  created_at  INTEGER NOT NULL,
  origin      TEXT NOT NULL,
  destination TEXT NOT NULL,
  holder      TEXT NOT NULL,
  amount      INTEGER NOT NULL,
  comment     TEXT NOT NULL,
  positions   TEXT NOT NULL,
  state       TEXT NOT NULL,
  operation   INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX drafts_by_age ON drafts (created_at);
