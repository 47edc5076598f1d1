//! Proof that a form was filled in on our own page: a keyed hash of the browser's cookie, in a hidden field.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;

use crate::randomness::hex;

/// The key of one running site; forms shown before a restart have to be shown again.
pub struct CsrfKey(hmac::Key);

impl CsrfKey {
    /// A key of these random bytes.
    pub fn new(bytes: [u8; 32]) -> CsrfKey {
        CsrfKey(hmac::Key::new(hmac::HMAC_SHA256, &bytes))
    }

    /// The hidden field that belongs to a cookie's value.
    pub fn field(&self, cookie: &str) -> String {
        hex(hmac::sign(&self.0, cookie.as_bytes()).as_ref())
    }

    /// Whether the field belongs to the cookie.
    pub fn fits(&self, cookie: &str, field: &str) -> bool {
        verify_slices_are_equal(self.field(cookie).as_bytes(), field.as_bytes()).is_ok()
    }
}
