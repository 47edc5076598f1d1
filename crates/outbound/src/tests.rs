//! What a hostile or broken receiver can not do to us.

use std::io;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::*;
use crate::fake_server::{Behaviour, FakeServer};

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";
const SHORT: Duration = Duration::from_millis(150);
const KEPT_BYTES: usize = 2048;

fn loopback_policy() -> Policy {
    Policy {
        allow: vec!["127.0.0.0/8".parse().unwrap()],
    }
}

fn loopback() -> Outbound {
    Outbound::new(loopback_policy()).unwrap()
}

fn named(policy: Policy, addresses: impl Fn() -> Vec<&'static str> + Send + Sync + 'static) -> Outbound {
    let parsed = move || addresses().iter().map(|a| a.parse::<IpAddr>().unwrap()).collect();
    Outbound::with_names(policy, &Names::given(move |_| Ok(parsed()))).unwrap()
}

fn request(url: &str) -> CallerRequest<'_> {
    CallerRequest {
        url,
        content_type: "application/json",
        headers: vec![("x-khipu-signature", "t=1,s=AAAA".to_owned())],
        body: Bytes::from_static(br#"{"payment_id":"zfxnocsow6mz"}"#),
        max_answer_bytes: KEPT_BYTES,
        timeout: SHORT,
    }
}

#[tokio::test]
async fn a_post_arrives_byte_for_byte_and_its_connection_is_used_again() {
    let server = FakeServer::start(Behaviour::Answers(OK)).await;
    let (outbound, url) = (loopback(), server.url("/hook?a=1"));
    for _ in 0..3 {
        let answer = outbound.post(request(&url)).await.unwrap();
        assert_eq!(
            answer,
            Answer {
                status: 200,
                body: Bytes::from_static(b"hello")
            }
        );
    }
    assert_eq!(server.connections(), 1);
    let sent = &server.requests()[0];
    assert!(sent.starts_with("POST /hook?a=1 HTTP/1.1\r\n"), "{sent}");
    assert!(sent.contains("\r\ncontent-type: application/json\r\n"), "{sent}");
    assert!(sent.contains("\r\nx-khipu-signature: t=1,s=AAAA\r\n"), "{sent}");
    assert!(
        sent.ends_with("\r\n\r\n{\"payment_id\":\"zfxnocsow6mz\"}"),
        "{sent}"
    );
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    const REDIRECT: &str = "HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n";
    let server = FakeServer::start(Behaviour::Answers(REDIRECT)).await;
    let outbound = loopback();
    assert_eq!(
        outbound.post(request(&server.url("/"))).await.unwrap().status,
        302
    );
    assert_eq!(
        outbound.fetch(&server.url("/"), 100, SHORT).await,
        Err(SendError::Status(302))
    );
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn an_endless_answer_is_cut() {
    let endless = Behaviour::AnswersEndlessly("HTTP/1.1 200 OK\r\n\r\n");
    let server = FakeServer::start(endless).await;
    let outbound = loopback();
    let mut patient = request("");
    let url = server.url("/");
    (patient.url, patient.timeout) = (&url, CALLER_TIMEOUT);
    let answer = outbound.post(patient).await.unwrap();
    assert_eq!((answer.status, answer.body.len()), (200, KEPT_BYTES));
    let fetched = outbound.fetch(&url, 100_000, CALLER_TIMEOUT).await;
    assert_eq!(fetched, Err(SendError::TooLarge { limit_bytes: 100_000 }));
}

#[tokio::test]
async fn a_document_that_announces_to_be_too_large_is_not_read() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 101\r\n\r\n";
    let server = FakeServer::start(Behaviour::AnswersAndStalls(head)).await;
    let fetched = loopback().fetch(&server.url("/"), 100, CALLER_TIMEOUT).await;
    assert_eq!(fetched, Err(SendError::TooLarge { limit_bytes: 100 }));
}

#[tokio::test]
async fn a_server_that_says_nothing_runs_out_of_time() {
    let server = FakeServer::start(Behaviour::AnswersAndStalls("")).await;
    let error = loopback().post(request(&server.url("/"))).await.unwrap_err();
    assert_eq!(error, SendError::Timeout);
    assert!(error.may_have_arrived());
}

#[tokio::test]
async fn a_body_that_never_ends_in_time_is_no_document_but_its_status_counts() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhel";
    let server = FakeServer::start(Behaviour::AnswersAndStalls(head)).await;
    let outbound = loopback();
    assert_eq!(
        outbound.fetch(&server.url("/"), 100, SHORT).await,
        Err(SendError::Timeout)
    );
    let answer = outbound.post(request(&server.url("/"))).await.unwrap();
    assert_eq!(
        answer,
        Answer {
            status: 200,
            body: Bytes::from_static(b"hel")
        }
    );
}

#[tokio::test]
async fn a_document_that_breaks_off_is_an_error() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhel";
    let server = FakeServer::start(Behaviour::AnswersAndCloses(head)).await;
    let error = loopback().fetch(&server.url("/"), 100, SHORT).await.unwrap_err();
    assert!(matches!(error, SendError::Broken(_)), "{error}");
}

