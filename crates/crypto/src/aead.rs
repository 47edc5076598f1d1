//! Authenticated encryption as the keyring and the master key use it: AES-256-GCM-SIV, a random nonce in front.
//!
//! SIV, because a repeated nonce (a restored snapshot of a virtual machine, a seeded generator in a test) then shows no
//! more than that two plain texts are equal.

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

use crate::entropy::Entropy;

/// Length of every key in bytes.
pub const KEY_BYTES: usize = 32;

/// Encryption failed, or what was opened was not sealed with this key, header and context.
#[derive(Debug)]
pub struct Unopened;

/// A key ready to seal and open.
pub struct Cipher(LessSafeKey);

impl Cipher {
    /// A cipher with these key bytes.
    pub fn new(key: &[u8; KEY_BYTES]) -> Result<Cipher, Unopened> {
        let key = UnboundKey::new(&AES_256_GCM_SIV, key).map_err(|_| Unopened)?;
        Ok(Cipher(LessSafeKey::new(key)))
    }

    /// `header`, then a nonce, then the sealed text; header and context are authenticated.
    pub fn seal(
        &self,
        header: &[u8],
        context: &str,
        plain: &[u8],
        entropy: &Entropy,
    ) -> Result<Vec<u8>, Unopened> {
        let nonce: [u8; NONCE_LEN] = entropy.bytes();
        let mut text = Zeroizing::new(plain.to_vec());
        let tag = self
            .0
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(associated(header, context)),
                &mut text,
            )
            .map_err(|_| Unopened)?;
        Ok([header, &nonce, &text, tag.as_ref()].concat())
    }

    /// The plain text of what [`Cipher::seal`] gave, without its header.
    pub fn open(&self, header: &[u8], context: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unopened> {
        let rest = sealed.strip_prefix(header).ok_or(Unopened)?;
        let (nonce, text) = rest.split_at_checked(NONCE_LEN).ok_or(Unopened)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Unopened)?;
        let mut text = Zeroizing::new(text.to_vec());
        let plain = self
            .0
            .open_in_place(nonce, Aad::from(associated(header, context)), &mut text)
            .map_err(|_| Unopened)?
            .len();
        text.truncate(plain);
        Ok(text)
    }
}

/// The header has a length of its own for each use, so that header and context can't be confused.
fn associated(header: &[u8], context: &str) -> Vec<u8> {
    [header, context.as_bytes()].concat()
}
