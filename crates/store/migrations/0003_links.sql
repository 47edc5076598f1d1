-- Account links: what was issued, to whom, until when. The login is in the link's own sealed text, never here.
CREATE TABLE links (
  id TEXT PRIMARY KEY,                   -- UUID
  account_id BIGINT NOT NULL,
  institution TEXT NOT NULL,             -- its path
  issued_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT,
  last_used_at BIGINT
);
CREATE INDEX links_list ON links (account_id, issued_at, id);
