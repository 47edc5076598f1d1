//! The key pair that signs access tokens: P-256, named by its RFC 7638 thumbprint, so that a name is never reused.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, UnparsedPublicKey,
};
use thiserror::Error;
use zeroize::Zeroizing;

use super::TokenRefused;
use super::jwk::Jwk;

/// `r` and `s`, 32 bytes each (RFC 7518, 3.4).
pub const SIGNATURE_BYTES: usize = 64;

/// The cryptographic library could not make a key, or these bytes are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the signing key can't be made or read")]
pub struct BadKey;

/// A private key that signs.
pub struct SigningKey {
    kid: String,
    pair: EcdsaKeyPair,
}

impl SigningKey {
    /// A new key. It comes from the operating system's own source: signing keys are made once in months, by no test's seed.
    ///
    /// # Errors
    /// When the cryptographic library refuses.
    pub fn generate() -> Result<(SigningKey, Zeroizing<Vec<u8>>), BadKey> {
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
            .map_err(|_| BadKey)?;
        let pkcs8 = Zeroizing::new(document.as_ref().to_vec());
        Ok((SigningKey::open(&pkcs8)?, pkcs8))
    }

    /// Reads a key from PKCS#8.
    ///
    /// # Errors
    /// When it is not one of P-256.
    pub fn open(pkcs8: &[u8]) -> Result<SigningKey, BadKey> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).map_err(|_| BadKey)?;
        let kid = Jwk::of(pair.public_key().as_ref()).ok_or(BadKey)?.kid;
        Ok(SigningKey { kid, pair })
    }

    /// Its name.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public key: an uncompressed point of 65 bytes.
    #[must_use]
    pub fn public(&self) -> &[u8] {
        self.pair.public_key().as_ref()
    }

    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, TokenRefused> {
        let signature = self.pair.sign(&SystemRandom::new(), message);
        Ok(signature.map_err(|_| TokenRefused::Signature)?.as_ref().to_vec())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.kid)
    }
}

pub(super) fn is_signed_by(public: &[u8], message: &[u8], signature: &[u8]) -> Result<(), TokenRefused> {
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, public)
        .verify(message, signature)
        .map_err(|_| TokenRefused::Signature)
}
