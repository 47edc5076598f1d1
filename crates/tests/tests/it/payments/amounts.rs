//! Amounts on the wire: what is read, what is refused, and that every digit survives.

use anyhow::Result;
use axum::body::Body;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::http::{Answer, request};
use ayni_testkit::on_both_engines;

on_both_engines!(
    an_amount_is_read_from_its_digits,
    an_amount_that_breaks_a_rule_is_refused_with_the_reason
);

async fn an_amount_is_read_from_its_digits(gateway: &TestGateway) -> Result<()> {
    for (amount, currency, expected) in [
        ("1000", "CLP", "1000.0000"),
        ("\"1000\"", "CLP", "1000.0000"),
        ("1000.0", "CLP", "1000.0000"),
        ("\"1000.0000\"", "CLP", "1000.0000"),
        ("1e3", "CLP", "1000.0000"),
        ("1.5E2", "CLP", "150.0000"),
        ("100000e-2", "CLP", "1000.0000"),
        ("9007199254740993e-3", "CLF", "9007199254740.9930"),
        ("0.1", "USD", "0.1000"),
        ("\"0.01\"", "USD", "0.0100"),
        ("0.0001", "CLF", "0.0001"),
        ("1234.5670", "CLF", "1234.5670"),
        ("10000000000000", "CLP", "10000000000000.0000"),
        ("12.30", "PEN", "12.3000"),
        ("7", "COP", "7.0000"),
    ] {
        let answer = create(gateway, amount, currency).await?;
        assert_eq!(answer.status, 200, "{amount} {currency}: {}", answer.text());
        let id = answer.json()["payment_id"].as_str().unwrap().to_owned();
        assert_eq!(
            gateway.payment(&id).await?["amount"],
            expected,
            "{amount} {currency}"
        );
    }
    Ok(())
}

async fn an_amount_that_breaks_a_rule_is_refused_with_the_reason(gateway: &TestGateway) -> Result<()> {
    for (amount, currency, reason) in [
        ("0", "CLP", "Debe ser mayor que cero"),
        ("-1", "CLP", "Debe ser mayor que cero"),
        ("\"-0\"", "CLP", "Debe ser mayor que cero"),
        ("10.5", "CLP", "Los montos en CLP no llevan decimales"),
        ("1e-1", "COP", "Los montos en COP no llevan decimales"),
        (
            "0.001",
            "USD",
            "Los montos en USD pueden tener como máximo 2 decimales",
        ),
        ("0.00001", "CLF", "No puede tener más de 4 decimales"),
        ("10000000000001", "CLP", "No puede ser mayor que 10000000000000"),
        ("1e400", "CLP", "No puede ser mayor que 10000000000000"),
        ("\"1e3\"", "CLP", NOT_A_NUMBER),
        ("\"1.000,5\"", "CLP", NOT_A_NUMBER),
        ("\" 1\"", "CLP", NOT_A_NUMBER),
        ("\"0x10\"", "CLP", NOT_A_NUMBER),
        ("true", "CLP", WRONG_TYPE),
        ("[1000]", "CLP", WRONG_TYPE),
        ("{}", "CLP", WRONG_TYPE),
        ("null", "CLP", "Este campo es obligatorio"),
        ("\"\"", "CLP", "Este campo es obligatorio"),
    ] {
        let answer = create(gateway, amount, currency).await?;
        assert_eq!(answer.status, 400, "{amount} {currency}");
        let errors = &answer.json()["errors"];
        assert_eq!(answer.fields(), ["amount"], "{amount} {currency}: {errors}");
        assert_eq!(errors[0]["message"], reason, "{amount} {currency}");
    }
    Ok(())
}

/// The amount as raw JSON: what a JSON library would make of it must not come between.
async fn create(gateway: &TestGateway, amount: &str, currency: &str) -> Result<Answer> {
    let body = format!(r#"{{"amount": {amount}, "currency": "{currency}", "subject": "Prueba"}}"#);
    let request = request("POST", &gateway.address, "/v3/payments")
        .header("x-api-key", &gateway.api_key)
        .header("content-type", "application/json");
    gateway.send(request.body(Body::from(body))?).await
}

const NOT_A_NUMBER: &str = "No es un número válido: use solo dígitos, con punto como separador decimal";
const WRONG_TYPE: &str = "Debe ser un número, o un texto que contenga solo un número";
