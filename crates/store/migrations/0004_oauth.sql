-- The authorization server: who may ask (clients), what people consented to, and the tokens that came of it.
-- Bearer secrets (client secrets, codes, refresh tokens, links) are kept as SHA-256 only. Institution logins and
-- private keys lie sealed.

-- Key pairs that sign access tokens. Both live ones are published, so that verifiers know the next one in time.
CREATE TABLE signing_keys (
  kid TEXT PRIMARY KEY,                  -- RFC 7638 thumbprint
  private_sealed BYTEA NOT NULL,         -- PKCS#8
  public BYTEA NOT NULL,                 -- uncompressed point
  role TEXT NOT NULL,                    -- next | current | past
  created_at BIGINT NOT NULL,
  retired_at BIGINT                      -- when it became past; published until its last token is over
);
CREATE UNIQUE INDEX signing_keys_role ON signing_keys (role) WHERE role <> 'past';

-- A program that asks for tokens, on behalf of its account.
CREATE TABLE oauth_clients (
  id TEXT PRIMARY KEY,                   -- UUID
  account_id BIGINT NOT NULL,
  name TEXT NOT NULL,                    -- shown to people at consent
  secret_hash BYTEA,                     -- SHA-256; NULL: a public client
  redirect_uris TEXT NOT NULL,           -- one a line
  scopes TEXT NOT NULL,                  -- what it may ask for, blanks between
  created_at BIGINT NOT NULL,
  expired_at BIGINT
);
CREATE INDEX oauth_clients_owner ON oauth_clients (account_id, created_at, id);

-- What a person agreed to: this account may read this institution, with this login, until then.
CREATE TABLE consents (
  id TEXT PRIMARY KEY,                   -- UUID
  account_id BIGINT NOT NULL,
  client_id TEXT,                        -- NULL: through the link flow with an API key
  scope TEXT NOT NULL,                   -- the institution
  person TEXT NOT NULL,                  -- keyed digest of institution and user name: finds a person's consents
  subject TEXT NOT NULL,                 -- what tokens call the person: another name for each account
  login_sealed BYTEA,                    -- NULL once it is over
  link_hash BYTEA NOT NULL UNIQUE,       -- of the link shown once, which opens this consent alone
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  withdrawn_at BIGINT
);
CREATE INDEX consents_person ON consents (person, created_at, id);
CREATE INDEX consents_expiry ON consents (expires_at) WHERE login_sealed IS NOT NULL;

-- All tokens that came of one authorization: they are revoked together.
CREATE TABLE oauth_families (
  id TEXT PRIMARY KEY,                   -- UUID
  client_id TEXT NOT NULL,
  consent_id TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  revoked_at BIGINT
);
CREATE INDEX oauth_families_consent ON oauth_families (consent_id);
CREATE INDEX oauth_families_age ON oauth_families (created_at);

CREATE TABLE oauth_codes (
  hash BYTEA PRIMARY KEY,
  family_id TEXT NOT NULL,
  redirect_uri TEXT NOT NULL,
  challenge TEXT NOT NULL,               -- PKCE, S256
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);
CREATE INDEX oauth_codes_family ON oauth_codes (family_id);
CREATE INDEX oauth_codes_expiry ON oauth_codes (expires_at);

CREATE TABLE oauth_refresh_tokens (
  hash BYTEA PRIMARY KEY,
  family_id TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);
CREATE INDEX oauth_refresh_tokens_expiry ON oauth_refresh_tokens (expires_at);

-- Access tokens: what a JWT says is in the JWT; the row says whether it still holds.
CREATE TABLE oauth_tokens (
  id TEXT PRIMARY KEY,                   -- the token's jti
  account_id BIGINT NOT NULL,
  client_id TEXT,                        -- NULL: the link flow with an API key
  family_id TEXT,                        -- NULL: client credentials, and the link flow
  consent_id TEXT,                       -- NULL: client credentials
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT
);
CREATE INDEX oauth_tokens_expiry ON oauth_tokens (expires_at);

-- A person's way through the pages: from the client's request, or from a link token, to consent.
CREATE TABLE authorizations (
  hash BYTEA PRIMARY KEY,                -- of the token in the pages' address
  kind TEXT NOT NULL,                    -- pushed | code | link | own: a person's own consents
  account_id BIGINT,                     -- NULL: own
  client_id TEXT,                        -- NULL: own, and the link flow with an API key
  asked TEXT NOT NULL,                   -- JSON of what was asked for
  browser_hash BYTEA,                    -- of the browser that took it up
  state TEXT NOT NULL,                   -- asking | consented | refused
  version BIGINT NOT NULL,               -- the guard of every step
  waiting_sealed BYTEA,                  -- what the institution said so far, and the login; erased at the end
  consent_id TEXT,                       -- what came of it
  family_id TEXT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX authorizations_expiry ON authorizations (expires_at);

-- What a page of the link flow gives, to be exchanged once by the account that made the link token.
CREATE TABLE public_tokens (
  hash BYTEA PRIMARY KEY,
  account_id BIGINT NOT NULL,
  consent_id TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);
CREATE INDEX public_tokens_consent ON public_tokens (consent_id);
CREATE INDEX public_tokens_expiry ON public_tokens (expires_at);
