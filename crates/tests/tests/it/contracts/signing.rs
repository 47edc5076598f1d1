//! No payment with a contract is authorised, nor is its destination shown, before the contract was accepted.

use anyhow::Result;
use ayni_crypto::digest::{hex, sha256};
use ayni_testkit::gateway::{MERCHANT_RUT, TestGateway};
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use ayni_testkit::person::Person;
use ayni_testkit::truth::rows;
use serde_json::json;

use super::shop::{DOCUMENT, Shop};
use crate::bodies::{payment, state};
use crate::reconciliation::movements::read_again;

on_both_engines!(
    a_transfer_is_not_sent_before_the_contract_was_accepted,
    each_attempt_is_accepted_on_its_own,
    the_destination_is_not_shown_before_the_contract_was_accepted,
    another_document_s_digest_accepts_nothing,
    a_payment_without_a_contract_asks_for_no_acceptance,
    money_that_comes_past_our_pages_is_kept_and_the_receipt_says_so,
);

/// attempt, digest, payer of every acceptance of a payment, the first one first.
async fn accepted(gateway: &TestGateway, id: &str) -> Result<Vec<(String, String, String)>> {
    const ALL: &str = "SELECT payment_id, attempt_id, sha256, payer_identifier FROM contract_acceptances ORDER BY accepted_at";
    let mut found = Vec::new();
    for row in rows(&gateway.app.db, ALL).await? {
        if row.str(0)? == id {
            found.push((row.text(1)?, hex(&row.bytes(2)?), row.text(3)?));
        }
    }
    Ok(found)
}

fn digest() -> String {
    hex(&sha256(DOCUMENT))
}

/// Ticks the box of the open page and gives the coordinates.
async fn accept_and_authorise(payer: &mut Payer, coordinates: [&str; 3]) -> Result<String> {
    let [one, two, three] = coordinates;
    let digest = digest();
    let fields = [
        ("coordinate_1", one),
        ("coordinate_2", two),
        ("coordinate_3", three),
        ("contract", digest.as_str()),
    ];
    payer.submit("#answer", &fields).await
}

async fn a_transfer_is_not_sent_before_the_contract_was_accepted(gateway: &TestGateway) -> Result<()> {
    let id = Shop::open(gateway).await?.create(gateway, "11.111.111-1").await?;
    let mut payer = Payer::at(gateway)?;
    payer.open(&format!("/payment/info/{id}")).await?;
    assert_eq!(payer.text("#contract-name").as_deref(), Some("Arriendo año.pdf"));
    assert_eq!(payer.text("#contract-sha256"), Some(digest()));
    assert_eq!(payer.text("#contract-size").as_deref(), Some("45 bytes"));
    payer.begin(&id).await?;
    payer.log_in("11.111.111-1").await?;
    assert_eq!(payer.authorise("11 22 33").await?, "coordinates");
    assert_eq!(payer.status(), 422);
    assert_eq!(
        payer.text("#problems a").as_deref(),
        Some("Para pagar debe leer el documento y aceptarlo.")
    );
    assert!(gateway.bank.book()?.is_empty() && accepted(gateway, &id).await?.is_empty());
    assert_eq!(state(gateway, &id).await?, "pending");

    assert_eq!(
        accept_and_authorise(&mut payer, ["11", "22", "33"]).await?,
        "authorised"
    );
    let found = accepted(gateway, &id).await?;
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].1.clone(), found[0].2.as_str()), (digest(), "111111111"));
    gateway.work().await?;
    assert_eq!(state(gateway, &id).await?, "done/normal");
    Ok(())
}

async fn each_attempt_is_accepted_on_its_own(gateway: &TestGateway) -> Result<()> {
    let id = Shop::open(gateway).await?.create(gateway, "11.111.111-1").await?;
    let mut payer = Payer::at(gateway)?;
    for (coordinates, ends) in [(["99", "99", "99"], "failed"), (["11", "22", "33"], "authorised")] {
        payer.begin(&id).await?;
        payer.log_in("11.111.111-1").await?;
        assert_eq!(accept_and_authorise(&mut payer, coordinates).await?, ends);
        gateway.clock.advance_ms(60_000);
    }
    gateway.work().await?;
    let found = accepted(gateway, &id).await?;
    assert_eq!(found.len(), 2);
    let paid = rows(&gateway.app.db, "SELECT id FROM attempts WHERE state = 'settled'").await?;
    assert_eq!(paid[0].str(0)?, found[1].0);
    payer.open(&format!("/payment/end/{id}")).await?;
    let receipt = payer.all("#receipt", "href")?[0].clone();
    let path = receipt
        .trim_start_matches(&format!("http://{}", gateway.address))
        .to_owned();
    let verify = path
        .rsplit_once('/')
        .map(|(folder, _)| format!("{folder}/verify"));
    payer.open(&verify.unwrap_or_default()).await?;
    assert_eq!(payer.text("#contract-attempt"), Some(found[1].0.clone()));
    Ok(())
}

