//! What a stranger who guesses passwords can try, bounded for all nodes together, and forgotten by itself.
//!
//! Requests for the link of a forgotten password are bounded in the same rows, for an hour.
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
use crate::payer::limits::network;

/// A try that was counted.
#[derive(Clone)]
pub(super) struct Counted {
    pair: String,
    person: String,
    place: String,
}

/// How many of what within which time.
#[derive(Clone)]
pub(super) struct Bound {
    subject: String,
    most: i64,
    window: SignedDuration,
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
    let counted = Counted::of(&app.keyring, email, &address::text(from.map(network)));
    let (now, bounds) = (app.clock.now(), counted.bounds());
    let locked = app
        .db
        .append("console.count-try", move |tx| count_all(tx, &bounds, now))
        .await?;
    Ok(match locked {
        Some(locked) => Err(locked),
        None => Ok(counted),
    })
}

/// What requests for the link of a forgotten password are counted by: the person and the place.
pub(super) fn of_asking(keyring: &Keyring, email: &str, from: Option<IpAddr>) -> [Bound; 2] {
    let from = address::text(from.map(network));
    let digest = |text: String| keyring.derive_hex("console-asked", text.as_bytes());
    [
        (format!("person:{email}"), ASKED_PERSON_MAX),
        (format!("place:{from}"), ASKED_PLACE_MAX),
    ]
    .map(|(text, most)| Bound {
        subject: digest(text),
        most,
        window: ASKED_WINDOW,
    })
}

/// Counts once more what these bounds hold; says until when there are too many.
pub(super) fn count_all(
    tx: &mut Tx<'_>,
    bounds: &[Bound],
    now: Timestamp,
) -> Result<Option<Locked>, StoreError> {
    let mut until: Option<Timestamp> = None;
    for Bound {
        subject,
        most,
        window,
    } in bounds
    {
        let (counted, since) = sql::count_failure(tx, subject, now, now - *window)?;
        if counted > *most {
            until = until.max(Some(since + *window));
        }
    }
    Ok(until.map(|until| Locked { until }))
}

/// Takes a try back that succeeded, in its unit of work.
pub(super) fn take_back(tx: &mut Tx<'_>, counted: &Counted) -> Result<(), StoreError> {
    sql::delete_failures(tx, &counted.pair)?;
    sql::decrement_failures(tx, &counted.person)?;
    sql::decrement_failures(tx, &counted.place)
}

/// Deletes counts that are over.
pub(super) async fn forget_old(app: &App) -> Result<(), StoreError> {
    let since = app.clock.now() - ASKED_WINDOW.max(WINDOW);
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

    fn bounds(&self) -> [Bound; 3] {
        [
            (&self.pair, PAIR_MAX),
            (&self.person, PERSON_MAX),
            (&self.place, PLACE_MAX),
        ]
        .map(|(subject, most)| Bound {
            subject: subject.clone(),
            most,
            window: WINDOW,
        })
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
/// After this long requests for a link are forgotten.
const ASKED_WINDOW: SignedDuration = SignedDuration::from_hours(1);
/// Links for one person: each is a mail.
const ASKED_PERSON_MAX: i64 = 3;
/// Links that one address asks for, for anybody.
const ASKED_PLACE_MAX: i64 = 20;
