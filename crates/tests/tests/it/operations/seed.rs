//! The seed's three calls.

use anyhow::Result;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::merchant::Merchant;
use ayni_testkit::on_both_engines;
use ayni_testkit::person::Person;
use serde_json::{Value, json};

use super::calls::{DEBT, PASSWORD, RUT, SERVICES, TOKEN, debt, envelope};
use ayni_testkit::client;

on_both_engines!(
    a_debt_is_answered_as_the_seed_shows_it,
    a_debt_is_answered_to_a_client_with_a_token_of_its_own,
    a_token_stands_for_the_login_and_opens_the_services,
    a_person_who_consented_is_named_by_the_token_alone,
);

async fn a_debt_is_answered_as_the_seed_shows_it(gateway: &TestGateway) -> Result<()> {
    let answer = debt(gateway, "25252525").await?;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = envelope(&answer)?;
    let id = body["OperationId"].as_str().unwrap();
    let told = format!(
        r#"{{"OperationId":"{id}","Status":"OK","Data":{{"Debt":{{"DueDate":"2025-05-31","PendingDebt":15340}}}},"AdditionalInformation":null,"Error":null,"LifeSpan":null}}"#
    );
    assert_eq!(answer.text(), told);
    let again = gateway.call("GET", &format!("/v1/operations/{id}"), None).await?;
    assert_eq!((again.status.as_u16(), again.text()), (200, told));
    Ok(())
}

async fn a_debt_is_answered_to_a_client_with_a_token_of_its_own(gateway: &TestGateway) -> Result<()> {
    let token = client::register(gateway, false).await?.token(gateway).await?;
    let bearer = format!("Bearer {token}");
    let ask = async |path: &str, body: Value| {
        let headers = [("authorization", bearer.as_str())];
        gateway.post_as(path, &body, &headers).await
    };
    let body = json!({"RequestData": {"EnterpriseName": "Aguas Andinas", "ClientIdentifier": "25252525"}});
    let answer = ask(DEBT, body).await?;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["Data"]["Debt"]["PendingDebt"], 15340);
    let answer = ask(SERVICES, json!({"RequestData": {}})).await?;
    assert_eq!(answer.status, 400, "{}", answer.text());
    assert_eq!(
        answer.json()["Error"]["Code"],
        "P001",
        "a client has no person's login of its own"
    );
    Ok(())
}

async fn a_token_stands_for_the_login_and_opens_the_services(gateway: &TestGateway) -> Result<()> {
    let login = json!({"Username": RUT, "Password": PASSWORD});
    let answer = gateway.call("POST", TOKEN, Some(login)).await?;
    assert_eq!(answer.status, 200, "{}", answer.text());
    for header in ["deprecation", "sunset"] {
        assert!(answer.header(header).is_some(), "{header}");
    }
    let link = envelope(&answer)?["Data"]["AccountLink"].clone();
    let by_link = json!({"RequestData": {"AccountCredential": {"AccountLink": link}}});
    let by_login = json!({"RequestData": {"AccountCredential": {"Username": RUT, "Password": PASSWORD}}});
    for body in [by_link, by_login] {
        let answer = gateway.call("POST", SERVICES, Some(body)).await?;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let first = &envelope(&answer)?["Data"]["ServiceAccount"][0];
        let expected = json!({
            "CompanyName": "Entel PCS Movil", "ServiceType": "Telefonía Celular", "ClientIdentifier": "221100111"
        });
        assert_eq!(first, &expected);
    }
    Ok(())
}

async fn a_person_who_consented_is_named_by_the_token_alone(gateway: &TestGateway) -> Result<()> {
    let client = client::register(gateway, false).await?;
    let mut person = Person::at(gateway);
    let (access, _) = client.tokens(gateway, &mut person).await?;
    let bearer = format!("Bearer {access}");
    let headers = [("authorization", bearer.as_str())];
    let merchant = Merchant::start().await?;
    let at_once = gateway
        .post_as(SERVICES, &json!({"RequestData": {}}), &headers)
        .await?;
    assert_eq!(at_once.status, 200, "{}", at_once.text());
    let later = json!({"RequestData": {}, "CallbackUrl": merchant.url("/c")});
    assert_eq!(gateway.post_as(SERVICES, &later, &headers).await?.status, 202);
    gateway.work().await?;
    for body in [envelope(&at_once)?, merchant.received()[0].json()] {
        let first = &body["Data"]["ServiceAccount"][0];
        assert_eq!(first["CompanyName"], "Entel PCS Movil", "{body}");
    }
    let both = json!({"RequestData": {"AccountCredential": {"Username": RUT, "Password": PASSWORD}}});
    let refused = gateway.post_as(SERVICES, &both, &headers).await?;
    assert_eq!(refused.status, 400);
    assert_eq!(envelope(&refused)?["Error"]["Code"], "P003");
    let elsewhere = "/v1/cl/banking/personal/demo-bank.khipu.com/accounts";
    let outside = gateway
        .post_as(elsewhere, &json!({"RequestData": {}}), &headers)
        .await?;
    // Where that institution is driven, the token does not open it.
    assert!(
        [403, 404].contains(&outside.status.as_u16()),
        "{}",
        outside.text()
    );
    Ok(())
}
