//! What the operator does after a restoration, before money leaves again ([`crate::restorations`]): look at the orders
//! that wait, at the statements, and at the debits that no order explains, since each of them may be what one of the
//! orders stands for.

use ayni_domain::ids::OrderId;
use ayni_domain::ledger::{entry, purpose::Purpose};
use ayni_domain::money::Amount;
use ayni_domain::order::Event;
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;
use thiserror::Error;

use super::{Change, Order, OrderError, sql, transition};
use crate::app::Shared;
use crate::merchants::collecting;
use crate::reconciliation::{self, Debit};
use crate::{ledger, restorations};

/// Orders and debits that are shown at once.
const SHOWN_MAX: i64 = 1000;

/// What has to be looked at.
#[derive(Clone, Debug)]
pub struct Held {
    /// When the database was restored.
    pub restored_at: Timestamp,
    /// The orders that wait, the oldest first; at most a thousand.
    pub orders: Vec<Order>,
    /// The collecting accounts, by their uuid, whose statement was not read to its end since.
    pub unread: Vec<String>,
    /// Money that left and that no order of this database explains, seen since; at most a thousand.
    pub debits: Vec<Debit>,
}

/// Why money does not leave.
#[derive(Debug, Error)]
pub enum HeldError {
    /// Nothing is held.
    #[error("no money is held: the database was not restored, or it was released")]
    NotHeld,
    /// Statements must be read first.
    #[error("the statements of {} were not read since the restoration", .0.join(", "))]
    Unread(Vec<String>),
    /// Debits may be what orders stand for.
    #[error(
        "{0} debits were seen since the restoration that no order explains: one of the orders may have been sent"
    )]
    Debits(usize),
    /// The debit is not this order's.
    #[error("movement {0} is no unexplained debit of the order's bank account and amount")]
    NotItsDebit(String),
    /// The order could not take it.
    #[error(transparent)]
    Order(#[from] OrderError),
    /// The database refused or failed.
    #[error("the database could not do it")]
    Store(#[from] StoreError),
}

/// What is held; `None` where money may leave.
pub async fn held(db: &Db) -> Result<Option<Held>, StoreError> {
    db.read("orders.held", held_in).await
}

/// Lets money leave again. Every statement that can be read must have been read since the restoration; debits that no
/// order explains refuse it, unless the operator says that they were looked at.
pub async fn release(app: &Shared, despite_debits: bool) -> Result<Held, HeldError> {
    let now = app.clock.now();
    app.db
        .write("orders.release", move |tx| {
            let held = held_in(tx)?.ok_or(HeldError::NotHeld)?;
            if !held.unread.is_empty() {
                return Err(HeldError::Unread(held.unread));
            }
            if !held.debits.is_empty() && !despite_debits {
                return Err(HeldError::Debits(held.debits.len()));
            }
            restorations::release(tx, now)?;
            Ok(held)
        })
        .await
}

/// Notes that an order that waits was sent already, and that this debit is what it sent: the order is paid, and the ledger
/// takes the money from where it waited instead of from what nobody explained.
pub async fn sent(app: &Shared, id: &str, movement: &str) -> Result<Order, HeldError> {
    let (wanted, movement, now) = (id.to_owned(), movement.to_owned(), app.clock.now());
    app.db
        .write("orders.sent", move |tx| {
            let missing = || OrderError::NoOrder(wanted.clone());
            let id = OrderId::parse(&wanted).map_err(|_| missing())?;
            let order = sql::select_order(tx, id)?.ok_or_else(missing)?;
            let new = &order.new;
            let debit = reconciliation::debit(tx, new.collecting_id, &movement)?;
            let fits = |debit: &Debit| {
                debit.currency == new.currency && Amount::ZERO.checked_sub(debit.amount) == Some(new.amount)
            };
            let is_taken = sql::select_explained(tx, new.collecting_id, &movement)?;
            if !debit.as_ref().is_some_and(fits) || is_taken {
                return Err(HeldError::NotItsDebit(movement.clone()));
            }
            let change = Change {
                movement_id: Some(movement.clone()),
                ..Change::because("noted-by-hand")
            };
            let paid = transition(tx, &order, Event::DebitSeen, change, now)?;
            let sides = (new.purpose(), Purpose::SUSPENSE);
            let cause = format!("order:{wanted}");
            let note = format!("order {wanted} was sent before the restoration: debit {movement}");
            let moved = entry::corrected(new.collecting_id, &cause, sides, new.amount, &note);
            ledger::post(tx, &moved, now)?;
            Ok(paid)
        })
        .await
}

fn held_in(tx: &mut Tx<'_>) -> Result<Option<Held>, StoreError> {
    let Some(restoration) = restorations::latest(tx)?.filter(|found| found.released_at.is_none()) else {
        return Ok(None);
    };
    let restored_at = restoration.restored_at;
    let mut unread = Vec::new();
    for collecting_id in reconciliation::readable(tx)? {
        let read_at = reconciliation::read_at(tx, collecting_id)?;
        if read_at.is_none_or(|read_at| read_at < restored_at)
            && let Some(account) = collecting::find(tx, collecting_id)?
        {
            unread.push(account.uuid);
        }
    }
    let mut debits = reconciliation::debits_since(tx, restored_at, SHOWN_MAX)?;
    let mut unexplained = Vec::with_capacity(debits.len());
    for debit in debits.drain(..) {
        if !sql::select_explained(tx, debit.collecting_id, &debit.id)? {
            unexplained.push(debit);
        }
    }
    Ok(Some(Held {
        restored_at,
        orders: sql::select_held(tx, SHOWN_MAX)?,
        unread,
        debits: unexplained,
    }))
}
