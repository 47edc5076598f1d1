//! OAuth tokens for the data side, for a program's own account.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use crate::Limits;
use crate::call::{Call, Way};
use crate::error::Error;

/// A token and how long it holds.
#[derive(Clone, Deserialize)]
pub struct Token {
    /// Goes into [`crate::Client::with_token`].
    pub access_token: String,
    /// Seconds from now.
    pub expires_in: u64,
    /// The institutions that it opens, blanks between.
    #[serde(default)]
    pub scope: String,
}

impl Token {
    /// How long it holds.
    pub fn life(&self) -> Duration {
        Duration::from_secs(self.expires_in)
    }
}

/// Asks for a token by client credentials (RFC 6749, section 4.4); `scope` may be empty.
///
/// # Errors
/// A refusal says why: an unknown client, a scope that it may not have.
pub async fn client_credentials(
    gateway_url: &str,
    client_id: &str,
    client_secret: &str,
    scope: &str,
) -> Result<Token, Error> {
    let basic = format!(
        "Basic {}",
        STANDARD.encode(format!("{client_id}:{client_secret}"))
    );
    let way = Way::new(gateway_url, Limits::default())?.opened_by("authorization", &basic)?;
    let mut pairs = vec![("grant_type", "client_credentials")];
    if !scope.is_empty() {
        pairs.push(("scope", scope));
    }
    way.answer(Call::form("/oauth/token", &pairs)?).await
}
