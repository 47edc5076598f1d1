//! Style sheet, scripts and icons, inside the binary and under an address that changes with them, so that browsers
//! keep them for ever.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use ayni_crypto::digest::sha256;
use rust_embed::RustEmbed;

use crate::app::Shared;

/// Serves `/static/{version}/{file}`.
pub(super) fn router() -> Router<Shared> {
    Router::new().route("/static/{version}/{file}", get(serve))
}

/// The address of a file.
pub(crate) fn href(name: &str) -> String {
    format!("/static/{}/{name}", VERSION.as_str())
}

/// A version that is not this program's is served as well (a page of another node, during an update) but not kept.
async fn serve(Path((version, file)): Path<(String, String)>) -> Response {
    let Some(found) = Static::get(&file) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kept = match version == *VERSION {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    };
    let headers = [
        (header::CONTENT_TYPE, content_type(&file)),
        (header::CACHE_CONTROL, kept),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, found.data).into_response()
}

fn content_type(file: &str) -> &'static str {
    match file.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

/// A digest of all files and their names.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut all = Vec::new();
    for name in Static::iter() {
        all.extend_from_slice(name.as_bytes());
        all.extend(
            Static::get(&name)
                .map(|file| file.metadata.sha256_hash())
                .unwrap_or_default(),
        );
    }
    sha256(&all)[..VERSION_BYTES]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
});

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/static"]
struct Static;

const VERSION_BYTES: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_of_this_version_is_kept_for_ever_and_one_of_another_is_not() {
        let [_, _, version, _] = href("ayni.css")
            .split('/')
            .map(String::from)
            .collect::<Vec<_>>()
            .try_into()
            .unwrap();
        let get = |version: &str, file: &str| serve(Path((version.to_owned(), file.to_owned())));
        let response = get(&version, "ayni.css").await;
        assert_eq!(
            response.headers()[header::CACHE_CONTROL],
            "public, max-age=31536000, immutable"
        );
        assert_eq!(
            get("other", "live.js").await.headers()[header::CACHE_CONTROL],
            "no-cache"
        );
        assert_eq!(get(&version, "nothing.css").await.status(), StatusCode::NOT_FOUND);
    }
}
