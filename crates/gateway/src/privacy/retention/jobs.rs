//! The day's run. What is taken out is gone, and how far the payments were gone through lies in the database: a process that
//! dies in between is followed by one that finds what is left. One kind that fails keeps no other from its turn.

use std::time::Duration;

use ayni_domain::calendar::next_at_hour;
use ayni_domain::ids::AccountId;
use ayni_store::error::StoreError;
use ayni_store::queue::{self, Job, NewJob};
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::sql::{self, Aged};
use super::{account, before};
use crate::app::Shared;
use crate::signals::JobKind;
use crate::worker::{Pump, Unfinished};

/// One run at a time.
pub(crate) const RETENTION: Pump = Pump {
    kind: JobKind::Retention,
    concurrency: 1,
    per_lane: 1,
};

/// Sees to it that the next run is in the queue; said again, it changes nothing.
pub(crate) async fn schedule(app: &Shared) -> Result<(), StoreError> {
    let now = app.clock.now();
    app.db
        .append("retention.schedule", move |tx| {
            let job = NewJob {
                kind: JobKind::Retention.as_str(),
                key: KEY,
                lane: "",
                payload: "",
                due_at: next_at_hour(now, HOUR),
            };
            queue::enqueue(tx, &job, now)
        })
        .await
}

/// Takes out everything that is too old, and schedules the next run: [`RETENTION`]'s handler.
pub(crate) async fn forget_old(app: Shared, job: Job) -> Result<(), Unfinished> {
    let begun = app.clock.now();
    let mut failed = Vec::new();
    for aged in sql::AGED {
        if let Err(error) = forget_rows(&app, aged, begun).await {
            tracing::error!(kind = aged.name, %error, "what is too old could not be taken out");
            failed.push(aged.name);
        }
    }
    if let Err(error) = forget_of_accounts(&app, begun, &mut failed).await {
        tracing::error!(%error, "the accounts whose data is too old could not be read");
        failed.push("accounts");
    }
    if app.draining.is_cancelled() {
        // The lease ends by itself, and whoever takes the job goes on.
        return Ok(());
    }
    if !failed.is_empty() {
        return Err(Unfinished {
            reason: format!("not taken out: {}", failed.join(", ")),
            pause: PAUSE,
        });
    }
    let due_at = next_at_hour(app.clock.now(), HOUR);
    app.db
        .append("retention.ran", move |tx| {
            queue::retry(tx, &job, due_at, "").map(drop)
        })
        .await?;
    Ok(())
}

/// Portion by portion, until nothing is left.
async fn forget_rows(app: &Shared, aged: &'static Aged, begun: Timestamp) -> Result<(), StoreError> {
    let before = before(begun, (aged.days)(&app.settings.retention));
    while !app.draining.is_cancelled() {
        let has_old = move |tx: &mut Tx<'_>| sql::has_old(tx, aged, before);
        if !app.db.read("retention.look", has_old).await? {
            return Ok(());
        }
        let work = move |tx: &mut Tx<'_>| sql::forget(tx, aged, before);
        app.db.write("retention.forget", work).await?;
    }
    Ok(())
}

async fn forget_of_accounts(
    app: &Shared,
    begun: Timestamp,
    failed: &mut Vec<&'static str>,
) -> Result<(), StoreError> {
    let mut after = AccountId(i64::MIN);
    loop {
        let page = move |tx: &mut Tx<'_>| sql::select_accounts(tx, after);
        let accounts = app.db.read("retention.accounts", page).await?;
        let Some(last) = accounts.last() else {
            return Ok(());
        };
        after = *last;
        for id in accounts {
            if app.draining.is_cancelled() {
                return Ok(());
            }
            if let Err(error) = account::forget_old(app, id, begun).await {
                tracing::error!(account = id.0, %error, "what is too old of an account could not be taken out");
                failed.push("an account's");
            }
        }
    }
}

const KEY: &str = "run";
/// Of the night, on Chile's clocks.
const HOUR: i8 = 3;
/// Before a run that failed somewhere is tried again.
const PAUSE: Duration = Duration::from_secs(15 * 60);
