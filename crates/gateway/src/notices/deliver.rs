//! One try of one notice, in explicit steps: load, sign, send, record.

use ayni_domain::creation::details::NotifyVersion;
use ayni_domain::ids::AccountId;
use ayni_domain::notice;
use ayni_outbound::CallerRequest;
use ayni_store::error::StoreError;
use ayni_store::queue::{self, Job};
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::TryEntry;
use super::sql::{self, Parcel};
use crate::app::Shared;
use crate::merchants::MerchantError;
use crate::merchants::secrets::{self, Secrets};
use crate::operations;

/// A claimed notice with what signs it.
pub(super) struct Loaded {
    pub(super) job: Job,
    parcel: Parcel,
    /// Or why they could not be opened, which fails this notice's try and no other's.
    secrets: Result<Secrets, MerchantError>,
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
    for job in jobs {
        match sql::select_parcel(tx, &job.key)? {
            Some(mut parcel) => {
                if let Some(operation) = &parcel.operation {
                    match operations::callback_body(tx, &app.keyring, operation)? {
                        Some(body) => parcel.body = body,
                        None => {
                            sql::update_spent(tx, &job.key, now)?;
                            queue::finish(tx, &job)?;
                            continue;
                        }
                    }
                }
                let secrets = match secrets::open(tx, &app.keyring, AccountId(parcel.account), now) {
                    Err(MerchantError::Store(error)) => return Err(error),
                    secrets => secrets,
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

/// Whether the receiver took it: HTTP 200 and nothing else; for an operation's callback any 2xx.
pub(super) fn is_delivered(loaded: &Loaded, entry: &TryEntry) -> bool {
    match &loaded.parcel.operation {
        Some(_) => entry.status.is_some_and(|status| (200..300).contains(&status)),
        None => entry.status == Some(DELIVERED_STATUS),
    }
}

/// Sends it once; what comes back, or why nothing did, is the try's entry.
pub(super) async fn send(app: &Shared, loaded: &Loaded) -> TryEntry {
    let Loaded { parcel, secrets, .. } = loaded;
    let at = app.clock.now();
    let secrets = match secrets {
        Ok(secrets) => secrets,
        Err(error) => return unsent(parcel, at, 0, error),
    };
    let request = CallerRequest {
        url: &parcel.url,
        content_type: super::content_type(parcel.version),
        headers: signatures(parcel, secrets, at.as_millisecond()),
        body: parcel.body.clone().into(),
        max_answer_bytes: KEPT_ANSWER_BYTES,
        timeout: app.settings.delivery_timeout,
    };
    let start = std::time::Instant::now();
    let sent = app.outbound.post(request).await;
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

/// The signature with a fresh `t`; during a secret's rotation the next secret signs too.
fn signatures(parcel: &Parcel, secrets: &Secrets, t_ms: i64) -> Vec<(&'static str, String)> {
    if parcel.version == NotifyVersion::V1_3 {
        return Vec::new();
    }
    let sign = |secret: &str| ayni_crypto::sign::notification_header(secret, t_ms, parcel.body.as_bytes());
    let mut headers = vec![(SIGNATURE_HEADER, sign(&secrets.current))];
    if let Some(next) = &secrets.next {
        headers.push((NEXT_SIGNATURE_HEADER, sign(next)));
    }
    headers
}

/// Records a try, and when the next one is due.
pub(super) async fn record(app: &Shared, loaded: Loaded, entry: TryEntry) -> Result<(), StoreError> {
    let delivered = is_delivered(&loaded, &entry);
    let now = app.clock.now();
    let random = app.entropy.u16();
    app.db
        .append("notices.record", move |tx| {
            let Loaded { job, parcel, .. } = &loaded;
            let next_at = match delivered || parcel.state != "pending" {
                true => None,
                false => notice::next_try(parcel.created_at, now, tries_done(parcel.tries), random),
            };
            sql::insert_try(tx, &job.key, &entry)?;
            let state = match (delivered, next_at) {
                (true, _) => "delivered",
                (false, Some(_)) => "pending",
                (false, None) => "spent",
            };
            let ended_at = (state != "pending").then_some(now);
            sql::update_after_try(tx, &job.key, state, next_at, ended_at)?;
            if let (true, Some(operation)) = (delivered, &parcel.operation) {
                operations::told(tx, operation, now)?;
            }
            match next_at {
                Some(due_at) => queue::retry(tx, job, due_at, entry.error.as_deref().unwrap_or("not 200")),
                None => queue::finish(tx, job),
            }?;
            Ok(())
        })
        .await
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
const SIGNATURE_HEADER: &str = "x-khipu-signature";
const NEXT_SIGNATURE_HEADER: &str = "x-ayni-signature-next";
