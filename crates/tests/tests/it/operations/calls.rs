//! How tests ask institutions.

use anyhow::{Result, ensure};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::http::Answer;
use serde_json::{Value, json};

pub const DEBT: &str = "/v1/com/services/servipag.com/consult-debt";
pub const SERVICES: &str = "/v1/com/services/servipag.com/service-accounts";
pub const TOKEN: &str = "/v1/com/services/servipag.com/token";
/// The seed's person.
pub const RUT: &str = "11.111.111-1";
pub const PASSWORD: &str = "wxyz1234!@#$";

/// What a client owes `Aguas Andinas`, waited for.
pub async fn debt(gateway: &TestGateway, client: &str) -> Result<Answer> {
    gateway.call("POST", DEBT, Some(of_debt(client, None))).await
}

/// The services of a person, with an API key.
pub async fn services(gateway: &TestGateway, username: &str, password: &str) -> Result<Answer> {
    gateway
        .call("POST", SERVICES, Some(of_services(username, password, None)))
        .await
}

/// The body that asks for a debt.
pub fn of_debt(client: &str, callback_url: Option<&str>) -> Value {
    let mut body = json!({"RequestData": {"EnterpriseName": "Aguas Andinas", "ClientIdentifier": client}});
    if let Some(url) = callback_url {
        body["CallbackUrl"] = url.into();
    }
    body
}

/// The body that asks for services.
pub fn of_services(username: &str, password: &str, callback_url: Option<&str>) -> Value {
    let login = json!({"Username": username, "Password": password});
    let mut body = json!({"RequestData": {"AccountCredential": login}});
    if let Some(url) = callback_url {
        body["CallbackUrl"] = url.into();
    }
    body
}

/// The envelope, checked for its six keys.
pub fn envelope(answer: &Answer) -> Result<Value> {
    let body = answer.json();
    check(&body)?;
    Ok(body)
}

/// All six keys, in their order, and an `Error` with its three exactly where the status says so.
pub fn check(body: &Value) -> Result<()> {
    let keys: Vec<&String> = body
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys())
        .collect();
    let mut expected = KEYS.to_vec();
    let mut found: Vec<&str> = keys.iter().map(|key| key.as_str()).collect();
    expected.sort_unstable();
    found.sort_unstable();
    ensure!(found == expected, "{body}");
    match body["Status"].as_str() {
        Some("OK") => ensure!(body["Error"].is_null(), "{body}"),
        Some("ERROR") => {
            for key in ["Code", "Type", "Description"] {
                ensure!(
                    body["Error"][key].as_str().is_some_and(|text| !text.is_empty()),
                    "{body}"
                );
            }
        }
        _ => anyhow::bail!("{body}"),
    }
    ensure!(
        body["OperationId"].as_str().is_some_and(|id| id.len() == 36),
        "{body}"
    );
    Ok(())
}

/// The code, or `OK`.
pub fn code(body: &Value) -> String {
    let code = body["Error"]["Code"].as_str().unwrap_or("OK");
    code.to_owned()
}

const KEYS: [&str; 6] = [
    "OperationId",
    "Status",
    "Data",
    "AdditionalInformation",
    "Error",
    "LifeSpan",
];
