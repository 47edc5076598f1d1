//! A disabled account: nothing can be done with it, and money that comes is recorded all the same.

use anyhow::Result;
use ayni_domain::ids::AccountId;
use ayni_gateway::merchants::accounts;
use ayni_testkit::client;
use ayni_testkit::gateway::{MERCHANT_RUT, TestGateway};
use ayni_testkit::merchant::Merchant;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use serde_json::json;

use crate::bodies::payment;
use crate::reconciliation::movements::read_again;

on_both_engines!(
    its_keys_and_tokens_are_refused_until_it_is_enabled,
    its_open_payments_say_so_and_can_not_be_paid,
    an_attempt_that_had_begun_moves_no_money,
    money_that_comes_is_recorded_and_notified,
);

async fn its_keys_and_tokens_are_refused_until_it_is_enabled(gateway: &TestGateway) -> Result<()> {
    let client = client::register(gateway, false).await?;
    let bearer = format!("Bearer {}", client.token(gateway).await?);
    let id = gateway.create(payment(&json!({}))).await?;
    disable(gateway, true).await?;
    let message = "La cuenta está deshabilitada: hable con el operador de este servicio";
    for (method, path) in [
        ("GET", format!("/v3/payments/{id}")),
        ("GET", "/v3/banks".to_owned()),
        ("POST", "/v3/payments".to_owned()),
        ("DELETE", format!("/v3/payments/{id}")),
    ] {
        let answer = gateway.call(method, &path, None).await?;
        assert_eq!(
            (answer.status.as_u16(), answer.json()),
            (403, json!({"status": 403, "message": message})),
            "{method} {path}"
        );
    }
    let by_key = gateway.call("GET", "/v1/institutions", None).await?;
    assert_eq!(by_key.status, 403);
    let headers = [("authorization", bearer.as_str())];
    let by_token = gateway.call_as("GET", "/v1/institutions", &headers).await?;
    assert_eq!(by_token.status, 401);
    let grant = [("grant_type", "client_credentials")];
    assert_eq!(client.post(gateway, "/oauth/token", &grant).await?.status, 401);
    disable(gateway, false).await?;
    assert_eq!(
        gateway
            .call("GET", &format!("/v3/payments/{id}"), None)
            .await?
            .status,
        200
    );
    let by_token = gateway.call_as("GET", "/v1/institutions", &headers).await?;
    assert_eq!(by_token.status, 200);
    Ok(())
}

async fn its_open_payments_say_so_and_can_not_be_paid(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let mut early = Payer::at(gateway)?;
    assert_eq!(early.open(&format!("/payment/info/{id}")).await?, "info");
    disable(gateway, true).await?;
    for page in ["info", "simplified", "manual", "end"] {
        let mut payer = Payer::at(gateway)?;
        assert_eq!(
            payer.open(&format!("/payment/{page}/{id}")).await?,
            "merchant-disabled",
            "{page}"
        );
    }
    let chosen = [("bank", "Bawdf"), ("method", "simplified_transfer")];
    assert_eq!(early.submit("#choose", &chosen).await?, "merchant-disabled");
    disable(gateway, false).await?;
    let mut payer = Payer::at(gateway)?;
    assert_eq!(payer.pay(&id, "11.111.111-1", "11 22 33").await?, "authorised");
    Ok(())
}

async fn an_attempt_that_had_begun_moves_no_money(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let mut payer = Payer::at(gateway)?;
    payer.begin(&id).await?;
    payer.log_in("11.111.111-1").await?;
    disable(gateway, true).await?;
    assert_eq!(payer.authorise("11 22 33").await?, "merchant-disabled");
    assert!(gateway.bank.book()?.is_empty());
    Ok(())
}

async fn money_that_comes_is_recorded_and_notified(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    let id = gateway
        .create(payment(&json!({"notify_url": merchant.url("/")})))
        .await?;
    disable(gateway, true).await?;
    gateway
        .bank
        .transfer("44.444.444-4", MERCHANT_RUT, 1000, &id)
        .await?;
    read_again(gateway).await?;
    assert_eq!(merchant.received()[0].json()["payment_id"], json!(id));
    let mut payer = Payer::at(gateway)?;
    assert_eq!(payer.open(&format!("/payment/end/{id}")).await?, "done");
    Ok(())
}

async fn disable(gateway: &TestGateway, is_disabled: bool) -> Result<()> {
    let id = AccountId(gateway.receiver_id);
    Ok(accounts::set_disabled(&gateway.app, id, is_disabled).await?)
}
