//! `/v3/payments` as a merchant meets it.

use ayni_domain::ids::PaymentId;
use ayni_domain::payment::Event;
use ayni_domain::privilege::{Mode, Privilege, Privileges};
use serde_json::{Value, json};

use super::{TransitionError, find, transition};
use crate::harness::House;

const PLAIN: &str = r#"{"amount":1000,"currency":"CLP","subject":"Cobro de prueba"}"#;

async fn created(house: &House, body: &str) -> Value {
    let answered = house.post("/v3/payments", body).await;
    assert_eq!(answered.status, 200, "{}", answered.text);
    answered.json()
}

async fn id_of(house: &House, body: &str) -> String {
    created(house, body).await["payment_id"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn a_payment_is_created_with_the_addresses_of_its_pages() {
    let house = House::open().await;
    let body = created(&house, PLAIN).await;
    let id = body["payment_id"].as_str().unwrap();
    PaymentId::parse(id).unwrap();
    assert_eq!(
        body,
        json!({
            "payment_id": id,
            "payment_url": format!("https://pay.example/payment/info/{id}"),
            "simplified_transfer_url": format!("https://pay.example/payment/simplified/{id}"),
            "transfer_url": format!("https://pay.example/payment/manual/{id}"),
            "app_url": format!("khipu:///pos/{id}"),
            "ready_for_terminal": false,
        })
    );
}

#[tokio::test]
async fn a_plain_payment_is_read_with_every_key_sorted_and_defaults_for_the_rest() {
    let house = House::open().await;
    let id = id_of(&house, PLAIN).await;
    let answered = house.get(&format!("/v3/payments/{id}")).await;
    let body = answered.json();
    let keys: Vec<&String> = body.as_object().unwrap().keys().collect();
    let place = |key: &str| answered.text.find(&format!("\"{key}\":")).unwrap();
    assert!(
        keys.windows(2).all(|pair| place(pair[0]) < place(pair[1])),
        "{}",
        answered.text
    );
    assert_eq!(keys.len(), 41);
    assert_eq!(body["amount"], "1000.0000");
    assert_eq!(body["receiver_id"], house.account.0);
    assert_eq!(body["expires_date"], "2026-03-02T12:00:00.000Z");
    assert_eq!(body["responsible_user_email"], "Dueno@example.com");
    assert_eq!(body["notification_token"].as_str().unwrap().len(), 64);
    assert_eq!(
        (&body["status"], &body["status_detail"]),
        (&json!("pending"), &json!("pending"))
    );
    assert_eq!(
        (&body["payment_method"], &body["funds_source"]),
        (&json!("not_available"), &json!(""))
    );
    assert_eq!(
        (&body["conciliation_date"], &body["refunds"]),
        (&Value::Null, &json!([]))
    );
    assert_eq!(
        (&body["custom"], &body["body"], &body["receipt_url"]),
        (&json!(""), &json!(""), &json!(""))
    );
    assert_eq!(
        (&body["total_refunded"], &body["discount"]),
        (&json!("0.0000"), &json!("0.0000"))
    );
}

#[tokio::test]
async fn what_was_set_is_told_again_verbatim() {
    let house = House::open().await;
    let asked = json!({
        "amount": "1000", "currency": "CLP", "subject": "Ñandú", "transaction_id": "T-1",
        "custom": "<xml>\n\"ü\"</xml>", "body": "detalle", "bank_id": "Bawdf", "payer_email": "p@e.cl",
        "payer_name": "P", "return_url": "http://shop.example/r", "notify_url": "https://shop.example/n",
        "responsible_user_email": "dueno@example.com", "fixed_payer_personal_identifier": "11.000.111-9",
        "expires_date": "2026-04-01T09:00:00-0300", "send_email": true, "notify_api_version": "1.3",
        "mandatory_payment_method": "simplified_transfer", "unknown": {"is": "ignored"}, "cancel_url": null
    });
    let made = created(&house, &asked.to_string()).await;
    assert_eq!(made["ready_for_terminal"], true);
    let body = house
        .get(&format!("/v3/payments/{}", made["payment_id"].as_str().unwrap()))
        .await
        .json();
    for key in [
        "subject",
        "transaction_id",
        "custom",
        "body",
        "bank_id",
        "payer_email",
        "payer_name",
    ] {
        assert_eq!(body[key], asked[key], "{key}");
    }
    assert_eq!(body["bank"], "DemoBank");
    assert_eq!(body["personal_identifier"], "11.000.111-9");
    assert_eq!(body["expires_date"], "2026-04-01T12:00:00.000Z");
    assert_eq!(
        (&body["send_email"], &body["notify_api_version"]),
        (&json!(true), &json!("1.3"))
    );
    assert_eq!(
        (&body["notify_url"], &body["cancel_url"]),
        (&json!("https://shop.example/n"), &json!(""))
    );
}

#[tokio::test]
async fn a_request_with_five_wrong_fields_names_all_five_in_the_documentation_s_order() {
    let house = House::open().await;
    let body = r#"{"send_email":"yes","subject":7,"amount":10.5,"currency":"CLP","bank_id":"nope",
                   "return_url":"shop","custom":"x"}"#;
    let answered = house.post("/v3/payments", body).await;
    assert_eq!(answered.status, 400);
    assert_eq!(
        answered.fields(),
        ["amount", "subject", "bank_id", "return_url", "send_email"]
    );
    let body = answered.json();
    assert_eq!(
        (&body["status"], &body["message"]),
        (&json!(400), &json!("Error de validación"))
    );
    assert_eq!(body["errors"][3]["message"], "La URL shop no es válida");
}

#[tokio::test]
async fn an_empty_body_and_an_empty_object_lack_the_required_fields() {
    let house = House::open().await;
    for body in ["", "{}", " \n"] {
        let answered = house.post("/v3/payments", body).await;
        assert_eq!(
            (answered.status.as_u16(), answered.fields().len()),
            (400, 3),
            "{body:?}"
        );
        assert_eq!(answered.fields(), ["amount", "currency", "subject"]);
    }
}

#[tokio::test]
async fn a_currency_in_which_the_account_does_not_collect_is_refused() {
    let house = House::open().await;
    let usd = house
        .post("/v3/payments", r#"{"amount":1,"currency":"USD","subject":"s"}"#)
        .await;
    assert_eq!(
        (usd.status.as_u16(), usd.fields()),
        (400, vec!["currency".to_owned()])
    );
    created(
        &house,
        r#"{"amount":1.25,"currency":"CLF","subject":"paid in pesos"}"#,
    )
    .await;
}

#[tokio::test]
async fn addresses_that_we_would_call_pass_the_outgoing_policy_and_others_need_not() {
    let house = House::open().await;
    let body = r#"{"amount":1,"currency":"CLP","subject":"s","notify_url":"http://10.0.0.1/n",
                   "picture_url":"https://169.254.169.254/p","return_url":"http://10.0.0.1/r"}"#;
    assert_eq!(
        house.post("/v3/payments", body).await.fields(),
        ["picture_url", "notify_url"]
    );
}

#[tokio::test]
async fn a_contract_that_can_not_be_fetched_is_one_more_violation() {
    let house = House::open().await;
    let privileges = Privileges::of_a_developer().with(Privilege::Contracts);
    let (_, key) = house.another(Mode::Developer, privileges).await;
    let body = r#"{"amount":1,"currency":"CLP","subject":"","contract_url":"http://127.0.0.1:1/c.pdf",
                   "fixed_payer_personal_identifier":"1-9"}"#;
    let answered = house
        .send("POST", "/v3/payments", &[("x-api-key", &key)], body)
        .await;
    assert_eq!(answered.fields(), ["subject", "contract_url"]);
}

