//! The faults, as they arrive over real connections.

use std::time::Duration;

use axum::http::StatusCode;
use http_body_util::BodyExt as _;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use super::{TestPortal, WATER, ask, cells, token};
use crate::portal::effect::{DebtEffect, Trouble};
use crate::portal::magic::DEBT_CASES;

#[tokio::test]
async fn each_identifier_does_what_its_table_says() {
    let test = TestPortal::open();
    for (identifier, status, shown) in [
        ("90000010", StatusCode::OK, "no-debt"),
        ("90002010", StatusCode::SERVICE_UNAVAILABLE, "maintenance"),
        ("90002011", StatusCode::OK, "maintenance"),
        ("90002014", StatusCode::OK, "expired"),
        ("90002020", StatusCode::OK, "v2"),
        ("90002023", StatusCode::OK, "login"),
        ("90003010", StatusCode::OK, "not-published"),
        ("90004030", StatusCode::OK, "consult"),
        ("90009990", StatusCode::OK, "site-message"),
        ("90008000", StatusCode::OK, "debt"),
        ("90008001", StatusCode::OK, "debt"),
    ] {
        let page = ask(&mut test.browser(), WATER, identifier).await;
        assert_eq!((page.status, page.page()), (status, shown), "{identifier}");
    }
}

#[tokio::test]
async fn changed_pages_show_no_row_as_the_usual_one_does() {
    let test = TestPortal::open();
    for (identifier, amount, due) in [
        ("90002021", "15.340,00 CLP", "31/05/2025"),
        ("90002022", "$15.340", "2025/31/05"),
        ("90002028", "US$15,34", "31/05/2025"),
        ("90006000", "$15.340", ""),
        ("90007000", "Por confirmar", "31/05/2025"),
    ] {
        let page = ask(&mut test.browser(), WATER, identifier).await;
        assert_eq!(cells(&page, "monto"), [amount]);
        assert_eq!(cells(&page, "vencimiento"), [due]);
    }
    let page = ask(&mut test.browser(), WATER, "90002029").await;
    assert_eq!(page.after("id=\"cliente\">"), "25252525");
    let page = ask(&mut test.browser(), WATER, "91002020").await;
    assert_eq!(
        (cells(&page, "monto"), page.after("id=\"total\">")),
        (vec!["$15.340".to_owned()], "$16.340")
    );
    let page = ask(&mut test.browser(), WATER, "90002027").await;
    assert!(cells(&page, "monto").is_empty() && page.html.contains("Saldo anterior"));
}

#[tokio::test]
async fn passing_faults_pass_and_come_again_for_each_company_apart() {
    let test = TestPortal::open();
    for company in [WATER, "/pagar/cge"] {
        for shown in ["maintenance", "maintenance", "debt", "maintenance"] {
            assert_eq!(ask(&mut test.browser(), company, "90002013").await.page(), shown);
        }
        for shown in ["expired", "debt", "expired"] {
            assert_eq!(ask(&mut test.browser(), company, "90002015").await.page(), shown);
        }
    }
}

#[tokio::test]
async fn redirects_lead_to_each_other() {
    let test = TestPortal::open();
    let mut person = test.browser();
    let form = person.get(WATER).await;
    let fields = [("_token", token(&form)), ("identificador", "90002024")];
    assert_eq!(person.post_only(WATER, &fields).await.location(), "/vuelta/1");
    assert_eq!(
        person.post_only("/vuelta/1", &[]).await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
    assert_eq!(person.get_only("/vuelta/1").await.location(), "/vuelta/2");
    assert_eq!(person.get_only("/vuelta/2").await.location(), "/vuelta/1");
}

#[tokio::test]
async fn over_a_connection_it_hangs_up_breaks_off_never_ends_and_sends_wrong_bytes() {
    let test = TestPortal::open();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (stop, stopped) = oneshot::channel::<()>();
    let portal = test.portal.clone();
    let serving = tokio::spawn(async move {
        portal
            .serve(listener, async move { drop(stopped.await) })
            .await
            .unwrap();
    });
    assert!(post(&test, &address, "90002012").await.is_err());
    let endless = post(&test, &address, "90002025").await.unwrap();
    let mut body = endless.into_body();
    let mut read = 0;
    while read < 1_000_000 {
        read += body.frame().await.unwrap().unwrap().into_data().unwrap().len();
    }
    drop(body);
    let wrong = post(&test, &address, "90002026").await.unwrap();
    assert_eq!(wrong.headers()["content-type"], "text/html; charset=utf-8");
    let bytes = wrong.into_body().collect().await.unwrap().to_bytes();
    assert!(std::str::from_utf8(&bytes).is_err());
    let half = post(&test, &address, "91002010").await.unwrap();
    assert!(half.into_body().collect().await.is_err());
    let good = post(&test, &address, "25252525").await.unwrap();
    assert_eq!(good.status(), StatusCode::OK);
    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(10), serving)
        .await
        .unwrap()
        .unwrap();
}

#[test]
fn every_trouble_has_an_identifier_and_every_identifier_has_eight_digits() {
    for trouble in [
        Trouble::HangUp,
        Trouble::Endless,
        Trouble::Drip,
        Trouble::WrongCharset,
    ] {
        assert!(
            DEBT_CASES
                .iter()
                .any(|case| case.effect == DebtEffect::Trouble(trouble))
        );
    }
    let mut identifiers: Vec<_> = DEBT_CASES.iter().map(|case| case.identifier).collect();
    assert!(identifiers.iter().all(|identifier| identifier.len() == 8));
    identifiers.dedup();
    assert_eq!(identifiers.len(), DEBT_CASES.len());
}

/// Sends the form that a browser of ours was shown, over a connection of its own.
async fn post(
    test: &TestPortal,
    address: &str,
    identifier: &str,
) -> hyper::Result<hyper::Response<hyper::body::Incoming>> {
    let mut person = test.browser();
    let form = person.get(WATER).await;
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let request = hyper::Request::post(WATER)
        .header("host", address)
        .header("cookie", person.cookies())
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("_token={}&identificador={identifier}", token(&form)))
        .unwrap();
    sender.send_request(request).await
}
