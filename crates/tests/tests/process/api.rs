//! The merchant's program: plain calls of the API, any of which may be cut off.

use std::time::Duration;

use anyhow::{Context as _, Result};
use axum::body::Body;
use ayni_testkit::http::{self, Answer};
use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

/// Where the gateway is and what opens it.
#[derive(Clone, Debug)]
pub struct Api {
    /// `host:port`.
    pub address: String,
    /// The developer account's key.
    pub key: String,
}

impl Api {
    /// One call; an error means that no complete answer came.
    pub async fn call(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
        key: Option<&str>,
    ) -> Result<Answer> {
        let mut request = http::request(method, &self.address, path).header("x-api-key", &self.key);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let request = match body {
            Some(json) => request
                .header("content-type", "application/json")
                .body(Body::from(json.to_string()))?,
            None => request.body(Body::empty())?,
        };
        tokio::time::timeout(ANSWER_DEADLINE, http::send(&self.address, request))
            .await
            .context("no answer in time")?
    }

    /// `GET` of a payment.
    pub async fn payment(&self, id: &str) -> Result<Answer> {
        self.call("GET", &format!("/v3/payments/{id}"), None, None).await
    }

    /// `DELETE` of a payment.
    pub async fn delete(&self, id: &str) -> Result<Answer> {
        self.call("DELETE", &format!("/v3/payments/{id}"), None, None)
            .await
    }

    /// The ids of all payments with this reference.
    pub async fn with_reference(&self, transaction: &str) -> Result<Vec<String>> {
        let path = format!("/v3/payments?transaction_id={transaction}");
        let page = self.call("GET", &path, None, None).await?.json();
        let listed = page["payments"].as_array().context("no list of payments")?;
        Ok(listed
            .iter()
            .map(|payment| payment["payment_id"].as_str().unwrap_or_default().to_owned())
            .collect())
    }

    /// Sends the first `share` of a creation's bytes (all of them at 100) and hangs up without reading anything,
    /// after so long.
    pub async fn send_and_hang_up(
        &self,
        body: &Value,
        key: Option<&str>,
        share: usize,
        after: Duration,
    ) -> Result<()> {
        let body = body.to_string();
        let key = key
            .map(|key| format!("idempotency-key: {key}\r\n"))
            .unwrap_or_default();
        let request = format!(
            "POST /v3/payments HTTP/1.1\r\nhost: {}\r\nx-api-key: {}\r\ncontent-type: application/json\r\n{key}\
             content-length: {}\r\n\r\n{body}",
            self.address,
            self.key,
            body.len()
        );
        let head = request.len() - body.len();
        let sent = if share >= 100 {
            request.len()
        } else {
            head + body.len() * share / 100
        };
        let mut stream = TcpStream::connect(&self.address).await?;
        stream.write_all(&request.as_bytes()[..sent]).await?;
        tokio::time::sleep(after).await;
        Ok(())
    }
}

/// The longest that a call may take: longer than any wait of the gateway's own.
const ANSWER_DEADLINE: Duration = Duration::from_secs(30);
