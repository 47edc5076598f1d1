//! Writing what came together, off the requests' path: one row for each account and half second.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use ayni_domain::ids::AccountId;
use ayni_domain::time::wire;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::KEPT_FOR;
use super::api::RequestBody;
use super::sql::{self, PortionRow};
use super::tail::{By, Portion};
use crate::app::{App, Shared};
use crate::merchants::keys::{self, KeyHash};

/// Writes lines and learns who is tailed, until the process drains.
pub(crate) async fn run(app: Shared) {
    while !app.draining.is_cancelled() {
        if let Err(error) = keep_due(&app).await {
            tracing::warn!(%error, "the lines of requests could not be written yet");
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = app.draining.cancelled() => {}
        }
    }
}

/// Writes the lines there are, and learns whose requests are wanted.
pub async fn keep_due(app: &App) -> Result<(), StoreError> {
    let portions = app.tail.take();
    if !portions.is_empty()
        && let Err(error) = write(app, &portions).await
    {
        app.tail.put_back(portions);
        return Err(error);
    }
    learn(app).await
}

/// Says that somebody tails an account from now on, on every node within half a second and on this one when it returns;
/// tells since when its requests are kept.
pub(super) async fn tail(app: &App, account: AccountId) -> Result<Timestamp, StoreError> {
    let now = app.clock.now();
    let until = now.saturating_add(KEPT_FOR).unwrap_or(Timestamp::MAX);
    let work = move |tx: &mut Tx<'_>| {
        sql::delete_tail(tx, account, now)?;
        sql::upsert_tail(tx, account, now, until)
    };
    let since = app.db.append("requests.tail", work).await?;
    learn(app).await?;
    Ok(since)
}

/// Deletes what was kept for a day, and the oldest lines of accounts that have very many.
pub(crate) async fn forget_old(app: &App) -> Result<(), StoreError> {
    let now = app.clock.now();
    let before = now.saturating_sub(KEPT_FOR).unwrap_or(Timestamp::MIN);
    app.db
        .append("requests.forget", move |tx| {
            sql::delete_portions(tx, before)?;
            sql::delete_tails(tx, now)?;
            for account in sql::select_tailed(tx, now)? {
                if let Some(at_ms) = sql::select_surplus(tx, account, KEPT_LINES_MAX)? {
                    sql::delete_surplus(tx, account, at_ms)?;
                }
            }
            Ok(())
        })
        .await
}

async fn learn(app: &App) -> Result<(), StoreError> {
    let _turn = app.tail.learning.lock().await;
    let now = app.clock.now();
    let tailed = app
        .db
        .point("requests.tailed", move |tx| sql::select_tailed(tx, now));
    let tailed: HashSet<AccountId> = tailed.await?.into_iter().collect();
    app.tail.learn(tailed);
    Ok(())
}

async fn write(app: &App, portions: &HashMap<AccountId, Portion>) -> Result<(), StoreError> {
    let accounts: Vec<AccountId> = portions.keys().copied().collect();
    let aliases = app.db.read("requests.keys", move |tx| {
        let found: Result<Vec<_>, StoreError> = accounts.iter().map(|id| keys::aliases(tx, *id)).collect();
        found.map(|found| found.into_iter().flatten().collect::<HashMap<_, _>>())
    });
    let (aliases, now) = (aliases.await?, app.clock.now());
    let row = |(account, portion): (&AccountId, &Portion)| PortionRow {
        id: app.entropy.uuid().to_string(),
        account: *account,
        at: now,
        requests: i64::try_from(portion.lines.len()).unwrap_or(i64::MAX),
        left_out: i64::try_from(portion.left_out).unwrap_or(i64::MAX),
        lines: lines(portion, &aliases),
    };
    let rows: Vec<PortionRow> = portions.iter().map(row).collect();
    let work = move |tx: &mut Tx<'_>| rows.iter().try_for_each(|row| sql::insert_portion(tx, row));
    app.db.append("requests.keep", work).await
}

/// A portion's lines as they are told.
fn lines(portion: &Portion, aliases: &HashMap<KeyHash, String>) -> String {
    let bodies = portion.lines.iter().map(|line| {
        let (key, client) = match &line.by {
            By::Key(hash) => (aliases.get(hash).map(String::as_str), None),
            By::Client(id) => (None, Some(id.as_str())),
        };
        RequestBody {
            at: wire(line.at),
            method: &line.method,
            path: &line.path,
            status: line.status,
            duration_us: line.duration_us,
            request_id: &line.request_id,
            key,
            client,
            refusal: line.refusal.as_ref(),
        }
    });
    // Of texts and numbers only, so it can be written.
    serde_json::to_string(&bodies.collect::<Vec<_>>()).unwrap_or_else(|_| "[]".to_owned())
}

const PAUSE: Duration = Duration::from_millis(500);
/// Lines that are kept of one account, the newest ones.
pub(crate) const KEPT_LINES_MAX: i64 = 100_000;
