//! The browser that an attempt belongs to, and the proof that a form came from one of its pages.
//!
//! Every browser gets a random token per payment, in a cookie that no script can read. SameSite is Lax, not Strict:
//! the payer arrives by a link from the shop and comes back by one, and with Strict that first request would carry no
//! token and cut the payer off from an attempt that is under way; no form of another site sends a Lax cookie. Over
//! https the name begins with `__Host-`, so that no neighbouring site can plant a token of its own.
//!
//! The token of a form (CSRF) is derived from the cookie's and the payment's id by a key that all nodes share.

use axum::http::HeaderMap;
use ayni_crypto::digest::sha256;
use ayni_crypto::entropy::Entropy;
use ayni_crypto::keyring::Keyring;
use ayni_domain::ids::PaymentId;
use cookie::{Cookie, SameSite, time};
use zeroize::Zeroizing;

use crate::http::pages::cookie_value;

/// A browser, for one payment.
pub(super) struct Browser {
    token: Zeroizing<String>,
    is_new: bool,
}

impl Browser {
    /// The browser that sent these headers; one without a token gets one.
    pub(super) fn of(headers: &HeaderMap, payment: PaymentId, is_https: bool, entropy: &Entropy) -> Browser {
        let name = cookie_name(payment, is_https);
        match cookie_value(headers, &name).filter(|token| token.len() == TOKEN_LENGTH) {
            Some(token) => Browser {
                token: Zeroizing::new(token),
                is_new: false,
            },
            None => Browser {
                token: Zeroizing::new(new_token(entropy)),
                is_new: true,
            },
        }
    }

    /// What the database knows of it.
    pub(super) fn hash(&self) -> [u8; 32] {
        sha256(self.token.as_bytes())
    }

    /// The token of its forms.
    pub(super) fn csrf(&self, keyring: &Keyring, payment: PaymentId) -> String {
        keyring.derive_hex(
            "payer-csrf",
            format!("{payment}:{}", self.token.as_str()).as_bytes(),
        )
    }

    /// Whether a form was on one of its pages. Digests are compared, so that the time taken tells nothing.
    pub(super) fn sent(&self, csrf: &str, keyring: &Keyring, payment: PaymentId) -> bool {
        let expected = sha256(self.csrf(keyring, payment).as_bytes());
        !self.is_new && sha256(csrf.as_bytes()) == expected
    }

    /// The cookie to set, for a browser that had none.
    pub(super) fn cookie(&self, payment: PaymentId, is_https: bool) -> Option<String> {
        let cookie = Cookie::build((cookie_name(payment, is_https), self.token.as_str().to_owned()))
            .path("/")
            .http_only(true)
            .secure(is_https)
            .same_site(SameSite::Lax)
            .max_age(time::Duration::seconds(COOKIE_LIFE_S));
        self.is_new.then(|| cookie.build().to_string())
    }
}

fn cookie_name(payment: PaymentId, is_https: bool) -> String {
    match is_https {
        true => format!("__Host-ayni-{payment}"),
        false => format!("ayni-{payment}"),
    }
}

fn new_token(entropy: &Entropy) -> String {
    entropy
        .bytes::<{ TOKEN_LENGTH / 2 }>()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// 256 bits in hexadecimal digits.
const TOKEN_LENGTH: usize = 64;
/// Longer than an attempt and its verification can take: three hours and 48.
const COOKIE_LIFE_S: i64 = 4 * 24 * 3600;

#[cfg(test)]
mod tests {
    use axum::http::header::COOKIE;

    use super::*;

    #[test]
    fn a_browser_is_known_by_its_cookie_alone() {
        let (payment, entropy) = (PaymentId::from_random_bytes(&[7; 16]), Entropy::seeded(1));
        let first = Browser::of(&HeaderMap::new(), payment, false, &entropy);
        let set = first.cookie(payment, false).unwrap();
        assert!(
            set.contains("HttpOnly") && set.contains("SameSite=Lax") && !set.contains("Secure"),
            "{set}"
        );
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, set.split(';').next().unwrap().parse().unwrap());
        let again = Browser::of(&headers, payment, false, &entropy);
        assert_eq!((again.hash(), again.cookie(payment, false)), (first.hash(), None));
        let elsewhere = Browser::of(&headers, PaymentId::from_random_bytes(&[8; 16]), false, &entropy);
        assert_ne!(elsewhere.hash(), first.hash());
    }

    #[test]
    fn over_https_the_cookie_is_secure_and_bound_to_the_host() {
        let (payment, entropy) = (PaymentId::from_random_bytes(&[7; 16]), Entropy::seeded(1));
        let set = Browser::of(&HeaderMap::new(), payment, true, &entropy)
            .cookie(payment, true)
            .unwrap();
        assert!(
            set.starts_with("__Host-ayni-") && set.contains("Secure") && set.contains("Path=/;"),
            "{set}"
        );
    }
}
