//! The PDF at `receipt_url`.

use anyhow::Result;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::merchant::Merchant;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use serde_json::json;

use super::{about, paid, receipt_path};
use crate::bodies::payment;

on_both_engines!(
    a_paid_payment_has_a_receipt_of_the_same_bytes_every_time,
    an_address_that_is_not_exactly_ours_is_unknown,
    the_merchant_and_the_browser_that_paid_are_given_the_same_address,
    a_payment_that_was_not_paid_has_no_receipt,
);

async fn a_paid_payment_has_a_receipt_of_the_same_bytes_every_time(gateway: &TestGateway) -> Result<()> {
    let (payment, _) = paid(gateway, &about("Zapatillas")).await?;
    let path = receipt_path(&payment)?;
    let name = format!("CPKH-0203261200-{}.pdf", payment["payment_id"].as_str().unwrap());
    assert!(path.ends_with(&name), "{path}");
    let first = gateway
        .call_as("GET", &path, &[("accept-language", "en")])
        .await?;
    assert!(first.status == 200 && first.body.starts_with(b"%PDF-"));
    let disposition = format!("inline; filename=\"{name}\"");
    for (header, value) in [
        ("content-type", "application/pdf"),
        ("content-disposition", disposition.as_str()),
        ("content-language", "es"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "private, no-cache"),
        ("referrer-policy", "no-referrer"),
    ] {
        assert_eq!(first.header(header), Some(value), "{header}");
    }
    gateway.clock.advance_ms(3_600_000);
    let again = gateway.call_as("GET", &path, &[]).await?;
    assert_eq!(
        (&again.body, again.header("etag")),
        (&first.body, first.header("etag"))
    );
    let tag = first.header("etag").unwrap();
    let known = gateway.call_as("GET", &path, &[("if-none-match", tag)]).await?;
    assert_eq!((known.status.as_u16(), known.body.len()), (304, 0));
    let head = gateway.call_as("HEAD", &path, &[]).await?;
    assert_eq!(
        (head.status.as_u16(), head.body.len(), head.header("etag")),
        (200, 0, Some(tag))
    );
    let english = gateway.call_as("GET", &format!("{path}?lang=en"), &[]).await?;
    assert_eq!(english.header("content-language"), Some("en"));
    assert!(english.body != first.body && english.header("etag") != Some(tag));
    Ok(())
}

async fn an_address_that_is_not_exactly_ours_is_unknown(gateway: &TestGateway) -> Result<()> {
    let (payment, _) = paid(gateway, &about("Zapatillas")).await?;
    let (path, id) = (receipt_path(&payment)?, payment["payment_id"].as_str().unwrap());
    let flipped = match path.contains(&format!("{id}-0")) {
        true => path.replace(&format!("{id}-0"), &format!("{id}-1")),
        false => path.replacen(&format!("/{id}-"), &format!("/{id}-0"), 1),
    };
    for wrong in [
        flipped,
        path.replacen("CPKH-02", "CPKH-03", 1),
        path.replace(".pdf", ".exe"),
        format!("/payment/receipt/{id}/CPKH-0203261200-{id}.pdf"),
        format!("/payment/receipt/zzzzzzzzzzzz-{}/x.pdf", "0".repeat(32)),
    ] {
        assert_eq!(gateway.call_as("GET", &wrong, &[]).await?.status, 404, "{wrong}");
    }
    Ok(())
}

async fn the_merchant_and_the_browser_that_paid_are_given_the_same_address(
    gateway: &TestGateway,
) -> Result<()> {
    let merchant = Merchant::start().await?;
    let (payment, mut payer) = paid(gateway, &json!({"notify_url": merchant.url("/")})).await?;
    let url = payment["receipt_url"].clone();
    assert_eq!(merchant.received()[0].json()["receipt_url"], url);
    let end = format!("/payment/end/{}", payment["payment_id"].as_str().unwrap());
    assert_eq!(payer.open(&end).await?, "done");
    assert_eq!(payer.all("#receipt", "href")?, [url.as_str().unwrap()]);
    let mut stranger = Payer::at(gateway)?;
    assert_eq!(stranger.open(&end).await?, "done");
    assert!(stranger.all("#receipt", "href")?.is_empty());
    Ok(())
}

async fn a_payment_that_was_not_paid_has_no_receipt(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let url = |id: &str| -> Result<String> {
        let id = ayni_domain::ids::PaymentId::parse(id)?;
        Ok(ayni_gateway::receipts::url(&gateway.app, id, gateway.clock.now()))
    };
    assert_eq!(gateway.payment(&id).await?["receipt_url"], "");
    let path = url(&id)?.split_once("/payment/").unwrap().1.to_owned();
    assert_eq!(
        gateway
            .call_as("GET", &format!("/payment/{path}"), &[])
            .await?
            .status,
        404
    );
    Ok(())
}
