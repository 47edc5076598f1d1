//! The job that makes the settlements of each business day.

use std::time::Duration;

use ayni_domain::settlement::next_run;
use ayni_store::error::StoreError;
use ayni_store::queue::{self, Job, NewJob};

use super::run::{self, RunError};
use crate::app::Shared;
use crate::signals::JobKind;
use crate::worker::{Pump, Unfinished};

/// One run at a time.
pub const SETTLEMENTS: Pump = Pump {
    kind: JobKind::Settlement,
    concurrency: 1,
    per_lane: 1,
};

/// Sees to it that the next run is in the queue; said again, it changes nothing.
pub async fn schedule(app: &Shared) -> Result<(), StoreError> {
    let now = app.clock.now();
    let due_at = next_run(&app.settings.calendar, now, app.settings.settlement_hour);
    app.db
        .append("settlement.schedule", move |tx| {
            let job = NewJob {
                kind: JobKind::Settlement.as_str(),
                key: KEY,
                lane: "",
                payload: "",
                due_at,
            };
            queue::enqueue(tx, &job, now)
        })
        .await
}

/// Makes today's settlements, those of days that were missed included, and schedules the next run.
pub async fn settle_day(app: Shared, job: Job) -> Result<(), Unfinished> {
    let ran = match run::run(&app, None).await {
        Ok(ran) => ran,
        // The job was late: today the banks do not work.
        Err(RunError::Day(_)) => run::Ran::default(),
        Err(RunError::Store(error)) => return Err(error.into()),
    };
    if let Some(waiting) = ran.waiting.iter().find(|waiting| waiting.is_temporary) {
        return Err(Unfinished {
            reason: waiting.reason.clone(),
            pause: PAUSE,
        });
    }
    let due_at = next_run(
        &app.settings.calendar,
        app.clock.now(),
        app.settings.settlement_hour,
    );
    app.db
        .append("settlement.ran", move |tx| {
            queue::retry(tx, &job, due_at, "").map(drop)
        })
        .await?;
    Ok(())
}

const KEY: &str = "run";
/// Before a run that met a passing fault goes on.
const PAUSE: Duration = Duration::from_secs(10);