#[tokio::test]
async fn another_account_s_payment_is_not_found() {
    let house = House::open().await;
    let id = id_of(&house, PLAIN).await;
    let (_, other) = house.another(Mode::Developer, Privileges::default()).await;
    for method in ["GET", "DELETE"] {
        let path = format!("/v3/payments/{id}");
        let answered = house.send(method, &path, &[("x-api-key", &other)], "").await;
        assert_eq!(answered.status, 404);
        assert_eq!(
            answered.json(),
            json!({"status": 404, "message": "Recurso no disponible"})
        );
    }
    assert_eq!(house.get("/v3/payments/aaaaaaaaaaaa").await.status, 404);
    assert_eq!(house.get("/v3/payments/NOT-AN-ID").await.status, 404);
}

#[tokio::test]
async fn a_pending_payment_is_deleted_once_and_for_all() {
    let house = House::open().await;
    let path = format!("/v3/payments/{}", id_of(&house, PLAIN).await);
    let headers = [("content-type", "application/json")];
    let answered = house.send("DELETE", &path, &headers, "").await;
    assert_eq!(
        (answered.status.as_u16(), answered.json()),
        (200, json!({"message": "El pago fue eliminado"}))
    );
    assert_eq!(house.get(&path).await.json()["status"], "deleted");
    let again = house.send("DELETE", &path, &headers, "").await;
    assert_eq!(
        (again.status.as_u16(), again.fields()),
        (400, vec!["payment_id".to_owned()])
    );
}

