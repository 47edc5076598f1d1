//! The peer: an echo server of the same framework. It reads the same body and gives an answer of the same form, and
//! does nothing else.

use anyhow::Result;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;

/// Serves until the process is ended: `POST` and `GET` below `/v3/payments` answer the given texts.
pub async fn serve(port: u16, created: String, read: String) -> Result<()> {
    let router = Router::new()
        .route("/v3/payments", post(create))
        .route("/v3/payments/{id}", get(one))
        .with_state((Bytes::from(created), Bytes::from(read)));
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    Ok(axum::serve(listener, router).await?)
}

async fn create(State((created, _)): State<(Bytes, Bytes)>, body: Bytes) -> Response {
    if body.is_empty() {
        return axum::http::StatusCode::BAD_REQUEST.into_response();
    }
    ([(header::CONTENT_TYPE, "application/json")], created).into_response()
}

async fn one(State((_, read)): State<(Bytes, Bytes)>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], read).into_response()
}
