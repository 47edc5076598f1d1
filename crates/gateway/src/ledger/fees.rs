//! What each account pays for its payments: agreed per currency, and nothing where nothing was agreed.

use ayni_domain::currency::Currency;
use ayni_domain::fee::FeeTerms;
use ayni_domain::ids::AccountId;
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;

use super::sql;

/// What an account pays for payments that arrive in this currency (that of the bank account, so pesos for UF).
pub fn terms(tx: &mut Tx<'_>, account: AccountId, currency: Currency) -> Result<FeeTerms, StoreError> {
    Ok(sql::select_fee(tx, account, currency)?.unwrap_or_default())
}

/// All that was agreed with an account.
pub async fn list(db: &Db, account: AccountId) -> Result<Vec<(Currency, FeeTerms)>, StoreError> {
    db.point("ledger.fees", move |tx| sql::select_fees(tx, account))
        .await
}

/// Agrees on what an account pays from now on; payments whose money was seen keep what they paid.
pub async fn agree(
    db: &Db,
    account: AccountId,
    currency: Currency,
    terms: FeeTerms,
) -> Result<(), StoreError> {
    db.write("ledger.agree-fee", move |tx| {
        sql::upsert_fee(tx, account, currency, terms)
    })
    .await
}
