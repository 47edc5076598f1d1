//! What can go wrong between a browser and a bank, on purpose.

use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode, header};
use axum::middleware::Next;
use tokio_stream as stream;

/// Every request that reached the bank, and what to do to the answers.
#[derive(Default)]
pub struct Wire {
    pub seen: Mutex<Vec<String>>,
    pub fault: Mutex<Option<Fault>>,
}

/// Does `what` to requests that begin with `request`, e.g. `POST /transfer/`.
#[derive(Clone)]
pub struct Fault {
    pub request: &'static str,
    pub what: What,
}

#[derive(Clone, Copy, Debug)]
pub enum What {
    /// The bank acts, and answers with this status and page.
    AnswerAfter(u16, &'static str),
    /// The bank acts, and its answer never comes.
    HangAfter,
    /// The bank acts, and its answer breaks off.
    BreakOffAfter,
    /// A redirect to that address, without acting.
    RedirectTo(u16, &'static str),
    /// A page without end.
    Endless,
    /// The bank's page with one text replaced by another.
    Reword(&'static str, &'static str),
}

pub async fn wire(State(wire): State<Arc<Wire>>, request: Request, next: Next) -> Response<Body> {
    let line = format!("{} {}", request.method(), request.uri());
    wire.seen.lock().unwrap().push(line.clone());
    let fault = wire
        .fault
        .lock()
        .unwrap()
        .clone()
        .filter(|fault| line.starts_with(fault.request));
    let Some(fault) = fault else {
        return next.run(request).await;
    };
    match fault.what {
        What::AnswerAfter(status, page) => {
            next.run(request).await;
            answer(status, Body::from(page))
        }
        What::HangAfter => {
            next.run(request).await;
            std::future::pending().await
        }
        What::BreakOffAfter => {
            next.run(request).await;
            let pieces = [
                Ok(Bytes::from_static(b"<html>")),
                Err(std::io::Error::other("broken")),
            ];
            answer(200, Body::from_stream(stream::iter(pieces)))
        }
        What::RedirectTo(status, address) => {
            let mut redirect = answer(status, Body::empty());
            redirect
                .headers_mut()
                .insert(header::LOCATION, address.parse().unwrap());
            redirect
        }
        What::Endless => {
            let piece = Bytes::from(vec![b' '; 64 * 1024]);
            let endless = stream::iter(std::iter::repeat_with(move || {
                Ok::<_, std::io::Error>(piece.clone())
            }));
            answer(200, Body::from_stream(endless))
        }
        What::Reword(from, to) => reword(next.run(request).await, from, to).await,
    }
}

async fn reword(response: Response<Body>, from: &str, to: &str) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    let text = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
    assert!(
        parts.status.is_redirection() || text.contains(from),
        "nothing to reword: {from}"
    );
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(text.replace(from, to)))
}

fn answer(status: u16, body: Body) -> Response<Body> {
    let mut answer = Response::new(body);
    *answer.status_mut() = StatusCode::from_u16(status).unwrap();
    answer
}
