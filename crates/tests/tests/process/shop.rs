//! A real merchant's server that is moody: it answers 200 or 500 at random, and remembers everything.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use ayni_crypto::entropy::Entropy;
use serde_json::Value;
use tokio::net::TcpListener;

/// The running server.
#[derive(Clone)]
pub struct Shop {
    address: SocketAddr,
    desk: Arc<Desk>,
}

/// One notification as it came, and what it was answered.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The raw body.
    pub body: Bytes,
    /// `x-khipu-signature`.
    pub signature: String,
    /// 200 or 500.
    pub status: u16,
}

struct Desk {
    entropy: Entropy,
    /// By payment or operation, in the order in which they came.
    deliveries: Mutex<HashMap<String, Vec<Delivery>>>,
}

impl Shop {
    /// Starts on a free port.
    pub async fn open(seed: u64) -> Result<Shop> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let desk = Arc::new(Desk {
            entropy: Entropy::seeded(seed),
            deliveries: Mutex::default(),
        });
        let router = Router::new()
            .route("/webhook", post(take))
            .with_state(desk.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Shop { address, desk })
    }

    /// What payments name as their `notify_url`.
    pub fn notify_url(&self) -> String {
        format!("http://{}/webhook", self.address)
    }

    /// Everything that came, by payment or operation.
    pub fn deliveries(&self) -> HashMap<String, Vec<Delivery>> {
        self.desk.lock().clone()
    }
}

impl Desk {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Vec<Delivery>>> {
        self.deliveries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The first two of each notifications are refused half of the time: more would only make the test wait longer.
async fn take(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let told: Value = serde_json::from_slice(&body).unwrap_or_default();
    let about = told["payment_id"].as_str().or(told["OperationId"].as_str());
    let about = about.unwrap_or("?").to_owned();
    let signature = headers
        .get("x-khipu-signature")
        .and_then(|value| value.to_str().ok());
    let is_moody = desk.entropy.u16().is_multiple_of(2);
    let mut deliveries = desk.lock();
    let of_payment = deliveries.entry(about).or_default();
    let refused = of_payment
        .iter()
        .filter(|delivery| delivery.status != 200)
        .count();
    let status = if is_moody && refused < 2 { 500 } else { 200 };
    of_payment.push(Delivery {
        body,
        signature: signature.unwrap_or_default().to_owned(),
        status,
    });
    StatusCode::from_u16(status).unwrap_or(StatusCode::OK)
}
