//! A bank's site as a connector meets it.

use super::*;
use crate::fake_server::{Behaviour, FakeServer};

const PAGE: &str = "HTTP/1.1 303 See Other\r\nlocation: /transfer/7\r\nset-cookie: a=1; HttpOnly\r\n\
    set-cookie: b=2\r\ncontent-type: text/html\r\ncontent-length: 5\r\n\r\nhello";

fn client(server: &FakeServer) -> SiteClient {
    let limits = SiteLimits {
        timeout: Duration::from_millis(150),
        max_answer_bytes: 10,
    };
    SiteClient::new(vec![Url::parse(&server.url("/")).unwrap()], limits).unwrap()
}

fn get(url: &Url) -> SiteRequest<'_> {
    SiteRequest {
        url,
        form: None,
        headers: &[],
        fresh_connection: false,
    }
}

#[tokio::test]
async fn a_form_is_posted_as_a_browser_does_and_the_answer_shows_cookies_and_redirect() {
    let server = FakeServer::start(Behaviour::Answers(PAGE)).await;
    let url = Url::parse(&server.url("/transfer")).unwrap();
    let fields = [
        ("amount".to_owned(), "1000".to_owned()),
        ("holder".to_owned(), "José & Cía".to_owned()),
    ];
    let request = SiteRequest {
        form: Some(&fields),
        headers: &[("cookie", "a=1; b=2")],
        ..get(&url)
    };
    let answer = client(&server).send(request).await.unwrap();
    assert_eq!(answer.status, 303);
    assert_eq!(answer.location.as_deref(), Some("/transfer/7"));
    assert_eq!(answer.set_cookies, ["a=1; HttpOnly", "b=2"]);
    assert_eq!(answer.content_type.as_deref(), Some("text/html"));
    assert_eq!(answer.body, "hello");
    let sent = &server.requests()[0];
    assert!(sent.starts_with("POST /transfer HTTP/1.1\r\n"), "{sent}");
    assert!(sent.contains("\r\ncookie: a=1; b=2\r\n"), "{sent}");
    assert!(
        sent.contains("\r\ncontent-type: application/x-www-form-urlencoded\r\n"),
        "{sent}"
    );
    assert!(
        sent.ends_with("\r\n\r\namount=1000&holder=Jos%C3%A9+%26+C%C3%ADa"),
        "{sent}"
    );
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn only_the_operators_sites_are_reached() {
    let server = FakeServer::start(Behaviour::Answers(PAGE)).await;
    let client = client(&server);
    let other_port = server.port.wrapping_add(1).max(1);
    for text in [
        format!("http://127.0.0.1:{other_port}/"),
        format!("https://127.0.0.1:{}/", server.port),
        format!("http://localhost:{}/", server.port),
        "data:text/html,x".to_owned(),
    ] {
        let url = Url::parse(&text).unwrap();
        let error = client.send(get(&url)).await.err().unwrap();
        assert_eq!(error, SendError::Url(UrlRefused::OtherSite), "{text}");
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn the_request_that_moves_money_has_a_connection_of_its_own() {
    let server = FakeServer::start(Behaviour::Answers(PAGE)).await;
    let (client, url) = (client(&server), Url::parse(&server.url("/")).unwrap());
    for _ in 0..2 {
        client.send(get(&url)).await.unwrap();
    }
    assert_eq!(server.connections(), 1);
    for _ in 0..2 {
        client
            .send(SiteRequest {
                fresh_connection: true,
                ..get(&url)
            })
            .await
            .unwrap();
    }
    assert_eq!(server.connections(), 3);
}

#[tokio::test]
async fn an_answer_that_breaks_off_or_is_too_long_leaves_open_whether_the_site_acted() {
    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhel";
    let long = "HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\nhello hello";
    for (behaviour, wanted) in [
        (Behaviour::AnswersAndCloses(""), "the answer broke off"),
        (Behaviour::AnswersAndCloses(cut), "the answer broke off"),
        (Behaviour::AnswersAndStalls(cut), "no complete answer in time"),
        (Behaviour::Answers(long), "the answer is longer than 10 bytes"),
    ] {
        let server = FakeServer::start(behaviour).await;
        let url = Url::parse(&server.url("/")).unwrap();
        let error = client(&server).send(get(&url)).await.err().unwrap();
        assert!(error.to_string().starts_with(wanted), "{error}");
        assert!(error.may_have_arrived());
        assert_eq!(server.requests().len(), 1);
    }
}
