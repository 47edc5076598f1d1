//! The request that moves an order's money. It is sent at most once.
//!
//! First one unit of work says that it is about to be sent; only after its commit is it sent, by the one who committed
//! it and by nobody else. Sending and noting the outcome run in a task that nothing cuts off but the end of the process,
//! and then the statement says what happened.

use std::time::Duration;

use ayni_connectors::failure::Failure;
use ayni_connectors::transfer::{Authorised, Session};
use ayni_domain::order::{Event, State, next_try};
use ayni_store::queue::{self, Job, NewJob};
use ayni_store::tx::Tx;
use jiff::{SignedDuration, Timestamp};
use tracing::Instrument as _;

use super::{Change, Order, OrderError, sql, transition};
use crate::app::Shared;
use crate::reconciliation::request_reading;
use crate::restorations;
use crate::signals::JobKind;
use crate::traces;
use crate::worker::LEASE;

/// Marks the order, sends its request and notes the outcome. False where another had it meanwhile: nothing was sent.
pub(super) async fn send(
    app: &Shared,
    job: &Job,
    order: Order,
    connector: &str,
    session: Session,
) -> Result<bool, OrderError> {
    let Some(marked) = mark(app, job, order).await? else {
        return Ok(false);
    };
    let (shared, connector) = (app.clone(), connector.to_owned());
    let sending = async move {
        let outcome = request(&shared, &marked, &connector, session).await;
        note(&shared, marked, outcome).await;
    };
    let sending = app.tasks.spawn(sending.instrument(traces::here()));
    if let Err(error) = sending.await {
        tracing::error!(%error, "the task that sent an order ended; the statement will tell");
    }
    Ok(true)
}

/// The unit of work after which the request may be sent. It goes wrong for whoever lost the job's lease, so that of two
/// nodes one sends.
async fn mark(app: &Shared, job: &Job, order: Order) -> Result<Option<Order>, OrderError> {
    let (job, now, life) = (job.clone(), app.clock.now(), app.settings.order_life);
    let marked = app
        .db
        .write("orders.send", move |tx| {
            if !queue::renew(tx, &job, now, LEASE)? {
                return Err(OrderError::Raced);
            }
            if restorations::is_held(tx)? {
                return Err(OrderError::Held);
            }
            let marked = transition(tx, &order, Event::Sending, Change::default(), now)?;
            watch(tx, &marked, life, now)?;
            let collecting_id = order.new.collecting_id;
            let orphaned_at = now.saturating_add(ORPHAN_PAUSE).unwrap_or(Timestamp::MAX);
            request_reading(tx, collecting_id, orphaned_at, now)?;
            Ok(marked)
        })
        .await;
    match marked {
        Ok(marked) => Ok(Some(marked)),
        Err(OrderError::Raced | OrderError::Unlisted(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The job that looks after an order whose debit does not come.
fn watch(tx: &mut Tx<'_>, order: &Order, life: Duration, now: Timestamp) -> Result<(), OrderError> {
    let lapse = NewJob {
        kind: JobKind::OrderLapse.as_str(),
        key: order.new.id.as_str(),
        lane: "",
        payload: "",
        due_at: now.saturating_add(life).unwrap_or(Timestamp::MAX),
    };
    Ok(queue::enqueue(tx, &lapse, now)?)
}

/// The request that moves money. Called once, after [`mark`] committed.
async fn request(app: &Shared, order: &Order, connector: &str, session: Session) -> Authorised {
    let marked_at = order.sent_at.unwrap_or(Timestamp::MIN);
    if app.clock.now().duration_since(marked_at) > SENT_WITHIN {
        // This process slept: what happened to the order meanwhile was decided without it.
        return Authorised::Refused(Failure::SessionExpired);
    }
    match app.connectors.for_bank(connector) {
        Some(bank) => {
            let visit = traces::visit(connector, "authorise");
            bank.authorise(session).instrument(visit).await
        }
        None => Authorised::Refused(Failure::Unreachable),
    }
}

/// Notes how it ended. It must not be lost to a passing fault of the database, so that it is tried for a while; if all
/// tries fail the order stays `sending`, and the statement decides.
async fn note(app: &Shared, order: Order, outcome: Authorised) {
    if let Authorised::Unclear(seen) = &outcome {
        tracing::warn!(order = %order.new.id, seen, "the bank gave no clear answer to an order");
    }
    for _ in 0..NOTE_TRIES {
        match note_once(app, &order, &outcome).await {
            Ok(()) => return app.signals.wake(JobKind::Statement),
            Err(error) => {
                tracing::warn!(order = %order.new.id, %error, "the outcome of an order was not noted yet");
                tokio::time::sleep(NOTE_PAUSE).await;
            }
        }
    }
    tracing::error!(order = %order.new.id, "the outcome of an order was not noted; the statement will tell");
}

async fn note_once(app: &Shared, order: &Order, outcome: &Authorised) -> Result<(), OrderError> {
    let (id, now, outcome) = (order.new.id, app.clock.now(), outcome.clone());
    app.db
        .write("orders.outcome", move |tx| {
            let order = sql::select_order(tx, id)?.ok_or_else(|| OrderError::NoOrder(id.to_string()))?;
            if order.state != State::Sending {
                // Its debit was seen, or its time passed, while the bank was answering.
                if let Authorised::Accepted(receipt) = &outcome {
                    sql::update_receipt(tx, id, &receipt.operation_number)?;
                }
                return Ok(());
            }
            match &outcome {
                Authorised::Refused(failure) => {
                    refuse(tx, &order, failure.as_str(), now)?;
                    return Ok(());
                }
                Authorised::Accepted(receipt) => {
                    let number = Some(receipt.operation_number.clone()).filter(|number| !number.is_empty());
                    let change = Change {
                        operation_number: number,
                        ..Change::default()
                    };
                    transition(tx, &order, Event::Accepted, change, now)?
                }
                Authorised::Unclear(_) => {
                    transition(tx, &order, Event::Unclear, Change::because("unclear"), now)?
                }
            };
            Ok(request_reading(tx, order.new.collecting_id, now, now)?)
        })
        .await
}

/// The bank said no: the order is tried again after a pause, or given up once its tries are spent.
pub(super) fn refuse(tx: &mut Tx<'_>, order: &Order, reason: &str, now: Timestamp) -> Result<(), OrderError> {
    let due_at = next_try(order.tries + 1, now);
    let change = Change {
        due_at,
        ..Change::because(reason)
    };
    let refused = transition(tx, order, Event::Refused, change, now)?;
    if due_at.is_none() {
        transition(tx, &refused, Event::GivenUp, Change::because(reason), now)?;
    }
    Ok(())
}

/// When the statement is read if this process dies between the commit and the noting of the outcome.
const ORPHAN_PAUSE: SignedDuration = SignedDuration::from_secs(30);
/// Whoever marked an order sends it within this time or never: far less than the time after which it lapses.
const SENT_WITHIN: SignedDuration = SignedDuration::from_secs(10);
const NOTE_TRIES: u32 = 20;
const NOTE_PAUSE: Duration = Duration::from_secs(1);
