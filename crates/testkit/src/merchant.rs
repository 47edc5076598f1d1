//! A real merchant's server: takes notifications on a loopback port, remembers them, answers as it is told.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// One notification as it arrived.
#[derive(Clone, Debug)]
pub struct Received {
    /// The path it came to.
    pub path: String,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its raw body, as signed.
    pub body: Bytes,
}

impl Received {
    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The signature header, or nothing.
    pub fn signature(&self) -> &str {
        self.headers
            .get("x-khipu-signature")
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

/// How the merchant answers one notification.
#[derive(Clone, Debug)]
pub enum Reply {
    /// This status, without a body.
    Status(u16),
    /// 302 to the merchant's own path `/elsewhere`.
    Redirect,
    /// 200 with this body.
    Body(Bytes),
    /// No answer: the connection stays open until the caller gives up.
    Never,
    /// 200, after this time.
    Slow(Duration),
}

/// The running server.
#[derive(Clone)]
pub struct Merchant {
    address: SocketAddr,
    desk: Arc<Desk>,
}

struct Desk {
    received: Mutex<Vec<Received>>,
    count: watch::Sender<usize>,
    script: Mutex<VecDeque<Reply>>,
    otherwise: Mutex<Reply>,
}

impl Merchant {
    /// Starts on a free loopback port, answering 200.
    pub async fn start() -> Result<Merchant> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let desk = Arc::new(Desk {
            received: Mutex::default(),
            count: watch::channel(0).0,
            script: Mutex::default(),
            otherwise: Mutex::new(Reply::Status(200)),
        });
        let router = Router::new().fallback(post(take)).with_state(desk.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Merchant { address, desk })
    }

    /// A URL of this merchant; `path` begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The next notifications get these answers, in this order; then the usual one again.
    pub fn reply_next(&self, replies: impl IntoIterator<Item = Reply>) {
        lock(&self.desk.script).extend(replies);
    }

    /// The usual answer from now on.
    pub fn reply_always(&self, reply: Reply) {
        *lock(&self.desk.otherwise) = reply;
    }

    /// Everything received so far.
    pub fn received(&self) -> Vec<Received> {
        lock(&self.desk.received).clone()
    }

    /// Waits until at least so many notifications have come.
    pub async fn wait_for(&self, notifications: usize) -> Result<Vec<Received>> {
        let mut count = self.desk.count.subscribe();
        tokio::time::timeout(PATIENCE, count.wait_for(|count| *count >= notifications)).await??;
        Ok(self.received())
    }
}

/// A server that takes a connection, hears what is said and hangs up without a word; its URL.
pub async fn that_hangs_up() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/", listener.local_addr()?);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            // Whatever comes: the connection ends here.
            let _ = stream.read(&mut [0; 1024]).await;
        }
    });
    Ok(url)
}

async fn take(
    State(desk): State<Arc<Desk>>,
    uri: axum::http::Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    lock(&desk.received).push(Received {
        path: uri.path().to_owned(),
        headers,
        body,
    });
    desk.count.send_modify(|count| *count += 1);
    let reply = lock(&desk.script)
        .pop_front()
        .unwrap_or_else(|| lock(&desk.otherwise).clone());
    match reply {
        Reply::Status(status) => StatusCode::from_u16(status)
            .unwrap_or(StatusCode::OK)
            .into_response(),
        Reply::Redirect => (StatusCode::FOUND, [("location", "/elsewhere")]).into_response(),
        Reply::Body(body) => body.into_response(),
        Reply::Never => std::future::pending().await,
        Reply::Slow(pause) => {
            tokio::time::sleep(pause).await;
            StatusCode::OK.into_response()
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(30);
