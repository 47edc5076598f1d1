-- What developers watch as it happens. Written only while somebody listens, and kept for a day.

-- Until when an account's events are recorded for whoever listens.
CREATE TABLE listeners (
  account_id BIGINT PRIMARY KEY,
  listens_until BIGINT NOT NULL
);

CREATE TABLE account_events (
  id TEXT PRIMARY KEY,                   -- the notice's, or kind:subject where nothing is sent
  account_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,                    -- payment.done | refund.paid | …
  subject TEXT NOT NULL,                 -- the payment, refund, operation or settlement
  version TEXT,                          -- of a notification that has nowhere to go
  body TEXT                              -- and what it says
);
CREATE INDEX account_events_list ON account_events (account_id, at, id);
CREATE INDEX account_events_age ON account_events (at);
