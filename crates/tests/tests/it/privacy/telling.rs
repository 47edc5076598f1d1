//! What is no payment's of a person: consents, the console, lines of statements; and payments that can't be read.

use anyhow::{Context as _, Result};
use ayni_domain::ids::AccountId;
use ayni_domain::personal::Person;
use ayni_domain::role::Role;
use ayni_gateway::console::audit::Actor;
use ayni_gateway::merchants::users;
use ayni_gateway::privacy::{PrivacyError, erase, export};
use ayni_gateway::reconciliation::giving_back::{Way, return_money};
use ayni_gateway::witness::Witness;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use ayni_testkit::account;
use ayni_testkit::client::register;
use ayni_testkit::console::OWNER;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::person::Person as Browser;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{EMAIL, NEEDLES, RUT, paid, told_of};
use crate::reconciliation::movements::{account_in_pesos, arrives};

on_both_engines!(
    an_export_tells_consents_and_what_somebody_did_at_the_console,
    another_account_is_told_nothing_of_a_person_at_the_console,
    whom_no_account_has_as_user_any_more_is_taken_out_of_the_sign_in,
    money_that_was_sent_back_is_told_and_erased_with_who_sent_it,
    a_payment_that_can_not_be_read_is_told_as_it_lies_and_named_by_the_erasure,
);

async fn bundle(gateway: &TestGateway, account: i64, rut: &str, email: &str) -> Result<Value> {
    let account = AccountId(account);
    let actor = Actor::operator(&gateway.app, account);
    Ok(export::export(&gateway.app, account, &Person::of(rut, email)?, &actor).await?)
}

async fn erased(gateway: &TestGateway, rut: &str, email: &str) -> Result<erase::Erased, PrivacyError> {
    let account = AccountId(gateway.receiver_id);
    let actor = Actor::operator(&gateway.app, account);
    erase::erase(&gateway.app, account, &Person::of(rut, email)?, &actor).await
}

async fn an_export_tells_consents_and_what_somebody_did_at_the_console(gateway: &TestGateway) -> Result<()> {
    let client = register(gateway, false).await?;
    client.tokens(gateway, &mut Browser::at(gateway)).await?;
    let owner = gateway.console().await?;
    let told = bundle(gateway, gateway.receiver_id, RUT, OWNER).await?;
    assert_eq!(told["consents"][0]["client_id"], client.id.as_str());
    assert!(
        told["consents"][0]["institution"]
            .as_str()
            .is_some_and(|name| name.contains("servipag"))
    );
    let console = &told["console"];
    assert_eq!(console["user"]["role"], "owner");
    assert_eq!(console["person"]["has_second_factor"], false);
    assert_eq!(console["sessions"].as_array().map(Vec::len), Some(1));
    let acts = console["audit"].as_array().context("no acts")?;
    assert!(
        acts.iter()
            .any(|act| act["action"] == "session.start" && act["by_the_person"] == true)
    );
    let token = owner.cookie("ayni-console").unwrap_or_default();
    assert!(!token.is_empty() && !told.to_string().contains(token));
    assert!(!told.to_string().contains("argon2"));
    Ok(())
}

async fn another_account_is_told_nothing_of_a_person_at_the_console(gateway: &TestGateway) -> Result<()> {
    gateway.console().await?;
    let other = account::open(&gateway.app, "77.777.777-7", None).await?;
    let stranger = "otra@example.com";
    gateway
        .console_of(gateway.receiver_id, stranger, Role::ReadOnly)
        .await?;
    let told = bundle(gateway, other.receiver_id, "", stranger).await?;
    assert_eq!(told["console"]["user"], Value::Null);
    assert_eq!(told["console"]["person"], Value::Null);
    assert_eq!(told["console"]["sessions"], json!([]));
    assert_eq!(told["console"]["audit"], json!([]));
    Ok(())
}

