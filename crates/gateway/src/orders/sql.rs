//! All SQL of orders.

use ayni_domain::ids::OrderId;
use ayni_domain::money::Amount;
use ayni_domain::order::{Event, Kind, State, Via};
use ayni_domain::time::from_ms;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::commands::OrderEvent;
use super::{NewOrder, Order, Payee};

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    INSERT_ORDER,
    SELECT_ORDER,
    SELECT_NEXT,
    SELECT_NEXT_DUE,
    SELECT_WAITING,
    SELECT_OF_SUBJECT,
    SELECT_LATEST,
    SELECT_LATEST_OPEN,
    UPDATE_ORDER,
    UPDATE_REASON,
    UPDATE_DUE,
    UPDATE_RECEIPT,
    INSERT_EVENT,
    SELECT_EVENTS,
    SELECT_HELD,
    SELECT_EXPLAINED,
];

macro_rules! columns {
    () => {
        "id, kind, collecting_id, owner, subject, amount, currency, bank_id, number, holder_name, holder_identifier, \
         holder_email, via, state, events, tries, created_at, due_at, sent_at, operation_number, reason, movement_id, \
         ended_at"
    };
}

pub(super) const INSERT_ORDER: &str = "\
    INSERT INTO orders (id, kind, collecting_id, owner, subject, amount, currency, bank_id, number, holder_name, \
      holder_identifier, holder_email, via, state, events, tries, created_at, due_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'ready', 0, 0, $14, $14)";

pub(super) fn insert_order(
    tx: &mut Tx<'_>,
    new: &NewOrder,
    via: Via,
    now: Timestamp,
) -> Result<(), StoreError> {
    let payee = &new.payee;
    tx.exec(
        INSERT_ORDER,
        &[
            new.id.as_str().into(),
            new.kind.as_str().into(),
            new.collecting_id.into(),
            new.owner.into(),
            new.subject.as_str().into(),
            new.amount.ten_thousandths().into(),
            new.currency.code().into(),
            payee.bank_id.as_str().into(),
            payee.number.as_str().into(),
            payee.holder_name.as_str().into(),
            payee.holder_identifier.as_str().into(),
            payee.holder_email.as_str().into(),
            via.as_str().into(),
            now.as_millisecond().into(),
        ],
    )?;
    Ok(())
}

pub(super) const SELECT_ORDER: &str = concat!("SELECT ", columns!(), " FROM orders WHERE id = $1");

pub(super) fn select_order(tx: &mut Tx<'_>, id: OrderId) -> Result<Option<Order>, StoreError> {
    tx.one(SELECT_ORDER, &[id.as_str().into()])?
        .map(|row| read(&row))
        .transpose()
}

/// The order that is to be sent next from a collecting account: the oldest that may be sent now.
pub(super) const SELECT_NEXT: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM orders WHERE collecting_id = $1 AND via = 'connector' AND state IN ('ready', 'refused') AND due_at <= $2 \
     ORDER BY created_at, id LIMIT 1"
);

pub(super) fn select_next(
    tx: &mut Tx<'_>,
    collecting_id: i64,
    now: Timestamp,
) -> Result<Option<Order>, StoreError> {
    let params = [collecting_id.into(), now.as_millisecond().into()];
    tx.one(SELECT_NEXT, &params)?.map(|row| read(&row)).transpose()
}

/// When another order of a collecting account may be sent.
pub(super) const SELECT_NEXT_DUE: &str = "\
    SELECT MIN(due_at) FROM orders WHERE collecting_id = $1 AND via = 'connector' AND state IN ('ready', 'refused')";

pub(super) fn select_next_due(tx: &mut Tx<'_>, collecting_id: i64) -> Result<Option<Timestamp>, StoreError> {
    let Some(row) = tx.one(SELECT_NEXT_DUE, &[collecting_id.into()])? else {
        return Ok(None);
    };
    Ok(row.opt_int(0)?.map(from_ms))
}

/// The orders of a collecting account that wait, oldest first.
pub(super) const SELECT_WAITING: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM orders WHERE collecting_id = $1 AND via = $2 AND state IN ('ready', 'refused') \
     ORDER BY created_at, id LIMIT $3"
);

