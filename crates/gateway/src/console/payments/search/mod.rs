//! Finding a payment by whatever its merchant has in hand: a reference, words, a name, a RUT, an amount, the bank's number.
//!
//! Making a payment writes nothing of it: background work on every node walks through what is new (`walk`) and keeps a
//! row for each thing that a payment is found by (`token`). So what was made or changed this second is found the next.

mod sql;
pub(super) mod token;
mod walk;

use std::time::{Duration, Instant};

use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::time::to_ms;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use jiff::{SignedDuration, Timestamp};

use self::token::Token;
use self::walk::{Walk, WalkError};
use super::list::Key;
use crate::app::Shared;

/// Every SQL text of this folder.
pub(super) const STATEMENTS: &[&str] = sql::ALL;

/// Walks until the process drains. Between two portions it rests several times as long as a portion took, so that a burst
/// of new payments is not held up by being made findable.
pub async fn run(app: Shared) {
    while !app.draining.is_cancelled() {
        let start = Instant::now();
        let pause = match round(&app).await {
            Ok(0) => POLL,
            Ok(_) => PORTION_PAUSE.max(start.elapsed() * RESTS).min(POLL),
            Err(error) => {
                tracing::warn!(%error, "the search of payments could not go on");
                POLL
            }
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = app.draining.cancelled() => {}
        }
    }
}

/// Walks through everything that there is now.
pub async fn index_due(app: &Shared) -> Result<(), StoreError> {
    while round(app).await? > 0 {}
    Ok(())
}

/// A portion of each walk; returns how many payments and events were passed.
async fn round(app: &Shared) -> Result<usize, StoreError> {
    let mut passed = 0;
    for walk in Walk::ALL {
        passed += walk.go_on(app).await?;
    }
    Ok(passed)
}

/// Takes whatever tells of a person (names, RUT, e-mail address, comments) in these payments of an account out of the
/// search: in the unit of work that erases that person elsewhere, which must be a [`ayni_store::db::Db::write`]. The
/// merchant's own words, amounts and numbers stay. Whoever erases throws the account's exports away too, once all is
/// erased.
///
/// # Errors
/// The database's. The walk that fills the search writes the same rows: of two units of work the store does one anew, as
/// ever, so that [`StoreError::Contention`] says that rows which were read here changed within the unit of work itself.
pub fn forget(tx: &mut Tx<'_>, account: AccountId, payments: &[PaymentId]) -> Result<(), StoreError> {
    walk::forget(tx, account, payments).map_err(|error| match error {
        WalkError::Store(error) => error,
        WalkError::Raced => StoreError::Contention { tries: 1 },
    })
}

/// Whether payments of this account have waited for long to be found.
pub(super) fn is_behind(tx: &mut Tx<'_>, account: AccountId, now: Timestamp) -> Result<bool, StoreError> {
    walk::is_behind(tx, account, to_ms(now - BEHIND_AFTER))
}

/// The next payments with a token, from a place on: older ones down to an instant.
pub(super) fn older(
    tx: &mut Tx<'_>,
    account: AccountId,
    token: &Token,
    before: &Key,
    from_ms: i64,
) -> Result<Vec<Key>, StoreError> {
    keys(tx, sql::SELECT_OLDER, account, token, before, from_ms)
}

/// The same of newer ones, up to an instant.
pub(super) fn newer(
    tx: &mut Tx<'_>,
    account: AccountId,
    token: &Token,
    after: &Key,
    to_ms: i64,
) -> Result<Vec<Key>, StoreError> {
    keys(tx, sql::SELECT_NEWER, account, token, after, to_ms)
}

fn keys(
    tx: &mut Tx<'_>,
    text: &'static str,
    account: AccountId,
    token: &Token,
    place: &Key,
    bound_ms: i64,
) -> Result<Vec<Key>, StoreError> {
    let params = [
        account.0.into(),
        token.bytes().into(),
        place.created_ms.into(),
        (&place.id).into(),
        bound_ms.into(),
    ];
    let key = |row: &Row| {
        Ok(Key {
            created_ms: row.int(0)?,
            id: row.text(1)?,
        })
    };
    tx.all(text, &params)?.iter().map(key).collect()
}

/// The tokens that an account's payments have and that begin with this one, at most [`BEGINNINGS_MAX`], and whether
/// there are more.
pub(super) fn beginning_with(
    tx: &mut Tx<'_>,
    account: AccountId,
    beginning: &Token,
) -> Result<(Vec<Token>, bool), StoreError> {
    let (mut found, mut from) = (Vec::new(), beginning.clone());
    while let Some(token) = sql::select_token(tx, account, &from, &beginning.end())? {
        if found.len() == BEGINNINGS_MAX {
            return Ok((found, true));
        }
        from = token.successor();
        found.push(token);
    }
    Ok((found, false))
}

/// How far back one has to go for some hundreds of payments with a token: the rarer it is, the smaller the number.
pub(super) fn depth(tx: &mut Tx<'_>, account: AccountId, token: &Token) -> Result<i64, StoreError> {
    Ok(sql::select_depth(tx, account, token)?.unwrap_or(i64::MIN))
}

/// Words that begin with what was typed are looked for, so many of them.
pub(super) const BEGINNINGS_MAX: usize = 10;
/// How often new payments are looked for.
const POLL: Duration = Duration::from_secs(1);
/// Between two portions of a hundred payments, at least.
const PORTION_PAUSE: Duration = Duration::from_millis(20);
/// How many times as long as a portion took.
const RESTS: u32 = 4;
/// A payment that is not found after so long is worth a word to who looks for it.
const BEHIND_AFTER: SignedDuration = SignedDuration::from_secs(30);
