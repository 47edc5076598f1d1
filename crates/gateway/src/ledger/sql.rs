//! All SQL of the ledger.

use ayni_domain::ids::PaymentId;
use ayni_domain::ledger::Transaction;
use ayni_domain::ledger::purpose::Purpose;
use ayni_domain::money::Amount;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[INSERT_TRANSACTION, INSERT_POSTING, ADD_TO_BALANCE, SELECT_BALANCE];

pub(super) const INSERT_TRANSACTION: &str = "\
    INSERT INTO ledger_transactions (id, collecting_id, kind, at, payment_id, note) \
    VALUES ($1, $2, $3, $4, $5, $6)";

pub(super) fn insert_transaction(
    tx: &mut Tx<'_>,
    new: &Transaction,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.exec(
        INSERT_TRANSACTION,
        &[
            new.id.as_str().into(),
            new.collecting_id.into(),
            new.kind.into(),
            now.as_millisecond().into(),
            new.payment.as_ref().map(PaymentId::as_str).into(),
            new.note.as_deref().into(),
        ],
    )?;
    Ok(())
}

pub(super) const INSERT_POSTING: &str = "\
    INSERT INTO ledger_postings (transaction_id, kind, owner, amount) VALUES ($1, $2, $3, $4)";

pub(super) fn insert_posting(
    tx: &mut Tx<'_>,
    transaction: &str,
    purpose: Purpose,
    amount: Amount,
) -> Result<(), StoreError> {
    tx.exec(
        INSERT_POSTING,
        &[
            transaction.into(),
            purpose.kind.as_str().into(),
            purpose.owner.into(),
            amount.ten_thousandths().into(),
        ],
    )?;
    Ok(())
}

pub(super) const ADD_TO_BALANCE: &str = "\
    INSERT INTO ledger_balances (collecting_id, kind, owner, balance) VALUES ($1, $2, $3, $4) \
    ON CONFLICT (collecting_id, kind, owner) DO UPDATE SET balance = ledger_balances.balance + excluded.balance";

pub(super) fn add_to_balance(
    tx: &mut Tx<'_>,
    collecting_id: i64,
    purpose: Purpose,
    amount: Amount,
) -> Result<(), StoreError> {
    tx.exec(
        ADD_TO_BALANCE,
        &[
            collecting_id.into(),
            purpose.kind.as_str().into(),
            purpose.owner.into(),
            amount.ten_thousandths().into(),
        ],
    )?;
    Ok(())
}

pub(super) const SELECT_BALANCE: &str =
    "SELECT balance FROM ledger_balances WHERE collecting_id = $1 AND kind = $2 AND owner = $3";

pub(super) fn select_balance(
    tx: &mut Tx<'_>,
    collecting_id: i64,
    purpose: Purpose,
) -> Result<Amount, StoreError> {
    let params = &[
        collecting_id.into(),
        purpose.kind.as_str().into(),
        purpose.owner.into(),
    ];
    let row = tx.one(SELECT_BALANCE, params)?;
    let balance = row.map(|row| row.int(0)).transpose()?;
    Ok(balance.map_or(Amount::ZERO, Amount::from_ten_thousandths))
}
