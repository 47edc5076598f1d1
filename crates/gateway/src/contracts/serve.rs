//! The document as its payer reads it. The bytes are a merchant's, so that they are never a page of ours: a download with
//! a name of our own, of a type that is not guessed, in a sandbox should a browser show it all the same.
//!
//! It is read and sent in parts, so that a slow reader of ten megabytes holds one part of them.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ayni_crypto::digest::hex;
use ayni_domain::ids::PaymentId;
use ayni_store::error::StoreError;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::sql;
use crate::app::Shared;
use crate::http::error::ApiError;
use crate::http::pages::is_known;

/// `GET /payment/contract/{id}`.
pub(super) async fn serve(
    State(app): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let id = PaymentId::parse(&id).map_err(|_| ApiError::NotFound)?;
    let found = app
        .db
        .point("contracts.find", move |tx| sql::select_contract(tx, id))
        .await?;
    let (sha256, size_bytes) = found.ok_or(ApiError::NotFound)?;
    let tag = format!("\"{}\"", hex(&sha256));
    let told = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"contrato-{id}.pdf\""),
        ),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        (header::ETAG, tag.clone()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox".to_owned(),
        ),
        (header::X_FRAME_OPTIONS, "DENY".to_owned()),
        (header::REFERRER_POLICY, "no-referrer".to_owned()),
    ];
    if is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, told).into_response());
    }
    let length = [(header::CONTENT_LENGTH, size_bytes.to_string())];
    Ok((told, length, parts(app, id, size_bytes)).into_response())
}

/// The document's bytes, read from the database as fast as they are taken. A part that can't be read ends the answer
/// early, which its length tells.
fn parts(app: Shared, id: PaymentId, size_bytes: i64) -> Body {
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        let mut from = 0;
        while from < size_bytes {
            let read = app
                .db
                .point("contracts.part", move |tx| {
                    sql::select_part(tx, id, from, PART_BYTES)
                })
                .await;
            if let Err(error) = &read {
                tracing::warn!(payment = %id, error = %error, "a contract could not be read to its end");
            }
            let has_failed = read.as_ref().map_or(true, Vec::is_empty);
            if sender.send(read).await.is_err() || has_failed {
                return;
            }
            from += PART_BYTES;
        }
    });
    Body::from_stream(ReceiverStream::new(receiver) as ReceiverStream<Result<Vec<u8>, StoreError>>)
}

const PART_BYTES: i64 = 256 * 1024;
