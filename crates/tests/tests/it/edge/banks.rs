//! `/v3/banks` and the paths that tell how an account may be paid.

use anyhow::Result;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use serde_json::json;

on_both_engines!(
    a_developer_account_sees_demobank_only,
    payment_methods_are_the_callers_own,
    logos_are_served_to_anybody,
);

async fn a_developer_account_sees_demobank_only(gateway: &TestGateway) -> Result<()> {
    let answer = gateway.call("GET", "/v3/banks", None).await?;
    let expected = json!({"banks": [{
        "bank_id": "Bawdf",
        "name": "DemoBank",
        "message": "Banco de pruebas: RUT válido, clave 1234, coordenadas 11 22 33",
        "min_amount": "200.0000",
        "type": "Persona",
        "parent": "",
        "logo_url": format!("http://{}/logo/Bawdf.svg", gateway.address),
    }]});
    assert_eq!(answer.json(), expected);
    Ok(())
}

async fn payment_methods_are_the_callers_own(gateway: &TestGateway) -> Result<()> {
    let own = format!("/v3/merchants/{}/paymentMethods", gateway.receiver_id);
    for path in [
        own.as_str(),
        "/v3/merchants/paymentMethods",
        "/api/3.0/merchants/paymentMethods",
    ] {
        let answer = gateway.call("GET", path, None).await?.json();
        let methods = answer["paymentMethods"].as_array().unwrap();
        let ids: Vec<&str> = methods
            .iter()
            .map(|method| method["id"].as_str().unwrap())
            .collect();
        assert_eq!(ids, ["SIMPLIFIED_TRANSFER", "REGULAR_TRANSFER"], "{path}");
        for key in ["name", "logo_url"] {
            assert!(
                methods
                    .iter()
                    .all(|method| !method[key].as_str().unwrap().is_empty()),
                "{path} {key}"
            );
        }
    }
    for other in ["1", "x", "9223372036854775808"] {
        let path = format!("/v3/merchants/{other}/paymentMethods");
        assert_eq!(gateway.call("GET", &path, None).await?.status, 404, "{path}");
    }
    Ok(())
}

async fn logos_are_served_to_anybody(gateway: &TestGateway) -> Result<()> {
    for name in ["Bawdf.svg", "SIMPLIFIED_TRANSFER.svg", "REGULAR_TRANSFER.svg"] {
        let answer = gateway.call_as("GET", &format!("/logo/{name}"), &[]).await?;
        assert_eq!(
            (answer.status.as_u16(), answer.header("content-type")),
            (200, Some("image/svg+xml")),
            "{name}"
        );
    }
    assert_eq!(gateway.call_as("GET", "/logo/nobnk.svg", &[]).await?.status, 404);
    Ok(())
}
