//! All SQL of payments.

use ayni_domain::creation::details::PaymentDetails;
use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::money::Amount;
use ayni_domain::payment::Event;
use ayni_domain::payment::state::State;
use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::Payment;

pub(super) const SELECT_PAYMENT: &str = "\
    SELECT id, account_id, collecting_id, created_at, expires_at, amount, currency, state, events, subject, \
           transaction_id, details FROM payments WHERE id = $1";

pub(super) fn select_payment(tx: &mut Tx<'_>, id: PaymentId) -> Result<Option<Payment>, StoreError> {
    tx.one(SELECT_PAYMENT, &[id.as_str().into()])?
        .map(|row| payment(&row))
        .transpose()
}

pub(super) const UPDATE_STATE: &str =
    "UPDATE payments SET state = $3, events = events + 1 WHERE id = $1 AND events = $2";

pub(super) fn update_state(tx: &mut Tx<'_>, payment: &Payment, state: State) -> Result<u64, StoreError> {
    tx.exec(
        UPDATE_STATE,
        &[
            payment.id.as_str().into(),
            payment.events.into(),
            state.as_str().into(),
        ],
    )
}

pub(super) const INSERT_EVENT: &str = "\
    INSERT INTO payment_events (payment_id, number, at, kind, state, data) VALUES ($1, $2, $3, $4, $5, $6)";

pub(super) fn insert_event(
    tx: &mut Tx<'_>,
    payment: &Payment,
    event: &Event,
    state: State,
    now: Timestamp,
) -> Result<(), StoreError> {
    let data = serde_json::to_string(event).map_err(|_| unreadable(5, "can't be written as JSON"))?;
    tx.exec(
        INSERT_EVENT,
        &[
            payment.id.as_str().into(),
            (payment.events + 1).into(),
            now.as_millisecond().into(),
            event.name().into(),
            state.as_str().into(),
            data.as_str().into(),
        ],
    )?;
    Ok(())
}

fn payment(row: &Row) -> Result<Payment, StoreError> {
    Ok(Payment {
        id: PaymentId::parse(row.str(0)?).map_err(|_| unreadable(0, "is no payment's identifier"))?,
        account: AccountId(row.int(1)?),
        collecting_id: row.int(2)?,
        created_at: time::from_ms(row.int(3)?),
        expires_at: time::from_ms(row.int(4)?),
        amount: Amount::from_ten_thousandths(row.int(5)?),
        currency: row.str(6)?.parse().map_err(|_| unreadable(6, "is no currency"))?,
        state: State::parse(row.str(7)?).map_err(|_| unreadable(7, "is no payment's state"))?,
        events: row.int(8)?,
        subject: row.text(9)?,
        transaction_id: row.opt_text(10)?,
        details: match row.opt_str(11)? {
            None => PaymentDetails::default(),
            Some(json) => {
                serde_json::from_str(json).map_err(|_| unreadable(11, "is no payment's details"))?
            }
        },
    })
}

fn unreadable(column: usize, problem: &'static str) -> StoreError {
    StoreError::Column { column, problem }
}
