//! The people who may collect for an account (`responsible_user_email`).

use ayni_domain::ids::AccountId;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;

use super::sql;

/// Whether this lower-case address is a user's who may collect with the account.
pub fn may_collect(tx: &mut Tx<'_>, account: AccountId, email: &str) -> Result<bool, StoreError> {
    sql::select_collecting_user(tx, account, email)
}
