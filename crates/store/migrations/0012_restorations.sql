-- A database that was made of a copy does not know what was sent after the copy was taken: from then on nothing leaves
-- until the operator has compared it with the banks' statements.
CREATE TABLE restorations (
  restored_at BIGINT PRIMARY KEY,
  released_at BIGINT                     -- NULL: money that leaves is held
);
