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
use crate::keys::sealed::RowKey;

/// What signs an account's notifications.
pub struct Secrets {
    /// The secret in force: 40 hexadecimal characters.
    pub current: Zeroizing<String>,
    /// The one that takes over when a rotation's overlap ends.
    pub next: Option<Zeroizing<String>>,
    /// When that is.
    pub takes_over_at: Option<Timestamp>,
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
        takes_over_at: sealed.next.as_ref().map(|(_, at)| *at),
        current: open(sealed.current)?,
        next: sealed.next.map(|(next, _)| open(next)).transpose()?,
    })
}

/// Gives the account a next secret, which signs beside the one in force until the overlap ends and alone from then on.
pub async fn rotate(app: &App, id: AccountId, overlap: SignedDuration) -> Result<NextSecret, MerchantError> {
    let rotation = Rotation::draw(app, id, overlap)?;
    let next = rotation.told();
    app.db
        .write("merchants.rotate-secret", move |tx| rotation.begin(tx))
        .await?;
    Ok(next)
}

/// A rotation that is to begin; drawn before its unit of work, which may run twice.
pub(crate) struct Rotation {
    id: AccountId,
    secret: Zeroizing<String>,
    sealed: Vec<u8>,
    takes_over_at: Timestamp,
    now: Timestamp,
}

impl Rotation {
    /// Draws the account's next secret; the overlap ends within [`OVERLAP_MAX`].
    pub(crate) fn draw(app: &App, id: AccountId, overlap: SignedDuration) -> Result<Rotation, MerchantError> {
        let (secret, now) = (draw(app), app.clock.now());
        let overlap = overlap.clamp(SignedDuration::ZERO, OVERLAP_MAX);
        Ok(Rotation {
            id,
            sealed: seal(&app.keyring, id, &secret)?,
            secret,
            takes_over_at: now.saturating_add(overlap).unwrap_or(Timestamp::MAX),
            now,
        })
    }

    /// What the merchant is told, once.
    pub(crate) fn told(&self) -> NextSecret {
        NextSecret {
            secret: self.secret.clone(),
            takes_over_at: self.takes_over_at,
        }
    }

    /// Gives the account the next secret.
    pub(crate) fn begin(&self, tx: &mut Tx<'_>) -> Result<(), MerchantError> {
        let sealed = in_force(tx, self.id, self.now)?;
        if let Some((_, until)) = sealed.next {
            return Err(MerchantError::Rotating {
                account: self.id,
                until: time::wire(until),
            });
        }
        let next = Some((self.sealed.as_slice(), self.takes_over_at));
        Ok(sql::update_secrets(tx, self.id, &sealed.current, next)?)
    }
}

/// Ends a rotation's overlap at once: the next secret signs alone.
pub async fn finish_rotation(app: &App, id: AccountId) -> Result<(), MerchantError> {
    let now = app.clock.now();
    app.db
        .write("merchants.finish-rotation", move |tx| finish(tx, id, now))
        .await
}

/// The same, in the caller's unit of work.
pub(crate) fn finish(tx: &mut Tx<'_>, id: AccountId, now: Timestamp) -> Result<(), MerchantError> {
    let Some((next, _)) = in_force(tx, id, now)?.next else {
        return Err(MerchantError::NotRotating(id));
    };
    Ok(sql::update_secrets(tx, id, &next, None)?)
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
    context_of(&RowKey::Number(id.0))
}

/// What the secrets of an account's row are sealed for.
pub(super) fn context_of(key: &RowKey) -> String {
    format!("account-secret:{key}")
}
