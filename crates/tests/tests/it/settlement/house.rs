//! What the tests of settlements share: payout accounts, paid payments, what was settled.

use anyhow::{Context as _, Result};
use ayni_domain::currency::Currency;
use ayni_domain::custody::Custody;
use ayni_domain::ids::AccountId;
use ayni_domain::ledger::purpose::Purpose;
use ayni_domain::money::Amount;
use ayni_domain::payout_account::{AccountType, PayoutAccount};
use ayni_domain::rut::Rut;
use ayni_gateway::ledger::correct::{self, Correction};
use ayni_gateway::merchants::collecting::{self, CollectingAccount, NewCollectingAccount};
use ayni_gateway::merchants::payout_accounts;
use ayni_gateway::settlement::commands::{self, Filter, Shown};
use ayni_gateway::settlement::{Settlement, run};
use ayni_sandbox::account::AccountNumber;
use ayni_store::error::StoreError;
use ayni_testkit::gateway::{MERCHANT_RUT, TestGateway};
use ayni_testkit::truth::rows;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::bodies::payment;

/// Whose account at DemoBank the merchant's money is paid to.
pub const PAYOUT_RUT: &str = "78.123.456-7";

/// Sets where the merchant's pesos are paid: an account at DemoBank. From then on runs are scheduled.
pub async fn set_payout_account(gateway: &TestGateway) -> Result<()> {
    gateway.work().await?;
    set_payout_account_of(gateway, gateway.receiver_id, PAYOUT_RUT).await
}

/// The same for another account.
pub async fn set_payout_account_of(gateway: &TestGateway, receiver_id: i64, rut: &str) -> Result<()> {
    let holder = Rut::parse(rut)?;
    let number = AccountNumber::of(holder, Currency::Clp).context("no account in pesos")?;
    let to = PayoutAccount {
        currency: Currency::Clp,
        bank_id: "Bawdf".to_owned(),
        account_type: AccountType::Checking,
        number: number.to_string(),
        holder_name: "Comercio de prueba SpA".to_owned(),
        holder_identifier: holder.plain(),
        holder_email: "pagos@comercio.example".to_owned(),
    };
    set(gateway, receiver_id, to).await
}

/// Sets any payout account.
pub async fn set(gateway: &TestGateway, receiver_id: i64, to: PayoutAccount) -> Result<()> {
    let now = gateway.clock.now();
    let set = gateway.app.db.write("test.payout-account", move |tx| {
        payout_accounts::set(tx, AccountId(receiver_id), &to, now)
    });
    Ok(set.await.map_err(|error: StoreError| error)?)
}

/// A payment with these fields whose money was seen.
pub async fn paid(gateway: &TestGateway, fields: &Value) -> Result<String> {
    let body = payment(fields);
    let id = gateway.create(body.clone()).await?;
    let pesos = body["amount"].as_i64().context("an amount in pesos")?;
    gateway
        .bank
        .transfer("44.444.444-4", MERCHANT_RUT, pesos, &id)
        .await?;
    gateway.advance(SignedDuration::from_secs(31)).await?;
    anyhow::ensure!(
        gateway.payment(&id).await?["status"] == "done",
        "{id} was not paid"
    );
    Ok(id)
}

/// A payment of a thousand pesos whose money was seen.
pub async fn paid_plain(gateway: &TestGateway) -> Result<String> {
    paid(gateway, &json!({})).await
}

/// Moves the clock to this instant at once, and does what fell due: of several runs that were missed, the last.
pub async fn until(gateway: &TestGateway, instant: &str) -> Result<()> {
    let goal: jiff::Timestamp = instant.parse()?;
    gateway.advance(goal.duration_since(gateway.clock.now())).await?;
    // What was ordered is seen on the statement at its next readings.
    for _ in 0..2 {
        gateway.advance(SignedDuration::from_secs(31)).await?;
    }
    Ok(())
}

/// Makes the settlements that are due now; how many.
pub async fn run_now(gateway: &TestGateway) -> Result<u64> {
    let made = run::run(&gateway.app, None).await?.made;
    gateway.work().await?;
    Ok(made)
}

/// Every settlement, oldest first.
pub async fn all(gateway: &TestGateway) -> Result<Vec<Settlement>> {
    let filter = Filter {
        limit: 1000,
        ..Filter::default()
    };
    let mut found = commands::list(&gateway.app.db, filter).await?;
    found.reverse();
    Ok(found)
}

/// The only settlement, with its lines.
pub async fn only(gateway: &TestGateway) -> Result<Shown> {
    let found = all(gateway).await?;
    anyhow::ensure!(found.len() == 1, "{} settlements", found.len());
    Ok(commands::show(&gateway.app.db, &found[0].id).await?)
}

/// Somebody pays so many pesos into the merchant's bank account and names no payment.
pub async fn transfer_unasked(gateway: &TestGateway, pesos: i64) -> Result<()> {
    let bank = &gateway.bank;
    bank.transfer("44.444.444-4", MERCHANT_RUT, pesos, "sin código")
        .await?;
    Ok(())
}

/// Moves pesos between two of the ledger's accounts, as an operator does.
pub async fn correct(gateway: &TestGateway, from: Purpose, to: Purpose, pesos: i64) -> Result<()> {
    let accounts = collecting::list(&gateway.app.db, AccountId(gateway.receiver_id)).await?;
    let account = accounts
        .into_iter()
        .find(|account| account.currency == Currency::Clp);
    let new = Correction {
        account: account.context("no account in pesos")?.uuid,
        from,
        to,
        amount: Amount::from_units(pesos),
        reason: "prueba".to_owned(),
    };
    correct::correct(&gateway.app, new).await?;
    Ok(())
}

/// What the ledger says of an account, in pesos: below zero is owed.
pub async fn balance(gateway: &TestGateway, kind: &str, owner: i64) -> Result<i64> {
    let mut sum = 0;
    for row in rows(&gateway.app.db, SELECT_BALANCES).await? {
        if row.str(0)? == kind && row.int(1)? == owner {
            sum += row.int(2)? / 10_000;
        }
    }
    Ok(sum)
}

/// What DemoBank transferred to the payout account, in pesos, oldest first.
pub fn paid_out(gateway: &TestGateway) -> Result<Vec<i64>> {
    let number = AccountNumber::of(Rut::parse(PAYOUT_RUT)?, Currency::Clp).context("no account")?;
    let number = number.to_string();
    let book = gateway.bank.book()?;
    let mine = book.iter().filter(|entry| entry.destination == number);
    Ok(mine
        .map(|entry| entry.amount.ten_thousandths() / 10_000)
        .collect())
}

/// A collecting account in pesos of the gateway's, whose statement nobody reads; it is the merchant's first choice from
/// then on only where it is named.
pub async fn account_without_login(gateway: &TestGateway, number: &str) -> Result<CollectingAccount> {
    let new = NewCollectingAccount {
        account: AccountId(gateway.receiver_id),
        bank_id: "Bawdf".to_owned(),
        currency: Currency::Clp,
        number: number.to_owned(),
        holder_name: "Operador SpA".to_owned(),
        holder_identifier: "761111116".to_owned(),
        holder_email: "caja@operador.example".to_owned(),
        custody: Custody::Gateway,
    };
    Ok(collecting::add(&gateway.app, new, None).await?)
}

const SELECT_BALANCES: &str = "SELECT kind, owner, balance FROM ledger_balances ORDER BY collecting_id";
