//! Callers who name addresses that are none of theirs.

use anyhow::Result;
use ayni_testkit::gateway::{TestGateway, Wishes};
use ayni_testkit::on_both_engines;
use ayni_testkit::{account, client};

use super::calls::{DEBT, code, debt, envelope, of_debt};

on_both_engines!(with strict; callbacks_go_to_public_addresses_only, an_operation_is_its_accounts_own, a_token_reads_no_answer_of_another_institution);

fn strict() -> Wishes {
    Wishes {
        may_call_loopback: false,
        ..Wishes::default()
    }
}

async fn callbacks_go_to_public_addresses_only(gateway: &TestGateway) -> Result<()> {
    for url in [
        "http://fintech.example/c",
        "https://127.0.0.1/c",
        "https://10.1.2.3/c",
        "https://192.168.0.1/c",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/c",
        "https://[fd00::1]/c",
        "https://[fe80::1]/c",
        "https://[::ffff:127.0.0.1]/c",
        "https://2130706433/c",
        "https://user:secret@fintech.example/c",
    ] {
        let answer = gateway
            .call("POST", DEBT, Some(of_debt("25252525", Some(url))))
            .await?;
        assert_eq!(answer.status, 400, "{url}");
        assert_eq!(code(&envelope(&answer)?), "P003", "{url}");
    }
    for url in ["https://fintech.example/\0", "https://fintech.example/ c"] {
        let body = of_debt("25252525", Some(url));
        let answer = gateway.call("POST", DEBT, Some(body)).await?;
        assert_eq!(code(&envelope(&answer)?), "P002", "{url:?}");
    }
    let names = ["https://localhost/c", "https://fintech.example/c"];
    for url in names {
        let answer = gateway
            .call("POST", DEBT, Some(of_debt("25252525", Some(url))))
            .await?;
        assert_eq!(
            answer.status, 202,
            "{url}: where a name leads is looked at when it is called"
        );
    }
    gateway.work().await?;
    let tries = ayni_testkit::truth::rows(&gateway.app.db, "SELECT status, error FROM notice_tries").await?;
    assert_eq!(tries.len(), names.len());
    for row in tries {
        assert!(
            row.opt_int(0)?.is_none() && row.opt_text(1)?.is_some(),
            "nothing was called"
        );
    }
    Ok(())
}

async fn an_operation_is_its_accounts_own(gateway: &TestGateway) -> Result<()> {
    let body = envelope(&debt(gateway, "25252525").await?)?;
    let path = format!("/v1/operations/{}", body["OperationId"].as_str().unwrap());
    let other = account::open(&gateway.app, "77.777.777-7", None).await?;
    let answer = gateway.call_by(&other.api_key, "GET", &path, None, &[]).await?;
    assert_eq!(answer.status, 404);
    envelope(&answer)?;
    assert_eq!(gateway.call("GET", &path, None).await?.status, 200);
    Ok(())
}

async fn a_token_reads_no_answer_of_another_institution(gateway: &TestGateway) -> Result<()> {
    let body = envelope(&debt(gateway, "25252525").await?)?;
    let path = format!("/v1/operations/{}", body["OperationId"].as_str().unwrap());
    for (scope, status) in [
        ("cl_banking_personal_demobank", 403),
        ("com_services_servipag", 200),
    ] {
        let client = client::register_for(gateway, gateway.receiver_id, false, scope).await?;
        let bearer = format!("Bearer {}", client.token(gateway).await?);
        let answer = gateway
            .call_as("GET", &path, &[("authorization", bearer.as_str())])
            .await?;
        assert_eq!(answer.status, status, "{scope}");
        envelope(&answer)?;
    }
    Ok(())
}
