//! `/console/payments/exports`: asking for a file, watching it grow, taking it.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use ayni_domain::time::wire;
use ayni_store::error::StoreError;
use bytes::Bytes;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;

use super::{Export, ExportError, KEPT, begin, chunk, find, first_ms, of_account};
use crate::app::Shared;
use crate::console::flash::{self, Flash};
use crate::console::form::Posted;
use crate::console::frame::{Frame, Section};
use crate::console::page;
use crate::console::payments::list::wanted::Wanted;
use crate::console::refused::Refused;
use crate::console::seat::Seat;
use crate::texts::console::payments::Payments;
use crate::texts::dates;

#[derive(Template)]
#[template(path = "console/payments/exports.html")]
struct ExportsPage {
    frame: Frame,
    t: &'static Payments,
    exports: Vec<ExportView>,
    is_waiting: bool,
}

struct ExportView {
    id: String,
    filters: String,
    lines: String,
    percent: i64,
    is_ready: bool,
    is_cut: bool,
    begun: String,
    begun_machine: String,
    until: String,
}

/// `POST /console/payments/exports`.
pub(in crate::console::payments) async fn ask(
    State(app): State<Shared>,
    Posted { seat, form }: Posted,
) -> Result<Response, Refused> {
    let wanted = Wanted::parse(form.text("query"));
    match begin(&app, &seat, &wanted).await {
        Ok(_) => Ok((StatusCode::SEE_OTHER, [(header::LOCATION, EXPORTS)]).into_response()),
        Err(ExportError::TooMany) => {
            let said = Flash::Failed(Payments::of(seat.lang).too_many_exports.to_owned());
            Ok(flash::see_other(&seat, EXPORTS, &said))
        }
        Err(ExportError::Store(error)) => Err(error.into()),
    }
}

/// `GET /console/payments/exports`.
pub(in crate::console::payments) async fn list(
    State(app): State<Shared>,
    seat: Seat,
) -> Result<Response, Refused> {
    let account = seat.account;
    let (exports, first) = app
        .db
        .read("console.exports", move |tx| {
            Ok::<_, StoreError>((of_account(tx, account)?, first_ms(tx, account)?))
        })
        .await?;
    let t = Payments::of(seat.lang);
    page(&ExportsPage {
        frame: Frame::of(&seat, Section::Payments, t.exports).named("payment-exports"),
        t,
        is_waiting: exports.iter().any(|export| !export.is_ready),
        exports: exports.iter().map(|export| view(export, &seat, first)).collect(),
    })
}

fn view(export: &Export, seat: &Seat, first: i64) -> ExportView {
    let t = Payments::of(seat.lang);
    let wanted = Wanted::parse(&export.wanted);
    ExportView {
        id: export.id.clone(),
        filters: match wanted.is_filtered() {
            true => super::told(&wanted, t),
            false => t.everything.to_owned(),
        },
        lines: export.lines.to_string(),
        percent: export.percent(first.max(wanted.bounds_ms().0)),
        is_ready: export.is_ready,
        is_cut: export.is_cut,
        begun: dates::shown(export.created_at, seat.lang),
        begun_machine: wire(export.created_at),
        until: dates::shown(export.created_at + KEPT, seat.lang),
    }
}

/// `GET /console/payments/exports/{id}`: the file.
pub(in crate::console::payments) async fn download(
    State(app): State<Shared>,
    Path(id): Path<String>,
    seat: Seat,
) -> Result<Response, Refused> {
    let account = seat.account;
    let found = app
        .db
        .read("export.download", move |tx| find(tx, account, &id))
        .await?;
    let Some(export) = found.filter(|export| export.is_ready) else {
        return Err(Refused::NotFound);
    };
    let name = format!(
        "attachment; filename=\"{}-{}.csv\"",
        seat.lang.pick("cobros", "payments"),
        &export.id[..8]
    );
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, Body::from_stream(pieces(app, export))).into_response())
}

/// The pieces of a file, each read when the one before it was taken; one that is gone meanwhile ends the answer short of
/// its end.
fn pieces(app: Shared, export: Export) -> impl Stream<Item = Result<Bytes, std::io::Error>> {
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    tokio::spawn(async move {
        for number in 1..=export.chunks {
            let id = export.id.clone();
            let piece = app
                .db
                .read("export.piece", move |tx| chunk(tx, &id, number))
                .await;
            let piece = match piece {
                Ok(Some(bytes)) => Ok(bytes.into()),
                Ok(None) => Err(std::io::Error::other("the export is gone")),
                Err(error) => Err(std::io::Error::other(error)),
            };
            let is_over = piece.is_err();
            if sender.send(piece).await.is_err() || is_over {
                return;
            }
        }
    });
    ReceiverStream::new(receiver)
}

const EXPORTS: &str = "/console/payments/exports";
