//! The job of attempts: their three hours.

use ayni_domain::attempt::{Event, State, apply};
use ayni_store::queue::{self, Job};

use super::sql;
use crate::app::Shared;
use crate::signals::JobKind;
use crate::worker::{Pump, Unfinished};

/// Ends attempts whose time is over.
pub const ATTEMPT_LAPSES: Pump = Pump {
    kind: JobKind::AttemptLapse,
    concurrency: 16,
    per_lane: 16,
};

/// Ends an attempt whose three hours are over while it still asks its payer: what was typed is erased.
pub async fn lapse_attempt(app: Shared, job: Job) -> Result<(), Unfinished> {
    let now = app.clock.now();
    let payment = app
        .db
        .write("payer.lapse-attempt", move |tx| {
            let attempt = sql::select_attempt(tx, &job.key)?;
            let asking = attempt.filter(|attempt| attempt.state == State::Asking && attempt.lapses_at <= now);
            if let Some(attempt) = &asking
                && let Ok(state) = apply(attempt.state, Event::Lapsed)
            {
                sql::end_attempt(tx, attempt, state, Some(Event::Lapsed.name()), now)?;
            }
            queue::finish(tx, &job)?;
            Ok::<_, Unfinished>(asking.map(|attempt| attempt.payment))
        })
        .await?;
    if let Some(payment) = payment {
        app.signals.payment_changed(payment);
    }
    Ok(())
}
