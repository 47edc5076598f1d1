//! Payment service providers: each payment names its final merchant, whom the payer sees.

use anyhow::Result;
use ayni_domain::ids::AccountId;
use ayni_domain::privilege::{Privilege, Privileges};
use ayni_gateway::merchants::accounts;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use serde_json::{Value, json};

use crate::bodies::payment;

on_both_engines!(
    a_providers_payment_names_its_merchant,
    the_payer_sees_the_merchant_and_the_providers_between,
);

async fn a_providers_payment_names_its_merchant(gateway: &TestGateway) -> Result<()> {
    make_psp(gateway).await?;
    let long = "x".repeat(256);
    for (name, status) in [
        (json!("Kiosko Luz"), 200),
        (json!("PSP 1->PSP 2->Kiosko Luz"), 200),
        (Value::Null, 400),
        (json!("Ké"), 400),
        (json!("PSP 1->"), 400),
        (json!("PSP 1-> ->Kiosko"), 400),
        (json!(long), 400),
    ] {
        let body = payment(&json!({"psp_client_merchant_name": name}));
        let answer = gateway.call("POST", "/v3/payments", Some(body)).await?;
        assert_eq!(answer.status, status, "{name}: {}", answer.text());
        if status == 400 {
            assert_eq!(answer.fields(), ["psp_client_merchant_name"]);
        }
    }
    Ok(())
}

async fn the_payer_sees_the_merchant_and_the_providers_between(gateway: &TestGateway) -> Result<()> {
    make_psp(gateway).await?;
    let account = accounts::find(&gateway.app.db, AccountId(gateway.receiver_id)).await?;
    let own = account.name;
    for (names, between) in [
        ("Kiosko Luz", own.clone()),
        ("PSP 2->Kiosko Luz", format!("{own} → PSP 2")),
    ] {
        let id = gateway
            .create(payment(&json!({"psp_client_merchant_name": names})))
            .await?;
        let mut payer = Payer::at(gateway)?;
        payer.open(&format!("/payment/info/{id}")).await?;
        assert_eq!(payer.text("#payee").as_deref(), Some("Kiosko Luz"));
        assert_eq!(payer.text("#providers"), Some(between));
    }
    Ok(())
}

async fn make_psp(gateway: &TestGateway) -> Result<()> {
    let privileges = Privileges::default().with(Privilege::Psp);
    accounts::grant(&gateway.app.db, AccountId(gateway.receiver_id), privileges).await?;
    Ok(())
}
