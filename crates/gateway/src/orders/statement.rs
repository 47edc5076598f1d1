//! Debits on a collecting account's statement: which order they are, if any.

use ayni_connectors::statement::StatementLine;
use ayni_domain::ids::OrderId;
use ayni_domain::ledger::purpose::Purpose;
use ayni_domain::matching::ids_in;
use ayni_domain::money::Amount;
use ayni_domain::order::Event;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::{Change, Order, OrderError, sql, transition};

/// What a debit is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Debit {
    /// The transfer of this order, which is paid now.
    Ordered(Box<Order>),
    /// It names an order, but is not its transfer, or not the first one: a person must look at it.
    Odd(&'static str),
    /// Nothing in it names an order: somebody moved money without the gateway.
    Unknown,
}

impl Debit {
    /// The ledger account out of which the money left.
    pub fn purpose(&self) -> Purpose {
        match self {
            Debit::Ordered(order) => order.new.purpose(),
            Debit::Odd(_) | Debit::Unknown => Purpose::SUSPENSE,
        }
    }
}

/// Says which order a debit of a collecting account is, and makes that order paid, in the unit of work that stores the
/// line. An order is named by its id in the debit's comment, and by nothing else.
pub fn of_debit(
    tx: &mut Tx<'_>,
    collecting_id: i64,
    line: &StatementLine,
    now: Timestamp,
) -> Result<Debit, OrderError> {
    let named = named(tx, &line.reference)?;
    let order = match named.as_slice() {
        [] => return Ok(Debit::Unknown),
        [order] => order,
        _ => return Ok(Debit::Odd(SEVERAL)),
    };
    let new = &order.new;
    let debited = Amount::ZERO.checked_sub(line.amount);
    if new.collecting_id != collecting_id || new.currency != line.currency || debited != Some(new.amount) {
        return Ok(Debit::Odd(OTHER_AMOUNT));
    }
    if order.state.is_ended() {
        return Ok(Debit::Odd(match order.movement_id {
            Some(_) => AGAIN,
            None => LATE,
        }));
    }
    let change = Change {
        movement_id: Some(line.id.clone()),
        operation_number: Some(line.operation_number.clone()).filter(|number| !number.is_empty()),
        ..Change::default()
    };
    let paid = transition(tx, order, Event::DebitSeen, change, now)?;
    Ok(Debit::Ordered(Box::new(paid)))
}

/// The orders that a text names.
fn named(tx: &mut Tx<'_>, text: &str) -> Result<Vec<Order>, StoreError> {
    let mut named = Vec::new();
    for id in ids_in(text).iter().take(IDS_MAX) {
        if let Ok(id) = OrderId::parse(id.as_str()) {
            named.extend(sql::select_order(tx, id)?);
        }
    }
    Ok(named)
}

const SEVERAL: &str = "debit-of-several-orders";
const OTHER_AMOUNT: &str = "debit-differs-from-order";
const AGAIN: &str = "order-debited-twice";
const LATE: &str = "debit-of-ended-order";
/// Words that are looked up in one comment.
const IDS_MAX: usize = 20;
