//! People's passwords. What is stored opens nothing: argon2id (RFC 9106), slow by design and in memory, so that a stolen
//! table can't be searched at speed.
//!
//! [`verify`] does the same work for a person who has no password, or does not exist, so that the time it takes tells
//! nobody who has an account. It takes tens of milliseconds: never call it on an async thread.

use std::sync::LazyLock;

use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::constant_time;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use thiserror::Error;
use zeroize::Zeroizing;

/// Memory of one computation in KiB, passes and lanes: OWASP's first recommendation for argon2id (Password Storage Cheat
/// Sheet).
pub const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over the memory.
pub const PASSES: u32 = 2;
/// Lanes.
pub const LANES: u32 = 1;
/// Length of a salt in bytes.
pub const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;

/// A stored text asks for no more memory than this, whoever wrote it.
const MEMORY_KIB_MAX: u32 = 256 * 1024;
const PASSES_MAX: u32 = 16;

/// The password could not be hashed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the password could not be hashed: {0}")]
pub struct PasswordError(String);

/// The text to be stored of a password: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. The salt is drawn by the caller.
///
/// # Errors
/// Where there is not memory enough.
pub fn hash(password: &str, salt: &[u8; SALT_BYTES]) -> Result<String, PasswordError> {
    let out = compute(password, salt, (MEMORY_KIB, PASSES, LANES))?;
    Ok(format!(
        "$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${}${}",
        BASE64.encode(salt),
        BASE64.encode(out.as_slice())
    ))
}

/// Whether this is the password of the stored text; `None` stands for somebody who has none, and takes as long.
///
/// # Errors
/// Where there is not memory enough.
pub fn verify(stored: Option<&str>, password: &str) -> Result<bool, PasswordError> {
    let decoy = &*DECOY;
    let known = stored.and_then(read);
    let expected = known.as_ref().unwrap_or(decoy);
    let found = compute(password, &expected.salt, expected.cost)?;
    let is_same = constant_time::verify_slices_are_equal(found.as_slice(), &expected.hash).is_ok();
    Ok(is_same && known.is_some())
}

struct Stored {
    cost: (u32, u32, u32),
    salt: Vec<u8>,
    hash: Vec<u8>,
}

/// Compared with where there is nothing to compare with; nobody knows its password.
static DECOY: LazyLock<Stored> = LazyLock::new(|| Stored {
    cost: (MEMORY_KIB, PASSES, LANES),
    salt: vec![0; SALT_BYTES],
    hash: vec![0; HASH_BYTES],
});

fn read(text: &str) -> Option<Stored> {
    let ["", "argon2id", "v=19", cost, salt, hash] = text.split('$').collect::<Vec<_>>()[..] else {
        return None;
    };
    let [memory, passes, lanes] = cost.split(',').collect::<Vec<_>>()[..] else {
        return None;
    };
    let cost = (
        memory.strip_prefix("m=")?.parse().ok()?,
        passes.strip_prefix("t=")?.parse().ok()?,
        lanes.strip_prefix("p=")?.parse().ok()?,
    );
    let is_bearable = cost.0 <= MEMORY_KIB_MAX && cost.1 <= PASSES_MAX && cost.2 == LANES;
    is_bearable.then_some(Stored {
        cost,
        salt: BASE64.decode(salt).ok()?,
        hash: BASE64.decode(hash).ok()?,
    })
}

fn compute(
    password: &str,
    salt: &[u8],
    (memory, passes, lanes): (u32, u32, u32),
) -> Result<Zeroizing<[u8; HASH_BYTES]>, PasswordError> {
    let failed = |error: argon2::Error| PasswordError(error.to_string());
    let params = Params::new(memory, passes, lanes, Some(HASH_BYTES)).map_err(failed)?;
    let mut out = Zeroizing::new([0; HASH_BYTES]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password.as_bytes(), salt, out.as_mut_slice())
        .map_err(failed)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_again_and_another_one_is_not() {
        let stored = hash("una clave bien larga", &[7; SALT_BYTES]).unwrap();
        assert!(
            stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$BwcHBwcHBwcHBwcHBwcHBw$"),
            "{stored}"
        );
        assert_eq!(verify(Some(&stored), "una clave bien larga"), Ok(true));
        assert_eq!(verify(Some(&stored), "una clave bien larga "), Ok(false));
        assert_ne!(stored, hash("una clave bien larga", &[8; SALT_BYTES]).unwrap());
    }

    #[test]
    fn who_has_no_password_is_let_in_with_none() {
        assert_eq!(verify(None, ""), Ok(false));
        assert_eq!(verify(Some("rubbish"), "rubbish"), Ok(false));
    }

    #[test]
    fn a_stored_text_that_asks_for_too_much_is_not_computed() {
        let stored = hash("clave", &[7; SALT_BYTES]).unwrap();
        let greedy = stored.replace("m=19456", "m=4000000000");
        assert_eq!(verify(Some(&greedy), "clave"), Ok(false));
    }

    #[test]
    fn a_text_with_other_costs_is_understood() {
        let out = compute("clave", &[7; SALT_BYTES], (8192, 1, 1)).unwrap();
        let stored = format!(
            "$argon2id$v=19$m=8192,t=1,p=1${}${}",
            BASE64.encode([7; SALT_BYTES]),
            BASE64.encode(out.as_slice())
        );
        assert_eq!(verify(Some(&stored), "clave"), Ok(true));
    }

    #[test]
    fn the_function_is_the_published_one() {
        // The reference implementation's test: argon2id, v=19, t=2, m=2^16, p=1, "password", "somesalt".
        let out = compute("password", b"somesalt", (65536, 2, 1)).unwrap();
        assert_eq!(
            crate::digest::hex(out.as_slice()),
            "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"
        );
    }
}
