//! Merchants' accounts, as an operator opens them.

use anyhow::{Context as _, Result};
use ayni_connectors::statement::BankLogin;
use ayni_domain::custody::Custody;
use ayni_domain::ids::AccountId;
use ayni_domain::privilege::{Mode, Privileges};
use ayni_domain::rut::Rut;
use ayni_gateway::app::Shared;
use ayni_gateway::merchants::accounts::{self, NewAccount};
use ayni_gateway::merchants::collecting::{self, CollectingAccount, NewCollectingAccount};
use ayni_gateway::merchants::{self, keys};

/// An account that can collect, and what opens it.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its `receiver_id`.
    pub receiver_id: i64,
    /// Signs its notifications.
    pub secret: String,
    /// Its API key.
    pub api_key: String,
}

/// Opens a developer account with a key, and its DemoBank account in each currency, found by logging in to the bank.
/// Each account of a gateway needs a RUT of its own.
pub async fn open(app: &Shared, rut: &str, notify_url: Option<String>) -> Result<Account> {
    let new = NewAccount {
        name: None,
        email: "cobros@comercio.example".to_owned(),
        mode: Mode::Developer,
        privileges: Privileges::of_a_developer(),
        notify_url,
        integrator: None,
    };
    let made = accounts::create(app, new).await?;
    let key = keys::create(app, made.account.id, "test", None).await?;
    add_collecting(app, &made.account, rut, Custody::Gateway).await?;
    Ok(Account {
        receiver_id: made.account.id.0,
        secret: made.secret.to_string(),
        api_key: key.to_string(),
    })
}

/// Gives an account bank accounts of the merchant's own at DemoBank: this RUT's account in each currency.
pub async fn add_own(app: &Shared, account: i64, rut: &str) -> Result<Vec<CollectingAccount>> {
    let account = accounts::find(&app.db, AccountId(account)).await?;
    add_collecting(app, &account, rut, Custody::Own).await
}

async fn add_collecting(
    app: &Shared,
    owner: &merchants::Account,
    rut: &str,
    custody: Custody,
) -> Result<Vec<CollectingAccount>> {
    let rut = Rut::parse(rut)?;
    let login = BankLogin {
        rut: rut.formatted(),
        password: "1234".to_owned(),
        coordinates: Some("11 22 33".to_owned()),
    };
    let bank = app
        .connectors
        .for_bank("demo-bank")
        .context("no connector for DemoBank")?;
    let mut added = Vec::new();
    for account in bank.accounts(&login).await? {
        let new = NewCollectingAccount {
            account: owner.id,
            bank_id: "Bawdf".to_owned(),
            currency: account.currency,
            number: account.number,
            holder_name: "Comercio de prueba SpA".to_owned(),
            holder_identifier: rut.plain(),
            holder_email: owner.email.clone(),
            custody,
        };
        added.push(collecting::add(app, new, Some(&login)).await?);
    }
    Ok(added)
}

/// Replaces a collecting account's bank login, as an operator does; the bank is not asked.
pub async fn replace_login(app: &Shared, uuid: &str, rut: &str, password: &str) -> Result<()> {
    replace_login_and_card(app, uuid, rut, password, Some("11 22 33")).await
}

/// The same with other answers of the matrix card, or none.
pub async fn replace_login_and_card(
    app: &Shared,
    uuid: &str,
    rut: &str,
    password: &str,
    coordinates: Option<&str>,
) -> Result<()> {
    let account = collecting::find_by_uuid(&app.db, uuid).await?;
    let login = BankLogin {
        rut: rut.to_owned(),
        password: password.to_owned(),
        coordinates: coordinates.map(str::to_owned),
    };
    collecting::replace_login(app, account, &login).await?;
    Ok(())
}
