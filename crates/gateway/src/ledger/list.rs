//! The ledger as people read it: balances, transactions with their postings, and all of it as an export.

use ayni_domain::currency::Currency;
use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::ledger::purpose::Purpose;
use ayni_domain::money::Amount;
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::sql::list as sql;

/// Which part of the ledger.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Of this merchant or integrator.
    pub owner: Option<AccountId>,
    /// Within this collecting account (its uuid).
    pub account: Option<String>,
    /// About this payment.
    pub payment: Option<PaymentId>,
}

/// One ledger account with its balance.
#[derive(Clone, Debug)]
pub struct BalanceEntry {
    /// The collecting account's uuid.
    pub account: String,
    /// Its currency.
    pub currency: Currency,
    /// The ledger account.
    pub purpose: Purpose,
    /// Above zero for what is held (`bank`), below for what is owed.
    pub balance: Amount,
}

/// A transaction as it was posted.
#[derive(Clone, Debug)]
pub struct TransactionEntry {
    /// `{kind}:{cause}`.
    pub id: String,
    /// What happened.
    pub kind: String,
    /// The collecting account's uuid.
    pub account: String,
    /// Its bank, as in `GET /v3/banks`.
    pub bank_id: String,
    /// Its currency.
    pub currency: Currency,
    /// When it was posted.
    pub at: Timestamp,
    /// The payment that it is about, or empty.
    pub payment_id: String,
    /// Why, where a person decided; or empty.
    pub note: String,
    /// Debits above zero, credits below.
    pub postings: Vec<(Purpose, Amount)>,
}

/// The balances of a part of the ledger, by collecting account; of a payment there are none.
pub async fn balances(db: &Db, wanted: Wanted, limit: u32) -> Result<Vec<BalanceEntry>, StoreError> {
    db.read("ledger.balances", move |tx| {
        sql::select_balances(tx, &wanted, limit.into())
    })
    .await
}

/// The transactions of a part of the ledger, newest first.
pub async fn transactions(db: &Db, wanted: Wanted, limit: u32) -> Result<Vec<TransactionEntry>, StoreError> {
    db.read("ledger.list", move |tx| {
        let mut found = sql::select_list(tx, &wanted, limit.into())?;
        for transaction in &mut found {
            transaction.postings = sql::select_postings(tx, &transaction.id)?;
        }
        Ok(found)
    })
    .await
}

/// The transactions of a payment, newest first.
pub fn of_payment(
    tx: &mut Tx<'_>,
    payment: PaymentId,
    limit: u32,
) -> Result<Vec<TransactionEntry>, StoreError> {
    let wanted = Wanted {
        payment: Some(payment),
        ..Wanted::default()
    };
    let mut found = sql::select_list(tx, &wanted, limit.into())?;
    for transaction in &mut found {
        transaction.postings = sql::select_postings(tx, &transaction.id)?;
    }
    Ok(found)
}

/// Where an export goes on: after the transaction of this instant and id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    at_ms: i64,
    id: String,
}

impl Place {
    /// Before the first transaction at or after an instant.
    pub fn from(at: Timestamp) -> Place {
        Place {
            at_ms: at.as_millisecond(),
            id: String::new(),
        }
    }
}

/// The collecting accounts (their uuids) that have transactions.
pub async fn accounts(db: &Db) -> Result<Vec<String>, StoreError> {
    db.read("ledger.accounts", sql::select_accounts).await
}

/// The next transactions of a collecting account, oldest first, and where to go on; none where it is over. Only those
/// posted before `until`.
pub async fn page(
    db: &Db,
    account: &str,
    after: Place,
    until: Timestamp,
) -> Result<(Vec<TransactionEntry>, Option<Place>), StoreError> {
    let account = account.to_owned();
    let found = db
        .read("ledger.export", move |tx| {
            let limits = (until.as_millisecond(), TRANSACTIONS_IN_A_PAGE);
            let mut found = sql::select_page(tx, &account, (after.at_ms, &after.id), limits)?;
            for transaction in &mut found {
                transaction.postings = sql::select_postings(tx, &transaction.id)?;
            }
            Ok::<_, StoreError>(found)
        })
        .await?;
    let next = found.last().map(|last| Place {
        at_ms: last.at.as_millisecond(),
        id: last.id.clone(),
    });
    Ok((found, next))
}

/// Transactions that an export reads at once.
const TRANSACTIONS_IN_A_PAGE: i64 = 500;
