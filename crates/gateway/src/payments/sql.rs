//! All SQL of payments.

use ayni_domain::creation::details::PaymentDetails;
use ayni_domain::currency::Currency;
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
use super::create::PaymentRow;
use super::history::PastEvent;
use super::list::{Status, Wanted};
use super::picture::Picture;

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    SELECT_PAYMENT,
    UPDATE_STATE,
    INSERT_EVENT,
    SELECT_EVENTS,
    INSERT_PAYMENT,
    INSERT_CUSTOM,
    SELECT_CUSTOM,
    SELECT_PAYMENT_WITH_CUSTOM,
    SELECT_PAGE,
    SELECT_PAGE_OF_STATUS,
    SELECT_PAGE_OF_TRANSACTION,
    SELECT_RECENT_OPEN,
    UPSERT_PICTURE,
    HAS_PICTURE,
    SELECT_PICTURE,
];

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

pub(super) const SELECT_EVENTS: &str = "\
    SELECT number, at, kind, state, data FROM payment_events WHERE payment_id = $1 ORDER BY number";

pub(super) fn select_events(tx: &mut Tx<'_>, id: PaymentId) -> Result<Vec<PastEvent>, StoreError> {
    let event = |row: &Row| {
        Ok(PastEvent {
            number: row.int(0)?,
            at: time::from_ms(row.int(1)?),
            kind: row.text(2)?,
            state: row.text(3)?,
            data: row.text(4)?,
        })
    };
    tx.all(SELECT_EVENTS, &[id.as_str().into()])?
        .iter()
        .map(event)
        .collect()
}

pub(super) const INSERT_PAYMENT: &str = "\
    INSERT INTO payments (id, account_id, collecting_id, created_at, expires_at, amount, currency, state, events, \
                          subject, transaction_id, details) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, 'pending', 0, $8, $9, $10) ON CONFLICT (id) DO NOTHING";

/// False where the identifier is taken.
pub(super) fn insert_payment(tx: &mut Tx<'_>, row: &PaymentRow) -> Result<bool, StoreError> {
    let PaymentRow {
        id,
        account,
        created_at,
        new,
        details,
    } = row;
    let inserted = tx.exec(
        INSERT_PAYMENT,
        &[
            id.as_str().into(),
            account.0.into(),
            new.collecting_id.into(),
            created_at.as_millisecond().into(),
            new.expires_at.as_millisecond().into(),
            new.amount.ten_thousandths().into(),
            new.currency.code().into(),
            new.subject.as_str().into(),
            new.transaction_id.as_deref().into(),
            details.as_deref().into(),
        ],
    )?;
    Ok(inserted == 1)
}

pub(super) const INSERT_CUSTOM: &str = "INSERT INTO payment_customs (payment_id, custom) VALUES ($1, $2)";

pub(super) fn insert_custom(tx: &mut Tx<'_>, id: PaymentId, custom: &str) -> Result<(), StoreError> {
    tx.exec(INSERT_CUSTOM, &[id.as_str().into(), custom.into()])?;
    Ok(())
}

pub(super) const SELECT_CUSTOM: &str = "SELECT custom FROM payment_customs WHERE payment_id = $1";

pub(super) fn select_custom(tx: &mut Tx<'_>, id: PaymentId) -> Result<Option<String>, StoreError> {
    tx.one(SELECT_CUSTOM, &[id.as_str().into()])?
        .map(|row| row.text(0))
        .transpose()
}

pub(super) const SELECT_PAYMENT_WITH_CUSTOM: &str = "\
    SELECT p.id, p.account_id, p.collecting_id, p.created_at, p.expires_at, p.amount, p.currency, p.state, \
           p.events, p.subject, p.transaction_id, p.details, c.custom \
    FROM payments p LEFT JOIN payment_customs c ON c.payment_id = p.id WHERE p.id = $1";

pub(super) fn select_payment_with_custom(
    tx: &mut Tx<'_>,
    id: PaymentId,
) -> Result<Option<(Payment, Option<String>)>, StoreError> {
    let Some(row) = tx.one(SELECT_PAYMENT_WITH_CUSTOM, &[id.as_str().into()])? else {
        return Ok(None);
    };
    Ok(Some((payment(&row)?, row.opt_text(12)?)))
}

pub(super) const SELECT_PAGE: &str = "\
    SELECT id, account_id, collecting_id, created_at, expires_at, amount, currency, state, events, subject, \
           transaction_id, details FROM payments \
    WHERE account_id = $1 AND created_at >= $2 AND (created_at, id) < ($3, $4) AND ($6 = '' OR substr(state, 1, 4) = $6) \
    ORDER BY created_at DESC, id DESC LIMIT $5";

