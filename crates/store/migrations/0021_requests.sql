-- What an account asks of the API, for whoever tails it. Written only while somebody does, and kept for a day.

-- Until when an account's requests are recorded, and since when without a gap.
CREATE TABLE request_tails (
  account_id BIGINT PRIMARY KEY,
  since BIGINT NOT NULL,
  tails_until BIGINT NOT NULL
);

-- What one node answered to an account within half a second.
CREATE TABLE request_portions (
  id TEXT PRIMARY KEY,                   -- UUID
  account_id BIGINT NOT NULL,
  at BIGINT NOT NULL,                    -- when it was written
  requests BIGINT NOT NULL,              -- how many there are in lines
  left_out BIGINT NOT NULL,              -- how many found no room
  lines TEXT NOT NULL                    -- a JSON array
);
CREATE INDEX request_portions_list ON request_portions (account_id, at, id, requests);
CREATE INDEX request_portions_age ON request_portions (at);