async fn whom_no_account_has_as_user_any_more_is_taken_out_of_the_sign_in(
    gateway: &TestGateway,
) -> Result<()> {
    let account = AccountId(gateway.receiver_id);
    gateway
        .console_of(gateway.receiver_id, EMAIL, Role::Collector)
        .await?;
    let refused = erased(gateway, "", EMAIL).await;
    assert!(matches!(refused, Err(PrivacyError::IsUser)), "{refused:?}");
    users::remove(&gateway.app, account, EMAIL).await?;
    erased(gateway, "", EMAIL).await?;
    let left = told_of(gateway, &[EMAIL]).await?;
    let log: Vec<_> = left
        .iter()
        .filter(|column| !column.starts_with("audit."))
        .collect();
    assert!(log.is_empty(), "{left:?}");

    // Whoever nobody erases goes by the end of the next night but one.
    let other = "otra@ejemplo.example";
    gateway
        .console_of(gateway.receiver_id, other, Role::Collector)
        .await?;
    users::remove(&gateway.app, account, other).await?;
    gateway.work().await?;
    gateway.advance(SignedDuration::from_hours(48)).await?;
    assert!(!told_of(gateway, &[other]).await?.contains("console_people.email"));
    Ok(())
}

async fn money_that_was_sent_back_is_told_and_erased_with_who_sent_it(gateway: &TestGateway) -> Result<()> {
    let movement = arrives(gateway, RUT, 1000, "sin código").await?;
    let waiting = erased(gateway, RUT, "").await;
    assert!(matches!(waiting, Err(PrivacyError::InFlight(_))), "{waiting:?}");
    let account = account_in_pesos(gateway).await?;
    let way = Way::Ordered(None);
    return_money(&gateway.app, &account, &movement.id, way, Witness::nobody()).await?;
    let going = erased(gateway, RUT, "").await;
    assert!(matches!(going, Err(PrivacyError::InFlight(_))), "{going:?}");
    for _ in 0..3 {
        gateway.advance(SignedDuration::from_secs(31)).await?;
    }
    let told = bundle(gateway, gateway.receiver_id, RUT, "").await?;
    let returned = &told["movements"][0]["returns"][0];
    assert_eq!(returned["holder_identifier"], "111111111", "{told}");
    erased(gateway, RUT, "").await?;
    let left = told_of(gateway, &NEEDLES).await?;
    assert!(left.is_empty(), "{left:?}");
    Ok(())
}

async fn a_payment_that_can_not_be_read_is_told_as_it_lies_and_named_by_the_erasure(
    gateway: &TestGateway,
) -> Result<()> {
    let other = paid(gateway, "").await?;
    let damaged = gateway
        .create(json!({ "amount": 1, "currency": "CLP", "subject": "x", "payer_email": EMAIL }))
        .await?;
    let id = damaged.clone();
    let work = move |tx: &mut Tx<'_>| {
        tx.exec(
            "UPDATE payments SET details = '{' || details WHERE id = $1",
            &[id.as_str().into()],
        )
    };
    let written: Result<u64, StoreError> = gateway.app.db.write("test.damage", work).await;
    assert_eq!(written?, 1);
    let told = bundle(gateway, gateway.receiver_id, RUT, EMAIL).await?;
    let payments = told["payments"].as_array().context("no payments")?;
    let unread = payments
        .iter()
        .find(|one| one["payment"].is_null())
        .context("all are read")?;
    assert!(
        unread["stored"]["payments.details"][0]
            .as_str()
            .is_some_and(|text| text.contains(EMAIL))
    );
    let outcome = erased(gateway, RUT, EMAIL).await;
    let Err(PrivacyError::Unreadable(which)) = outcome else {
        anyhow::bail!("{outcome:?}");
    };
    assert_eq!(which, [damaged]);
    let left = gateway.payment(&other).await?["payer_email"].clone();
    assert!(
        left.as_str().is_some_and(|left| left.starts_with("erased-")),
        "{left}"
    );
    Ok(())
}
