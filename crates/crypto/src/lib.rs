//! What must stay secret, and what must be unforgeable, goes through here, so that a reviewer reads one small crate:
//! randomness, digests, people's passwords and one-time codes, the signature of notifications, access tokens, and the keyring that seals columns of the database.
//!
//! Nothing here knows the database or HTTP; keys come in and go out as values. Secrets are erased when dropped and
//! have no `Debug` text.

pub mod digest;
pub mod entropy;
pub mod keyring;
pub mod master;
pub mod password;
pub mod sign;
pub mod token;
pub mod totp;

mod aead;
