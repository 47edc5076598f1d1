//! The way to the collector of the operator's traces: one address, which is a setting and no caller's, so that it may lie
//! inside the operator's own network. Plain http is spoken where the setting says so.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::HeaderMap;
use reqwest::{Client, Method};
use url::Url;

use crate::client::{build, limited_builder, tls_config};
use crate::error::{ClientError, SendError};
use crate::{Answer, beginning};

/// A collector. Clones share their connections.
#[derive(Clone, Debug)]
pub struct Collector {
    client: Client,
    url: Url,
}

impl Collector {
    /// The way to this address, and to no other.
    ///
    /// # Errors
    /// When TLS can't be set up.
    pub fn new(url: Url) -> Result<Collector, ClientError> {
        let client = build(limited_builder(&tls_config()?))?;
        Ok(Collector { client, url })
    }

    /// Posts once and gives the answer, whatever its status.
    ///
    /// # Errors
    /// When there was no answer within [`POST_MAX`].
    pub async fn post(&self, headers: HeaderMap, body: Bytes) -> Result<Answer, SendError> {
        let request = self.client.request(Method::POST, self.url.clone());
        let sent = request.headers(headers).timeout(POST_MAX).body(body).send().await;
        let response = sent.map_err(SendError::from_client)?;
        Ok(Answer {
            status: response.status().as_u16(),
            body: beginning(response, ANSWER_BYTES_MAX).await,
        })
    }
}

/// Time for the whole exchange: as long as OpenTelemetry's exporters wait.
pub const POST_MAX: Duration = Duration::from_secs(10);
/// A collector answers with a few bytes.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake_server::{Behaviour, FakeServer};

    fn to(url: &str) -> Collector {
        Collector::new(url.parse().unwrap()).unwrap()
    }

    #[tokio::test]
    async fn what_a_collector_answers_is_told_whatever_it_is_and_no_redirect_is_followed() {
        const MOVED: &str = "HTTP/1.1 307 x\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n";
        let server = FakeServer::start(Behaviour::Answers(MOVED)).await;
        let collector = to(&server.url("/v1/traces"));
        let headers = HeaderMap::from_iter([("x-team".parse().unwrap(), "payments".parse().unwrap())]);
        let answer = collector
            .post(headers, Bytes::from_static(b"spans"))
            .await
            .unwrap();
        assert_eq!(answer.status, 307);
        let requests = server.requests();
        assert_eq!(requests.len(), 1);
        assert!(requests[0].starts_with("POST /v1/traces "), "{requests:?}");
        assert!(requests[0].contains("x-team: payments"), "{requests:?}");
        assert!(requests[0].ends_with("spans"), "{requests:?}");
    }

    #[tokio::test]
    async fn of_an_endless_answer_the_beginning_is_enough() {
        const ENDLESS: &str = "HTTP/1.1 200 OK\r\ncontent-length: 999999999\r\n\r\n";
        let server = FakeServer::start(Behaviour::AnswersEndlessly(ENDLESS)).await;
        let answer = to(&server.url("/"))
            .post(HeaderMap::new(), Bytes::new())
            .await
            .unwrap();
        assert_eq!(answer.body.len(), ANSWER_BYTES_MAX);
    }

    #[tokio::test]
    async fn a_collector_that_is_not_there_is_an_error_without_its_address() {
        let error = to("http://key:secret@127.0.0.1:1/v1/traces")
            .post(HeaderMap::new(), Bytes::new())
            .await;
        let error = error.unwrap_err();
        assert!(matches!(&error, SendError::Connect(_)), "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
