//! Orders that no connector sends: they wait until somebody writes them into a file for the bank.

use ayni_domain::order::{Event, State, Via};
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::{Change, Order, OrderError, sql, transition};
use crate::restorations;

/// The orders of a collecting account that wait for a file, oldest first, at most [`ORDERS_IN_A_FILE`].
pub fn waiting(tx: &mut Tx<'_>, collecting_id: i64) -> Result<Vec<Order>, StoreError> {
    sql::select_waiting(tx, collecting_id, Via::File, ORDERS_IN_A_FILE)
}

/// Notes, in the unit of work that keeps the file, that an order stands in it; it is never put into another one.
pub fn filed(tx: &mut Tx<'_>, order: &Order, file: &str, now: Timestamp) -> Result<Order, OrderError> {
    if restorations::is_held(tx)? {
        return Err(OrderError::Held);
    }
    transition(tx, order, Event::Filed, Change::because(file), now)
}

/// Notes that the bank did not execute an order of a file: it ends, and its money is given back.
pub fn rejected(tx: &mut Tx<'_>, order: &Order, reason: &str, now: Timestamp) -> Result<Order, OrderError> {
    let event = match order.state {
        State::Authorised if order.via == Via::File => Event::Rejected,
        _ => Event::GivenUp,
    };
    transition(tx, order, event, Change::because(reason), now)
}

/// More transfers than a bank takes in one file.
pub const ORDERS_IN_A_FILE: i64 = 1000;
