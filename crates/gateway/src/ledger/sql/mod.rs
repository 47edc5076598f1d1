//! All SQL of the ledger.

pub(super) mod check;
pub(super) mod list;

use ayni_domain::currency::Currency;
use ayni_domain::fee::FeeTerms;
use ayni_domain::fee::rate::Rate;
use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::ledger::Transaction;
use ayni_domain::ledger::purpose::Purpose;
use ayni_domain::money::Amount;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::statement::Known;

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    INSERT_TRANSACTION,
    INSERT_POSTING,
    ADD_TO_BALANCE,
    SELECT_BALANCE,
    SELECT_STATEMENT,
    UPSERT_STATEMENT,
    SELECT_FEE,
    SELECT_FEES,
    UPSERT_FEE,
    check::SELECT_TRANSACTIONS,
    check::COUNT_POSTINGS,
    check::SELECT_BALANCES,
    check::SELECT_BANK_ACCOUNTS,
    list::SELECT_BALANCES,
    list::SELECT_BALANCES_OF,
    list::SELECT_BALANCES_ON,
    list::SELECT_BALANCES_OF_ON,
    list::SELECT_LIST,
    list::SELECT_LIST_OF_PAYMENT,
    list::SELECT_POSTINGS,
    list::SELECT_ACCOUNTS,
    list::SELECT_PAGE,
];

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

pub(super) const SELECT_STATEMENT: &str =
    "SELECT lines, balance, is_open FROM ledger_statements WHERE collecting_id = $1";

pub(super) fn select_statement(tx: &mut Tx<'_>, collecting_id: i64) -> Result<Option<Known>, StoreError> {
    let Some(row) = tx.one(SELECT_STATEMENT, &[collecting_id.into()])? else {
        return Ok(None);
    };
    Ok(Some(Known {
        lines: row.int(0)?,
        balance: row.opt_int(1)?.map(Amount::from_ten_thousandths),
        is_open: row.flag(2)?,
    }))
}

pub(super) const UPSERT_STATEMENT: &str = "\
    INSERT INTO ledger_statements (collecting_id, lines, balance, is_open, stated_at) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT (collecting_id) DO UPDATE SET lines = excluded.lines, balance = excluded.balance, \
      is_open = excluded.is_open, stated_at = excluded.stated_at";

pub(super) fn upsert_statement(
    tx: &mut Tx<'_>,
    collecting_id: i64,
    known: &Known,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.exec(
        UPSERT_STATEMENT,
        &[
            collecting_id.into(),
            known.lines.into(),
            known.balance.map(Amount::ten_thousandths).into(),
            known.is_open.into(),
            now.as_millisecond().into(),
        ],
    )?;
    Ok(())
}

pub(super) const SELECT_FEE: &str =
    "SELECT rate, minimum, vat FROM account_fees WHERE account_id = $1 AND currency = $2";

pub(super) fn select_fee(
    tx: &mut Tx<'_>,
    account: AccountId,
    currency: Currency,
) -> Result<Option<FeeTerms>, StoreError> {
    tx.one(SELECT_FEE, &[account.0.into(), currency.code().into()])?
        .map(|row| terms(&row))
        .transpose()
}

pub(super) const SELECT_FEES: &str =
    "SELECT rate, minimum, vat, currency FROM account_fees WHERE account_id = $1 ORDER BY currency";

pub(super) fn select_fees(
    tx: &mut Tx<'_>,
    account: AccountId,
) -> Result<Vec<(Currency, FeeTerms)>, StoreError> {
    tx.all(SELECT_FEES, &[account.0.into()])?
        .iter()
        .map(|row| {
            let currency = row.str(3)?.parse().map_err(|_| unreadable(3, "is no currency"))?;
            Ok((currency, terms(row)?))
        })
        .collect()
}

fn terms(row: &Row) -> Result<FeeTerms, StoreError> {
    let rate =
        |column| Rate::from_parts_per_million(row.int(column)?).map_err(|_| unreadable(column, "is no rate"));
    Ok(FeeTerms {
        rate: rate(0)?,
        minimum: Amount::from_ten_thousandths(row.int(1)?),
        vat: rate(2)?,
    })
}

pub(super) const UPSERT_FEE: &str = "\
    INSERT INTO account_fees (account_id, currency, rate, minimum, vat) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT (account_id, currency) DO UPDATE SET rate = excluded.rate, minimum = excluded.minimum, \
      vat = excluded.vat";

pub(super) fn upsert_fee(
    tx: &mut Tx<'_>,
    account: AccountId,
    currency: Currency,
    terms: FeeTerms,
) -> Result<(), StoreError> {
    tx.exec(
        UPSERT_FEE,
        &[
            account.0.into(),
            currency.code().into(),
            terms.rate.parts_per_million().into(),
            terms.minimum.ten_thousandths().into(),
            terms.vat.parts_per_million().into(),
        ],
    )?;
    Ok(())
}

fn unreadable(column: usize, problem: &'static str) -> StoreError {
    StoreError::Column { column, problem }
}
