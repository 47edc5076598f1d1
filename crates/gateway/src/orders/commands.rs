//! What an operator asks of orders.

use ayni_domain::ids::OrderId;
use ayni_domain::order::{State, Via};
use ayni_store::db::Db;
use jiff::Timestamp;

use super::{Order, OrderError, enqueue_sending, file, sql};
use crate::app::Shared;
use crate::merchants::collecting::{self, CollectingAccount};

/// Something that happened to an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderEvent {
    /// When.
    pub at: Timestamp,
    /// The event's name.
    pub kind: String,
    /// The state after it.
    pub state: String,
    /// Why; may be empty.
    pub reason: String,
}

/// An order with what it lived through and the account that its money leaves.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The order.
    pub order: Order,
    /// Oldest first.
    pub events: Vec<OrderEvent>,
    /// Where the money leaves.
    pub from: CollectingAccount,
}

/// The latest orders, newest first; with `open_only` those that have not ended.
pub async fn list(db: &Db, open_only: bool, limit: u32) -> Result<Vec<Order>, OrderError> {
    Ok(db
        .read("orders.list", move |tx| {
            sql::select_latest(tx, open_only, limit.into())
        })
        .await?)
}

/// One order with its events.
pub async fn show(db: &Db, id: &str) -> Result<Shown, OrderError> {
    let wanted = id.to_owned();
    db.read("orders.show", move |tx| {
        let missing = || OrderError::NoOrder(wanted.clone());
        let parsed = OrderId::parse(&wanted).map_err(|_| missing())?;
        let order = sql::select_order(tx, parsed)?.ok_or_else(missing)?;
        let from = collecting::find(tx, order.new.collecting_id)?;
        Ok(Shown {
            events: sql::select_events(tx, parsed)?,
            from: from.ok_or(OrderError::NoCollecting(order.new.collecting_id))?,
            order,
        })
    })
    .await
}

/// Has an order that waits tried at once; through the connector also where it waited for a file, if the account has a
/// login now. False where it does not wait: it was sent, or it ended.
pub async fn retry(app: &Shared, id: &str) -> Result<bool, OrderError> {
    let (wanted, now) = (id.to_owned(), app.clock.now());
    app.db
        .write("orders.retry", move |tx| {
            let missing = || OrderError::NoOrder(wanted.clone());
            let parsed = OrderId::parse(&wanted).map_err(|_| missing())?;
            let order = sql::select_order(tx, parsed)?.ok_or_else(missing)?;
            if !matches!(order.state, State::Ready | State::Refused) {
                return Ok(false);
            }
            let collecting_id = order.new.collecting_id;
            let from = collecting::find(tx, collecting_id)?.ok_or(OrderError::NoCollecting(collecting_id))?;
            if !from.has_login {
                return Ok(false);
            }
            sql::update_due(tx, parsed, Via::Connector, now)?;
            enqueue_sending(tx, collecting_id, &from.bank_id, now, now)?;
            Ok(true)
        })
        .await
}

/// Ends an order of which the operator knows that the bank did not and will not execute it: one that waits, or one that
/// stands in a file. Its money is given back.
pub async fn reject(app: &Shared, id: &str, reason: &str) -> Result<Order, OrderError> {
    let (wanted, reason, now) = (id.to_owned(), reason.to_owned(), app.clock.now());
    app.db
        .write("orders.reject", move |tx| {
            let missing = || OrderError::NoOrder(wanted.clone());
            let parsed = OrderId::parse(&wanted).map_err(|_| missing())?;
            let order = sql::select_order(tx, parsed)?.ok_or_else(missing)?;
            file::rejected(tx, &order, &reason, now)
        })
        .await
}
