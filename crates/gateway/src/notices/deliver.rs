//! One try of one notice, in explicit steps: load, sign, send, record.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use ayni_domain::ids::AccountId;
use ayni_domain::notice;
use ayni_outbound::CallerRequest;
use ayni_store::error::StoreError;
use ayni_store::queue::{self, Job};
use ayni_store::tx::Tx;
use jiff::Timestamp;
use tracing::Instrument as _;

use super::sql::{self, Parcel};
use super::{TryEntry, letter};
use crate::app::{App, Shared};
use crate::merchants::MerchantError;
use crate::merchants::secrets::{self, Secrets};
use crate::{operations, traces};

/// A claimed notice with what signs it.
pub(super) struct Loaded {
    pub(super) job: Job,
    parcel: Parcel,
    /// Or why they, or the answer that is sent, could not be opened, which fails this try.
    secrets: Arc<Result<Secrets, MerchantError>>,
}

/// A try that was made.
pub(super) struct Tried {
    pub(super) loaded: Arc<Loaded>,
    pub(super) entry: TryEntry,
}

impl Tried {
    /// Whether the receiver took it: HTTP 200 and nothing else; for an operation's callback any 2xx.
    pub(super) fn is_delivered(&self) -> bool {
        match &self.loaded.parcel.operation {
            Some(_) => self
                .entry
                .status
                .is_some_and(|status| (200..300).contains(&status)),
            None => self.entry.status == Some(DELIVERED_STATUS),
        }
    }

    /// What is held for it.
    pub(super) fn job(&self) -> &Job {
        &self.loaded.job
    }
}

/// Loads what the claimed jobs need, in the unit of work that claims them. A job whose notice is gone, or whose
/// operation's answer is erased, is finished.
pub(super) fn load(
    tx: &mut Tx<'_>,
    app: &Shared,
    jobs: Vec<Job>,
    now: Timestamp,
) -> Result<Vec<Loaded>, StoreError> {
    let mut loaded = Vec::with_capacity(jobs.len());
    // A destination is mostly one account's: its secrets are looked up and opened once.
    let mut opened = HashMap::new();
    for job in jobs {
        match sql::select_parcel(tx, &job.key)? {
            Some(mut parcel) => {
                let mut unopened = None;
                if let Some(operation) = &parcel.operation {
                    match operations::callback_body(tx, &app.keyring, operation)? {
                        Some(Ok(body)) => parcel.body = body.into(),
                        Some(Err(error)) => unopened = Some(Arc::new(Err(error.into()))),
                        None => {
                            sql::update_spent(tx, &job.key, now)?;
                            queue::finish(tx, &job)?;
                            continue;
                        }
                    }
                }
                let secrets = match unopened {
                    Some(unopened) => unopened,
                    None => secrets_of(tx, app, &mut opened, parcel.account, now)?,
                };
                loaded.push(Loaded { job, parcel, secrets });
            }
            None => {
                queue::finish(tx, &job)?;
            }
        }
    }
    Ok(loaded)
}

fn secrets_of(
    tx: &mut Tx<'_>,
    app: &App,
    opened: &mut HashMap<i64, Arc<Result<Secrets, MerchantError>>>,
    account: i64,
    now: Timestamp,
) -> Result<Arc<Result<Secrets, MerchantError>>, StoreError> {
    if let Some(secrets) = opened.get(&account) {
        return Ok(secrets.clone());
    }
    match secrets::open(tx, &app.keyring, AccountId(account), now) {
        Err(MerchantError::Store(error)) => Err(error),
        secrets => {
            let secrets = Arc::new(secrets);
            opened.insert(account, secrets.clone());
            Ok(secrets)
        }
    }
}