pub(super) const SELECT_PAGE_OF_STATUS: &str = "\
    SELECT id, account_id, collecting_id, created_at, expires_at, amount, currency, state, events, subject, \
           transaction_id, details FROM payments \
    WHERE account_id = $1 AND created_at >= $2 AND (created_at, id) < ($3, $4) \
          AND state <> 'pending' AND substr(state, 1, 4) = $6 \
    ORDER BY created_at DESC, id DESC LIMIT $5";

pub(super) const SELECT_PAGE_OF_TRANSACTION: &str = "\
    SELECT id, account_id, collecting_id, created_at, expires_at, amount, currency, state, events, subject, \
           transaction_id, details FROM payments \
    WHERE account_id = $1 AND created_at >= $2 AND (created_at, id) < ($3, $4) AND transaction_id = $7 \
          AND ($6 = '' OR substr(state, 1, 4) = $6) \
    ORDER BY created_at DESC, id DESC LIMIT $5";

/// Payments of an account in the order of lists, one of three texts so that each walks an index.
pub(super) fn select_page(
    tx: &mut Tx<'_>,
    account: AccountId,
    wanted: &Wanted,
    limit: i64,
) -> Result<Vec<Payment>, StoreError> {
    let status = wanted.status.map_or("", Status::prefix);
    let (before_ms, before_id) = wanted.before.key();
    let params = [
        account.0.into(),
        wanted.from_ms.into(),
        before_ms.into(),
        before_id.into(),
        limit.into(),
        status.into(),
        wanted.transaction_id.as_deref().into(),
    ];
    let rows = match (&wanted.transaction_id, status) {
        (Some(_), _) => tx.all(SELECT_PAGE_OF_TRANSACTION, &params)?,
        (None, "" | "pend") => tx.all(SELECT_PAGE, &params[..6])?,
        (None, _) => tx.all(SELECT_PAGE_OF_STATUS, &params[..6])?,
    };
    rows.iter().map(payment).collect()
}

/// Looks at the newest payments only, so that it costs the same however many there are.
pub(super) const SELECT_RECENT_OPEN: &str = "\
    SELECT id, account_id, collecting_id, created_at, expires_at, amount, currency, state, events, subject, \
           transaction_id, details \
    FROM (SELECT * FROM payments WHERE account_id = $1 ORDER BY created_at DESC, id DESC LIMIT $4) AS newest \
    WHERE currency = $2 AND amount = $3 AND state IN ('pending', 'verifying') \
    ORDER BY created_at DESC, id DESC LIMIT 10";

pub(super) fn select_recent_open(
    tx: &mut Tx<'_>,
    account: AccountId,
    (currency, amount): (Currency, Amount),
    limit: i64,
) -> Result<Vec<Payment>, StoreError> {
    let params = [
        account.0.into(),
        currency.code().into(),
        amount.ten_thousandths().into(),
        limit.into(),
    ];
    tx.all(SELECT_RECENT_OPEN, &params)?.iter().map(payment).collect()
}

pub(super) const UPSERT_PICTURE: &str = "\
    INSERT INTO pictures (payment_id, content_type, bytes) VALUES ($1, $2, $3) \
    ON CONFLICT (payment_id) DO UPDATE SET content_type = excluded.content_type, bytes = excluded.bytes";

pub(super) fn upsert_picture(tx: &mut Tx<'_>, id: &str, picture: &Picture) -> Result<(), StoreError> {
    let bytes: &[u8] = &picture.bytes;
    tx.exec(
        UPSERT_PICTURE,
        &[id.into(), picture.content_type.as_str().into(), bytes.into()],
    )?;
    Ok(())
}

pub(super) const HAS_PICTURE: &str = "SELECT 1 FROM pictures WHERE payment_id = $1";

pub(super) fn has_picture(tx: &mut Tx<'_>, id: PaymentId) -> Result<bool, StoreError> {
    Ok(tx.one(HAS_PICTURE, &[id.as_str().into()])?.is_some())
}

pub(super) const SELECT_PICTURE: &str = "SELECT content_type, bytes FROM pictures WHERE payment_id = $1";

pub(super) fn select_picture(tx: &mut Tx<'_>, id: PaymentId) -> Result<Option<Picture>, StoreError> {
    let Some(row) = tx.one(SELECT_PICTURE, &[id.as_str().into()])? else {
        return Ok(None);
    };
    Ok(Some(Picture {
        content_type: row.text(0)?,
        bytes: row.bytes(1)?.into(),
    }))
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
        details: PaymentDetails::from_row(row.opt_str(11)?)
            .map_err(|_| unreadable(11, "is no payment's details"))?,
    })
}

fn unreadable(column: usize, problem: &'static str) -> StoreError {
    StoreError::Column { column, problem }
}
