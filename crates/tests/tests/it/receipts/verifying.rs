//! The page that a receipt's QR leads to tells what is known now.

use anyhow::Result;
use ayni_domain::ids::PaymentId;
use ayni_domain::money::Amount;
use ayni_domain::payment::Event;
use ayni_gateway::payments::{self, TransitionError};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use serde_json::Value;

use super::{about, paid, receipt_path, verify_path};

on_both_engines!(
    a_receipt_is_verified_and_tells_what_became_of_the_payment,
    a_receipt_that_is_none_of_ours_is_called_so,
);

/// Lets a payment live through this event.
async fn apply(gateway: &TestGateway, payment: &Value, event: Event) -> Result<()> {
    let id = PaymentId::parse(payment["payment_id"].as_str().unwrap())?;
    let now = gateway.clock.now();
    let unit = move |tx: &mut ayni_store::tx::Tx<'_>| {
        let payment = payments::find(tx, id)?.ok_or(TransitionError::Raced)?;
        payments::transition(tx, &payment, &event, now)
    };
    gateway.app.db.write("test.apply", unit).await?;
    Ok(())
}

async fn a_receipt_is_verified_and_tells_what_became_of_the_payment(gateway: &TestGateway) -> Result<()> {
    let (payment, _) = paid(gateway, &about("Zapatillas <b>ñ</b>")).await?;
    let (verify, receipt) = (verify_path(&payment)?, receipt_path(&payment)?);
    let before = gateway.call_as("GET", &receipt, &[]).await?.body;
    let mut anybody = Payer::at(gateway)?;
    assert_eq!(anybody.open(&verify).await?, "receipt-paid");
    let text = |page: &Payer, id: &str| page.text(id).unwrap_or_default();
    assert_eq!(text(&anybody, "#status"), "El pago se recibió");
    assert_eq!(text(&anybody, "#amount"), "$1.000");
    assert_eq!(text(&anybody, "#subject"), "Zapatillas <b>ñ</b>");
    assert_eq!(text(&anybody, "#payer-identifier"), "••.•••.111-1");
    assert_eq!(
        text(&anybody, "#operation"),
        payment["authorizer_operation_code"].as_str().unwrap()
    );
    assert_eq!(text(&anybody, "#asked"), "2 de marzo de 2026, 12:00");
    assert!(!anybody.html().contains("11.111.111"));
    assert_eq!(
        anybody.all("#receipt", "href")?,
        [payment["receipt_url"].as_str().unwrap()]
    );

    let amount = Amount::from_units(400);
    apply(
        gateway,
        &payment,
        Event::PartiallyRefunded {
            refund: "r1".to_owned(),
            amount,
        },
    )
    .await?;
    assert_eq!(anybody.open(&verify).await?, "receipt-partially-refunded");
    let amount = Amount::from_units(600);
    apply(
        gateway,
        &payment,
        Event::FullyRefunded {
            refund: "r2".to_owned(),
            amount,
        },
    )
    .await?;
    assert_eq!(
        anybody.open(&format!("{verify}?lang=en")).await?,
        "receipt-refunded"
    );
    assert_eq!(text(&anybody, "#status"), "The payment was given back");
    let after = gateway.call_as("GET", &receipt, &[]).await?.body;
    assert_eq!(before, after, "the PDF tells what does not change");
    Ok(())
}

async fn a_receipt_that_is_none_of_ours_is_called_so(gateway: &TestGateway) -> Result<()> {
    let (payment, _) = paid(gateway, &about("Zapatillas")).await?;
    let id = payment["payment_id"].as_str().unwrap();
    let mut anybody = Payer::at(gateway)?;
    for forged in [
        id.to_owned(),
        format!("{id}-{}", "0".repeat(32)),
        "%22%3E%3Cb%3E".to_owned(),
    ] {
        let page = anybody.open(&format!("/payment/receipt/{forged}/verify")).await?;
        assert_eq!(
            (page.as_str(), anybody.status()),
            ("receipt-unknown", 404),
            "{forged}"
        );
        assert!(!anybody.html().contains("Zapatillas") && !anybody.html().contains("\"><b>"));
    }
    Ok(())
}
