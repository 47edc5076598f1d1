//! What a stranger who guesses passwords can try, bounded for all nodes together, and forgotten by itself.
//!
//! A try counts before it is looked at, so that many at once can't pass the bound; one that succeeds is taken back. Three
//! counts are kept: of a person from one address, of a person from anywhere, and of an address. Nobody needs to be asked to
//! lift them: a quarter of an hour after the first try of a count all of it is forgotten. E-mails that nobody has are
//! counted too, so that the count does not tell which ones exist.

use std::net::IpAddr;

use ayni_crypto::keyring::Keyring;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::{SignedDuration, Timestamp};

use super::{address, sql};
use crate::app::App;

/// A try that was counted.
#[derive(Clone)]
pub(super) struct Counted {
    pair: String,
    person: String,
    place: String,
}

/// Too many tries: none is looked at before this instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Locked {
    pub(super) until: Timestamp,
}

/// Counts a try; says until when there are too many.
pub(super) async fn count(
    app: &App,
    email: &str,
    from: Option<IpAddr>,
) -> Result<Result<Counted, Locked>, StoreError> {
    let counted = Counted::of(&app.keyring, email, &address::text(from));
    let now = app.clock.now();
    let tried = counted.clone();
    let locked = app
        .db
        .append("console.count-try", move |tx| tried.count(tx, now))
        .await?;
    Ok(match locked {
        Some(locked) => Err(locked),
        None => Ok(counted),
    })
}

/// Takes a try back that succeeded, in its unit of work.
pub(super) fn take_back(tx: &mut Tx<'_>, counted: &Counted) -> Result<(), StoreError> {
    sql::delete_failures(tx, &counted.pair)?;
    sql::decrement_failures(tx, &counted.person)?;
    sql::decrement_failures(tx, &counted.place)
}

/// Deletes counts that are over.
pub(super) async fn forget_old(app: &App) -> Result<(), StoreError> {
    let since = app.clock.now() - WINDOW;
    app.db
        .append("console.forget-tries", move |tx| {
            sql::delete_old_failures(tx, since)
        })
        .await
}

impl Counted {
    fn of(keyring: &Keyring, email: &str, from: &str) -> Counted {
        let digest = |text: String| keyring.derive_hex("console-tries", text.as_bytes());
        Counted {
            pair: digest(format!("pair:{email}:{from}")),
            person: digest(format!("person:{email}")),
            place: digest(format!("place:{from}")),
        }
    }

    fn count(&self, tx: &mut Tx<'_>, now: Timestamp) -> Result<Option<Locked>, StoreError> {
        let mut until: Option<Timestamp> = None;
        for (subject, most) in [
            (&self.pair, PAIR_MAX),
            (&self.person, PERSON_MAX),
            (&self.place, PLACE_MAX),
        ] {
            let (failures, since) = sql::count_failure(tx, subject, now, now - WINDOW)?;
            if failures > most {
                until = until.max(Some(since + WINDOW));
            }
        }
        Ok(until.map(|until| Locked { until }))
    }
}

/// After this long the tries of a count are forgotten.
const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// Tries for one person from one address.
const PAIR_MAX: i64 = 5;
/// Tries for one person from anywhere: a stranger with many addresses can't guess faster.
const PERSON_MAX: i64 = 20;
/// Tries from one address, for anybody: many people may share an office's.
const PLACE_MAX: i64 = 50;
