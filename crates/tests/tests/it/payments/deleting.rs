//! `DELETE /v3/payments/{id}`: only while pending, for good.

use anyhow::Result;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use ayni_testkit::truth::rows;
use serde_json::json;

use crate::bodies::{payment, state};

on_both_engines!(
    a_pending_payment_can_be_deleted_once,
    a_payment_that_is_verifying_or_done_can_not_be_deleted,
    deleting_forgets_what_a_payer_had_typed,
    a_deleted_payment_can_not_be_paid,
);

async fn a_pending_payment_can_be_deleted_once(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let path = format!("/v3/payments/{id}");
    let answer = gateway.call("DELETE", &path, None).await?;
    assert_eq!(
        (answer.status.as_u16(), answer.json()),
        (200, json!({"message": "El pago fue eliminado"}))
    );
    assert_eq!(state(gateway, &id).await?, "deleted");
    let again = gateway.call("DELETE", &path, None).await?;
    assert_eq!(again.status, 400);
    let reason = "Solo se puede eliminar un pago pendiente, y este tiene estado deleted";
    assert_eq!(
        again.json()["errors"],
        json!([{"field": "payment_id", "message": reason}])
    );
    Ok(())
}

async fn a_payment_that_is_verifying_or_done_can_not_be_deleted(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let path = format!("/v3/payments/{id}");
    Payer::at(gateway)?.pay(&id, "11.111.111-1", "11 22 33").await?;
    for expected in ["verifying", "done/normal"] {
        assert_eq!(state(gateway, &id).await?, expected);
        let answer = gateway.call("DELETE", &path, None).await?;
        assert_eq!(
            (answer.status.as_u16(), answer.fields()),
            (400, vec!["payment_id".to_owned()]),
            "{expected}"
        );
        assert_eq!(state(gateway, &id).await?, expected);
        gateway.work().await?;
    }
    Ok(())
}

async fn deleting_forgets_what_a_payer_had_typed(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let mut payer = Payer::at(gateway)?;
    payer.begin(&id).await?;
    payer.log_in("11.111.111-1").await?;
    gateway
        .call("DELETE", &format!("/v3/payments/{id}"), None)
        .await?;
    let attempts = rows(&gateway.app.db, "SELECT state, session_sealed FROM attempts").await?;
    assert_eq!((attempts[0].str(0)?, attempts[0].opt_bytes(1)?), ("lapsed", None));
    Ok(())
}

async fn a_deleted_payment_can_not_be_paid(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let mut payer = Payer::at(gateway)?;
    payer.begin(&id).await?;
    payer.log_in("11.111.111-1").await?;
    gateway
        .call("DELETE", &format!("/v3/payments/{id}"), None)
        .await?;
    assert_eq!(payer.authorise("11 22 33").await?, "deleted");
    assert!(gateway.bank.book()?.is_empty());
    for page in ["info", "simplified", "manual", "end"] {
        assert_eq!(
            payer.open(&format!("/payment/{page}/{id}")).await?,
            "deleted",
            "{page}"
        );
    }
    Ok(())
}
