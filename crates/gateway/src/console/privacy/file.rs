//! `/console/privacy/{id}/person.json`: the file of a case.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;

use super::find;
use crate::app::Shared;
use crate::console::refused::Refused;
use crate::console::seat::Owner;
use crate::privacy::cases::{self, Case, State as CaseState};

/// `GET /console/privacy/{id}/person.json`.
pub(super) async fn download(
    State(app): State<Shared>,
    Path(id): Path<String>,
    Owner(seat): Owner,
) -> Result<Response, Refused> {
    let case = find(&app, &seat, &id).await?;
    if case.state != CaseState::Written {
        return Err(Refused::NotFound);
    }
    let name = format!(
        "attachment; filename=\"{}-{}.json\"",
        seat.lang.pick("datos-personales", "personal-data"),
        case.id.get(..8).unwrap_or_default()
    );
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(pieces(app, case))).into_response())
}

/// The pieces of the file, each opened when the one before it was taken; one that is gone meanwhile ends the answer short
/// of its end.
fn pieces(app: Shared, case: Case) -> impl Stream<Item = Result<Bytes, std::io::Error>> {
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    tokio::spawn(async move {
        for number in 1..=case.chunks {
            let piece = cases::piece(&app, &case, number).await;
            let piece = piece
                .map(|bytes| Bytes::copy_from_slice(&bytes))
                .map_err(std::io::Error::other);
            let is_over = piece.is_err();
            if sender.send(piece).await.is_err() || is_over {
                return;
            }
        }
    });
    ReceiverStream::new(receiver)
}
