//! How the search comes to know of payments, without a single row of their making.
//!
//! Four walks, each with a cursor in the database: through the payments of each account in the order of their making,
//! through all events in the order of their instants, and both once more [`AGAIN_AFTER`] later. An instant is taken before
//! its row is committed and by its own node's clock, so that a row may appear behind a cursor that has passed: the second
//! walk finds it. A portion's reading is one unit of work and its writing another; the writing is refused where the
//! cursor or an entry is not as it was read. So of several nodes that walk at once one gets on, and one that dies between
//! two portions leaves the cursor where the next has to begin.

use std::collections::{BTreeMap, BTreeSet};

use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::time::to_ms;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::SignedDuration;
use thiserror::Error;

use super::sql;
use super::token::{self, Known, Token};
use crate::app::{App, Shared};
use crate::payments::Payment;
use crate::{payer, payments, reconciliation};

/// One way through what there is to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Walk {
    Made,
    Changed,
    MadeAgain,
    ChangedAgain,
}

/// A place between two rows of a walk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub at_ms: i64,
    pub id: String,
    pub number: i64,
}

/// A payment that a walk comes to: by its making or by an event.
pub(super) struct Step {
    pub place: Place,
    pub events: i64,
    pub entry: Option<Entry>,
}

/// What the search has of a payment.
#[derive(Clone)]
pub(super) struct Entry {
    pub version: i64,
    pub events: i64,
    pub tokens: Vec<u8>,
}

/// Why a portion was not written.
#[derive(Debug, Error)]
pub enum WalkError {
    /// The database refused or failed.
    #[error("the database could not write the search of payments")]
    Store(#[from] StoreError),
    /// Another node walked on, or somebody was forgotten, since it was read.
    #[error("another node came first")]
    Raced,
}

impl Walk {
    pub const ALL: [Walk; 4] = [Walk::Made, Walk::Changed, Walk::MadeAgain, Walk::ChangedAgain];

    /// Its word in rows.
    pub fn as_str(self) -> &'static str {
        match self {
            Walk::Made => "made",
            Walk::Changed => "changed",
            Walk::MadeAgain => "made-again",
            Walk::ChangedAgain => "changed-again",
        }
    }

    /// Goes on by a portion, of each account that waits; returns how many payments or events it passed. What another
    /// node has taken is left to it.
    pub async fn go_on(self, app: &Shared) -> Result<usize, StoreError> {
        let until_ms = self.until_ms(app);
        let places = app
            .db
            .read("search.waiting", move |tx| match self {
                Walk::Made | Walk::MadeAgain => sql::select_waiting(tx, self, until_ms),
                Walk::Changed | Walk::ChangedAgain => {
                    Ok(vec![(AccountId(0), sql::select_cursor(tx, self, 0)?)])
                }
            })
            .await?;
        let mut passed = 0;
        for (account, from) in places {
            match self.portion(app, account, from, until_ms).await {
                Ok(count) => passed += count,
                Err(WalkError::Raced) => {}
                Err(WalkError::Store(error)) => return Err(error),
            }
            if app.draining.is_cancelled() {
                break;
            }
        }
        Ok(passed)
    }

    async fn portion(
        self,
        app: &Shared,
        account: AccountId,
        from: Place,
        until_ms: i64,
    ) -> Result<usize, WalkError> {
        let after = from.clone();
        let (steps, found) = app
            .db
            .read("search.read", move |tx| {
                let steps = match self {
                    Walk::Made | Walk::MadeAgain => sql::select_made(tx, account, &after, until_ms)?,
                    Walk::Changed | Walk::ChangedAgain => sql::select_changed(tx, &after, until_ms)?,
                };
                let found = find_new(tx, self, &steps)?;
                Ok::<_, StoreError>((steps, found))
            })
            .await?;
        let Some(last) = steps.last() else {
            return Ok(0);
        };
        let to = last.place.clone();
        let changes: Vec<Change> = found
            .into_iter()
            .map(|found| Change::of(app, found))
            .filter(Change::is_one)
            .collect();
        app.db
            .append("search.write", move |tx| {
                if !sql::move_cursor(tx, (self, account.0), &from, &to)? {
                    return Err(WalkError::Raced);
                }
                changes.iter().try_for_each(|change| change.write(tx))
            })
            .await?;
        Ok(steps.len())
    }

    fn until_ms(self, app: &App) -> i64 {
        let now = app.clock.now();
        to_ms(match self {
            Walk::Made | Walk::Changed => now,
            Walk::MadeAgain | Walk::ChangedAgain => now - AGAIN_AFTER,
        })
    }
}

