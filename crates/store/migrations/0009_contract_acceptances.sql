-- Who accepted a payment's contract, which bytes of it, and in which attempt. Rows are only ever added.
CREATE TABLE contract_acceptances (
  attempt_id TEXT PRIMARY KEY,
  payment_id TEXT NOT NULL,
  sha256 BYTEA NOT NULL,                 -- of the document as it was shown
  payer_identifier TEXT NOT NULL,        -- RUT, without dots and hyphen
  accepted_at BIGINT NOT NULL
);
CREATE INDEX contract_acceptances_payment ON contract_acceptances (payment_id, accepted_at);
