//! The request that is made most, answered from bytes to bytes.
//!
//! To give such a request the forms of a general one (a map of headers, an address, a body, futures, and the same for its
//! answer) costs more than to find the payment. So it is recognised by its bytes, where they are exactly one whole plain
//! reading: what could be framed otherwise, or asks for anything else, is none and is answered as ever. What is told is
//! found by the same functions, and a test compares both answers.

use std::io::Write as _;

use axum::http::{HeaderName, header};
use ayni_domain::ids::PaymentId;
use bytes::Bytes;
use httparse::{EMPTY_HEADER, Request, Status};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use uuid::fmt::Hyphenated;

use super::{Front, PAYMENTS, Short};
use crate::http::auth::{Key, X_API_KEY};
use crate::http::edge::{self, X_REQUEST_ID};
use crate::http::limits::Allowance;

/// The `Date` of a connection's answers, written once a second.
#[derive(Default)]
pub(in crate::http) struct Dated {
    second: Option<i64>,
    text: String,
}

/// What a plain reading asks.
struct Asked<'a> {
    id: PaymentId,
    key: &'a [u8],
    request_id: Option<&'a [u8]>,
}

impl Front {
    /// The whole answer to the bytes of a plain reading of a payment, where it can be given at once; `None` says nothing
    /// but that they must be read as any other request's.
    pub(in crate::http) fn answer_plain(&self, bytes: &[u8], dated: &mut Dated) -> Option<Vec<u8>> {
        let short = self.short.as_ref()?;
        let asked = Asked::read(bytes)?;
        let (json, allowance) = short.read(Key::of(asked.key), asked.id)?;
        Some(short.answer(&asked, &json, &allowance, dated))
    }
}

impl Short {
    fn answer(&self, asked: &Asked<'_>, json: &Bytes, allowance: &Allowance, dated: &mut Dated) -> Vec<u8> {
        let mut answer = Vec::with_capacity(HEAD_BYTES + json.len());
        answer.extend_from_slice(STATUS_AND_TYPE);
        for (name, value) in allowance.headers() {
            number(&mut answer, &name, value as usize);
        }
        let mut own_id = [0; Hyphenated::LENGTH];
        let id = match asked.request_id {
            Some(id) => id,
            None => edge::own_id(&self.app, &mut own_id).as_bytes(),
        };
        line(&mut answer, &X_REQUEST_ID, id);
        if let Some(https_only) = edge::https_only(&self.app) {
            line(
                &mut answer,
                &header::STRICT_TRANSPORT_SECURITY,
                https_only.as_bytes(),
            );
        }
        number(&mut answer, &header::CONTENT_LENGTH, json.len());
        line(
            &mut answer,
            &header::DATE,
            dated.text_at(self.app.clock.now()).as_bytes(),
        );
        answer.extend_from_slice(b"\r\n");
        answer.extend_from_slice(json);
        answer
    }
}

impl<'a> Asked<'a> {
    /// Reads bytes that are one plain reading's, from the first to the last.
    fn read(bytes: &'a [u8]) -> Option<Asked<'a>> {
        if !bytes.starts_with(BEGINNING) {
            return None;
        }
        let mut headers = [EMPTY_HEADER; HEADERS_MAX];
        let mut request = Request::new(&mut headers);
        match request.parse(bytes) {
            Ok(Status::Complete(length)) if length == bytes.len() && request.version == Some(HTTP_1_1) => {}
            _ => return None,
        }
        let id = PaymentId::parse(request.path?.strip_prefix(PAYMENTS)?).ok()?;
        let (mut key, mut request_id) = (None, None);
        for header in request.headers.iter() {
            let is = |name: &str| header.name.eq_ignore_ascii_case(name);
            // As a map of headers does it, the first one counts.
            if is(X_API_KEY.as_str()) {
                key = key.or(Some(header.value));
            } else if is(X_REQUEST_ID.as_str()) {
                request_id = request_id.or(Some(header.value));
            } else if is(header::CONNECTION.as_str()) {
                header.value.eq_ignore_ascii_case(b"keep-alive").then_some(())?;
            } else if FRAMING.iter().any(|name| is(name)) {
                return None;
            }
        }
        Some(Asked {
            id,
            key: key?,
            request_id: request_id.filter(|id| edge::is_request_id(id)),
        })
    }
}

impl Dated {
    fn text_at(&mut self, now: Timestamp) -> &str {
        if self.second != Some(now.as_second()) {
            self.second = Some(now.as_second());
            let text = DateTimePrinter::new().timestamp_to_rfc9110_string(&now);
            self.text = text.unwrap_or_default();
        }
        &self.text
    }
}

fn number(answer: &mut Vec<u8>, name: &HeaderName, value: usize) {
    answer.extend_from_slice(name.as_str().as_bytes());
    // Writing into memory can't fail.
    let _ = write!(answer, ": {value}\r\n");
}

fn line(answer: &mut Vec<u8>, name: &HeaderName, value: &[u8]) {
    for part in [name.as_str().as_bytes(), b": ", value, b"\r\n"] {
        answer.extend_from_slice(part);
    }
}

const BEGINNING: &[u8] = b"GET /v3/payments/";
const HTTP_1_1: u8 = 1;
/// A request with more is no plain one.
const HEADERS_MAX: usize = 24;
/// Headers by which a request has a body, or wants the connection for something else.
const FRAMING: [&str; 6] = [
    "content-length",
    "expect",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];
const STATUS_AND_TYPE: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
/// Most answers' heads are shorter.
const HEAD_BYTES: usize = 384;

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::Request as Routed;

    use super::*;
    use crate::harness::House;

