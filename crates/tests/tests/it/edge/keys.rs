//! `x-api-key`: who may call.

use anyhow::Result;
use ayni_domain::ids::AccountId;
use ayni_gateway::merchants::keys;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::truth::rows;
use serde_json::json;

on_both_engines!(
    without_a_valid_key_nothing_is_done,
    a_key_is_refused_from_its_expiry_on,
    a_key_that_was_ended_is_refused_at_once,
    a_key_lies_in_the_database_as_a_digest_with_its_last_use,
);

async fn without_a_valid_key_nothing_is_done(gateway: &TestGateway) -> Result<()> {
    let unknown = "6f1c9d56-3b1e-4d53-9a5a-0d6f6a4b7c11";
    for headers in [
        vec![],
        vec![("x-api-key", "")],
        vec![("x-api-key", unknown)],
        vec![("authorization", "Bearer x")],
    ] {
        for (method, path) in [
            ("GET", "/v3/payments"),
            ("POST", "/v3/payments"),
            ("GET", "/v3/payments/gqzdy6chjne9"),
            ("DELETE", "/v3/payments/gqzdy6chjne9"),
            ("GET", "/v3/banks"),
            ("GET", "/v3/predict"),
            ("GET", "/v3/merchants/paymentMethods"),
            ("GET", "/api/3.0/merchants/paymentMethods"),
        ] {
            let answer = gateway.call_as(method, path, &headers).await?;
            assert_eq!(answer.status, 401, "{method} {path} {headers:?}");
            let message = "Credenciales no válidas o faltantes: envíe su llave en la cabecera x-api-key";
            assert_eq!(answer.json(), json!({"status": 401, "message": message}));
        }
    }
    Ok(())
}

async fn a_key_is_refused_from_its_expiry_on(gateway: &TestGateway) -> Result<()> {
    let end = gateway.clock.now() + jiff::SignedDuration::from_secs(60);
    let key = keys::create(&gateway.app, AccountId(gateway.receiver_id), "short", Some(end)).await?;
    let headers = [("x-api-key", key.as_str())];
    gateway.clock.advance_ms(59_999);
    assert_eq!(gateway.call_as("GET", "/v3/banks", &headers).await?.status, 200);
    gateway.clock.advance_ms(1);
    assert_eq!(gateway.call_as("GET", "/v3/banks", &headers).await?.status, 401);
    Ok(())
}

async fn a_key_that_was_ended_is_refused_at_once(gateway: &TestGateway) -> Result<()> {
    assert_eq!(gateway.call("GET", "/v3/banks", None).await?.status, 200);
    keys::expire(&gateway.app, AccountId(gateway.receiver_id), "test").await?;
    assert_eq!(gateway.call("GET", "/v3/banks", None).await?.status, 401);
    Ok(())
}

async fn a_key_lies_in_the_database_as_a_digest_with_its_last_use(gateway: &TestGateway) -> Result<()> {
    gateway.call("GET", "/v3/banks", None).await?;
    gateway.work().await?;
    let kept = rows(&gateway.app.db, "SELECT hash, last_used_at FROM api_keys").await?;
    assert_eq!(
        kept[0].bytes(0)?,
        ayni_crypto::digest::sha256(gateway.api_key.as_bytes())
    );
    assert_eq!(kept[0].opt_int(1)?, Some(gateway.clock.now().as_millisecond()));
    Ok(())
}
