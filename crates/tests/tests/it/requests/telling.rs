//! What a line tells, and what it never does.

use anyhow::Result;
use ayni_gateway::merchants::keys;
use ayni_store::tx::Tx;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use serde_json::json;

use super::{lines, next, tailing};

on_both_engines!(
    a_tail_tells_what_was_asked_by_which_key_and_why_it_was_refused,
    operations_are_told_with_their_codes,
    nothing_of_a_request_is_kept_but_names,
    nobody_else_s_requests_are_told_and_none_that_no_key_opened,
);

const SELECT_LINES: &str = "SELECT lines FROM request_portions ORDER BY at, id LIMIT 100";

async fn a_tail_tells_what_was_asked_by_which_key_and_why_it_was_refused(
    gateway: &TestGateway,
) -> Result<()> {
    let mut stream = tailing(gateway).await?;
    let id = gateway
        .create(json!({ "amount": 1000, "currency": "CLP", "subject": "Té" }))
        .await?;
    gateway.payment(&id).await?;
    let wrong = json!({ "currency": "XXX", "subject": "Té", "payer_email": "ana" });
    gateway
        .call_with("POST", "/v3/payments", Some(wrong), &[("x-request-id", "mine")])
        .await?;
    gateway.call("GET", "/v3/payments/aaaaaaaaaaaa", None).await?;
    gateway.call("GET", "/v3/banks?anything=1", None).await?;
    gateway.work().await?;
    let told = next(&mut stream).await?;
    assert_eq!(
        lines(&told),
        [
            "POST /v3/payments 200".to_owned(),
            format!("GET /v3/payments/{id} 200"),
            "POST /v3/payments 400 invalid amount:required currency:not-one-of payer_email:bad-email"
                .to_owned(),
            "GET /v3/payments/aaaaaaaaaaaa 404 not-found".to_owned(),
            "GET /v3/banks 200".to_owned(),
        ]
    );
    assert_eq!(told.left_out, 0);
    assert_eq!(told.requests[2].request_id, "mine");
    let account = ayni_domain::ids::AccountId(gateway.receiver_id);
    let known = gateway
        .app
        .db
        .read("test.keys", move |tx| keys::all(tx, account))
        .await?;
    for request in &told.requests {
        assert_eq!(request.key.as_deref(), Some(known[0].alias.as_str()));
        assert_eq!(request.at, told.at, "the clock stands");
    }
    Ok(())
}

async fn operations_are_told_with_their_codes(gateway: &TestGateway) -> Result<()> {
    let mut stream = tailing(gateway).await?;
    let path = "/v1/com/services/servipag.com/consult-debt";
    let unknown = json!({ "RequestData": { "EnterpriseName": "Nadie", "ClientIdentifier": "25252525" } });
    gateway.call("POST", path, Some(unknown)).await?;
    let wrong = json!({ "RequestData": { "EnterpriseName": "Aguas Andinas", "11.111.111-1": "x" } });
    gateway.call("POST", path, Some(wrong)).await?;
    gateway.work().await?;
    assert_eq!(
        lines(&next(&mut stream).await?),
        [
            format!("POST {path} 200 E401"),
            format!("POST {path} 400 invalid RequestData.ClientIdentifier:P001 (unknown):P003"),
        ]
    );
    Ok(())
}

async fn nothing_of_a_request_is_kept_but_names(gateway: &TestGateway) -> Result<()> {
    let mut stream = tailing(gateway).await?;
    let body = json!({
        "amount": 1000, "currency": "CLP", "subject": "Para ana@example.com", "payer_email": "ana@example.com",
        "fixed_payer_personal_identifier": "11.111.111-1", "notify_url": "ftp://user:hunter2@shop.example/",
        "ana@example.com": 1,
    });
    let query = "/v3/payments?payer=11.111.111-1&secret=hunter2";
    gateway.call("POST", query, Some(body)).await?;
    gateway.call("GET", "/v3/payments/11.111.111-1", None).await?;
    gateway.call("GET", "/v3/payments/ana@example.com", None).await?;
    gateway
        .call("GET", "/v3/predict?payer_email=ana@example.com", None)
        .await?;
    gateway.work().await?;
    assert_eq!(next(&mut stream).await?.requests.len(), 4);
    let rows = gateway
        .app
        .db
        .read("test.lines", |tx: &mut Tx<'_>| tx.all(SELECT_LINES, &[]))
        .await?;
    assert!(!rows.is_empty());
    for row in rows {
        let text = row.text(0)?;
        for secret in ["11.111.111", "ana@", "hunter2", gateway.api_key.as_str()] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
    Ok(())
}

async fn nobody_else_s_requests_are_told_and_none_that_no_key_opened(gateway: &TestGateway) -> Result<()> {
    let other = ayni_testkit::account::open(&gateway.app, "77.777.777-7", None).await?;
    let mut stream = tailing(gateway).await?;
    gateway.call_by("nonsense", "GET", "/v3/banks", None, &[]).await?;
    gateway
        .call_by(&other.api_key, "GET", "/v3/banks", None, &[])
        .await?;
    gateway.call_as("GET", "/docs", &[]).await?;
    gateway.call("GET", "/v3/payments", None).await?;
    gateway.work().await?;
    assert_eq!(lines(&next(&mut stream).await?), ["GET /v3/payments 200"]);
    Ok(())
}
