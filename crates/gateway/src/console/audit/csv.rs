//! `/console/audit.csv`: the log for an auditor's spreadsheet, written in pieces, so that its length does not matter.

use std::future::Future;

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use ayni_domain::audit::Action;
use ayni_domain::time::wire;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::task::TaskTracker;

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
    let (account, narrowed, db) = (seat.account, Narrowed::of(&seat), app.db.clone());
    let read = move |before: Place| {
        let (db, email, action) = (db.clone(), narrowed.email.clone(), narrowed.action);
        async move {
            let select = move |tx: &mut Tx<'_>| {
                sql::select_entries(tx, account, &before, (email.as_deref(), action), PIECE)
            };
            db.read("audit.export", select).await
        }
    };
    let body = Body::from_stream(pieces(&app.tasks, read));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\""),
    ];
    Ok((headers, body).into_response())
}

/// The log in pieces, each read when there is room for it. Where one can't be read the answer breaks off: nobody must take
/// a part of the log for all of it.
fn pieces<R>(
    tasks: &TaskTracker,
    read: impl Fn(Place) -> R + Send + 'static,
) -> ReceiverStream<std::io::Result<String>>
where
    R: Future<Output = Result<Vec<Entry>, StoreError>> + Send,
{
    let (pieces, sent) = mpsc::channel(PIECES_AHEAD);
    tasks.spawn(async move {
        let mut before = Place::end();
        let mut piece = HEADER.to_owned();
        loop {
            let entries = match read(before).await {
                Ok(entries) => entries,
                Err(error) => {
                    // Whoever is gone needs no end.
                    let _ = pieces.send(Err(std::io::Error::other(error))).await;
                    return;
                }
            };
            piece.extend(entries.iter().map(line));
            let is_sent = pieces.send(Ok(std::mem::take(&mut piece))).await.is_ok();
            match entries.last() {
                Some(last) if is_sent => before = last.place.clone(),
                _ => return,
            }
        }
    });
    ReceiverStream::new(sent)
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

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use tokio_stream::StreamExt as _;

    use super::*;

    #[tokio::test]
    async fn a_log_that_can_not_be_read_to_its_end_breaks_off_and_does_not_end() {
        let entry = Entry {
            place: Place {
                at: Timestamp::UNIX_EPOCH,
                request: "r".to_owned(),
                number: 1,
            },
            email: "ana@example.com".to_owned(),
            address: String::new(),
            action: "key.create".to_owned(),
            subject: "caja".to_owned(),
        };
        let read = move |before: Place| {
            let entry = entry.clone();
            async move {
                match before == Place::end() {
                    true => Ok(vec![entry]),
                    false => Err(StoreError::Overloaded),
                }
            }
        };
        let mut pieces = pieces(&TaskTracker::new(), read);
        let first = pieces.next().await.unwrap().unwrap();
        assert!(
            first.starts_with(HEADER) && first.ends_with("key.create,caja\r\n"),
            "{first}"
        );
        assert!(pieces.next().await.unwrap().is_err());
        assert!(pieces.next().await.is_none());
    }
}
