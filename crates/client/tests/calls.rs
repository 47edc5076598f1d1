//! The client against a whole gateway, and against a server that fails as gateways do.

#![expect(clippy::unwrap_used, reason = "in a test, what should not happen ends it")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;
use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use ayni_client::error::Error;
use ayni_client::operations::{Errand, is_ok};
use ayni_client::payments::{Filter, NewPayment};
use ayni_client::{Client, Limits, banks, tokens};
use ayni_domain::currency::Currency;
use ayni_domain::money::Amount;
use ayni_testkit::engine::Engine;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::payer::Payer;
use serde_json::json;
use tokio::net::TcpListener;

fn amount(text: &str) -> Amount {
    Amount::parse(text, false).unwrap()
}

fn client(gateway: &TestGateway) -> Client {
    Client::new(&format!("http://{}/", gateway.address), &gateway.api_key).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_is_made_read_listed_refunded_and_deleted() -> Result<()> {
    let gateway = TestGateway::start(Engine::Sqlite).await?;
    let client = client(&gateway);
    let mut new = NewPayment::new(amount("1000"), Currency::Clp, "Two cups");
    new.transaction_id = Some("order-7".to_owned());
    let made = client.create_payment_once("order-7", &new).await?;
    assert_eq!(client.create_payment_once("order-7", &new).await?, made);
    Payer::at(&gateway)?
        .pay(&made.payment_id, "11.111.111-1", "11 22 33")
        .await?;
    gateway.work().await?;
    let paid = client.payment(&made.payment_id).await?;
    assert_eq!((paid.status.as_str(), paid.amount), ("done", amount("1000")));
    client
        .refund_payment(&made.payment_id, Some(amount("400")))
        .await?;
    assert_eq!(
        client.payment(&made.payment_id).await?.total_refunded,
        amount("400")
    );

    let other = client
        .create_payment(&NewPayment::new(amount("1.5"), Currency::Usd, "Book"))
        .await?;
    let listed = client
        .payments(&Filter {
            limit: Some(1),
            ..Filter::default()
        })
        .await?;
    assert_eq!((listed.payments.len(), listed.next_cursor.is_some()), (1, true));
    client.delete_payment(&other.payment_id).await?;
    let again = client.delete_payment(&other.payment_id).await.unwrap_err();
    assert_eq!(again.refusal().unwrap().fields[0].field, "payment_id");
    let wrong = client
        .create_payment(&NewPayment::new(amount("0.5"), Currency::Clp, ""))
        .await;
    let refusal = wrong.unwrap_err();
    let fields: Vec<_> = refusal
        .refusal()
        .unwrap()
        .fields
        .iter()
        .map(|one| one.field.as_str())
        .collect();
    assert_eq!((refusal.status(), fields), (Some(400), vec!["amount", "subject"]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn banks_methods_forecast_wallet_and_receivers_are_read() -> Result<()> {
    let gateway = TestGateway::start(Engine::Sqlite).await?;
    let client = client(&gateway);
    let bank = client.banks().await?.remove(0);
    assert!(
        client
            .payment_methods()
            .await?
            .iter()
            .any(|method| method.id == "REGULAR_TRANSFER")
    );
    let question = banks::Question {
        payer_email: "ana@example.com".to_owned(),
        bank_id: bank.bank_id,
        amount: amount("1000"),
        currency: Currency::Clp,
    };
    assert_eq!(client.predict(&question).await?.result, "ok");
    assert_eq!(client.wallet().await?.balance, Amount::ZERO);
    assert_eq!(client.receivers(0, 10).await.unwrap_err().status(), Some(403));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_debt_is_asked_for_with_a_key_and_with_a_token() -> Result<()> {
    let gateway = TestGateway::start(Engine::Sqlite).await?;
    let errand = Errand {
        institution: "com/services/servipag.com",
        operation: "consult-debt",
        request_data: json!({ "EnterpriseName": "Aguas Andinas", "ClientIdentifier": "25252525" }),
        callback_url: None,
    };
    let envelope = client(&gateway).run_operation(&errand).await?;
    assert!(is_ok(&envelope) && envelope.data.unwrap().get().contains("15340"));
    let again = client(&gateway)
        .operation(&envelope.operation_id.to_string())
        .await?;
    assert_eq!(again.operation_id, envelope.operation_id);

    let oauth = ayni_testkit::client::register(&gateway, false).await?;
    let url = format!("http://{}", gateway.address);
    let secret = oauth.secret.clone().unwrap();
    let token = tokens::client_credentials(&url, &oauth.id, &secret, "").await?;
    let with_token = Client::with_token(&url, &token.access_token, Limits::default())?;
    assert!(is_ok(&with_token.run_operation(&errand).await?));
    assert!(
        tokens::client_credentials(&url, &oauth.id, "nonsense", "")
            .await
            .is_err()
    );
    Ok(())
}

/// A server that answers 503 so often, and then as a gateway that made the payment; it notes the keys.
async fn failing(times: usize, status: StatusCode) -> Result<(String, Arc<AtomicUsize>)> {
    let (listener, asked) = (
        TcpListener::bind("127.0.0.1:0").await?,
        Arc::new(AtomicUsize::new(0)),
    );
    let (url, count) = (format!("http://{}", listener.local_addr()?), asked.clone());
    let answer = move |headers: HeaderMap| async move {
        assert!(headers.contains_key("x-api-key"));
        match count.fetch_add(1, Ordering::SeqCst) < times {
            true => (
                status,
                [("content-type", "application/json")],
                "{\"message\":\"later\"}".to_owned(),
            ),
            false => (
                StatusCode::OK,
                [("content-type", "application/json")],
                "{\"message\":\"ok\"}".to_owned(),
            ),
        }
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    Ok((url, asked))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_safe_is_sent_again_and_nothing_else() -> Result<()> {
    for (times, status, is_delete, tries, succeeds) in [
        (2, StatusCode::SERVICE_UNAVAILABLE, false, 3, true),
        (9, StatusCode::SERVICE_UNAVAILABLE, false, 4, false),
        (1, StatusCode::TOO_MANY_REQUESTS, true, 2, true),
        (1, StatusCode::SERVICE_UNAVAILABLE, true, 1, false),
        (1, StatusCode::BAD_REQUEST, false, 1, false),
    ] {
        let (url, asked) = failing(times, status).await?;
        let client = Client::new(&url, "key")?;
        let done = match is_delete {
            true => client.delete_payment("aaaaaaaaaaaa").await,
            false => client.confirm_payment("aaaaaaaaaaaa").await,
        };
        assert_eq!(
            (done.is_ok(), asked.load(Ordering::SeqCst)),
            (succeeds, tries),
            "{status} {is_delete}"
        );
    }
    let gone = TcpListener::bind("127.0.0.1:0").await?.local_addr()?;
    let limits = Limits {
        tries_max: 2,
        ..Limits::default()
    };
    let client = Client::with_limits(&format!("http://{gone}"), "secret-key", limits)?;
    let error = client.banks().await.unwrap_err();
    assert!(matches!(error, Error::Unreachable(_)), "{error:?}");
    assert!(!format!("{error:?}").contains("secret-key"));
    assert!(
        Client::new("ftp://example.com", "key").is_err() && Client::new("http://x", "new\nline").is_err()
    );
    Ok(())
}
