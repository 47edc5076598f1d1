//! The request that moves money. It is sent at most once.
//!
//! First one unit of work says that it is about to be sent: the attempt is `authorising`, the payment `verifying`, what
//! was typed is erased, and the jobs are there that look for the money and, two days later, give up. Only after its
//! commit is the request sent, by the one who committed it and by nobody else, ever: whoever finds an attempt here
//! reads the statement. The request and the noting of its outcome run in a task that the browser can't cut off; if the
//! process dies in it, the statement says what happened.

use std::time::Duration;

use ayni_connectors::failure::Failure;
use ayni_connectors::transfer::{Authorised, Receipt, Session};
use ayni_domain::attempt::{Event, State, apply, verifying_life};
use ayni_domain::payment;
use ayni_domain::payment::state::State as PaymentState;
use ayni_domain::rut::normalise;
use ayni_store::queue::{self, NewJob};
use ayni_store::tx::Tx;
use jiff::{SignedDuration, Timestamp};
use tracing::Instrument as _;

use super::attempt::Attempt;
use super::sql;
use super::stop::Stop;
use super::waiting::driver;
use crate::app::{App, Shared};
use crate::contracts;
use crate::merchants::accounts;
use crate::payments;
use crate::reconciliation::request_reading;
use crate::restorations;
use crate::signals::JobKind;
use crate::texts::pages::refusals::Refusal;
use crate::traces;

/// Marks the attempt, and sends the request in a task of its own; waits a while for its outcome. `accepted` is the digest
/// of the contract that the payer's last form accepted.
pub(super) async fn begin(
    app: &Shared,
    attempt: Attempt,
    accepted: &str,
    session: Session,
) -> Result<(), Stop> {
    mark(app, &attempt, accepted).await?;
    let id = attempt.id.clone();
    let sending = app.tasks.spawn(send(app.clone(), attempt, session));
    if tokio::time::timeout(ANSWER_WAIT, sending).await.is_err() {
        tracing::info!(attempt = %id, "the bank takes long; the payer is shown the waiting page");
    }
    Ok(())
}

/// A payment is verified from now on because of this attempt: its two jobs.
pub(super) fn enqueue_verification(
    tx: &mut Tx<'_>,
    app: &App,
    attempt: &Attempt,
    read_at: Timestamp,
    now: Timestamp,
) -> Result<(), Stop> {
    let life = verifying_life(attempt.state, app.settings.verifying_life);
    let lapse = NewJob {
        kind: JobKind::VerifyingLapse.as_str(),
        key: attempt.payment.as_str(),
        lane: "",
        payload: "",
        due_at: now.saturating_add(life).unwrap_or(Timestamp::MAX),
    };
    queue::enqueue(tx, &lapse, now)?;
    Ok(request_reading(tx, attempt.collecting_id, read_at, now)?)
}

/// The request that moves money. Called once, after [`mark`] committed.
async fn send(app: Shared, attempt: Attempt, session: Session) {
    let bank = app.banks.find(&attempt.bank_id);
    let outcome = match bank.and_then(|bank| driver(&app, bank)) {
        Some(driver) => {
            let visit = traces::visit(&attempt.bank_id, "authorise");
            let visit = traces::of_payment(visit, attempt.payment);
            driver.authorise(session).instrument(visit).await
        }
        None => Authorised::Refused(Failure::Unreachable),
    };
    note(&app, attempt, outcome).await;
}

/// The unit of work after which the request may be sent, by its caller and by nobody else.
pub(super) async fn mark(app: &Shared, attempt: &Attempt, accepted: &str) -> Result<(), Stop> {
    let (marked, now, shared) = (attempt.clone(), app.clock.now(), app.clone());
    let accepted = accepted.to_owned();
    app.db
        .write("payer.authorise", move |tx| {
            let state = apply(marked.state, Event::Authorising).map_err(|_| Stop::Stale)?;
            let payment = payments::find(tx, marked.payment)?.ok_or(Stop::Refused(Refusal::NotFound))?;
            let fixed = payment.details.fixed_payer_personal_identifier.as_deref();
            if fixed.is_some_and(|fixed| Some(normalise(fixed)) != marked.payer_identifier) {
                return Err(Stop::Refused(Refusal::NotOffered));
            }
            if accounts::read(tx, payment.account)?.is_disabled() {
                return Err(Stop::Stale);
            }
            if marked.lapses_at <= now {
                return Err(Stop::Stale);
            }
            if restorations::holds(tx, &payment, marked.collecting_id)? {
                return Err(Stop::Refused(Refusal::Unavailable));
            }
            // The payment first: of two that race for it, one waits here and then finds it taken.
            let event = payment::Event::AttemptAuthorising {
                attempt: marked.id.clone(),
            };
            payments::transition(tx, &payment, &event, now)?;
            if !sql::update_verifying(tx, &marked, state, now)? {
                return Err(Stop::Stale);
            }
            let payer = marked.payer_identifier.as_deref();
            contracts::accept(tx, &payment, &marked.id, payer, &accepted, now)?;
            let orphaned_at = now.saturating_add(ORPHAN_PAUSE).unwrap_or(Timestamp::MAX);
            enqueue_verification(tx, &shared, &marked, orphaned_at, now)
        })
        .await?;
    app.signals.payment_changed(attempt.payment);
    Ok(())
}

