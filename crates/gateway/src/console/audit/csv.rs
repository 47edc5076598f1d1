//! `/console/audit.csv`: the log for an auditor's spreadsheet, written in pieces, so that its length does not matter.

use std::convert::Infallible;

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use ayni_domain::audit::Action;
use ayni_domain::time::wire;
use ayni_store::error::StoreError;
use tokio::sync::mpsc;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;

use super::pages::Narrowed;
use super::{Entry, Place, note, sql};
use crate::app::Shared;
use crate::console::refused::Refused;
use crate::console::seat::Owner;

/// `GET /console/audit.csv`.
pub(super) async fn export(State(app): State<Shared>, Owner(seat): Owner) -> Result<Response, Refused> {
    let (who, now) = (seat.clone(), app.clock.now());
    app.db
        .write("audit.export", move |tx| {
            note(tx, &who, Action::AuditExport, "audit.csv", now)
        })
        .await?;
    let (account, narrowed) = (seat.account, Narrowed::of(&seat));
    let (pieces, sent) = mpsc::channel::<String>(PIECES_AHEAD);
    let db = app.db.clone();
    app.tasks.spawn(async move {
        let mut before = Place::end();
        let mut piece = HEADER.to_owned();
        loop {
            let (place, email, action) = (before.clone(), narrowed.email.clone(), narrowed.action);
            let read = db.read("audit.export", move |tx| {
                sql::select_entries(tx, account, &place, (email.as_deref(), action), PIECE)
            });
            let entries: Result<Vec<Entry>, StoreError> = read.await;
            let Ok(entries) = entries else {
                return;
            };
            piece.extend(entries.iter().map(line));
            let is_sent = pieces.send(std::mem::take(&mut piece)).await.is_ok();
            match entries.last() {
                Some(last) if is_sent => before = last.place.clone(),
                _ => return,
            }
        }
    });
    let body = Body::from_stream(ReceiverStream::new(sent).map(Ok::<_, Infallible>));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\""),
    ];
    Ok((headers, body).into_response())
}

fn line(entry: &Entry) -> String {
    let cells = [
        wire(entry.place.at),
        entry.email.clone(),
        entry.address.clone(),
        entry.action.clone(),
        entry.subject.clone(),
    ];
    let mut line = cells.map(|cell| crate::texts::console::csv_cell(&cell)).join(",");
    line.push_str("\r\n");
    line
}

const HEADER: &str = "at,email,address,action,subject\r\n";
/// Lines of a piece.
const PIECE: i64 = 1_000;
/// Pieces that are written before the reader took the first.
const PIECES_AHEAD: usize = 2;
