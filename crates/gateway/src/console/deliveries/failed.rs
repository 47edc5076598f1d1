//! Background work of the account that was given up, with the reason, and one more try.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use ayni_domain::audit::Action;
use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::role::Role;
use ayni_domain::time::wire;
use ayni_store::error::StoreError;
use ayni_store::queue::{self, Buried};
use ayni_store::tx::Tx;
use thiserror::Error;

use crate::app::Shared;
use crate::console::flash::{self, Flash};
use crate::console::form::Posted;
use crate::console::frame::{Frame, Section};
use crate::console::page;
use crate::console::press::{Press, once_field};
use crate::console::refused::Refused;
use crate::console::seat::{Owner, Seat};
use crate::http::idempotent::NotKept;
use crate::payments;
use crate::signals::JobKind;
use crate::texts::console::deliveries::Texts;
use crate::texts::dates;

#[derive(Template)]
#[template(path = "console/deliveries/failed.html")]
struct FailedPage {
    frame: Frame,
    t: &'static Texts,
    jobs: Vec<JobView>,
    may_act: bool,
}

struct JobView {
    kind: &'static str,
    word: String,
    key: String,
    at: String,
    at_machine: String,
    reason: String,
    once: String,
}

/// `GET /console/deliveries/failed`.
pub(super) async fn list(State(app): State<Shared>, seat: Seat) -> Result<Response, Refused> {
    let (t, account) = (Texts::of(seat.lang), seat.account);
    let found = app.db.read("console.buried", move |tx| {
        let mut own = Vec::new();
        for job in queue::buried(tx, LOOKED_AT_MAX)? {
            if owner(tx, &job.kind, &job.key)? == Some(account) {
                own.push(job);
            }
        }
        Ok::<_, StoreError>(own)
    });
    let view = |job: Buried| JobView {
        kind: t.job(&job.kind),
        at: dates::shown(job.buried_at, seat.lang),
        at_machine: wire(job.buried_at),
        reason: job.reason,
        once: once_field(&app),
        word: job.kind,
        key: job.key,
    };
    let jobs = found.await?.into_iter().map(view).collect();
    page(&FailedPage {
        frame: Frame::of(&seat, Section::Deliveries, t.failed).named("failed-jobs"),
        t,
        jobs,
        may_act: seat.role == Role::Owner,
    })
}

/// `POST /console/deliveries/failed`: one job, named by the form, is due again.
pub(super) async fn retry(
    State(app): State<Shared>,
    Posted {
        seat: Owner(seat),
        form,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    let press = Press::of(&app, &seat, &form, Action::JobRetry)?;
    let (kind, key) = (form.text("kind").to_owned(), form.text("key").to_owned());
    let Some(known) = JobKind::ALL.into_iter().find(|known| known.as_str() == kind) else {
        return Err(Refused::NotFound);
    };
    let (account, by, now) = (seat.account, press.witness(), app.clock.now());
    let done = app
        .db
        .write("console.dig-up", move |tx| {
            if owner(tx, &kind, &key)? != Some(account) {
                return Err(NotRetried::Absent);
            }
            by.sign(tx, &format!("{kind} {key}"))?;
            Ok(queue::dig_up(tx, &kind, &key, now)?)
        })
        .await;
    let t = Texts::of(seat.lang);
    let said = match done {
        Ok(true) | Err(NotRetried::NotSigned(NotKept::Taken)) => Flash::Done(t.retried.to_owned()),
        Ok(false) => Flash::Failed(t.not_buried.to_owned()),
        Err(NotRetried::Absent) => return Err(Refused::NotFound),
        Err(NotRetried::Store(error) | NotRetried::NotSigned(NotKept::Store(error))) => {
            return Err(error.into());
        }
        Err(NotRetried::NotSigned(error)) => return Err(Refused::internal(&error)),
    };
    app.signals.wake(known);
    Ok(flash::see_other(&seat, "/console/deliveries/failed", &said))
}

#[derive(Debug, Error)]
enum NotRetried {
    #[error("the account has no such job")]
    Absent,
    #[error(transparent)]
    NotSigned(#[from] NotKept),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whose work a job is, of the kinds that are ever given up.
fn owner(tx: &mut Tx<'_>, kind: &str, key: &str) -> Result<Option<AccountId>, StoreError> {
    if kind != JobKind::Picture.as_str() {
        return Ok(None);
    }
    let Ok(id) = PaymentId::parse(key) else {
        return Ok(None);
    };
    Ok(payments::find(tx, id)?.map(|payment| payment.account))
}

/// Jobs that are looked at, the newest, whosever they are.
const LOOKED_AT_MAX: usize = 1_000;