pub(super) fn select_waiting(
    tx: &mut Tx<'_>,
    collecting_id: i64,
    via: Via,
    limit: i64,
) -> Result<Vec<Order>, StoreError> {
    let params = [collecting_id.into(), via.as_str().into(), limit.into()];
    tx.all(SELECT_WAITING, &params)?.iter().map(read).collect()
}

/// The orders for one subject of a collecting account, the first one first.
pub(super) const SELECT_OF_SUBJECT: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM orders WHERE kind = $1 AND subject = $2 AND collecting_id = $3 ORDER BY created_at, id"
);

pub(super) fn select_of_subject(
    tx: &mut Tx<'_>,
    kind: Kind,
    subject: &str,
    collecting_id: i64,
) -> Result<Vec<Order>, StoreError> {
    let params = [kind.as_str().into(), subject.into(), collecting_id.into()];
    tx.all(SELECT_OF_SUBJECT, &params)?.iter().map(read).collect()
}

pub(super) const SELECT_LATEST: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM orders ORDER BY created_at DESC, id DESC LIMIT $1"
);

pub(super) const SELECT_LATEST_OPEN: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM orders WHERE state NOT IN ('paid', 'failed', 'expired') ORDER BY created_at DESC, id DESC LIMIT $1"
);

/// The latest orders, or those that have not ended.
pub(super) fn select_latest(tx: &mut Tx<'_>, open_only: bool, limit: i64) -> Result<Vec<Order>, StoreError> {
    let sql = match open_only {
        true => SELECT_LATEST_OPEN,
        false => SELECT_LATEST,
    };
    tx.all(sql, &[limit.into()])?.iter().map(read).collect()
}

pub(super) const UPDATE_ORDER: &str = "\
    UPDATE orders SET state = $3, events = $4, tries = $5, due_at = $6, sent_at = $7, operation_number = $8, \
      reason = $9, movement_id = $10, ended_at = $11 WHERE id = $1 AND events = $2";

/// False where another transition came first.
pub(super) fn update_order(tx: &mut Tx<'_>, changed: &Order, events: i64) -> Result<bool, StoreError> {
    let ms = |instant: Option<Timestamp>| instant.map(Timestamp::as_millisecond);
    let params = [
        changed.new.id.as_str().into(),
        events.into(),
        changed.state.as_str().into(),
        changed.events.into(),
        changed.tries.into(),
        changed.due_at.as_millisecond().into(),
        ms(changed.sent_at).into(),
        changed.operation_number.as_deref().into(),
        changed.reason.as_deref().into(),
        changed.movement_id.as_deref().into(),
        ms(changed.ended_at).into(),
    ];
    Ok(tx.exec(UPDATE_ORDER, &params)? == 1)
}

/// Why an order could not be sent yet, and from when it may be.
pub(super) const UPDATE_REASON: &str = "\
    UPDATE orders SET reason = $3, due_at = $4 WHERE id = $1 AND events = $2 AND state IN ('ready', 'refused')";

pub(super) fn update_reason(
    tx: &mut Tx<'_>,
    order: &Order,
    reason: &str,
    due_at: Timestamp,
) -> Result<(), StoreError> {
    let params = [
        order.new.id.as_str().into(),
        order.events.into(),
        reason.into(),
        due_at.as_millisecond().into(),
    ];
    tx.exec(UPDATE_REASON, &params)?;
    Ok(())
}

/// By which way, and from when, an order that waits is to be sent.
pub(super) const UPDATE_DUE: &str = "\
    UPDATE orders SET via = $2, due_at = $3 WHERE id = $1 AND state IN ('ready', 'refused')";

pub(super) fn update_due(
    tx: &mut Tx<'_>,
    id: OrderId,
    via: Via,
    due_at: Timestamp,
) -> Result<bool, StoreError> {
    let params = [
        id.as_str().into(),
        via.as_str().into(),
        due_at.as_millisecond().into(),
    ];
    Ok(tx.exec(UPDATE_DUE, &params)? == 1)
}

/// The orders that wait, oldest first.
pub(super) const SELECT_HELD: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM orders WHERE state IN ('ready', 'refused') ORDER BY created_at, id LIMIT $1"
);

