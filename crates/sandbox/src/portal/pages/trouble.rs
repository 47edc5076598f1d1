//! The faults that any page can have.

use std::io;
use std::time::Duration;

use askama::Template;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use tokio::sync::mpsc::Sender;
use tokio_stream::wrappers::ReceiverStream;

use super::frame::{Frame, render};
use super::notice;
use crate::portal::Portal;
use crate::portal::effect::Trouble;
use crate::portal::serving::HangUp;

/// Where an endless page ends after all, long after anybody stopped reading.
const ENDLESS_BYTES_MAX: usize = 1024 * 1024 * 1024;

/// An endless page comes in pieces of this size.
const ENDLESS_PIECE_BYTES: usize = 16 * 1024;

/// A dripping page comes in so many pieces, evenly over the time that it takes.
const DRIPS: u32 = 100;

/// The largest page that drips.
const DRIPPING_BYTES_MAX: usize = 256 * 1024;

/// How long before it is cut off a half page is sent, so that it is on its way.
const BREAK_PAUSE: Duration = Duration::from_millis(20);

#[derive(Template)]
#[template(path = "portal/unknown.html")]
struct Unknown;

/// The page with its fault; `what` tells whose turns are counted, where the fault comes and goes.
pub async fn answer(
    portal: &Portal,
    trouble: Trouble,
    what: &str,
    frame: Frame,
    page: impl FnOnce() -> Response,
) -> Response {
    let settings = &portal.0.settings;
    match trouble {
        Trouble::Maintenance => notice::maintenance(StatusCode::SERVICE_UNAVAILABLE),
        Trouble::MaintenanceAsOk => notice::maintenance(StatusCode::OK),
        Trouble::HangUp => hang_up(),
        Trouble::BreakOff => break_off(page()).await,
        Trouble::Transient if portal.0.counts.fails(what, settings.transient_failures) => {
            notice::maintenance(StatusCode::SERVICE_UNAVAILABLE)
        }
        Trouble::Transient => page(),
        Trouble::Drip => drip(page(), settings.slow).await,
        Trouble::Stall => {
            let page = page();
            tokio::time::sleep(settings.slow).await;
            page
        }
        Trouble::RedirectLoop => Redirect::to("/vuelta/1").into_response(),
        Trouble::Endless => endless(),
        Trouble::WrongCharset => as_latin_1(page()).await,
        Trouble::UnknownPage => render(StatusCode::OK, &Unknown),
        Trouble::SiteMessage => notice::site_message(frame),
        Trouble::NotPublished => notice::not_published(frame),
        Trouble::ExpiresOnce if !portal.0.counts.fails(what, 1) => page(),
        Trouble::ExpiresOnce | Trouble::ExpiresAlways => notice::expired(frame),
    }
}

/// One of two addresses that lead to each other.
pub async fn turn(State(_): State<Portal>, Path(number): Path<String>) -> Response {
    let other = if number == "1" { "/vuelta/2" } else { "/vuelta/1" };
    Redirect::to(other).into_response()
}

/// Where nothing closes the connection, as in a test without one, this is what is left.
fn hang_up() -> Response {
    let mut response = StatusCode::BAD_GATEWAY.into_response();
    response.extensions_mut().insert(HangUp);
    response
}

async fn break_off(page: Response) -> Response {
    let (mut parts, body) = page.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, DRIPPING_BYTES_MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    let (sender, body) = pieces();
    tokio::spawn(async move {
        let broken = io::Error::from(io::ErrorKind::ConnectionAborted);
        // Whoever asked may have gone.
        drop(sender.send(Ok(bytes.slice(..bytes.len() / 2))).await);
        tokio::time::sleep(BREAK_PAUSE).await;
        drop(sender.send(Err(broken)).await);
    });
    Response::from_parts(parts, body)
}

async fn drip(page: Response, over: Duration) -> Response {
    let (mut parts, body) = page.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, DRIPPING_BYTES_MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    let (sender, body) = pieces();
    let piece_bytes = bytes.len().div_ceil(DRIPS as usize).max(1);
    tokio::spawn(async move {
        for piece in bytes.chunks(piece_bytes) {
            tokio::time::sleep(over / DRIPS).await;
            if sender.send(Ok(bytes.slice_ref(piece))).await.is_err() {
                return;
            }
        }
    });
    Response::from_parts(parts, body)
}

/// A body that is sent piece by piece, and where its pieces come from.
fn pieces() -> (Sender<io::Result<Bytes>>, Body) {
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    (sender, Body::from_stream(ReceiverStream::new(receiver)))
}

fn endless() -> Response {
    let head = Bytes::from_static(
        b"<!doctype html><html lang=\"es\"><title>Deuda</title><body><main id=\"deuda\"><table>",
    );
    let row = "<tr class=\"cuenta\"><td>Cargando…</td></tr>\n";
    let piece = Bytes::from(row.repeat(ENDLESS_PIECE_BYTES.div_ceil(row.len())));
    let pieces = std::iter::repeat_n(piece, ENDLESS_BYTES_MAX / ENDLESS_PIECE_BYTES);
    let pieces = std::iter::once(head)
        .chain(pieces)
        .map(Ok::<_, std::convert::Infallible>);
    let body = Body::from_stream(tokio_stream::iter(pieces));
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response()
}

/// The page's letters as Latin-1 bytes under its UTF-8 header; what Latin-1 lacks becomes a question mark.
async fn as_latin_1(page: Response) -> Response {
    let (mut parts, body) = page.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, DRIPPING_BYTES_MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let text = String::from_utf8_lossy(&bytes);
    let latin: Vec<u8> = text
        .chars()
        .map(|letter| u8::try_from(letter).unwrap_or(b'?'))
        .collect();
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(latin))
}