    const PLAIN: &str = r#"{"amount":1000,"currency":"CLP","subject":"Cobro \"de\" prueba"}"#;

    async fn path_of(house: &House) -> String {
        let created = house.post("/v3/payments", PLAIN).await.json();
        format!("{PAYMENTS}{}", created["payment_id"].as_str().unwrap())
    }

    fn plain(house: &House, bytes: &str) -> Option<Vec<u8>> {
        house
            .front()
            .answer_plain(bytes.as_bytes(), &mut Dated::default())
    }

    /// An answer's headers in alphabetical order, without what differs from answer to answer, and its body.
    async fn routed(house: &House, path: &str) -> (Vec<(String, String)>, String) {
        let request = Routed::get(path)
            .header("x-api-key", &house.key)
            .header("x-request-id", "one");
        let request = request.body(Body::empty()).unwrap();
        let (parts, body) = house.front().routed(request).await.unwrap().into_parts();
        let told = |(name, value): (&HeaderName, &http::HeaderValue)| {
            (name.to_string(), value.to_str().unwrap().to_owned())
        };
        let headers = sorted(parts.headers.iter().map(told));
        let body = to_bytes(body, usize::MAX).await.unwrap();
        (headers, String::from_utf8(body.to_vec()).unwrap())
    }

    fn sorted(headers: impl Iterator<Item = (String, String)>) -> Vec<(String, String)> {
        let mut told: Vec<_> = headers
            .filter(|(name, _)| name != "ratelimit-remaining")
            .collect();
        told.sort();
        told
    }

    #[tokio::test]
    async fn an_answer_in_bytes_says_what_the_router_says_with_its_length_and_date() {
        for url in ["http://127.0.0.1:8080", "https://pagos.example"] {
            let house = House::with(|settings| settings.public_url = url.parse().unwrap()).await;
            let path = path_of(&house).await;
            let key = &house.key;
            let head =
                format!("GET {path} HTTP/1.1\r\nHost: x\r\nX-Api-Key: {key}\r\nX-Request-Id: one\r\n\r\n");
            let answer = String::from_utf8(plain(&house, &head).unwrap()).unwrap();
            let (head, body) = answer.split_once("\r\n\r\n").unwrap();
            let mut lines = head.split("\r\n");
            assert_eq!(lines.next(), Some("HTTP/1.1 200 OK"));
            let headers = sorted(lines.map(|line| {
                let (name, value) = line.split_once(": ").unwrap();
                (name.to_owned(), value.to_owned())
            }));
            let (mut expected, routed_body) = routed(&house, &path).await;
            let now = house
                .app
                .clock
                .now()
                .strftime("%a, %d %b %Y %H:%M:%S GMT")
                .to_string();
            expected.push(("date".to_owned(), now));
            assert_eq!(headers, sorted(expected.into_iter()));
            assert_eq!(body, routed_body);
        }
    }

    #[tokio::test]
    async fn the_bytes_of_anything_but_one_whole_plain_reading_are_not_answered() {
        let house = House::open().await;
        let (path, key) = (path_of(&house).await, house.key.clone());
        let head = |more: &str| format!("GET {path} HTTP/1.1\r\nhost: x\r\nx-api-key: {key}\r\n{more}\r\n");
        for answered in [
            "",
            "connection: Keep-Alive\r\n",
            "accept: */*\r\n",
            "x-api-key: second\r\n",
        ] {
            assert!(plain(&house, &head(answered)).is_some(), "{answered:?}");
        }
        for framed in [
            "connection: close\r\n",
            "connection: upgrade\r\n",
            "content-length: 0\r\n",
            "Content-Length: 2\r\n",
            "transfer-encoding: chunked\r\n",
            "expect: 100-continue\r\n",
            "upgrade: websocket\r\n",
            "no header\r\n",
            " folded: x\r\n",
        ] {
            assert!(plain(&house, &head(framed)).is_none(), "{framed:?}");
        }
        let whole = head("");
        for (from, to) in [
            ("HTTP/1.1", "HTTP/1.0"),
            ("GET", "HEAD"),
            ("GET ", "GET http://x"),
            (" HTTP", "/ HTTP"),
            (" HTTP", "?a=b HTTP"),
            ("x-api-key", "x-other"),
            (path.as_str(), "/v3/payments"),
            (path.as_str(), "/v3/payments/aaaaaaaaaaaa"),
            (path.as_str(), "/v3/payments/%61aaaaaaaaaaa"),
        ] {
            assert!(
                plain(&house, &whole.replacen(from, to, 1)).is_none(),
                "{from} {to}"
            );
        }
        let many = "x-one: 1\r\n".repeat(HEADERS_MAX);
        for bytes in [
            "",
            &whole[..whole.len() - 1],
            &(whole.clone() + "G"),
            &whole.repeat(2),
            &head(&many),
        ] {
            assert!(plain(&house, bytes).is_none(), "{bytes:?}");
        }
    }

    #[tokio::test]
    async fn an_odd_request_id_is_replaced_and_a_fresh_one_is_made_where_none_came() {
        let house = House::open().await;
        let (path, key) = (path_of(&house).await, house.key.clone());
        let long = "a".repeat(129);
        for given in ["", "x-request-id: ñ\r\n", &format!("x-request-id: {long}\r\n")] {
            let head = format!("GET {path} HTTP/1.1\r\nx-api-key: {key}\r\n{given}\r\n");
            let answer = String::from_utf8(plain(&house, &head).unwrap()).unwrap();
            let (_, id) = answer.split_once("x-request-id: ").unwrap();
            assert_eq!(id.find("\r\n"), Some(Hyphenated::LENGTH), "{given}");
        }
    }
}
