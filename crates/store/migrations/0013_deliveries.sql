-- The console's log of notifications and mails, and jobs that were given up.
CREATE INDEX notices_failed ON notices (account_id, created_at, id) WHERE state = 'spent';
CREATE INDEX mails_account ON mails (account_id, created_at, id);
CREATE INDEX jobs_buried ON jobs (buried_at, kind, key) WHERE buried_at IS NOT NULL;
