//! A payment is found by whatever its merchant has in hand.

use anyhow::{Result, ensure};
use ayni_domain::role::Role;
use ayni_testkit::account;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use serde_json::json;

use super::{find, list};
use crate::bodies::payment;

on_both_engines!(
    a_payment_is_found_by_each_thing_that_its_merchant_may_have,
    a_paid_payment_is_found_by_what_the_bank_said,
    a_rut_or_an_address_never_stands_in_a_url,
    nobody_finds_anothers_payments,
);

async fn a_payment_is_found_by_each_thing_that_its_merchant_may_have(gateway: &TestGateway) -> Result<()> {
    let wanted = gateway
        .create(payment(&json!({
            "amount": 15_340,
            "subject": "Arriendo de marzo, Ñuñoa",
            "transaction_id": "ORD-2026/0048213",
            "payer_name": "Begoña Pérez Cárcamo",
            "payer_email": "Begona@Example.com",
            "fixed_payer_personal_identifier": "12.345.678-5",
        })))
        .await?;
    for number in 0..5 {
        let other =
            json!({"subject": format!("Otro cobro {number}"), "transaction_id": format!("otra-{number}")});
        gateway.create(payment(&other)).await?;
    }
    gateway.work().await?;
    let mut person = gateway.console().await?;
    for typed in [
        wanted.as_str(),
        &wanted[..5],
        "ORD-2026/0048213",
        "ord20260048213",
        "0048213",
        "arriendo",
        "ARRIEN marz",
        "nunoa",
        "Ñuñoa",
        "perez begoña",
        "carc",
        "begona@example.com",
        "12.345.678-5",
        "12345678-5",
        "$15.340",
        "15340",
        "15.340",
        "arriendo $15.340 12.345.678-5",
    ] {
        let found = find(&mut person, typed).await?;
        ensure!(found == [wanted.clone()], "{typed} finds {found:?}");
    }
    for typed in [
        "arriendos",
        "begona@example.co",
        "11.111.111-1",
        "15.341",
        "arriendo otro",
        "zzzz",
    ] {
        let found = find(&mut person, typed).await?;
        ensure!(found.is_empty(), "{typed} finds {found:?}");
        assert!(person.text(".nothing h2").is_some());
    }
    Ok(())
}

async fn a_paid_payment_is_found_by_what_the_bank_said(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({"subject": "Pagado"}))).await?;
    gateway.create(payment(&json!({"subject": "Sin pagar"}))).await?;
    Payer::at(gateway)?.pay(&id, "11.111.111-1", "11 22 33").await?;
    gateway.work().await?;
    let paid = gateway.payment(&id).await?;
    let text = |name: &str| paid[name].as_str().unwrap_or_default().to_owned();
    let mut person = gateway.console().await?;
    for typed in [
        text("payer_name"),
        text("bank_operation_number"),
        "11.111.111-1".to_owned(),
    ] {
        if typed.is_empty() {
            continue;
        }
        let found = find(&mut person, &typed).await?;
        ensure!(found == [id.clone()], "{typed} finds {found:?}");
    }
    for query in [
        "state=done-normal",
        "bank=Bawdf",
        "method=simplified_transfer",
        "state=done-normal&bank=Bawdf&q=pagado",
    ] {
        let found = list(&mut person, query).await?;
        ensure!(found == [id.clone()], "{query} finds {found:?}");
    }
    assert_eq!(list(&mut person, "state=pending").await?.len(), 1);
    assert_eq!(list(&mut person, "currency=CLP").await?.len(), 2);
    assert_eq!(list(&mut person, "currency=USD").await?.len(), 0);
    Ok(())
}

async fn a_rut_or_an_address_never_stands_in_a_url(gateway: &TestGateway) -> Result<()> {
    let body = json!({"payer_email": "ana@example.com", "fixed_payer_personal_identifier": "12.345.678-5"});
    let id = gateway.create(payment(&body)).await?;
    gateway.work().await?;
    let mut person = gateway.console().await?;
    for typed in ["12.345.678-5", "12345678-5", "ana@example.com"] {
        assert_eq!(find(&mut person, typed).await?, std::slice::from_ref(&id));
        let path = person.path().to_owned();
        ensure!(
            !path.contains("12") || !path.contains("345"),
            "{path} tells the RUT"
        );
        ensure!(!path.contains("ana"), "{path} tells the address");
        // The digest stays part of the search when more is asked for.
        person.submit("#find-payments", &[("state", "pending")]).await?;
        assert_eq!(super::ids(&person), std::slice::from_ref(&id));
        person.submit("#find-payments", &[("state", "deleted")]).await?;
        assert!(super::ids(&person).is_empty());
    }
    assert_eq!(list(&mut person, "q=12.345.678-5").await?, [id]);
    ensure!(!person.path().contains("345"), "{} tells the RUT", person.path());
    Ok(())
}

async fn nobody_finds_anothers_payments(gateway: &TestGateway) -> Result<()> {
    let body = json!({"subject": "Secreto", "payer_email": "ana@example.com", "transaction_id": "t-1"});
    let id = gateway.create(payment(&body)).await?;
    let other = account::open(&gateway.app, "96.806.980-2", None).await?;
    gateway.work().await?;
    let mut person = gateway
        .console_of(other.receiver_id, "otra@example.com", Role::Owner)
        .await?;
    for typed in [id.as_str(), "secreto", "ana@example.com", "t-1", "1000"] {
        assert!(find(&mut person, typed).await?.is_empty(), "{typed}");
    }
    person.open("/console/payments").await?;
    assert!(super::ids(&person).is_empty());
    person.open(&format!("/console/payments/{id}")).await?;
    assert_eq!(person.status(), 404);
    Ok(())
}
