//! What signs an account's notifications, and its rotation: for a while the old secret and the next one sign both, so
//! that a merchant can change over without missing a notification.

use ayni_crypto::keyring::Keyring;
use ayni_domain::ids::AccountId;
use ayni_domain::time;
use ayni_store::tx::Tx;
use jiff::{SignedDuration, Timestamp};
use zeroize::Zeroizing;

use super::{MerchantError, sql};
use crate::app::App;

/// What signs an account's notifications.
pub struct Secrets {
    /// The secret in force: 40 hexadecimal characters.
    pub current: Zeroizing<String>,
    /// The one that takes over when a rotation's overlap ends.
    pub next: Option<Zeroizing<String>>,
}

/// A secret that is told once, when it is made.
pub struct NextSecret {
    /// 40 hexadecimal characters.
    pub secret: Zeroizing<String>,
    /// From when on it signs alone.
    pub takes_over_at: Timestamp,
}

/// The longest overlap.
pub const OVERLAP_MAX: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Opens the account's secrets as they are at this instant: a next secret whose overlap has ended is the one in force.
pub fn open(
    tx: &mut Tx<'_>,
    keyring: &Keyring,
    id: AccountId,
    now: Timestamp,
) -> Result<Secrets, MerchantError> {
    let sealed = in_force(tx, id, now)?;
    let open = |sealed: Vec<u8>| -> Result<Zeroizing<String>, MerchantError> {
        let plain = keyring.open(&context(id), &sealed)?;
        Ok(Zeroizing::new(String::from_utf8_lossy(&plain).into_owned()))
    };
    Ok(Secrets {
        current: open(sealed.current)?,
        next: sealed.next.map(|(next, _)| open(next)).transpose()?,
    })
}

/// Gives the account a next secret, which signs beside the one in force until the overlap ends and alone from then on.
pub async fn rotate(app: &App, id: AccountId, overlap: SignedDuration) -> Result<NextSecret, MerchantError> {
    let secret = draw(app);
    let next = seal(&app.keyring, id, &secret)?;
    let now = app.clock.now();
    let overlap = overlap.clamp(SignedDuration::ZERO, OVERLAP_MAX);
    let takes_over_at = now.saturating_add(overlap).unwrap_or(Timestamp::MAX);
    app.db
        .write("merchants.rotate-secret", move |tx| {
            let sealed = in_force(tx, id, now)?;
            if let Some((_, until)) = sealed.next {
                return Err(MerchantError::Rotating {
                    account: id,
                    until: time::wire(until),
                });
            }
            sql::update_secrets(tx, id, &sealed.current, Some((&next, takes_over_at)))?;
            Ok(())
        })
        .await?;
    Ok(NextSecret {
        secret,
        takes_over_at,
    })
}

/// Ends a rotation's overlap at once: the next secret signs alone.
pub async fn finish_rotation(app: &App, id: AccountId) -> Result<(), MerchantError> {
    let now = app.clock.now();
    app.db
        .write("merchants.finish-rotation", move |tx| {
            let Some((next, _)) = in_force(tx, id, now)?.next else {
                return Err(MerchantError::NotRotating(id));
            };
            sql::update_secrets(tx, id, &next, None)?;
            Ok(())
        })
        .await
}

/// A secret of 20 random bytes.
pub(crate) fn draw(app: &App) -> Zeroizing<String> {
    Zeroizing::new(ayni_crypto::digest::hex(&app.entropy.bytes::<20>()))
}

/// The secret sealed for this account.
pub(crate) fn seal(keyring: &Keyring, id: AccountId, secret: &str) -> Result<Vec<u8>, MerchantError> {
    Ok(keyring.seal(&context(id), secret.as_bytes())?)
}

/// The sealed secrets, with a takeover that is due done.
fn in_force(tx: &mut Tx<'_>, id: AccountId, now: Timestamp) -> Result<sql::SealedSecrets, MerchantError> {
    let sealed = sql::select_secrets(tx, id)?.ok_or(MerchantError::NoAccount(id))?;
    Ok(match sealed.next {
        Some((next, takes_over_at)) if takes_over_at <= now => sql::SealedSecrets {
            current: next,
            next: None,
        },
        _ => sealed,
    })
}

fn context(id: AccountId) -> String {
    format!("account-secret:{}", id.0)
}
