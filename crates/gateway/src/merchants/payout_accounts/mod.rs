//! Where accounts' settled money is paid: one bank account of the merchant's for each currency.

mod sql;

use ayni_domain::currency::Currency;
use ayni_domain::ids::AccountId;
use ayni_domain::payout_account::PayoutAccount;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// Pays the account's money in this currency there from now on, in place of where it went before.
pub fn set(
    tx: &mut Tx<'_>,
    account: AccountId,
    payout: &PayoutAccount,
    now: Timestamp,
) -> Result<(), StoreError> {
    sql::upsert_payout_account(tx, account, payout, now)
}

/// Where the account's money in this currency is paid, if that was said.
pub fn find(
    tx: &mut Tx<'_>,
    account: AccountId,
    currency: Currency,
) -> Result<Option<PayoutAccount>, StoreError> {
    let all = list(tx, account)?;
    Ok(all.into_iter().find(|payout| payout.currency == currency))
}

/// All of an account's, by currency.
pub fn list(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<PayoutAccount>, StoreError> {
    sql::select_payout_accounts(tx, account)
}
