//! Telling rows as they come, over server-sent events: one reader for each connection, which looks twice a second.
//!
//! Rows are ordered by their clocks, and a row may be seen later than a younger one: nodes' clocks differ, and a unit of
//! work commits after it read its clock. So each look begins half a minute before the newest row that was told, and leaves
//! out what was told. The key is opened in the same unit of work: one that was ended ends its streams.

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use ayni_domain::ids::AccountId;
use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_stream::wrappers::ReceiverStream;

use super::KEPT_FOR;
use crate::app::{App, Shared};
use crate::http::auth::Key;
use crate::http::error::ApiError;
use crate::merchants::{Account, keys};

/// The streams of this process, by account.
#[derive(Clone, Default)]
pub struct Places(Arc<Mutex<HashMap<AccountId, usize>>>);

/// A stream's place among them; given back when dropped.
struct Place {
    places: Places,
    account: AccountId,
}

/// A row that is told.
pub(crate) struct Entry {
    /// By which it is told once.
    pub(crate) id: String,
    /// When it happened.
    pub(crate) at: Timestamp,
    /// What is said of it; absent where it was told or is gone.
    pub(crate) json: Option<String>,
}

/// The rows of an account that are followed.
pub(crate) trait Feed: Copy + Send + Sync + 'static {
    /// Says that somebody follows them from now on, before the first look and again while it lasts; tells since when they
    /// are kept without a gap.
    fn listen(
        self,
        app: &App,
        account: AccountId,
    ) -> impl Future<Output = Result<Timestamp, StoreError>> + Send;

    /// At most [`PAGE_ROWS`] of them after a place (Unix milliseconds and id), oldest first, and which of them were told.
    fn page(
        self,
        tx: &mut Tx<'_>,
        app: &App,
        account: &Account,
        after: (i64, &str),
        told: &HashMap<String, Timestamp>,
    ) -> Result<Vec<Entry>, StoreError>;
}

/// Who follows an account.
pub(crate) struct Follower<F> {
    app: Shared,
    account: AccountId,
    key: Key,
    feed: F,
    /// Where the next look begins.
    from: Timestamp,
    /// What was told and may be seen again.
    told: Arc<HashMap<String, Timestamp>>,
}

/// Where a stream begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Start {
    /// What happened then or later is told.
    pub(crate) from: Timestamp,
    /// Where one who hears nothing more begins again.
    pub(crate) cursor: Timestamp,
    /// Whether it goes on from a cursor.
    is_resumed: bool,
    /// Whether some of what was asked for is not kept any more.
    is_gap: bool,
}

type Sender = mpsc::Sender<Result<Event, Infallible>>;

/// The stream; refused where the account has as many as it may.
pub(crate) async fn stream<F: Feed>(mut follower: Follower<F>, start: Start) -> Result<Response, ApiError> {
    let place = follower
        .app
        .places
        .take(follower.account)
        .ok_or(ApiError::TooMany {
            retry_after_s: RETRY_AFTER_S,
        })?;
    let start = start.kept_since(follower.listen().await?);
    follower.from = start.from;
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        // The other side went away, or the database did: it comes again.
        let _ = follower.tell_all(&sender, start).await;
        drop(place);
    });
    Ok(Sse::new(ReceiverStream::new(receiver))
        .keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
        .into_response())
}

/// Where a stream begins: at its cursor, as far back as rows are kept, or now.
pub(crate) fn start(headers: &HeaderMap, now: Timestamp) -> Start {
    let cursor = headers.get(LAST_EVENT_ID).and_then(|value| value.to_str().ok());
    let Some(ms) = cursor.and_then(|text| text.parse::<i64>().ok()) else {
        return Start {
            from: now,
            cursor: now,
            is_resumed: false,
            is_gap: false,
        };
    };
    let oldest = now.saturating_sub(KEPT_FOR).unwrap_or(Timestamp::MIN);
    let asked = time::from_ms(ms.clamp(0, now.as_millisecond()));
    let with_late = asked.saturating_sub(LATE_MAX).unwrap_or(Timestamp::MIN);
    Start {
        from: with_late.max(oldest),
        cursor: asked.max(oldest),
        is_resumed: true,
        is_gap: asked < oldest,
    }
}

impl Start {
    /// The same, where rows are kept since then only.
    fn kept_since(self, since: Timestamp) -> Start {
        Start {
            is_gap: self.is_gap || (self.is_resumed && self.cursor < since),
            ..self
        }
    }
}

impl<F: Feed> Follower<F> {
    pub(crate) fn new(app: Shared, account: AccountId, key: Key, feed: F) -> Follower<F> {
        Follower {
            app,
            account,
            key,
            feed,
            from: Timestamp::MIN,
            told: Arc::default(),
        }
    }

