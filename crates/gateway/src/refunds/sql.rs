//! All SQL of refunds.

use ayni_domain::ids::{AccountId, OrderId, PaymentId};
use ayni_domain::money::Amount;
use ayni_domain::refund::{Kind, State};
use ayni_domain::time::from_ms;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::Refund;

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    INSERT_REFUND,
    SELECT_REFUND,
    SELECT_OF_PAYMENT,
    SELECT_LATEST,
    SELECT_LATEST_OF,
    SELECT_PAGE_OF,
    UPDATE_STATE,
    INSERT_WALLET,
    SELECT_WALLET,
    SELECT_REFERENCE,
];

macro_rules! columns {
    () => {
        "r.id, r.payment_id, r.account_id, r.collecting_id, r.kind, r.amount, r.transfer, r.state, r.requested_at, \
         r.ended_at, p.currency"
    };
}

pub(super) const INSERT_REFUND: &str = "\
    INSERT INTO refunds (id, payment_id, account_id, collecting_id, kind, amount, transfer, state, requested_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

pub(super) fn insert_refund(tx: &mut Tx<'_>, new: &Refund) -> Result<(), StoreError> {
    tx.exec(
        INSERT_REFUND,
        &[
            new.id.as_str().into(),
            new.payment.as_str().into(),
            new.account.0.into(),
            new.collecting_id.into(),
            new.kind.as_str().into(),
            new.amount.ten_thousandths().into(),
            new.transfer.ten_thousandths().into(),
            new.state.as_str().into(),
            new.requested_at.as_millisecond().into(),
        ],
    )?;
    Ok(())
}

pub(super) const SELECT_REFUND: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE r.id = $1"
);

pub(super) fn select_refund(tx: &mut Tx<'_>, id: OrderId) -> Result<Option<Refund>, StoreError> {
    tx.one(SELECT_REFUND, &[id.as_str().into()])?
        .map(|row| read(&row))
        .transpose()
}

/// A payment's refunds, the first one first; their number is bounded when they are accepted.
pub(super) const SELECT_OF_PAYMENT: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE r.payment_id = $1 ORDER BY r.requested_at, r.id"
);

pub(super) fn select_of_payment(tx: &mut Tx<'_>, payment: PaymentId) -> Result<Vec<Refund>, StoreError> {
    tx.all(SELECT_OF_PAYMENT, &[payment.as_str().into()])?
        .iter()
        .map(read)
        .collect()
}

pub(super) const SELECT_LATEST: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM refunds r JOIN payments p ON p.id = r.payment_id ORDER BY r.requested_at DESC, r.id DESC LIMIT $1"
);

pub(super) const SELECT_LATEST_OF: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE r.account_id = $2 \
     ORDER BY r.requested_at DESC, r.id DESC LIMIT $1"
);

/// The latest refunds, newest first: all of them or an account's.
pub(super) fn select_page(
    tx: &mut Tx<'_>,
    account: Option<AccountId>,
    limit: i64,
) -> Result<Vec<Refund>, StoreError> {
    let rows = match account {
        Some(account) => tx.all(SELECT_LATEST_OF, &[limit.into(), account.0.into()])?,
        None => tx.all(SELECT_LATEST, &[limit.into()])?,
    };
    rows.iter().map(read).collect()
}

pub(super) const SELECT_PAGE_OF: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM refunds r JOIN payments p ON p.id = r.payment_id \
     WHERE r.account_id = $1 AND (r.requested_at, r.id) < ($2, $3) \
     ORDER BY r.requested_at DESC, r.id DESC LIMIT $4"
);

/// An account's refunds before a place, newest first.
pub(super) fn select_page_of(
    tx: &mut Tx<'_>,
    account: AccountId,
    (before_ms, id): (i64, &str),
    limit: i64,
) -> Result<Vec<Refund>, StoreError> {
    let params = [account.0.into(), before_ms.into(), id.into(), limit.into()];
    tx.all(SELECT_PAGE_OF, &params)?.iter().map(read).collect()
}

/// The guard is the state: a refund that ended stays as it is.
pub(super) const UPDATE_STATE: &str = "\
    UPDATE refunds SET state = $2, ended_at = $3 WHERE id = $1 AND state IN ('pending', 'authorized')";

pub(super) fn update_state(
    tx: &mut Tx<'_>,
    id: OrderId,
    state: State,
    ended_at: Option<Timestamp>,
) -> Result<bool, StoreError> {
    let ended_ms = ended_at.map(Timestamp::as_millisecond);
    let params = [id.as_str().into(), state.as_str().into(), ended_ms.into()];
    Ok(tx.exec(UPDATE_STATE, &params)? == 1)
}

pub(super) const INSERT_WALLET: &str = "\
    INSERT INTO wallets (reference, account_id, collecting_id, created_at) VALUES ($1, $2, $3, $4) \
    ON CONFLICT (account_id, collecting_id) DO NOTHING";

pub(super) fn insert_wallet(
    tx: &mut Tx<'_>,
    reference: OrderId,
    account: AccountId,
    collecting_id: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.exec(
        INSERT_WALLET,
        &[
            reference.as_str().into(),
            account.0.into(),
            collecting_id.into(),
            now.as_millisecond().into(),
        ],
    )?;
    Ok(())
}

pub(super) const SELECT_WALLET: &str = "SELECT account_id, collecting_id FROM wallets WHERE reference = $1";

/// Whose wallet has this reference, and on which bank account it lies.
pub(super) fn select_wallet(
    tx: &mut Tx<'_>,
    reference: OrderId,
) -> Result<Option<(AccountId, i64)>, StoreError> {
    let Some(row) = tx.one(SELECT_WALLET, &[reference.as_str().into()])? else {
        return Ok(None);
    };
    Ok(Some((AccountId(row.int(0)?), row.int(1)?)))
}

pub(super) const SELECT_REFERENCE: &str =
    "SELECT reference FROM wallets WHERE account_id = $1 AND collecting_id = $2";

pub(super) fn select_reference(
    tx: &mut Tx<'_>,
    account: AccountId,
    collecting_id: i64,
) -> Result<Option<OrderId>, StoreError> {
    let Some(row) = tx.one(SELECT_REFERENCE, &[account.0.into(), collecting_id.into()])? else {
        return Ok(None);
    };
    let reference = OrderId::parse(row.str(0)?).map_err(|_| unreadable(0, "is no reference"))?;
    Ok(Some(reference))
}

fn read(row: &Row) -> Result<Refund, StoreError> {
    Ok(Refund {
        id: OrderId::parse(row.str(0)?).map_err(|_| unreadable(0, "is no refund's identifier"))?,
        payment: PaymentId::parse(row.str(1)?).map_err(|_| unreadable(1, "is no payment's identifier"))?,
        account: AccountId(row.int(2)?),
        collecting_id: row.int(3)?,
        kind: Kind::parse(row.str(4)?).ok_or_else(|| unreadable(4, "is no refund's kind"))?,
        amount: Amount::from_ten_thousandths(row.int(5)?),
        transfer: Amount::from_ten_thousandths(row.int(6)?),
        state: State::parse(row.str(7)?).ok_or_else(|| unreadable(7, "is no refund's state"))?,
        requested_at: from_ms(row.int(8)?),
        ended_at: row.opt_int(9)?.map(from_ms),
        currency: row
            .str(10)?
            .parse()
            .map_err(|_| unreadable(10, "is no currency"))?,
    })
}

fn unreadable(column: usize, problem: &'static str) -> StoreError {
    StoreError::Column { column, problem }
}
