//! What is fetched from a merchant's own server for a payment: the contract, and the picture.

use std::net::SocketAddr;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use ayni_domain::ids::PaymentId;
use ayni_domain::privilege::{Mode, Privilege, Privileges};
use image::codecs::jpeg::JpegEncoder;
use serde_json::json;
use tokio::net::TcpListener;

use super::jobs::{PICTURES, fetch_picture};
use crate::harness::{Answered, House};

const PDF: &str = "%PDF-1.7 a contract";

async fn shop() -> SocketAddr {
    let mut jpeg = Vec::new();
    let pixels = vec![120; 900 * 300 * 3];
    JpegEncoder::new(&mut jpeg)
        .encode(&pixels, 900, 300, image::ExtendedColorType::Rgb8)
        .unwrap();
    let router = Router::new()
        .route("/contract.pdf", get(|| async { PDF }))
        .route("/contract.html", get(|| async { "<html>no contract</html>" }))
        .route("/picture.jpg", get(|| async move { jpeg }))
        .route(
            "/picture.svg",
            get(|| async { "<svg xmlns='http://www.w3.org/2000/svg'/>" }),
        )
        .route("/broken", get(|| async { StatusCode::INTERNAL_SERVER_ERROR }));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
    address
}

async fn create(house: &House, key: &str, field: &str, url: &str) -> Answered {
    let body = json!({
        "amount": 1000, "currency": "CLP", "subject": "s", field: url, "fixed_payer_personal_identifier": "1-9"
    });
    house
        .send("POST", "/v3/payments", &[("x-api-key", key)], &body.to_string())
        .await
}

async fn count(house: &House, text: &'static str) -> i64 {
    house
        .app
        .db
        .point("test", move |tx| tx.one(text, &[])?.unwrap().int(0))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_contract_s_bytes_are_kept_with_the_payment_and_what_is_no_pdf_refuses_it() {
    let (house, shop) = (House::open().await, shop().await);
    let privileges = Privileges::of_a_developer().with(Privilege::Contracts);
    let (_, key) = house.another(Mode::Developer, privileges).await;
    for path in ["contract.html", "broken", "nowhere"] {
        let url = format!("http://{shop}/{path}");
        let answered = create(&house, &key, "contract_url", &url).await;
        assert_eq!(answered.fields(), ["contract_url"]);
        assert!(
            answered.text.contains(&format!("La URL {url} no es válida")),
            "{}",
            answered.text
        );
    }
    assert_eq!(count(&house, "SELECT count(*) FROM payments").await, 0);
    let url = format!("http://{shop}/contract.pdf");
    assert_eq!(create(&house, &key, "contract_url", &url).await.status, 200);
    let text = "SELECT bytes, sha256 FROM contracts";
    let row = house
        .app
        .db
        .point("test", move |tx| tx.one(text, &[]))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row.bytes(0).unwrap(), PDF.as_bytes());
    assert_eq!(row.bytes(1).unwrap(), ayni_crypto::digest::sha256(PDF.as_bytes()));
}

#[tokio::test]
async fn a_picture_is_shown_from_our_own_origin_once_it_was_fetched() {
    let (house, shop) = (House::open().await, shop().await);
    let url = format!("http://{shop}/picture.jpg");
    let made = create(&house, &house.key, "picture_url", &url).await.json();
    let id = PaymentId::parse(made["payment_id"].as_str().unwrap()).unwrap();
    let shown = format!("/payment/picture/{id}");
    assert_eq!(house.get(&shown).await.status, 404);
    assert_eq!(PICTURES.drain_due(&house.app, fetch_picture).await.unwrap(), 1);
    let answered = house.send("GET", &shown, &[("x-api-key", "")], "").await;
    assert_eq!(
        (answered.status.as_u16(), answered.header("content-type")),
        (200, "image/webp")
    );
    assert!(answered.header("cache-control").contains("max-age=86400"));
    assert_eq!(count(&house, "SELECT count(*) FROM jobs").await, 0);
    assert_eq!(
        house.get(&format!("/v3/payments/{id}")).await.json()["picture_url"],
        url
    );
}

#[tokio::test]
async fn what_is_no_picture_is_given_up_at_once_and_what_can_not_be_fetched_after_three_tries() {
    let (house, shop) = (House::open().await, shop().await);
    for (path, tries) in [("picture.svg", 1), ("broken", 3)] {
        let url = format!("http://{shop}/{path}");
        assert_eq!(create(&house, &house.key, "picture_url", &url).await.status, 200);
        for _ in 0..tries {
            assert_eq!(
                PICTURES.drain_due(&house.app, fetch_picture).await.unwrap(),
                1,
                "{path}"
            );
            house.app.clock.advance_ms(120_000);
        }
        assert_eq!(
            PICTURES.drain_due(&house.app, fetch_picture).await.unwrap(),
            0,
            "{path}"
        );
    }
    let buried = "SELECT count(*) FROM jobs WHERE buried_at IS NOT NULL AND reason IS NOT NULL";
    assert_eq!(count(&house, buried).await, 2);
}
