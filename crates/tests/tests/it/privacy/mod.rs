//! One person's data: told as it lies there, and taken out of everything.

mod retention;
mod telling;

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use ayni_domain::ids::AccountId;
use ayni_domain::personal::Person;
use ayni_gateway::console::audit::Actor;
use ayni_gateway::ledger::check::check;
use ayni_gateway::privacy::inventory::INVENTORY;
use ayni_gateway::privacy::{PrivacyError, erase, export, find};
use ayni_store::tx::Tx;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::merchant::Merchant;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use serde_json::json;

on_both_engines!(
    after_an_erasure_nothing_tells_of_the_person_and_the_books_are_clean,
    nothing_is_erased_while_money_is_on_its_way,
    an_export_tells_every_column_and_somebody_else_is_left_alone,
);

pub const RUT: &str = "11.111.111-1";
pub const EMAIL: &str = "ana.perez@ejemplo.example";

/// What tells of Ana, however it is written.
pub const NEEDLES: [&str; 5] = ["111111111", "11111111-1", RUT, EMAIL, "Ana Pérez"];

/// A payment that names Ana wherever one may be named, and was paid by her.
pub async fn paid(gateway: &TestGateway, notify_url: &str) -> Result<String> {
    let id = gateway
        .create(json!({
            "amount": 1000, "currency": "CLP", "subject": "Arriendo de ANA.PEREZ@ejemplo.example",
            "transaction_id": "rut-11111111-1", "payer_name": "Ana Pérez", "payer_email": "Ana.Perez@Ejemplo.example",
            "custom": "{\"cliente\":\"Ana Pérez\",\"rut\":\"11.111.111-1\"}", "body": "Para Ana Pérez",
            "fixed_payer_personal_identifier": RUT, "notify_url": notify_url,
        }))
        .await?;
    let mut payer = Payer::at(gateway)?;
    payer.pay(&id, RUT, "11 22 33").await?;
    gateway.work().await?;
    Ok(id)
}

/// All texts of all tables that hold one of these, as `table.column`.
pub async fn told_of(gateway: &TestGateway, needles: &[&str]) -> Result<BTreeSet<String>> {
    let needles: Vec<String> = needles.iter().map(|needle| needle.to_lowercase()).collect();
    let mut found = BTreeSet::new();
    for table in INVENTORY {
        for column in table.personal().chain(table.other()) {
            let (name, needles) = (format!("{}.{column}", table.name), needles.clone());
            let text: &'static str = format!("SELECT {column} FROM {} LIMIT 10000", table.name).leak();
            let work = move |tx: &mut Tx<'_>| tx.all(text, &[]);
            let rows = gateway.app.db.read("test.scan", work).await?;
            let tells = rows
                .iter()
                .filter_map(|row| row.opt_text(0).ok().flatten())
                .any(|text| {
                    let text = text.to_lowercase();
                    needles.iter().any(|needle| text.contains(needle))
                });
            if tells {
                found.insert(name);
            }
        }
    }
    Ok(found)
}

async fn after_an_erasure_nothing_tells_of_the_person_and_the_books_are_clean(
    gateway: &TestGateway,
) -> Result<()> {
    let merchant = Merchant::start().await?;
    let id = paid(gateway, &merchant.url("/notify")).await?;
    let account = AccountId(gateway.receiver_id);
    let before = told_of(gateway, &NEEDLES).await?;
    for place in [
        "attempts.payer_identifier",
        "payments.details",
        "payment_customs.custom",
        "notices.body",
    ] {
        assert!(before.contains(place), "{place} is not in {before:?}");
    }
    let receipt = gateway.payment(&id).await?["receipt_url"]
        .as_str()
        .context("no receipt")?
        .to_owned();
    let person = Person::of(RUT, EMAIL)?;
    let actor = Actor::operator(&gateway.app, account);
    let erased = erase::erase(&gateway.app, account, &person, &actor).await?;
    assert_eq!(erased.payments, 1);
    let left = told_of(gateway, &NEEDLES).await?;
    assert!(left.is_empty(), "{left:?}");

    let payment = gateway.payment(&id).await?;
    assert_eq!(
        (payment["status"].as_str(), payment["amount"].as_str()),
        (Some("done"), Some("1000.0000"))
    );
    let report = check(&gateway.app.db).await?;
    assert!(report.is_clean(), "{:?}", report.differences);
    let path = receipt
        .strip_prefix(&format!("http://{}", gateway.address))
        .context("not here")?;
    let pdf = gateway.call_as("GET", path, &[]).await?;
    assert_eq!(pdf.status, 200);

    let again = erase::erase(&gateway.app, account, &person, &actor).await?;
    assert_eq!(again.payments, 0, "it is found no more");
    Ok(())
}

async fn nothing_is_erased_while_money_is_on_its_way(gateway: &TestGateway) -> Result<()> {
    let done = paid(gateway, "").await?;
    let going = gateway
        .create(json!({ "amount": 2000, "currency": "CLP", "subject": "x" }))
        .await?;
    let mut payer = Payer::at(gateway)?;
    payer.begin_by_hand(&going, RUT, EMAIL).await?;
    payer.declare().await?;
    let (account, person) = (AccountId(gateway.receiver_id), Person::of(RUT, "")?);
    let actor = Actor::operator(&gateway.app, account);
    let refused = erase::erase(&gateway.app, account, &person, &actor).await;
    let Err(PrivacyError::InFlight(what)) = refused else {
        anyhow::bail!("{refused:?}");
    };
    assert!(what.len() == 1 && what[0].contains(&going), "{what:?}");
    assert_eq!(
        gateway.payment(&done).await?["payer_email"],
        "Ana.Perez@Ejemplo.example"
    );
    Ok(())
}

async fn an_export_tells_every_column_and_somebody_else_is_left_alone(gateway: &TestGateway) -> Result<()> {
    let id = paid(gateway, "").await?;
    let other = gateway
        .create(json!({ "amount": 3000, "currency": "CLP", "subject": "x", "payer_email": "otra@ejemplo.example" }))
        .await?;
    let (account, person) = (AccountId(gateway.receiver_id), Person::of("", EMAIL)?);
    let found = find(&gateway.app, account, &person).await?;
    assert_eq!(
        found.payments.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [id.as_str()]
    );
    let actor = Actor::operator(&gateway.app, account);
    let bundle = export::export(&gateway.app, account, &person, &actor).await?;
    let told = &bundle["payments"][0];
    assert_eq!(told["payment"]["payment_id"], id.as_str());
    assert_eq!(told["stored"]["attempts.payer_identifier"], json!(["111111111"]));
    erase::erase(&gateway.app, account, &person, &actor).await?;
    assert_eq!(
        gateway.payment(&other).await?["payer_email"],
        "otra@ejemplo.example"
    );
    let elsewhere = AccountId(account.0 + 1);
    assert!(
        find(&gateway.app, elsewhere, &person).await?.payments.is_empty(),
        "an account sees its own only"
    );
    Ok(())
}
