//! Requests that tests send and what they look for in answers.

use anyhow::Result;
use ayni_testkit::gateway::TestGateway;
use serde_json::{Value, json};

/// The required fields, and these besides or in their place; `null` takes one away.
pub fn payment(other: &Value) -> Value {
    let mut body = json!({"amount": 1000, "currency": "CLP", "subject": "Cobro de prueba"});
    for (name, value) in other.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// `status` and `status_detail` of a payment, in one word such as `done/normal`; of one not done, its status alone.
pub async fn state(gateway: &TestGateway, id: &str) -> Result<String> {
    let payment = gateway.payment(id).await?;
    let (status, detail) = (
        payment["status"].as_str().unwrap(),
        payment["status_detail"].as_str().unwrap(),
    );
    Ok(if status == "done" {
        format!("{status}/{detail}")
    } else {
        status.to_owned()
    })
}