    async fn listen(&self) -> Result<Timestamp, StoreError> {
        self.feed.listen(&self.app, self.account).await
    }

    /// Until the other side goes away, the process drains or the stream is old; `None` likewise.
    async fn tell_all(&mut self, sender: &Sender, start: Start) -> Option<()> {
        let ends_at = Instant::now() + STREAM_LIFE;
        let mut listens_again_at = Instant::now() + LISTEN_AGAIN;
        if start.is_gap {
            say(sender, "gap", None, "{}").await?;
        }
        say(sender, "ready", Some(start.cursor), "{}").await?;
        loop {
            self.tell_new(sender).await?;
            tokio::select! {
                () = tokio::time::sleep(LOOK_PAUSE) => {}
                () = tokio::time::sleep_until(ends_at) => return None,
                () = sender.closed() => return None,
                () = self.app.draining.cancelled() => return None,
            }
            if Instant::now() >= listens_again_at {
                self.listen().await.ok()?;
                listens_again_at = Instant::now() + LISTEN_AGAIN;
            }
        }
    }

    /// Tells what is there and was not told.
    async fn tell_new(&mut self, sender: &Sender) -> Option<()> {
        let mut after = (self.from.as_millisecond() - 1, String::new());
        loop {
            let entries = self.look(after.clone()).await?;
            let is_last = entries.len() < usize::try_from(PAGE_ROWS).unwrap_or(usize::MAX);
            for entry in entries {
                after = (entry.at.as_millisecond(), entry.id.clone());
                let Some(json) = entry.json.filter(|_| !self.told.contains_key(&entry.id)) else {
                    continue;
                };
                say(sender, "item", Some(entry.at), &json).await?;
                Arc::make_mut(&mut self.told).insert(entry.id, entry.at);
                let begins = entry.at.saturating_sub(LATE_MAX).unwrap_or(Timestamp::MIN);
                self.from = self.from.max(begins);
            }
            if is_last {
                let from = self.from;
                Arc::make_mut(&mut self.told).retain(|_, at| *at >= from);
                return Some(());
            }
        }
    }

    /// One page, if the key still opens the account.
    async fn look(&self, after: (i64, String)) -> Option<Vec<Entry>> {
        let (app, key, feed, told) = (self.app.clone(), self.key.hash(), self.feed, self.told.clone());
        let looked = self.app.db.read("events.look", move |tx| {
            keys::find_then(tx, &key, |tx, found| {
                let page = feed.page(tx, &app, &found.account, (after.0, &after.1), &told)?;
                Ok((found, page))
            })
        });
        let (found, page) = match looked.await {
            Ok(found) => found?,
            Err(error) => {
                tracing::warn!(error = %error, "a stream ends because its rows could not be read");
                return None;
            }
        };
        let account = keys::open(&self.app, key, Some(found))?;
        (!account.is_disabled()).then_some(page)
    }
}

async fn say(sender: &Sender, event: &str, at: Option<Timestamp>, data: &str) -> Option<()> {
    let said = Event::default().event(event).retry(RECONNECT).data(data);
    let said = match at {
        Some(at) => said.id(at.as_millisecond().to_string()),
        None => said,
    };
    sender.send(Ok(said)).await.ok()
}

impl Places {
    fn take(&self, account: AccountId) -> Option<Place> {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let taken: usize = places.values().sum();
        let of_account = places.get(&account).copied().unwrap_or_default();
        if taken >= STREAMS_MAX || of_account >= STREAMS_PER_ACCOUNT_MAX {
            return None;
        }
        places.insert(account, of_account + 1);
        drop(places);
        Some(Place {
            places: self.clone(),
            account,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut places = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = places.get_mut(&self.account) {
            *taken -= 1;
            if *taken == 0 {
                places.remove(&self.account);
            }
        }
    }
}

/// Streams of this process.
pub(crate) const STREAMS_MAX: usize = 500;
/// Streams of one account in this process.
pub(crate) const STREAMS_PER_ACCOUNT_MAX: usize = 10;
/// How often each stream looks.
const LOOK_PAUSE: Duration = Duration::from_millis(500);
/// Rows of one look at most.
pub(crate) const PAGE_ROWS: i64 = 200;
const KEEP_ALIVE: Duration = Duration::from_secs(15);
const RECONNECT: Duration = Duration::from_secs(1);
const RETRY_AFTER_S: u64 = 10;
/// How long a stream lasts at most: who follows comes again.
const STREAM_LIFE: Duration = Duration::from_secs(3600);
/// How often a stream says again that somebody listens.
const LISTEN_AGAIN: Duration = Duration::from_secs(600);
/// Another node's clock may be late by so much, and a unit of work may commit so long after it read the clock.
const LATE_MAX: SignedDuration = SignedDuration::from_secs(30);
const LAST_EVENT_ID: &str = "last-event-id";
