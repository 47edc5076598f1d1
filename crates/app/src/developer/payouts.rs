//! Where a developer account's settled money is paid: accounts at DemoBank of another RUT than the one that collects, so
//! that payouts are seen to arrive.

use ayni_domain::ids::AccountId;
use ayni_domain::payout_account::{AccountType, PayoutAccount};
use ayni_domain::rut::Rut;
use ayni_gateway::app::Shared;
use ayni_gateway::merchants::{Account, payout_accounts};
use ayni_store::error::StoreError;

use super::{bank_accounts, demo_bank, login_of};
use crate::config::Config;

/// Sets the payout accounts that are missing, as after a first start that was cut off.
pub async fn ensure(app: &Shared, config: &Config, account: &Account) -> anyhow::Result<()> {
    let id = account.id;
    let set = app
        .db
        .read("app.payout-accounts", move |tx| payout_accounts::list(tx, id))
        .await
        .map_err(|error: StoreError| error)?;
    if !set.is_empty() {
        return Ok(());
    }
    let Some(holder) = rut(id) else { return Ok(()) };
    let bank_id = demo_bank(app)?.id.clone();
    let found = bank_accounts(app, config, &login_of(holder.formatted())).await?;
    let accounts: Vec<PayoutAccount> = found
        .into_iter()
        .map(|found| PayoutAccount {
            currency: found.currency,
            bank_id: bank_id.clone(),
            account_type: AccountType::Checking,
            number: found.number,
            holder_name: account.name.clone(),
            holder_identifier: holder.plain(),
            holder_email: account.email.clone(),
        })
        .collect();
    let now = app.clock.now();
    app.db
        .write("app.payout-accounts", move |tx| {
            accounts
                .iter()
                .try_for_each(|to| payout_accounts::set(tx, id, to, now))
        })
        .await
        .map_err(|error: StoreError| error)?;
    Ok(())
}

/// A company's RUT that only this account's payouts have.
fn rut(account: AccountId) -> Option<Rut> {
    let id = u32::try_from(account.0).ok()?;
    Rut::from_body(FIRST_PAYOUT_RUT + id)
}

const FIRST_PAYOUT_RUT: u32 = 78_000_000;
