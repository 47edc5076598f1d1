-- What owners ask the console about one person: looked for, told and erased in the background, and forgotten within an hour.

CREATE TABLE person_cases (
  id TEXT PRIMARY KEY,                   -- UUID
  account_id BIGINT NOT NULL,
  email TEXT NOT NULL,                   -- who asked, and alone sees it
  address TEXT NOT NULL,                 -- from where, for the audit log
  request TEXT NOT NULL,                 -- the last request of theirs, for the audit log
  person_sealed BYTEA NOT NULL,          -- RUT and e-mail address
  state TEXT NOT NULL,                   -- looking | found | writing | written | erasing | erased | refused
  found TEXT NOT NULL,                   -- where the person stands, and how often, as JSON; '' before it is known
  reason TEXT NOT NULL,                  -- why it was refused, as JSON; '' otherwise
  told BIGINT NOT NULL,                  -- payments of the file so far
  chunks BIGINT NOT NULL,                -- pieces of the file so far: the guard of each
  created_at BIGINT NOT NULL
);
CREATE INDEX person_cases_list ON person_cases (account_id, email, created_at);
CREATE INDEX person_cases_age ON person_cases (created_at);

CREATE TABLE person_case_chunks (
  case_id TEXT NOT NULL,
  number BIGINT NOT NULL,                -- 1, 2, …
  bytes_sealed BYTEA NOT NULL,
  PRIMARY KEY (case_id, number)
);