/// Notes how it ended. It must not be lost to a passing fault of the database, so that it is tried for a while; if all
/// tries fail the attempt stays `authorising`, and the statement decides.
async fn note(app: &Shared, mut attempt: Attempt, outcome: Authorised) {
    let event = take_in(&mut attempt, outcome);
    for _ in 0..NOTE_TRIES {
        match note_once(app, &attempt, event).await {
            Ok(()) => {
                app.signals.wake(JobKind::Statement);
                app.signals.payment_changed(attempt.payment);
                return;
            }
            Err(error) => {
                tracing::warn!(attempt = %attempt.id, error = %error, "the outcome of a transfer was not noted yet");
                tokio::time::sleep(NOTE_PAUSE).await;
            }
        }
    }
    tracing::error!(attempt = %attempt.id, "the outcome of a transfer was not noted; the statement will tell");
}

/// One try to note an outcome.
pub(super) async fn note_once(app: &Shared, attempt: &Attempt, event: Event) -> Result<(), Stop> {
    let (mut noted, now) = (attempt.clone(), app.clock.now());
    noted.state = apply(State::Authorising, event).map_err(|_| Stop::Stale)?;
    app.db
        .write("payer.outcome", move |tx| {
            let ended_at = (noted.state == State::Failed).then_some(now);
            if !sql::update_outcome(tx, &noted, ended_at)? {
                // Its money was seen, or its time passed, while the bank was answering.
                return Ok(sql::update_receipt(tx, &noted)?);
            }
            if noted.state == State::Failed {
                let payment = payments::find(tx, noted.payment)?.ok_or(Stop::Stale)?;
                // Money of an earlier attempt may have settled the payment meanwhile: then only the attempt ends.
                if payment.state == PaymentState::Verifying {
                    let event = payment::Event::AttemptFailed {
                        attempt: noted.id.clone(),
                    };
                    payments::transition(tx, &payment, &event, now)?;
                }
                return Ok(());
            }
            Ok(request_reading(tx, noted.collecting_id, now, now)?)
        })
        .await
}

/// What the outcome says, in the attempt; and the event that it is.
fn take_in(attempt: &mut Attempt, outcome: Authorised) -> Event {
    match outcome {
        Authorised::Accepted(receipt) => {
            let Receipt {
                operation_number,
                payer_identifier,
                payer_name,
                payer_account,
            } = receipt;
            let known = |text: String| Some(text).filter(|text| !text.is_empty());
            attempt.operation_number = known(operation_number);
            attempt.payer_name = known(payer_name);
            attempt.payer_account = known(payer_account).or(attempt.payer_account.take());
            attempt.payer_identifier =
                known(normalise(&payer_identifier)).or(attempt.payer_identifier.take());
            Event::Accepted
        }
        Authorised::Refused(failure) => {
            attempt.reason = Some(failure.as_str().to_owned());
            Event::Refused
        }
        Authorised::Unclear(seen) => {
            tracing::warn!(attempt = %attempt.id, seen, "the bank gave no clear answer to a transfer");
            attempt.reason = Some("unclear".to_owned());
            Event::Unclear
        }
    }
}

/// How long the payer's request waits for the bank before the waiting page is shown.
const ANSWER_WAIT: Duration = Duration::from_secs(10);
/// When the statement is read if this process dies between the commit and the noting of the outcome.
const ORPHAN_PAUSE: SignedDuration = SignedDuration::from_secs(30);
const NOTE_TRIES: u32 = 20;
const NOTE_PAUSE: Duration = Duration::from_secs(1);
