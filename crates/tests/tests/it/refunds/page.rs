//! `add_funds_url`: where and with which reference a wallet is topped up.

use anyhow::Result;
use ayni_testkit::gateway::{MERCHANT_RUT, TestGateway};
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;

use super::house::Shop;

on_both_engines!(
    the_page_says_where_to_transfer_in_both_languages,
    who_paid_and_who_holds_the_receipt_see_what_went_back,
);

async fn who_paid_and_who_holds_the_receipt_see_what_went_back(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    let id = shop.paid(gateway, 1000).await?;
    let receipt = gateway.payment(&id).await?["receipt_url"].clone();
    let receipt = receipt.as_str().unwrap_or_default().to_owned();
    let (folder, _) = receipt.rsplit_once('/').unwrap();
    let verify = format!("{}/verify", folder.split_once(&gateway.address).unwrap().1);
    let status = format!("/payment/info/{id}");
    let mut browser = Payer::at(gateway)?;
    for path in [&status, &verify] {
        browser.open(path).await?;
        assert!(!browser.html().contains("given-back"), "nothing went back yet");
    }
    shop.refund(gateway, &id, Some(300)).await?;
    let told = |browser: &Payer| browser.text("#given-back").unwrap_or_default();
    browser.open(&verify).await?;
    assert!(told(&browser).contains("Aceptada: saldrá"), "{}", told(&browser));
    gateway.work().await?;
    shop.refund(gateway, &id, Some(200)).await?;
    for (path, lang, first, second) in [
        (
            &status,
            "es",
            "Transferida a la cuenta de origen",
            "Devuelto en total",
        ),
        (
            &verify,
            "en",
            "Transferred to the account that paid",
            "Given back in all",
        ),
    ] {
        browser.open(&format!("{path}?lang={lang}")).await?;
        let text = told(&browser);
        for part in ["$300", "$200", first, second] {
            assert!(text.contains(part), "{path}: {part} is not in {text}");
        }
        assert_eq!(browser.text("#given-back-total").as_deref(), Some("$500"));
    }
    Ok(())
}

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
