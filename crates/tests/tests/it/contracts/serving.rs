//! The kept document, as browsers get it.

use anyhow::Result;
use ayni_crypto::digest::{hex, sha256};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;

use super::shop::{DOCUMENT, LARGEST_BYTES, Shop};

on_both_engines!(
    the_document_is_a_download_that_no_page_of_ours_runs,
    a_large_document_comes_whole,
    what_the_merchant_changes_later_changes_nothing,
);

async fn the_document_is_a_download_that_no_page_of_ours_runs(gateway: &TestGateway) -> Result<()> {
    let id = Shop::open(gateway).await?.create(gateway, "11.111.111-1").await?;
    let path = format!("/payment/contract/{id}");
    let answer = gateway.call_as("GET", &path, &[]).await?;
    assert_eq!((answer.status.as_u16(), &answer.body[..]), (200, DOCUMENT));
    let tag = format!("\"{}\"", hex(&sha256(DOCUMENT)));
    let disposition = format!("attachment; filename=\"contrato-{id}.pdf\"");
    for (name, value) in [
        ("content-type", "application/pdf"),
        ("content-disposition", &disposition),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("x-frame-options", "DENY"),
        ("etag", &tag),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    let known = gateway.call_as("GET", &path, &[("if-none-match", &tag)]).await?;
    assert_eq!((known.status.as_u16(), known.body.len()), (304, 0));
    let head = gateway.call_as("HEAD", &path, &[]).await?;
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
    for unknown in ["/payment/contract/zzzzzzzzzzzz", "/payment/contract/x"] {
        assert_eq!(gateway.call_as("GET", unknown, &[]).await?.status, 404);
    }
    Ok(())
}

async fn a_large_document_comes_whole(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::open(gateway).await?;
    let id = gateway.create(shop.body("/largest.pdf", "11.111.111-1")).await?;
    let answer = gateway
        .call_as("GET", &format!("/payment/contract/{id}"), &[])
        .await?;
    assert_eq!(answer.body.len(), LARGEST_BYTES);
    assert_eq!(
        answer.header("etag"),
        Some(format!("\"{}\"", hex(&sha256(&answer.body))).as_str())
    );
    Ok(())
}

async fn what_the_merchant_changes_later_changes_nothing(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::open(gateway).await?;
    let id = shop.create(gateway, "11.111.111-1").await?;
    shop.change_document(b"%PDF-1.7 another contract");
    let kept = gateway
        .call_as("GET", &format!("/payment/contract/{id}"), &[])
        .await?;
    assert_eq!(&kept.body[..], DOCUMENT);
    let next = shop.create(gateway, "11.111.111-1").await?;
    let kept = gateway
        .call_as("GET", &format!("/payment/contract/{next}"), &[])
        .await?;
    assert_eq!(&kept.body[..], b"%PDF-1.7 another contract");
    Ok(())
}
