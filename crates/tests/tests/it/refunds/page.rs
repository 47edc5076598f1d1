//! `add_funds_url`: where and with which reference a wallet is topped up.

use anyhow::Result;
use ayni_testkit::gateway::{MERCHANT_RUT, TestGateway};
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;

use super::house::Shop;

on_both_engines!(the_page_says_where_to_transfer_in_both_languages);

async fn the_page_says_where_to_transfer_in_both_languages(gateway: &TestGateway) -> Result<()> {
    let reference = Shop::of(gateway).reference(gateway).await?;
    let path = format!("/refund-wallet/{reference}");
    let mut browser = Payer::at(gateway)?;
    assert_eq!(browser.open(&path).await?, "top-up");
    assert_eq!(
        browser.text("h1").as_deref(),
        Some("Agregue fondos a la billetera")
    );
    for (place, text) in [
        ("#reference", reference.as_str()),
        ("#transfer-bank", "DemoBank"),
        ("#account", "000000000000760864285"),
        ("#holder-rut", MERCHANT_RUT),
        ("#currency", "CLP"),
    ] {
        assert_eq!(browser.text(place).as_deref(), Some(text), "{place}");
    }
    assert_eq!(browser.all("button[data-copy]", "data-copy")?.len(), 7);
    assert!(
        !browser.html().contains("0.0000"),
        "what a wallet holds is its merchant's to know"
    );
    browser.open(&format!("{path}?lang=en")).await?;
    assert_eq!(browser.text("h1").as_deref(), Some("Add funds to the wallet"));
    browser.open("/refund-wallet/aaaaaaaaaaaa").await?;
    assert_eq!(browser.status(), 404);
    assert_eq!(browser.text("h1").as_deref(), Some("Esta billetera no existe"));
    Ok(())
}