/// What is known of the payments among these of which something new is known, each once. The bank's receipt of an attempt
/// comes without an event of the payment, so that what changed is looked at anew by the second walk in any case.
fn find_new(tx: &mut Tx<'_>, walk: Walk, steps: &[Step]) -> Result<Vec<(Known, Option<Entry>)>, StoreError> {
    let mut by_id = BTreeMap::new();
    for step in steps {
        let is_known = step
            .entry
            .as_ref()
            .is_some_and(|entry| entry.events >= step.events);
        if !is_known || walk == Walk::ChangedAgain {
            by_id.insert(step.place.id.as_str(), step.entry.as_ref());
        }
    }
    let mut found = Vec::new();
    for (id, entry) in by_id {
        match look_at(tx, id) {
            Ok(Some(known)) => found.push((known, entry.cloned())),
            Ok(None) => {}
            // What can't be read would stop the walk at every payment after it. It is read anew when it changes.
            Err(error @ StoreError::Column { .. }) => {
                tracing::error!(payment = id, %error, "a payment can't be found at the console");
            }
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

fn look_at(tx: &mut Tx<'_>, id: &str) -> Result<Option<Known>, StoreError> {
    let Ok(id) = PaymentId::parse(id) else {
        return Ok(None);
    };
    let payment = payments::find(tx, id)?;
    payment.map(|payment| know(tx, payment)).transpose()
}

/// A payment that nothing has happened to has no attempt that counts, and no money.
fn know(tx: &mut Tx<'_>, payment: Payment) -> Result<Known, StoreError> {
    if payment.events == 0 {
        return Ok(Known {
            payment,
            attempts: Vec::new(),
            seen: None,
            line: None,
        });
    }
    let seen = reconciliation::find(tx, payment.id)?;
    let line = match &seen {
        Some(seen) => reconciliation::movement(tx, seen.collecting_id, &seen.movement_id)?,
        None => None,
    };
    Ok(Known {
        attempts: payer::attempts_of(tx, payment.id)?,
        payment,
        seen,
        line,
    })
}

/// What is written of one payment.
struct Change {
    account: AccountId,
    id: PaymentId,
    created_ms: i64,
    events: i64,
    old: Option<Entry>,
    tokens: BTreeSet<Token>,
    packed: Vec<u8>,
}

impl Change {
    fn of(app: &App, (known, old): (Known, Option<Entry>)) -> Change {
        let tokens = token::of(&app.keyring, &known);
        Change {
            account: known.payment.account,
            id: known.payment.id,
            created_ms: to_ms(known.payment.created_at),
            events: known.payment.events,
            old,
            packed: token::pack(&tokens),
            tokens,
        }
    }

    fn is_one(&self) -> bool {
        let same = |old: &Entry| old.events >= self.events && old.tokens == self.packed;
        !self.old.as_ref().is_some_and(same)
    }

    fn write(&self, tx: &mut Tx<'_>) -> Result<(), WalkError> {
        let id = self.id.as_str();
        if !sql::put_entry(tx, id, self.old.as_ref(), self.events, &self.packed)? {
            return Err(WalkError::Raced);
        }
        let before = self
            .old
            .as_ref()
            .map(|old| token::unpack(&old.tokens))
            .unwrap_or_default();
        for gone in before.difference(&self.tokens) {
            sql::delete_token(tx, self.account, (self.created_ms, id), gone)?;
        }
        let new: Vec<&Token> = self.tokens.difference(&before).collect();
        Ok(sql::insert_tokens(tx, self.account, (self.created_ms, id), &new)?)
    }
}

/// Takes out of the search whatever tells of a person in these payments of an account, in the unit of work that erases that
/// person elsewhere.
pub(super) fn forget(tx: &mut Tx<'_>, account: AccountId, ids: &[PaymentId]) -> Result<(), WalkError> {
    for id in ids {
        let Some(payment) = payments::find_of(tx, account, *id)? else {
            continue;
        };
        let entry = sql::select_entry(tx, *id)?;
        let before = entry
            .as_ref()
            .map(|entry| token::unpack(&entry.tokens))
            .unwrap_or_default();
        let (personal, kept): (BTreeSet<Token>, BTreeSet<Token>) =
            before.into_iter().partition(Token::is_personal);
        let place = (to_ms(payment.created_at), id.as_str());
        for token in &personal {
            sql::delete_token(tx, account, place, token)?;
        }
        let events = entry.as_ref().map_or(UNREAD, |entry| entry.events);
        if !sql::put_entry(tx, id.as_str(), entry.as_ref(), events, &token::pack(&kept))? {
            return Err(WalkError::Raced);
        }
    }
    Ok(())
}

/// Whether payments of an account that were made before an instant have not been walked to.
pub(super) fn is_behind(tx: &mut Tx<'_>, account: AccountId, before_ms: i64) -> Result<bool, StoreError> {
    let place = sql::select_cursor(tx, Walk::Made, account.0)?;
    Ok(!sql::select_made(tx, account, &place, before_ms)?.is_empty())
}

/// The events of a payment of which nothing was read: every walk comes to it.
const UNREAD: i64 = -1;

/// After so long everything is walked through once more: far longer than any unit of work waits for its commit, and than
/// clocks of nodes may differ.
const AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(1);