#[tokio::test]
async fn what_is_no_http_is_an_error() {
    let server = FakeServer::start(Behaviour::AnswersAndCloses("+PONG\r\n")).await;
    let error = loopback().post(request(&server.url("/"))).await.unwrap_err();
    assert!(matches!(error, SendError::Broken(_)), "{error}");
}

#[tokio::test]
async fn a_fetched_document_comes_whole_with_its_type() {
    const PNG: &str = "HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: 5\r\n\r\nhello";
    let server = FakeServer::start(Behaviour::Answers(PNG)).await;
    let fetched = loopback().fetch(&server.url("/p.png"), 5, SHORT).await.unwrap();
    assert_eq!(fetched.content_type.as_deref(), Some("image/png"));
    assert_eq!(fetched.bytes, "hello");
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused_without_connecting() {
    let server = FakeServer::start(Behaviour::Answers(OK)).await;
    let url = format!("https://merchant.test:{}/hook", server.port);
    let inside = named(Policy::default(), || vec!["127.0.0.1", "::ffff:10.0.0.1"]);
    let error = inside.post(request(&url)).await.unwrap_err();
    assert_eq!(error, SendError::Address("127.0.0.1".parse().unwrap()));
    assert!(!error.may_have_arrived());
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn only_the_permitted_addresses_of_a_name_are_used() {
    let server = FakeServer::start(Behaviour::Answers(OK)).await;
    let url = format!("http://merchant.test:{}/hook", server.port);
    let mixed = named(loopback_policy(), || {
        vec!["10.255.255.1", "169.254.169.254", "127.0.0.1"]
    });
    assert_eq!(mixed.post(request(&url)).await.unwrap().status, 200);
    let public_by_http = named(loopback_policy(), || vec!["8.8.8.8"]);
    let error = public_by_http.post(request(&url)).await.unwrap_err();
    assert_eq!(error, SendError::Address("8.8.8.8".parse().unwrap()));
}

#[tokio::test]
async fn a_name_is_looked_up_for_each_connection_and_may_not_turn_inside() {
    const CLOSE: &str = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    static LOOKUPS: AtomicUsize = AtomicUsize::new(0);
    let server = FakeServer::start(Behaviour::AnswersAndCloses(CLOSE)).await;
    let url = format!("http://merchant.test:{}/hook", server.port);
    let rebinding = named(loopback_policy(), || {
        match LOOKUPS.fetch_add(1, Ordering::SeqCst) {
            0 => vec!["127.0.0.1"],
            _ => vec!["10.0.0.1"],
        }
    });
    assert_eq!(rebinding.post(request(&url)).await.unwrap().status, 200);
    let error = rebinding.post(request(&url)).await.unwrap_err();
    assert_eq!(error, SendError::Address("10.0.0.1".parse().unwrap()));
    assert_eq!(LOOKUPS.load(Ordering::SeqCst), 2);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn an_address_in_the_url_is_checked_at_each_try_too() {
    let server = FakeServer::start(Behaviour::Answers(OK)).await;
    let strict = Outbound::new(Policy::default()).unwrap();
    for host in ["127.0.0.1", "2130706433", "[::ffff:127.0.0.1]"] {
        let url = format!("https://{host}:{}/", server.port);
        let error = strict.post(request(&url)).await.unwrap_err();
        assert!(matches!(error, SendError::Url(UrlRefused::Address(_))), "{error}");
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_name_that_is_not_known_is_told_as_such() {
    let unknown = Names::given(|_| Err(io::Error::new(io::ErrorKind::NotFound, "no such name")));
    let outbound = Outbound::with_names(Policy::default(), &unknown).unwrap();
    let error = outbound.post(request("https://nowhere.test/")).await.unwrap_err();
    assert_eq!(error, SendError::Dns("no such name".to_owned()));
    let empty = named(Policy::default(), Vec::new);
    let error = empty.post(request("https://nowhere.test/")).await.unwrap_err();
    assert_eq!(error, SendError::Dns("the name has no address".to_owned()));
}

#[tokio::test]
async fn a_closed_port_is_no_connection_and_the_error_shows_no_path() {
    let free = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let url = format!("http://127.0.0.1:{free}/hook?token=secret-token");
    let error = loopback().post(request(&url)).await.unwrap_err();
    assert!(matches!(error, SendError::Connect(_)), "{error}");
    assert!(!error.may_have_arrived());
    assert!(
        !format!("{error} {error:?}").contains("secret-token"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_certificate_that_nobody_signed_is_refused() {
    let chain = CertificateDer::from_pem_slice(include_bytes!("../fixtures/self-signed.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("../fixtures/self-signed.key")).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![chain], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let shaken = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        TlsAcceptor::from(std::sync::Arc::new(config))
            .accept(stream)
            .await
            .is_ok()
    });
    let outbound = named(loopback_policy(), || vec!["127.0.0.1"]);
    let mut patient = request("");
    let url = format!("https://merchant.test:{port}/");
    (patient.url, patient.timeout) = (&url, CALLER_TIMEOUT);
    let error = outbound.post(patient).await.unwrap_err();
    assert!(matches!(error, SendError::Tls(_)), "{error}");
    assert!(!error.may_have_arrived());
    assert!(!shaken.await.unwrap());
}
