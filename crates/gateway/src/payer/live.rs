//! `/payment/events/{id}`: the payment's status as server-sent events, for the pages that show it.
//!
//! A stream tells the status at once and then each change: at the process's own signal, and by reading again every
//! [`REREAD`] for the other nodes'. It ends when nothing more can be expected, or after [`STREAM_LIFE`] (the browser
//! then opens another one).

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::{StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use ayni_domain::attempt::State as AttemptState;
use ayni_domain::ids::PaymentId;
use ayni_domain::payment::state::State;
use ayni_store::error::StoreError;
use serde::Serialize;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc};
use tokio::time::Instant;
use tokio_stream::wrappers::ReceiverStream;

use super::sql;
use super::viewed::mark;
use super::visitor::Visitor;
use crate::app::Shared;
use crate::payments;

/// The streams of this process.
#[derive(Clone, Default)]
pub struct Streams(Arc<Mutex<HashMap<PaymentId, usize>>>);

/// A stream's place among them; given back when dropped.
struct Place {
    streams: Streams,
    payment: PaymentId,
}

/// What an event says.
#[derive(Serialize)]
struct Told {
    status: &'static str,
    status_detail: &'static str,
    /// Compared with the page's own: the payment's state, and for its browser the attempt's.
    mark: String,
    /// Whether nothing more is to come.
    r#final: bool,
}

/// The stream; 503 where there are too many, and 204, after which a browser does not come back, for no payment.
pub(super) async fn events(visitor: Visitor) -> Response {
    let Some(place) = visitor.app.streams.take(visitor.id) else {
        return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "10")]).into_response();
    };
    let changes = visitor.app.signals.payment_changes();
    let hash = visitor.browser.hash();
    let told = match read(&visitor.app, visitor.id, hash).await {
        Ok(Some(told)) => told,
        Ok(None) => return StatusCode::NO_CONTENT.into_response(),
        Err(error) => {
            tracing::warn!(error = %error, "a payment's status could not be read");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(follow(visitor, hash, told, changes, sender, place));
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    Sse::new(ReceiverStream::new(receiver))
        .keep_alive(keep_alive)
        .into_response()
}

type Sender = mpsc::Sender<Result<Event, Infallible>>;

async fn follow(
    visitor: Visitor,
    hash: [u8; 32],
    mut told: Told,
    mut changes: broadcast::Receiver<PaymentId>,
    sender: Sender,
    place: Place,
) {
    let ends_at = Instant::now() + STREAM_LIFE;
    let draining = visitor.app.draining.clone();
    loop {
        let Ok(event) = Event::default().event("status").retry(RECONNECT).json_data(&told) else {
            break;
        };
        if sender.send(Ok(event)).await.is_err() || told.r#final {
            break;
        }
        let next = tokio::select! {
            next = changed(&visitor, hash, &told.mark, &mut changes) => next,
            () = tokio::time::sleep_until(ends_at) => None,
            () = sender.closed() => None,
            () = draining.cancelled() => None,
        };
        match next {
            Some(next) => told = next,
            None => break,
        }
    }
    drop(place);
}

/// Waits until the status is another one; `None` when it can't be read any more.
async fn changed(
    visitor: &Visitor,
    hash: [u8; 32],
    mark: &str,
    changes: &mut broadcast::Receiver<PaymentId>,
) -> Option<Told> {
    loop {
        let _ = tokio::time::timeout(REREAD, signalled(visitor.id, changes)).await;
        let told = read(&visitor.app, visitor.id, hash).await.ok()??;
        if told.mark != mark {
            return Some(told);
        }
    }
}

async fn signalled(id: PaymentId, changes: &mut broadcast::Receiver<PaymentId>) {
    loop {
        match changes.recv().await {
            Ok(changed) if changed != id => {}
            Ok(_) | Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}

async fn read(app: &Shared, id: PaymentId, hash: [u8; 32]) -> Result<Option<Told>, StoreError> {
    let found = app
        .db
        .point("payer.status", move |tx| {
            let Some(payment) = payments::find(tx, id)? else {
                return Ok(None);
            };
            Ok::<_, StoreError>(Some((payment.state, sql::select_own_attempt(tx, id, &hash)?)))
        })
        .await?;
    Ok(found.map(|(state, own)| {
        // The receipt of a transfer whose money was seen first may still come.
        let is_open = own
            .as_ref()
            .is_some_and(|own| own.state == AttemptState::Authorising);
        Told {
            status: state.status(),
            status_detail: state.status_detail(),
            mark: mark(state, own.as_ref()),
            r#final: matches!(state, State::Done(_) | State::Deleted) && !is_open,
        }
    }))
}

impl Streams {
    fn take(&self, payment: PaymentId) -> Option<Place> {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let taken: usize = places.values().sum();
        let of_payment = places.get(&payment).copied().unwrap_or_default();
        if taken >= STREAMS_MAX || of_payment >= STREAMS_PER_PAYMENT_MAX {
            return None;
        }
        places.insert(payment, of_payment + 1);
        drop(places);
        Some(Place {
            streams: self.clone(),
            payment,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut places = self.streams.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = places.get_mut(&self.payment) {
            *taken -= 1;
            if *taken == 0 {
                places.remove(&self.payment);
            }
        }
    }
}

/// Streams of this process.
pub const STREAMS_MAX: usize = 2000;
/// Streams of one payment in this process.
pub const STREAMS_PER_PAYMENT_MAX: usize = 20;
/// How often the status is read again, for changes made by other nodes.
pub const REREAD: Duration = Duration::from_secs(2);
const KEEP_ALIVE: Duration = Duration::from_secs(15);
const RECONNECT: Duration = Duration::from_secs(2);
/// How long a stream lasts at most.
pub const STREAM_LIFE: Duration = Duration::from_secs(600);

#[cfg(test)]
mod tests {
    use super::*;

    fn payment(number: usize) -> PaymentId {
        PaymentId::parse(&format!("{number:0>12}")).unwrap()
    }

    #[test]
    fn a_refused_stream_leaves_nothing_behind() {
        let streams = Streams::default();
        let places: Vec<Place> = (0..STREAMS_MAX)
            .map(|number| streams.take(payment(number)).unwrap())
            .collect();
        assert!(streams.take(payment(STREAMS_MAX)).is_none());
        assert_eq!(streams.0.lock().unwrap().len(), STREAMS_MAX);
        drop(places);
        assert!(streams.0.lock().unwrap().is_empty());
    }
}
