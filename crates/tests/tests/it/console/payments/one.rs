//! One payment's page tells everything that happened to it.

use anyhow::{Result, ensure};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::merchant::Merchant;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use serde_json::json;

use crate::bodies::payment;

on_both_engines!(
    a_paid_and_refunded_payment_tells_its_whole_life,
    a_payment_that_is_not_there_is_not_found,
);

async fn a_paid_and_refunded_payment_tells_its_whole_life(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    let body = json!({
        "amount": 15_340, "subject": "Arriendo", "transaction_id": "T-1", "custom": "<b>caja 3</b>",
        "notify_url": merchant.url("/notify"),
    });
    let id = gateway.create(payment(&body)).await?;
    let mut person = gateway.console().await?;
    person.open(&format!("/console/payments/{id}")).await?;
    assert_eq!(person.page(), "payment");
    assert_eq!(person.text("#state").as_deref(), Some("Pendiente"));
    Payer::at(gateway)?.pay(&id, "11.111.111-1", "11 22 33").await?;
    gateway.work().await?;
    let refund = gateway
        .call(
            "POST",
            &format!("/v3/payments/{id}/refunds"),
            Some(json!({"amount": 340})),
        )
        .await?;
    ensure!(refund.status == 200, "{}", refund.text());
    gateway.work().await?;
    person.open(&format!("/console/payments/{id}")).await?;
    assert_eq!(person.text("#state").as_deref(), Some("Reembolsado en parte"));
    let timeline = person.text("#timeline").unwrap_or_default();
    for said in [
        "Se creó el cobro",
        "Comenzó un intento de pago (1)",
        "Se pidió al banco la transferencia",
        "El dinero se vio en la cartola",
        "El cobro quedó pagado",
        "Se aceptó reembolsar una parte",
        "Reembolso",
        "Notificación",
        "Envío de la notificación (1) ",
        "HTTP 200",
        "2 de marzo de 2026, 12:00",
    ] {
        ensure!(timeline.contains(said), "{said} is missing in {timeline}");
    }
    let html = person.html();
    for said in [
        "&#60;b&#62;caja 3",
        "11.111.111-1",
        "$15.340",
        "T-1",
        ".pdf",
        "Asientos contables",
    ] {
        ensure!(html.contains(said), "{said} is missing in {html}");
    }
    person.open(&format!("/console/payments/{id}?lang=en")).await?;
    let timeline = person.text("#timeline").unwrap_or_default();
    ensure!(timeline.contains("The payment is paid"), "{timeline}");
    Ok(())
}

async fn a_payment_that_is_not_there_is_not_found(gateway: &TestGateway) -> Result<()> {
    let mut person = gateway.console().await?;
    for id in ["aaaaaaaaaaaa", "x", "..", "AAAAAAAAAAAA"] {
        person.open(&format!("/console/payments/{id}")).await?;
        assert!(matches!(person.status(), 404 | 400), "{id}: {}", person.status());
    }
    Ok(())
}
