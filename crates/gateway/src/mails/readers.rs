//! Who reads reminders, and the unguessable token by which a reader ends them.
//!
//! The token is derived from the keyring, the merchant's account and the address, so it is the same in every reminder;
//! the row that finds them again holds only its hash. Nobody can make one up, and an address says nothing about its
//! token.

use ayni_crypto::digest::{SHA256_BYTES, sha256};
use ayni_crypto::keyring::Keyring;
use ayni_domain::ids::AccountId;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;

use super::sql;

/// Somebody who was reminded by a merchant.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    pub(super) account: AccountId,
    pub(super) address: String,
    /// Whether no more reminders of this merchant are wanted.
    pub(super) has_declined: bool,
}

impl Reader {
    /// The address as whoever has the link may see it: `p•••@email.com`.
    pub(super) fn masked_address(&self) -> String {
        let (local, domain) = self.address.rsplit_once('@').unwrap_or_default();
        let first = local.chars().next().map(String::from).unwrap_or_default();
        format!("{first}•••@{domain}")
    }
}

/// The token of a merchant's reader.
pub(super) fn token(keyring: &Keyring, account: AccountId, address: &str) -> String {
    let data = format!("{account}\n{}", address.to_lowercase());
    keyring.derive_hex("mail-reader", data.as_bytes())
}

/// What finds a token's row.
pub(super) fn token_hash(token: &str) -> [u8; SHA256_BYTES] {
    sha256(token.as_bytes())
}

/// Notes a reader, so that a link with the token leads somewhere; false where this reader wants no reminders.
pub(super) fn note(
    tx: &mut Tx<'_>,
    keyring: &Keyring,
    account: AccountId,
    address: &str,
) -> Result<bool, StoreError> {
    let hash = token_hash(&token(keyring, account, address));
    sql::insert_reader(tx, &hash, account.0, &address.to_lowercase())?;
    let reader = sql::select_reader(tx, &hash)?;
    Ok(reader.is_none_or(|reader| !reader.has_declined))
}