/// Sends it once; what comes back, or why nothing did, is the try's entry.
pub(super) async fn send(app: &Shared, loaded: &Loaded) -> TryEntry {
    let Loaded { parcel, secrets, .. } = loaded;
    let at = app.clock.now();
    let secrets = match &**secrets {
        Ok(secrets) => secrets,
        Err(error) => return unsent(parcel, at, 0, error),
    };
    let request = CallerRequest {
        url: &parcel.url,
        content_type: super::content_type(parcel.version),
        headers: letter::signatures((parcel.version, &parcel.body), secrets, at.as_millisecond()),
        body: parcel.body.clone(),
        max_answer_bytes: KEPT_ANSWER_BYTES,
        timeout: app.settings.delivery_timeout,
    };
    let start = std::time::Instant::now();
    let span = traces::delivery(&parcel.url, &loaded.job.key, parcel.payment);
    let sent = app.outbound.post(request).instrument(span.clone()).await;
    traces::delivered(&span, sent.as_ref().ok().map(|answer| answer.status));
    let latency_ms = i64::try_from(start.elapsed().as_millis()).unwrap_or(i64::MAX);
    metrics::counter!("ayni_notice_tries_total", "answered" => if sent.is_ok() { "yes" } else { "no" })
        .increment(1);
    match sent {
        Ok(answer) => TryEntry {
            number: parcel.tries + 1,
            at,
            status: Some(i64::from(answer.status)),
            latency_ms,
            error: None,
            answer: match &parcel.operation {
                // It may repeat the callback's data, which lies sealed.
                Some(_) => String::new(),
                None => printable(&answer.body),
            },
        },
        Err(error) => unsent(parcel, at, latency_ms, &error),
    }
}

/// A try that got no answer, with the reason.
fn unsent(parcel: &Parcel, at: Timestamp, latency_ms: i64, error: &dyn std::error::Error) -> TryEntry {
    TryEntry {
        number: parcel.tries + 1,
        at,
        status: None,
        latency_ms,
        error: Some(error.to_string()),
        answer: String::new(),
    }
}

/// Records tries, and when the next ones are due, in one unit of work. Where that fails each is recorded on its own, so
/// that one that can't be takes no other with it; it is made again after its lease.
pub(super) async fn record(app: Shared, tried: Vec<Tried>) {
    let tried: Vec<(Tried, u16)> = tried
        .into_iter()
        .map(|tried| (tried, app.entropy.u16()))
        .collect();
    let tried = Arc::new(tried);
    if record_these(&app, tried.clone(), 0..tried.len()).await.is_ok() {
        return;
    }
    for index in 0..tried.len() {
        if let Err(error) = record_these(&app, tried.clone(), index..index + 1).await {
            tracing::warn!(error = %error, "a try was made but not recorded; it is made again");
        }
    }
}

async fn record_these(
    app: &App,
    tried: Arc<Vec<(Tried, u16)>>,
    which: Range<usize>,
) -> Result<(), StoreError> {
    let now = app.clock.now();
    app.db
        .append("notices.record", move |tx| {
            tried[which.clone()]
                .iter()
                .try_for_each(|(tried, random)| record_one(tx, tried, now, *random))
        })
        .await
}

fn record_one(tx: &mut Tx<'_>, tried: &Tried, now: Timestamp, random: u16) -> Result<(), StoreError> {
    let (entry, delivered) = (&tried.entry, tried.is_delivered());
    let Loaded { job, parcel, .. } = &*tried.loaded;
    let next_at = match delivered || parcel.is_trial || parcel.state != "pending" {
        true => None,
        false => notice::next_try(parcel.created_at, now, tries_done(parcel.tries), random),
    };
    let state = match (delivered, next_at) {
        (true, _) => "delivered",
        (false, Some(_)) => "pending",
        (false, None) => "spent",
    };
    let ended_at = (state != "pending").then_some(now);
    let Some(number) = sql::update_after_try(tx, &job.key, state, next_at, ended_at)? else {
        queue::finish(tx, job)?;
        return Ok(());
    };
    sql::insert_try(tx, &job.key, number, entry)?;
    if let (true, Some(operation)) = (delivered, &parcel.operation) {
        operations::told(tx, operation, now)?;
    }
    match next_at {
        Some(due_at) => queue::retry(tx, job, due_at, entry.error.as_deref().unwrap_or("not 200")),
        None => queue::finish(tx, job),
    }?;
    Ok(())
}

fn tries_done(before: i64) -> u32 {
    u32::try_from(before + 1).unwrap_or(u32::MAX)
}

/// NUL can't be stored as text on every engine; bytes that are no UTF-8 are shown as replacement characters.
fn printable(body: &[u8]) -> String {
    let kept = &body[..body.len().min(KEPT_ANSWER_BYTES)];
    String::from_utf8_lossy(kept).replace('\0', "\u{fffd}")
}

/// How much of a receiver's answer is kept.
const KEPT_ANSWER_BYTES: usize = 2048;
const DELIVERED_STATUS: i64 = 200;
