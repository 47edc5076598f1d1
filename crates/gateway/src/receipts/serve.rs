//! `GET /payment/receipt/{token}/{name}`: the PDF. Its language is asked for by the address alone (`?lang=en`), so that
//! one address has one text, whoever opens it.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use ayni_crypto::digest::{hex, sha256};
use ayni_domain::lang::Lang;
use serde::Deserialize;

use super::{token, write};
use crate::app::Shared;
use crate::http::error::ApiError;
use crate::http::pages::is_known;

/// What a receipt's address may ask for.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    lang: Lang,
}

/// Serves the file; an address that is not exactly one of ours is unknown.
pub(super) async fn serve(
    State(app): State<Shared>,
    Path((token, name)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let payment = token::open(&app, &token).ok_or(ApiError::NotFound)?;
    let lang = Query::<Asked>::try_from_uri(&uri).map_or(Lang::Es, |asked| asked.lang);
    let written = write(&app, payment, lang)
        .await
        .map_err(|error| ApiError::internal(&error))?;
    let receipt = written
        .filter(|receipt| receipt.name == name)
        .ok_or(ApiError::NotFound)?;
    let tag = format!("\"{}\"", &hex(&sha256(&receipt.bytes))[..TAG_DIGITS]);
    let told = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("inline; filename=\"{}\"", receipt.name),
        ),
        (header::CONTENT_LANGUAGE, lang.tag().to_owned()),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        (header::ETAG, tag.clone()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::REFERRER_POLICY, "no-referrer".to_owned()),
    ];
    if is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, told).into_response());
    }
    Ok((told, receipt.bytes).into_response())
}

const TAG_DIGITS: usize = 32;
