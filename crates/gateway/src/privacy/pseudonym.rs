//! What stands in place of what was erased. An identifier becomes a keyed digest: the same person's payments can still be
//! told to be one person's, and who knows the RUT can have it proved, but nobody reads it.

use ayni_crypto::keyring::Keyring;
use ayni_domain::ids::AccountId;
use ayni_domain::personal::BLOT;
use ayni_domain::rut::normalise;

use super::places::Held;

/// What a column holds after its value was erased; nothing where the value is no longer personal.
pub(super) fn of(keyring: &Keyring, account: AccountId, held: Held, value: &str) -> Option<String> {
    if value.is_empty() || value == BLOT || value.starts_with(PREFIX) {
        return None;
    }
    let digest = |value: &str| {
        let digest = keyring.derive_hex("privacy-pseudonym", format!("{account}:{value}").as_bytes());
        format!("{PREFIX}{}", &digest[..DIGITS])
    };
    Some(match held {
        Held::Identifier => digest(&normalise(value)),
        Held::Email => format!("{}{DOMAIN}", digest(&value.to_lowercase())),
        Held::Name | Held::Number => BLOT.to_owned(),
        Held::Text => return None,
    })
}

/// Begins every pseudonym.
const PREFIX: &str = "erased-";
/// A domain that no mail reaches (RFC 2606).
const DOMAIN: &str = "@erased.invalid";
const DIGITS: usize = 24;
