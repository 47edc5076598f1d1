//! A process that declares an institution and then answers anything.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use ayni_connectors::data::login::{LoggedIn, Login, LoginStep};
use ayni_connectors::data::{Connector, Visit};
use ayni_connectors::remote::check::check;
use ayni_connectors::remote::{ANSWER_BYTES_MAX, Place, RemoteConnector, RemoteError};
use tokio::net::TcpListener;

const DECLARATION: &str = r#"{"version":1,"declaration":{"institution":"x.example","path":"cl/services/x.example",
    "scope":"cl_services_x","name":"X","operations":[{"name":"consult-debt"}],
    "login_fields":[{"name":"Username","label":"RUT"}]},"samples":[{"operation":"consult-debt"}]}"#;

type Said = Arc<Mutex<(u16, String)>>;

async fn said(State(said): State<Said>) -> Response {
    let (status, body) = said.lock().unwrap().clone();
    (StatusCode::from_u16(status).unwrap(), body).into_response()
}

async fn saying(first: &str) -> (Said, Place) {
    let what: Said = Arc::new(Mutex::new((200, first.to_owned())));
    let router = Router::new()
        .route("/declaration", get(said))
        .route("/health", get(said))
        .route("/run", post(said))
        .route("/log-in", post(said))
        .with_state(Arc::clone(&what));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (what, Place::new(&url, None).unwrap())
}

#[tokio::test]
async fn every_answer_that_is_not_of_the_protocol_has_its_code() {
    let (say, place) = saying(DECLARATION).await;
    let connector = RemoteConnector::connect(place).await.unwrap();
    let long = format!("{{\"version\":1,\"note\":\"{}\"}}", "x".repeat(ANSWER_BYTES_MAX));
    for (status, body, code) in [
        (200, "<html>", "I002"),
        (200, "", "I002"),
        (200, r#"{"version":1,"data":{"Debt":1},"extra":1}"#, "I002"),
        (200, r#"{"version":1,"fault":{"code":"A000"}}"#, "I002"),
        (200, long.as_str(), "I002"),
        (401, r#"{"version":1}"#, "I002"),
        (302, "", "I002"),
        (500, "oops", "I002"),
        (503, "", "I001"),
        (200, r#"{"version":1,"fault":{"code":"E201"}}"#, "E201"),
    ] {
        *say.lock().unwrap() = (status, body.to_owned());
        let arguments = BTreeMap::new();
        let visit = Visit {
            operation: "consult-debt",
            arguments: &arguments,
            login: None,
        };
        let failed = connector.run(visit).await.unwrap_err();
        assert_eq!(failed.fault.code.as_str(), code, "{status}");
    }
}

#[tokio::test]
async fn a_login_that_waits_for_its_code_keeps_the_connectors_session() {
    let (say, place) = saying(DECLARATION).await;
    let connector = RemoteConnector::connect(place).await.unwrap();
    let login = || Login {
        username: "11.111.111-1".to_owned(),
        password: "secreta".to_owned(),
        device: None,
    };
    let asks = |session: &str| {
        let body = format!(r#"{{"version":1,"code_wanted":{{"prompt":"¿Código?","session":"{session}"}}}}"#);
        *say.lock().unwrap() = (200, body);
    };
    asks("a b");
    let refused = connector.log_in(LoginStep::Credentials(login())).await;
    assert_eq!(refused.err().unwrap().fault.code.as_str(), "I002");
    asks("eyJhIjoxfQ==");
    let LoggedIn::CodeWanted { prompt, session } =
        connector.log_in(LoginStep::Credentials(login())).await.unwrap()
    else {
        panic!("no code was wanted")
    };
    assert_eq!(prompt, "¿Código?");
    let done = r#"{"version":1,"done":{"device":"d1","accounts":[]}}"#;
    *say.lock().unwrap() = (200, done.to_owned());
    let code = "123456".to_owned();
    let LoggedIn::Done { login, .. } = connector.log_in(LoginStep::Code { session, code }).await.unwrap()
    else {
        panic!("a code was wanted again")
    };
    assert_eq!(
        (login.password.as_str(), login.device.as_deref()),
        ("secreta", Some("d1"))
    );
}

#[tokio::test]
async fn the_check_says_which_sentences_do_not_hold() {
    let (_, place) = saying(DECLARATION).await;
    let findings = check(&place).await.unwrap();
    let held = |sentence: &str| {
        let found = findings
            .iter()
            .find(|finding| finding.sentence.contains(sentence));
        found.unwrap_or_else(|| panic!("{sentence}")).problem.is_none()
    };
    assert!(held("/declaration"));
    for sentence in [
        "answers its sample",
        "not declared is P004",
        "no JSON",
        "nobody has is E101",
    ] {
        assert!(!held(sentence), "{sentence}");
    }
}

#[tokio::test]
async fn what_is_no_address_secret_or_declaration_is_refused_before_anything_is_asked() {
    for address in ["ftp://x.example", "x.example", "http://x.example/path", ""] {
        assert!(
            matches!(Place::new(address, None), Err(RemoteError::Address)),
            "{address}"
        );
    }
    for secret in ["", "a b", "a\nb", "ñ"] {
        let place = Place::new("http://x.example", Some(secret.to_owned()));
        assert!(matches!(place, Err(RemoteError::Secret)), "{secret:?}");
    }
    let (_, place) = saying("{}").await;
    let refused = RemoteConnector::connect(place).await;
    assert!(matches!(refused, Err(RemoteError::Declaration { .. })));
}
