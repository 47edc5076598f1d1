//! A browser, known by a random token in a cookie that no script can read. Over https the cookie's name begins with
//! `__Host-`, so that no neighbouring site can plant one. Before the sign-in the token stands for nobody; the sign-in draws a
//! new one, so that a token that somebody else knew beforehand is worth nothing.

use axum::http::HeaderMap;
use ayni_crypto::digest::{hex, sha256};
use ayni_crypto::keyring::Keyring;
use ayni_domain::ids::AccountId;
use cookie::{Cookie, SameSite, time};
use zeroize::Zeroizing;

use crate::app::App;
use crate::http::pages::cookie_value;

/// A browser and its token.
pub(super) struct Browser {
    token: Zeroizing<String>,
    is_https: bool,
}

impl Browser {
    /// The browser that sent these headers, if it has a token.
    pub(super) fn known(headers: &HeaderMap, app: &App) -> Option<Browser> {
        let is_https = app.settings.public_url.scheme() == "https";
        let token =
            cookie_value(headers, cookie_name(is_https)).filter(|token| token.len() == TOKEN_LENGTH)?;
        Some(Browser {
            token: Zeroizing::new(token),
            is_https,
        })
    }

    /// A browser with a token of its own that nobody knew before.
    pub(super) fn draw(app: &App) -> Browser {
        Browser {
            token: Zeroizing::new(hex(&app.entropy.bytes::<{ TOKEN_LENGTH / 2 }>())),
            is_https: app.settings.public_url.scheme() == "https",
        }
    }

    /// What the database knows of it.
    pub(super) fn hash(&self) -> [u8; 32] {
        sha256(self.token.as_bytes())
    }

    /// The token of the forms on its pages of this account.
    pub(super) fn csrf(&self, keyring: &Keyring, account: AccountId) -> String {
        let data = format!("{}:{}", self.token.as_str(), account.0);
        keyring.derive_hex("console-csrf", data.as_bytes())
    }

    /// The token of the forms on pages before the sign-in.
    pub(super) fn early_csrf(&self, keyring: &Keyring) -> String {
        self.csrf(keyring, NOBODY)
    }

    /// Marks what only this session may read.
    pub(super) fn session_key(&self, keyring: &Keyring) -> String {
        keyring.derive_hex("console-session", self.token.as_bytes())
    }

    pub(super) fn is_https(&self) -> bool {
        self.is_https
    }

    /// The cookie that keeps it, until the browser is closed.
    pub(super) fn cookie(&self) -> String {
        self.build(self.token.as_str().to_owned()).build().to_string()
    }

    /// The cookie that takes it away.
    pub(super) fn gone(&self) -> String {
        let cookie = self.build(String::new()).max_age(time::Duration::ZERO);
        cookie.build().to_string()
    }

    fn build(&self, value: String) -> cookie::CookieBuilder<'static> {
        Cookie::build((cookie_name(self.is_https), value))
            .path("/")
            .http_only(true)
            .secure(self.is_https)
            .same_site(SameSite::Lax)
    }
}

fn cookie_name(is_https: bool) -> &'static str {
    match is_https {
        true => "__Host-ayni-console",
        false => "ayni-console",
    }
}

/// No account has this number.
const NOBODY: AccountId = AccountId(0);
/// 256 bits in hexadecimal digits.
const TOKEN_LENGTH: usize = 64;