async fn the_destination_is_not_shown_before_the_contract_was_accepted(gateway: &TestGateway) -> Result<()> {
    let id = Shop::open(gateway).await?.create(gateway, "44.444.444-4").await?;
    let mut payer = Payer::at(gateway)?;
    let form = [("rut", "44.444.444-4"), ("email", "ana@ejemplo.example")];
    payer.open(&format!("/payment/manual/{id}")).await?;
    assert_eq!(payer.submit("#payer", &form).await?, "manual-form");
    assert_eq!(payer.status(), 422);
    assert!(accepted(gateway, &id).await?.is_empty());
    let digest = digest();
    let signed = [form[0], form[1], ("contract", digest.as_str())];
    assert_eq!(payer.submit("#payer", &signed).await?, "manual-transfer");
    let found = accepted(gateway, &id).await?;
    assert_eq!(
        (found[0].1.as_str(), found[0].2.as_str()),
        (digest.as_str(), "444444444")
    );
    assert_eq!(payer.declare().await?, "declared");
    gateway
        .bank
        .transfer("44.444.444-4", MERCHANT_RUT, 1000, &id)
        .await?;
    read_again(gateway).await?;
    assert_eq!(state(gateway, &id).await?, "done/normal");
    Ok(())
}

async fn another_document_s_digest_accepts_nothing(gateway: &TestGateway) -> Result<()> {
    let id = Shop::open(gateway).await?.create(gateway, "44.444.444-4").await?;
    let mut person = Person::at(gateway);
    person.open(&format!("/payment/manual/{id}")).await?;
    let other = hex(&sha256(b"another contract"));
    for forged in [other.as_str(), "", "on"] {
        let form = [
            ("rut", "44.444.444-4"),
            ("email", "a@b.example"),
            ("contract", forged),
        ];
        assert_eq!(person.submit("#payer", &form).await?, "manual-form", "{forged}");
        assert_eq!(person.status(), 422);
    }
    assert!(accepted(gateway, &id).await?.is_empty());
    assert!(rows(&gateway.app.db, "SELECT id FROM attempts").await?.is_empty());
    Ok(())
}

async fn a_payment_without_a_contract_asks_for_no_acceptance(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let mut payer = Payer::at(gateway)?;
    payer.begin(&id).await?;
    payer.log_in("11.111.111-1").await?;
    assert_eq!(payer.text("#contract-part"), None);
    assert_eq!(payer.authorise("11 22 33").await?, "authorised");
    assert!(accepted(gateway, &id).await?.is_empty());
    Ok(())
}

async fn money_that_comes_past_our_pages_is_kept_and_the_receipt_says_so(
    gateway: &TestGateway,
) -> Result<()> {
    let id = Shop::open(gateway).await?.create(gateway, "44.444.444-4").await?;
    gateway
        .bank
        .transfer("44.444.444-4", MERCHANT_RUT, 1000, &id)
        .await?;
    read_again(gateway).await?;
    let paid = gateway.payment(&id).await?;
    assert_eq!(paid["status"], "done");
    let receipt = paid["receipt_url"].as_str().unwrap();
    let folder = receipt
        .rsplit_once('/')
        .unwrap()
        .0
        .split_once("/payment")
        .unwrap()
        .1;
    let mut payer = Payer::at(gateway)?;
    assert_eq!(
        payer.open(&format!("/payment{folder}/verify")).await?,
        "receipt-paid"
    );
    assert_eq!(
        payer.text("#contract-none").as_deref(),
        Some("Sin aceptación registrada: el dinero llegó por otra vía")
    );
    Ok(())
}