#[tokio::test]
async fn a_payment_that_is_verified_is_not_deleted() {
    let house = House::open().await;
    let id = id_of(&house, PLAIN).await;
    let (payment, now) = (PaymentId::parse(&id).unwrap(), house.app.clock.now());
    let authorising = move |tx: &mut ayni_store::tx::Tx<'_>| {
        let payment = find(tx, payment)?.unwrap();
        transition(
            tx,
            &payment,
            &Event::AttemptAuthorising { attempt: "a".into() },
            now,
        )
    };
    house.app.db.write("test", authorising).await.unwrap();
    let answered = house.send("DELETE", &format!("/v3/payments/{id}"), &[], "").await;
    assert_eq!(
        (answered.status.as_u16(), answered.fields()),
        (400, vec!["payment_id".to_owned()])
    );
    assert!(answered.text.contains("verifying"));
}

#[tokio::test]
async fn of_two_transitions_of_what_was_read_once_exactly_one_wins() {
    let house = House::open().await;
    let id = PaymentId::parse(&id_of(&house, PLAIN).await).unwrap();
    let read = house
        .app
        .db
        .point("test", move |tx| find(tx, id))
        .await
        .unwrap()
        .unwrap();
    let now = house.app.clock.now();
    let mut outcomes = Vec::new();
    for event in [Event::Deleted, Event::RejectedByPayer] {
        let read = read.clone();
        let done = house
            .app
            .db
            .append("test", move |tx| transition(tx, &read, &event, now))
            .await;
        outcomes.push(done.map_err(|error| matches!(error, TransitionError::Raced)));
    }
    assert!(matches!(outcomes[..], [Ok(_), Err(true)]), "{outcomes:?}");
}

#[tokio::test]
async fn a_list_is_walked_page_by_page_newest_first_without_large_fields() {
    let house = House::open().await;
    let mut made = Vec::new();
    for number in 0..5 {
        house.app.clock.advance_ms(1000 * i64::from(number % 2));
        let body = format!(
            r#"{{"amount":1,"currency":"CLP","subject":"s","transaction_id":"T{}"}}"#,
            number % 2
        );
        made.push(id_of(&house, &body).await);
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = house
            .get(&format!("/v3/payments?limit=2&cursor={cursor}"))
            .await
            .json();
        for payment in page["payments"].as_array().unwrap() {
            assert!(payment.get("custom").is_none() && payment.get("body").is_none());
            seen.push(payment["payment_id"].as_str().unwrap().to_owned());
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    let same_members = |a: &[String], b: &[String]| a.iter().all(|id| b.contains(id)) && a.len() == b.len();
    assert!(same_members(&seen, &made), "{seen:?} {made:?}");
    assert!(same_members(&seen[..2], &made[3..]), "the newest instant first");
    let count = |page: Value| page["payments"].as_array().unwrap().len();
    house
        .send("DELETE", &format!("/v3/payments/{}", made[0]), &[], "")
        .await;
    for (query, expected) in [
        ("transaction_id=T0", 3),
        ("transaction_id=T0&status=deleted", 1),
        ("status=deleted", 1),
        ("status=pending", 4),
        ("status=done", 0),
        ("from=2026-03-01T12:00:01Z", 4),
        ("from=2026-03-01T09:00:01-03:00&to=2026-03-01T12:00:02%2B00:00", 2),
        ("to=2026-03-01T12:00:00Z", 0),
        ("limit=&status=", 5),
    ] {
        assert_eq!(
            count(house.get(&format!("/v3/payments?{query}")).await.json()),
            expected,
            "{query}"
        );
    }
}

#[tokio::test]
async fn every_wrong_query_field_of_a_list_is_named() {
    let house = House::open().await;
    let answered = house
        .get("/v3/payments?limit=101&cursor=x&status=expired&from=2026-01-01&to=now")
        .await;
    assert_eq!(answered.status, 400);
    assert_eq!(answered.fields(), ["limit", "cursor", "status", "from", "to"]);
}
