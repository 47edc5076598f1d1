//! The end of an order whose debit never came: known only after a reading of the statement that began after the
//! deadline. While the bank can't be read, nobody knows that the money did not leave.

use std::time::Duration;

use ayni_domain::ids::OrderId;
use ayni_domain::order::Event;
use ayni_store::queue::{self, Job};
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::{Change, OrderError, sql, transition};
use crate::app::Shared;
use crate::reconciliation;
use crate::worker::Unfinished;

/// Ends an order that was sent long ago, once the statement was read since, or waits for that reading.
pub async fn lapse_order(app: Shared, job: Job) -> Result<(), Unfinished> {
    let (now, life) = (app.clock.now(), app.settings.order_life);
    let is_over = app
        .db
        .write("orders.lapse", move |tx| lapse_in(tx, &job, life, now))
        .await
        .map_err(|error| Unfinished {
            reason: error.to_string(),
            pause: READING_PAUSE,
        })?;
    match is_over {
        true => Ok(()),
        false => Err(Unfinished {
            reason: "waits for a reading of the statement".to_owned(),
            pause: READING_PAUSE,
        }),
    }
}

/// False where the statement must be read first.
fn lapse_in(tx: &mut Tx<'_>, job: &Job, life: Duration, now: Timestamp) -> Result<bool, OrderError> {
    let found = match OrderId::parse(&job.key) {
        Ok(id) => sql::select_order(tx, id)?.filter(|order| order.state.may_have_moved()),
        Err(_) => None,
    };
    let Some((order, sent_at)) = found.and_then(|order| order.sent_at.map(|at| (order, at))) else {
        queue::finish(tx, job)?;
        return Ok(true);
    };
    let deadline = sent_at.saturating_add(life).unwrap_or(Timestamp::MAX);
    if now < deadline {
        queue::retry(tx, job, deadline, "its debit may still come")?;
        return Ok(true);
    }
    let read_at = reconciliation::read_at(tx, order.new.collecting_id)?;
    if read_at.is_none_or(|read_at| read_at < deadline) {
        return Ok(false);
    }
    transition(tx, &order, Event::Lapsed, Change::because("no-debit"), now)?;
    queue::finish(tx, job)?;
    Ok(true)
}

/// Pause of a lapse that waits for a reading. It asks for none: a bank that can't be read keeps its own pause.
const READING_PAUSE: Duration = Duration::from_secs(30);