pub(super) fn select_held(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<Order>, StoreError> {
    tx.all(SELECT_HELD, &[limit.into()])?.iter().map(read).collect()
}

pub(super) const SELECT_EXPLAINED: &str =
    "SELECT id FROM orders WHERE collecting_id = $1 AND movement_id = $2 LIMIT 1";

/// Whether a debit is an order's.
pub(super) fn select_explained(
    tx: &mut Tx<'_>,
    collecting_id: i64,
    movement: &str,
) -> Result<bool, StoreError> {
    Ok(tx
        .one(SELECT_EXPLAINED, &[collecting_id.into(), movement.into()])?
        .is_some())
}

/// A receipt that came after the debit was seen.
pub(super) const UPDATE_RECEIPT: &str =
    "UPDATE orders SET operation_number = $2 WHERE id = $1 AND operation_number IS NULL";

pub(super) fn update_receipt(tx: &mut Tx<'_>, id: OrderId, operation_number: &str) -> Result<(), StoreError> {
    tx.exec(UPDATE_RECEIPT, &[id.as_str().into(), operation_number.into()])?;
    Ok(())
}

pub(super) const INSERT_EVENT: &str = "\
    INSERT INTO order_events (order_id, number, at, kind, state, reason) VALUES ($1, $2, $3, $4, $5, $6)";

pub(super) fn insert_event(
    tx: &mut Tx<'_>,
    changed: &Order,
    event: Event,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.exec(
        INSERT_EVENT,
        &[
            changed.new.id.as_str().into(),
            changed.events.into(),
            now.as_millisecond().into(),
            event.name().into(),
            changed.state.as_str().into(),
            changed.reason.as_deref().into(),
        ],
    )?;
    Ok(())
}

/// An order's events; refusals are bounded, and so are they.
pub(super) const SELECT_EVENTS: &str =
    "SELECT at, kind, state, reason FROM order_events WHERE order_id = $1 ORDER BY number LIMIT 100";

pub(super) fn select_events(tx: &mut Tx<'_>, id: OrderId) -> Result<Vec<OrderEvent>, StoreError> {
    let rows = tx.all(SELECT_EVENTS, &[id.as_str().into()])?;
    let event = |row: &Row| {
        Ok(OrderEvent {
            at: from_ms(row.int(0)?),
            kind: row.text(1)?,
            state: row.text(2)?,
            reason: row.opt_text(3)?.unwrap_or_default(),
        })
    };
    rows.iter().map(event).collect()
}

fn read(row: &Row) -> Result<Order, StoreError> {
    Ok(Order {
        new: NewOrder {
            id: OrderId::parse(row.str(0)?).map_err(|_| unreadable(0, "is no order's identifier"))?,
            kind: Kind::parse(row.str(1)?).ok_or_else(|| unreadable(1, "is no order's kind"))?,
            collecting_id: row.int(2)?,
            owner: row.int(3)?,
            subject: row.text(4)?,
            amount: Amount::from_ten_thousandths(row.int(5)?),
            currency: row.str(6)?.parse().map_err(|_| unreadable(6, "is no currency"))?,
            payee: Payee {
                bank_id: row.text(7)?,
                number: row.text(8)?,
                holder_name: row.text(9)?,
                holder_identifier: row.text(10)?,
                holder_email: row.text(11)?,
            },
        },
        via: Via::parse(row.str(12)?).ok_or_else(|| unreadable(12, "is no way to the bank"))?,
        state: State::parse(row.str(13)?).ok_or_else(|| unreadable(13, "is no order's state"))?,
        events: row.int(14)?,
        tries: row.int(15)?,
        created_at: from_ms(row.int(16)?),
        due_at: from_ms(row.int(17)?),
        sent_at: row.opt_int(18)?.map(from_ms),
        operation_number: row.opt_text(19)?,
        reason: row.opt_text(20)?,
        movement_id: row.opt_text(21)?,
        ended_at: row.opt_int(22)?.map(from_ms),
    })
}

fn unreadable(column: usize, problem: &'static str) -> StoreError {
    StoreError::Column { column, problem }
}
