//! Who may act for whom, by OAuth 2.1: what a request must say, what is refused and in which words, for how long things live.
//!
//! Plain standard, so that any client library works unchanged. Nothing here knows rows, keys or HTTP: a request comes in
//! as names and values, and a digest that a rule needs comes in computed.

pub mod authorize;
pub mod client;
pub mod error;
pub mod params;
pub mod pkce;
pub mod progress;
pub mod redirect;
pub mod scope;
pub mod token;

use jiff::SignedDuration;

/// How long an access token works (RFC 9068). Each use asks the database, so a revoked one ends at once.
pub const ACCESS_LIFE: SignedDuration = SignedDuration::from_hours(1);

/// How long an authorization code can be exchanged; OAuth 2.1 recommends ten minutes at most.
pub const CODE_LIFE: SignedDuration = SignedDuration::from_secs(60);

/// How long a refresh token can be used; each use gives a new one, up to the consent's end.
pub const REFRESH_LIFE: SignedDuration = SignedDuration::from_hours(24 * 30);

/// How long a pushed request waits for its browser (RFC 9126, 2.2: `expires_in`).
pub const PUSHED_LIFE: SignedDuration = SignedDuration::from_secs(90);

/// How long a person may take on the pages, from the first to the consent.
pub const AUTHORIZATION_LIFE: SignedDuration = SignedDuration::from_mins(30);

/// How long a consent lasts unless it is withdrawn.
pub const CONSENT_LIFE: SignedDuration = SignedDuration::from_hours(24 * 180);

/// How long a `PublicToken` of the link flow can be exchanged (spec: 30 minutes).
pub const PUBLIC_TOKEN_LIFE: SignedDuration = SignedDuration::from_mins(30);

/// How far apart the clocks of two nodes may be when a token is read.
pub const CLOCK_SKEW: SignedDuration = SignedDuration::from_secs(60);
