//! Where merchants may be told: https and public addresses, unless the operator permits others.

use anyhow::Result;
use ayni_testkit::account;
use ayni_testkit::gateway::{TestGateway, Wishes};
use ayni_testkit::merchant::Merchant;
use ayni_testkit::on_both_engines;
use jiff::SignedDuration;
use serde_json::json;

use super::told::only;
use crate::bodies::payment;

on_both_engines!(with strict; private_addresses_are_refused_at_creation, a_refused_address_is_a_try_that_failed);

fn strict() -> Wishes {
    Wishes {
        may_call_loopback: false,
        ..Wishes::default()
    }
}

async fn private_addresses_are_refused_at_creation(gateway: &TestGateway) -> Result<()> {
    for url in [
        "http://tienda.example/n",
        "https://127.0.0.1/n",
        "https://10.1.2.3/n",
        "https://169.254.169.254/latest",
        "https://[::1]/n",
        "https://[fd00::1]/n",
        "https://2130706433/n",
        "https://0x7f.1/n",
    ] {
        let answer = gateway
            .call("POST", "/v3/payments", Some(payment(&json!({"notify_url": url}))))
            .await?;
        assert_eq!(answer.status, 400, "{url}");
        let reason = format!("La URL {url} no es válida: debe ser https y apuntar a una dirección pública");
        assert_eq!(
            answer.json()["errors"],
            json!([{"field": "notify_url", "message": reason}])
        );
        let unfetched = payment(&json!({"return_url": url, "cancel_url": url}));
        assert_eq!(
            gateway
                .call("POST", "/v3/payments", Some(unfetched))
                .await?
                .status,
            200,
            "we never call it"
        );
    }
    Ok(())
}

async fn a_refused_address_is_a_try_that_failed(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    let account = account::open(&gateway.app, "77.777.777-7", Some(merchant.url("/n"))).await?;
    let body = Some(payment(&json!({})));
    let created = gateway
        .call_by(&account.api_key, "POST", "/v3/payments", body, &[])
        .await?
        .json();
    let id = created["payment_id"].as_str().unwrap();
    gateway
        .bank
        .transfer("44.444.444-4", "77.777.777-7", 1000, id)
        .await?;
    gateway.advance(SignedDuration::from_secs(31)).await?;
    let (notice, tries) = only(gateway).await?;
    assert_eq!(
        (notice.state.as_str(), tries.len(), tries[0].status),
        ("pending", 1, None)
    );
    assert!(tries[0].error.is_some());
    assert!(merchant.received().is_empty());
    Ok(())
}
