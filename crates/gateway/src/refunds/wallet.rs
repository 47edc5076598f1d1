//! A merchant's wallet: money on a bank account of the operator's out of which refunds are paid, however long ago their
//! payments were settled. It is topped up by a transfer that carries the wallet's reference, and by nothing else.

use ayni_connectors::statement::StatementLine;
use ayni_domain::currency::Currency;
use ayni_domain::ids::{AccountId, OrderId};
use ayni_domain::ledger::purpose::Purpose;
use ayni_domain::matching::ids_in;
use ayni_domain::money::Amount;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;

use super::sql;
use crate::app::App;
use crate::http::error::ApiError;
use crate::ledger;
use crate::merchants::Account;
use crate::merchants::collecting::{self, CollectingAccount};
use crate::orders;

/// A wallet that can be topped up.
#[derive(Clone, Debug)]
pub(super) struct Wallet {
    /// Twelve lower-case letters and digits that a top-up carries.
    pub(super) reference: OrderId,
    /// Whose it is.
    pub(super) account: AccountId,
    /// The bank account on which its money lies.
    pub(super) home: CollectingAccount,
    /// What it holds.
    pub(super) balance: Amount,
}

/// The bank account on which an account's wallet of a currency lies; `None` where the operator holds no such account.
pub(super) fn home(
    tx: &mut Tx<'_>,
    account: &Account,
    currency: Currency,
) -> Result<Option<CollectingAccount>, StoreError> {
    collecting::first_held(tx, account.id, account.integrator, currency)
}

/// What an account's wallet holds there.
pub(super) fn balance(tx: &mut Tx<'_>, collecting_id: i64, account: AccountId) -> Result<Amount, StoreError> {
    let owed = ledger::balance(tx, collecting_id, Purpose::wallet(account))?;
    Ok(Amount::ZERO.checked_sub(owed).unwrap_or(Amount::ZERO))
}

/// The account's wallet of a currency, with its reference, which is drawn when it is first asked for.
pub(super) async fn open(
    app: &App,
    account: &Account,
    currency: Currency,
) -> Result<Option<Wallet>, ApiError> {
    let (reference, now, account) = (orders::draw_id(app), app.clock.now(), account.clone());
    let found = {
        let account = account.clone();
        let read = move |tx: &mut Tx<'_>| find(tx, &account, currency);
        app.db.point("refunds.wallet", read).await?
    };
    if found.is_some() {
        return Ok(found);
    }
    app.db
        .append("refunds.open-wallet", move |tx| {
            if let Some(home) = home(tx, &account, currency)? {
                sql::insert_wallet(tx, reference, account.id, home.id, now)?;
            }
            find(tx, &account, currency)
        })
        .await
        .map_err(Into::into)
}

/// The wallet that a top-up's reference belongs to.
pub(super) fn by_reference(tx: &mut Tx<'_>, reference: OrderId) -> Result<Option<Wallet>, StoreError> {
    let Some((account, collecting_id)) = sql::select_wallet(tx, reference)? else {
        return Ok(None);
    };
    let Some(home) = collecting::find(tx, collecting_id)? else {
        return Ok(None);
    };
    Ok(Some(Wallet {
        reference,
        account,
        balance: balance(tx, collecting_id, account)?,
        home,
    }))
}

/// Whose wallet a credit tops up: the one whose reference is the only word in its text that could be an identifier, on
/// the bank account on which that wallet lies.
pub fn of_credit(
    tx: &mut Tx<'_>,
    collecting_id: i64,
    line: &StatementLine,
) -> Result<Option<AccountId>, StoreError> {
    let named = ids_in(&line.reference);
    let [only] = named.as_slice() else {
        return Ok(None);
    };
    let Ok(reference) = OrderId::parse(only.as_str()) else {
        return Ok(None);
    };
    let wallet = sql::select_wallet(tx, reference)?;
    Ok(wallet
        .filter(|(_, home)| *home == collecting_id && line.amount > Amount::ZERO)
        .map(|(account, _)| account))
}

fn find(tx: &mut Tx<'_>, account: &Account, currency: Currency) -> Result<Option<Wallet>, StoreError> {
    let Some(home) = home(tx, account, currency)? else {
        return Ok(None);
    };
    let Some(reference) = sql::select_reference(tx, account.id, home.id)? else {
        return Ok(None);
    };
    Ok(Some(Wallet {
        reference,
        account: account.id,
        balance: balance(tx, home.id, account.id)?,
        home,
    }))
}
