//! An integrator and its receivers, as tests need them.

use anyhow::{Result, ensure};
use ayni_domain::ids::AccountId;
use ayni_domain::privilege::{Privilege, Privileges};
use ayni_gateway::merchants::accounts;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::http::Answer;
use serde_json::{Value, json};

/// A receiver, and what opens it.
pub struct Receiver {
    /// Its `receiver_id`.
    pub id: i64,
    /// Signs its notifications.
    pub secret: String,
    /// Its API key.
    pub api_key: String,
}

/// Makes the developer account an integrator, beside what it may do already.
pub async fn make_integrator(gateway: &TestGateway) -> Result<()> {
    let privileges = Privileges::of_a_developer().with(Privilege::Integrator);
    accounts::grant(&gateway.app.db, AccountId(gateway.receiver_id), privileges).await?;
    Ok(())
}

/// Makes the developer account an integrator, and a receiver for it.
pub async fn receiver(gateway: &TestGateway) -> Result<Receiver> {
    make_integrator(gateway).await?;
    another(gateway, "Panadería Sol SpA").await
}

/// Makes a receiver of this name.
pub async fn another(gateway: &TestGateway, name: &str) -> Result<Receiver> {
    let answer = post(gateway, request(&json!({"business_name": name}))).await?;
    ensure!(answer.status == 200, "{}", answer.text());
    let body = answer.json();
    let text = |key: &str| body[key].as_str().unwrap_or_default().to_owned();
    Ok(Receiver {
        id: text("receiver_id").parse()?,
        secret: text("secret"),
        api_key: text("api_key"),
    })
}

/// The required fields, and these besides or in their place; `null` takes one away.
pub fn request(other: &Value) -> Value {
    let mut body = json!({
        "admin_first_name": "Ana", "admin_last_name": "Soto", "admin_email": "Ana@panaderia.example",
        "country_code": "CL", "business_identifier": "77.777.777-7", "business_category": "PANADERÍA",
        "business_name": "Panadería Sol SpA", "business_phone": "+56988887777",
        "business_address_line_1": "Calle Uno 11", "business_address_line_2": "Local 3",
        "business_address_line_3": "Ñuñoa", "contact_full_name": "Luis Rojas", "contact_job_title": "Dueño",
        "contact_email": "luis@panaderia.example", "contact_phone": "+56977776666",
    });
    for (name, value) in other.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// `POST /v3/receivers` by the developer account.
pub async fn post(gateway: &TestGateway, body: Value) -> Result<Answer> {
    gateway.call("POST", "/v3/receivers", Some(body)).await
}

/// A call by a receiver.
pub async fn call(
    gateway: &TestGateway,
    receiver: &Receiver,
    method: &str,
    path: &str,
    body: Option<Value>,
) -> Result<Answer> {
    gateway.call_by(&receiver.api_key, method, path, body, &[]).await
}

/// Creates a payment of a receiver and returns its id.
pub async fn create(gateway: &TestGateway, receiver: &Receiver, body: Value) -> Result<String> {
    let answer = call(gateway, receiver, "POST", "/v3/payments", Some(body)).await?;
    ensure!(answer.status == 200, "{}", answer.text());
    Ok(answer.json()["payment_id"]
        .as_str()
        .unwrap_or_default()
        .to_owned())
}
