//! What a merchant's server may answer instead of a contract.

use anyhow::Result;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::truth::rows;

use super::shop::Shop;

on_both_engines!(what_is_no_contract_refuses_the_payment);

async fn what_is_no_contract_refuses_the_payment(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::open(gateway).await?;
    for path in [
        "/page.pdf",
        "/too-large.pdf",
        "/redirect.pdf",
        "/broken.pdf",
        "/nowhere.pdf",
        "/never.pdf",
    ] {
        let body = shop.body(path, "11.111.111-1");
        let answer = gateway.call("POST", "/v3/payments", Some(body)).await?;
        assert_eq!(
            (answer.status.as_u16(), answer.fields()),
            (400, vec!["contract_url".to_owned()]),
            "{path}"
        );
    }
    assert!(rows(&gateway.app.db, "SELECT id FROM payments").await?.is_empty());
    gateway.create(shop.body("/largest.pdf", "11.111.111-1")).await?;
    Ok(())
}
