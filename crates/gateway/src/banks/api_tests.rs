//! What merchants are told about banks.

use ayni_domain::privilege::{Mode, Privileges};
use serde_json::json;

use crate::harness::House;

#[tokio::test]
async fn developers_see_demo_bank_only_and_live_accounts_never_do() {
    let house = House::open().await;
    let banks = house.get("/v3/banks").await.json();
    assert_eq!(
        banks,
        json!({"banks": [{
            "bank_id": "Bawdf",
            "name": "DemoBank",
            "message": banks["banks"][0]["message"],
            "min_amount": "200.0000",
            "type": "Persona",
            "parent": "",
            "logo_url": "https://pay.example/logo/Bawdf.svg",
        }]})
    );
    let (_, live) = house.another(Mode::Live, Privileges::default()).await;
    let answered = house.send("GET", "/v3/banks", &[("x-api-key", &live)], "").await;
    assert!(answered.json()["banks"].as_array().unwrap().len() >= 10 && !answered.text.contains("Bawdf"));
    assert_eq!(
        house.get("/logo/Bawdf.svg").await.header("content-type"),
        "image/svg+xml"
    );
    assert_eq!(house.get("/logo/none.svg").await.status, 404);
}

#[tokio::test]
async fn payment_methods_are_told_to_their_own_account_only() {
    let house = House::open().await;
    let own = house
        .get(&format!("/v3/merchants/{}/paymentMethods", house.account))
        .await
        .json();
    let ids: Vec<_> = own["paymentMethods"]
        .as_array()
        .unwrap()
        .iter()
        .map(|method| &method["id"])
        .collect();
    assert_eq!(ids, ["SIMPLIFIED_TRANSFER", "REGULAR_TRANSFER"]);
    for path in [
        "/v3/merchants/paymentMethods",
        "/api/3.0/merchants/paymentMethods",
    ] {
        assert_eq!(house.get(path).await.json(), own, "{path}");
    }
    for id in ["1", "nonsense", "-1", "99999999999999999999999"] {
        assert_eq!(
            house
                .get(&format!("/v3/merchants/{id}/paymentMethods"))
                .await
                .status,
            404,
            "{id}"
        );
    }
}

#[tokio::test]
async fn a_forecast_needs_its_four_fields_and_names_those_that_are_wrong() {
    let house = House::open().await;
    let lacking = house.get("/v3/predict").await;
    assert_eq!(
        (lacking.status.as_u16(), lacking.fields().join(" ")),
        (400, "payer_email bank_id amount currency".into())
    );
    let wrong = house
        .get("/v3/predict?payer_email=x&bank_id=none&amount=-1&currency=XXX")
        .await;
    assert_eq!(wrong.fields(), ["payer_email", "bank_id", "amount", "currency"]);
    let decimals = house
        .get("/v3/predict?payer_email=p@e.cl&bank_id=Bawdf&amount=1.5&currency=CLP")
        .await;
    assert_eq!(decimals.fields(), ["amount"]);
}

#[tokio::test]
async fn a_forecast_follows_the_bank_s_limits() {
    let house = House::open().await;
    for (amount, currency, result) in [
        ("1000", "CLP", "ok"),
        ("500001", "CLP", "new_destinatary_amount_exceeded"),
        ("5000001", "CLP", "max_amount_exceeded"),
        ("1000", "USD", "not_available_account"),
        ("20", "CLF", "new_destinatary_amount_exceeded"),
    ] {
        let query = format!("payer_email=p@e.cl&bank_id=Bawdf&amount={amount}&currency={currency}");
        let body = house.get(&format!("/v3/predict?{query}")).await.json();
        assert_eq!(body["result"], result, "{amount} {currency}");
        assert_eq!(body["cool_down_date"], "");
        let max = if currency == "USD" { "" } else { "5000000.0000" };
        assert_eq!(body["max_amount"], max);
    }
}
