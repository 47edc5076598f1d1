//! Accepted operations: visited, visited again while what fails may pass, and told by their deadline.

use std::time::Duration;

use ayni_domain::creation::details::NotifyVersion;
use ayni_domain::operation::Fault;
use ayni_domain::operation::code::Code;
use ayni_domain::operation::retry::{TELLING, next_visit};
use ayni_store::queue::{self, Job};
use jiff::Timestamp;
use zeroize::Zeroizing;

use super::accept::Request;
use super::person::Person;
use super::{Operation, Target, answer, answer_context, request_context, run, sql, undelivered_erase_at};
use crate::app::{App, Shared};
use crate::institutions::visit::{Errand, Found};
use crate::links;
use crate::notices::{self, NewNotice, Subject};
use crate::signals::JobKind;
use crate::worker::{Pump, Unfinished};

/// How accepted operations are worked: a slow site holds only its own share.
pub const OPERATIONS: Pump = Pump {
    kind: JobKind::Operation,
    concurrency: 128,
    per_lane: 32,
};

/// Makes the next visit for an operation, and decides whether it is the last.
pub async fn visit(app: Shared, job: Job) -> Result<(), Unfinished> {
    let id = job.key.clone();
    let found = app
        .db
        .point("operations.load", move |tx| sql::select_pending(tx, &id))
        .await?;
    let Some((operation, sealed)) = found else {
        return finish(&app, job).await;
    };
    let now = app.clock.now();
    let deadline = operation.deadline_at.unwrap_or(operation.created_at);
    let left = Duration::try_from(deadline.duration_since(now) - TELLING).unwrap_or_default();
    let outcome = if left.is_zero() {
        Err(Code::OutOfTime.into())
    } else {
        let budget = left.min(app.settings.operation_budget);
        tokio::select! {
            outcome = tokio::time::timeout(budget, perform(&app, &operation, &sealed)) => match outcome {
                Ok(outcome) => outcome?,
                Err(_) => Err(Code::OutOfTime.into()),
            },
            () = app.draining.cancelled() => return Err(given_back()),
        }
    };
    let again = match &outcome {
        Err(fault) if fault.code.is_transient() => next(&app, &operation, deadline),
        _ => None,
    };
    match (again, outcome) {
        (Some(due_at), Err(fault)) => put_off(&app, job, due_at, &fault).await,
        (_, outcome) => end(&app, job, operation, outcome).await,
    }
}

/// One visit; an error is ours and the job is tried again.
async fn perform(
    app: &Shared,
    operation: &Operation,
    sealed: &[u8],
) -> Result<Result<Found, Fault>, Unfinished> {
    let Some(site) = app.sites.at(&operation.institution) else {
        return Ok(Err(Code::ComponentMissing.into()));
    };
    let Some(Request { arguments, person }) = unseal(app, operation, sealed) else {
        return Ok(Err(Code::Internal.into()));
    };
    let link = person.as_ref().and_then(Person::link);
    let login = match person {
        Some(person) => match person
            .login(app, operation.account, &operation.institution)
            .await?
        {
            Ok(login) => Some(login),
            Err(fault) => return Ok(Err(fault)),
        },
        None => None,
    };
    if let Some(link) = link {
        let now = app.clock.now();
        let note = app
            .db
            .append("links.use", move |tx| links::note_use(tx, link, now));
        note.await?;
    }
    let target = Target {
        site: site.clone(),
        operation: operation.operation.as_str().into(),
    };
    let errand = Errand {
        operation: operation.operation.clone(),
        arguments,
    };
    Ok(run::visited(app, &target, errand, login).await)
}

fn unseal(app: &App, operation: &Operation, sealed: &[u8]) -> Option<Request> {
    let plain: Zeroizing<Vec<u8>> = app
        .keyring
        .open(&request_context(&operation.id.to_string()), sealed)
        .ok()?;
    serde_json::from_slice(&plain).ok()
}

fn next(app: &App, operation: &Operation, deadline: Timestamp) -> Option<Timestamp> {
    let visits = u32::try_from(operation.visits + 1).unwrap_or(u32::MAX);
    next_visit(deadline, app.clock.now(), visits, app.entropy.u16())
}

async fn put_off(app: &App, job: Job, due_at: Timestamp, fault: &Fault) -> Result<(), Unfinished> {
    let reason = fault.code.as_str();
    let retried = app.db.append("operations.put-off", move |tx| {
        sql::count_visit(tx, &job.key)?;
        queue::retry(tx, &job, due_at, reason)
    });
    retried.await?;
    Ok(())
}

/// The end of it: the answer sealed, arguments and login erased, the callback and its job.
async fn end(
    app: &App,
    job: Job,
    operation: Operation,
    outcome: Result<Found, Fault>,
) -> Result<(), Unfinished> {
    let internal = |error: &dyn std::fmt::Display| Unfinished {
        reason: error.to_string(),
        pause: FAULT_PAUSE,
    };
    let answered = answer::of(operation.id, outcome, operation.lang).map_err(|error| internal(&error))?;
    let sealed = app.keyring.seal(&answer_context(&job.key), &answered.bytes);
    let sealed = sealed.map_err(|error| internal(&error))?;
    let now = app.clock.now();
    let notice = NewNotice {
        id: app.entropy.uuid(),
        account: operation.account,
        subject: Subject::Operation(operation.id),
        url: operation.callback_url.clone().unwrap_or_default(),
        version: NotifyVersion::V3_0,
        body: String::new(),
    };
    let (state, code) = (answered.state, answered.code);
    let ended = app.db.append("operations.end", move |tx| {
        let erase_at = undelivered_erase_at(now);
        if sql::end_operation(tx, &job.key, state, code, now, &sealed, erase_at)? == 1 {
            notices::create(tx, &notice, now)?;
        }
        queue::finish(tx, &job).map(drop)
    });
    ended.await?;
    let label = code.map_or("", Code::as_str);
    metrics::counter!("ayni_operations_ended_total", "code" => label).increment(1);
    app.signals.wake(JobKind::Notice);
    Ok(())
}

async fn finish(app: &App, job: Job) -> Result<(), Unfinished> {
    let finished = app
        .db
        .append("operations.finish", move |tx| queue::finish(tx, &job).map(drop));
    Ok(finished.await?)
}

fn given_back() -> Unfinished {
    Unfinished {
        reason: "the process stops".to_owned(),
        pause: Duration::ZERO,
    }
}

/// The pause after a fault of ours that is not the site's.
const FAULT_PAUSE: Duration = Duration::from_secs(5);
