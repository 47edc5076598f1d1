//! One step of an attempt: the payer's answer goes to the bank, and what the bank asks next is sealed and stored.
//!
//! The step runs in a task of its own, so that a browser that hangs up does not cut it off. Steps are guarded by the
//! attempt's version: of two tabs that answer the same question one is stored, and the other is shown what is now.

use ayni_connectors::failure::Failure;
use ayni_connectors::prompt::{Answers, FieldKind, Problem, Prompt};
use ayni_connectors::transfer::{Next, Session};
use ayni_domain::attempt::{ATTEMPT_LIFE, Event, State, apply};
use ayni_domain::rut::{Rut, normalise};
use tracing::Instrument as _;

use super::attempt::Attempt;
use super::authorise;
use super::contract;
use super::sql;
use super::stop::Stop;
use super::viewed::{LEFT, Viewed};
use super::visitor::Post;
use super::waiting::{Waiting, driver};
use crate::app::Shared;
use crate::http::pages::Form;
use crate::texts::pages::bank::Trouble;
use crate::texts::pages::refusals::Refusal;
use crate::traces;

/// The attempt that a form names, if it is this payment's; another browser's is refused.
pub(super) async fn own_attempt(post: &Post) -> Result<Option<Attempt>, Stop> {
    let (id, attempt_id) = (post.visitor.id, post.form.text("attempt").to_owned());
    let found = post
        .visitor
        .app
        .db
        .point("payer.attempt", move |tx| sql::select_attempt(tx, &attempt_id))
        .await?;
    let Some(attempt) = found.filter(|attempt| attempt.payment == id) else {
        return Ok(None);
    };
    if attempt.browser_hash != post.visitor.browser.hash() {
        return Err(Stop::Refused(Refusal::OtherBrowser));
    }
    Ok(Some(attempt))
}

/// What is wrong with an answer before the bank is asked.
pub(super) fn trouble(viewed: &Viewed, prompt: &Prompt, form: &Form) -> Option<Trouble> {
    prompt.fields.iter().find_map(|field| {
        let text = form.text(&field.name);
        match field.kind {
            _ if text.is_empty() => Some(Trouble::Bank(Problem::AnswerMissing)),
            FieldKind::Rut if Rut::parse(text).is_err() => Some(Trouble::NotARut),
            FieldKind::Rut if !may_pay(viewed, text) => Some(Trouble::OtherPerson),
            _ => None,
        }
    })
}

/// Whether this person may pay the payment.
pub(super) fn may_pay(viewed: &Viewed, identifier: &str) -> bool {
    let fixed = viewed.payment.details.fixed_payer_personal_identifier.as_deref();
    fixed.is_none_or(|fixed| normalise(fixed) == normalise(identifier))
}

/// Sends the answer to the bank and stores what comes of it; returns the page to go to.
pub(super) async fn take(post: &Post, attempt: Attempt, waiting: Waiting) -> Result<&'static str, Stop> {
    let app = post.visitor.app.clone();
    let answers = answers(&waiting.prompt, &post.form);
    let accepted = post.form.text(contract::FIELD).to_owned();
    let is_login = waiting
        .prompt
        .fields
        .iter()
        .any(|field| field.kind == FieldKind::Password);
    if is_login {
        reserve_login(post, &attempt).await?;
    }
    let address = post.visitor.address;
    let step = async move {
        let bank = app.banks.find(&attempt.bank_id);
        let next = match bank.and_then(|bank| driver(&app, bank)) {
            Some(driver) => {
                let visit = traces::visit(&attempt.bank_id, "answer");
                let visit = traces::of_payment(visit, attempt.payment);
                driver.answer(waiting.session, answers).instrument(visit).await
            }
            None => Next::Failed(Failure::Unreachable),
        };
        let gives_back = is_login && !is_wrong_login(&next);
        if gives_back {
            app.payer_limits.give_login_back(attempt.payment, address);
        }
        store(&app, attempt, gives_back, &accepted, next).await
    };
    let tasks = &post.visitor.app.tasks;
    tasks
        .spawn(step)
        .await
        .map_err(|_| Stop::Broken("a step ended in a panic".to_owned()))?
}

/// Ends an attempt because its payer wants no more of it.
pub(super) async fn leave(post: &Post, attempt: Attempt) -> Result<(), Stop> {
    let (app, now) = (&post.visitor.app, post.visitor.app.clock.now());
    if attempt.state == State::Asking {
        app.db
            .write("payer.leave", move |tx| {
                sql::end_attempt(tx, &attempt, State::Lapsed, Some(LEFT), now)?;
                Ok::<_, Stop>(())
            })
            .await?;
    }
    Ok(())
}

/// Whether the bank refused the login.
fn is_wrong_login(next: &Next) -> bool {
    match next {
        Next::Ask(prompt, _) => prompt.problem == Some(Problem::WrongLogin),
        Next::Failed(failure) => *failure == Failure::WrongLogin,
        Next::Authorise(_) => false,
    }
}

/// Counts a login before it is sent.
async fn reserve_login(post: &Post, attempt: &Attempt) -> Result<(), Stop> {
    let (app, now) = (&post.visitor.app, post.visitor.app.clock.now());
    if !app
        .payer_limits
        .take_login(attempt.payment, post.visitor.address, now)
    {
        return Err(Stop::Refused(Refusal::TooManyLogins));
    }
    let attempt = attempt.clone();
    let reserved = app
        .db
        .write("payer.reserve-login", move |tx| {
            Ok::<_, Stop>(sql::reserve_login(
                tx,
                &attempt,
                LOGINS_PER_PAYMENT_MAX,
                now - ATTEMPT_LIFE,
            )?)
        })
        .await?;
    if reserved {
        Ok(())
    } else {
        Err(Stop::Refused(Refusal::TooManyLogins))
    }
}

async fn store(
    app: &Shared,
    mut attempt: Attempt,
    gives_back: bool,
    accepted: &str,
    next: Next,
) -> Result<&'static str, Stop> {
    match next {
        Next::Ask(prompt, session) => {
            note_payer(&mut attempt, &session);
            store_question(app, attempt, Waiting { prompt, session }, gives_back).await?;
            Ok("simplified")
        }
        Next::Authorise(session) => {
            note_payer(&mut attempt, &session);
            authorise::begin(app, attempt, accepted, session).await?;
            Ok("end")
        }
        Next::Failed(failure) => {
            fail(app, attempt, failure.as_str(), gives_back).await?;
            Ok("end")
        }
    }
}

async fn store_question(
    app: &Shared,
    attempt: Attempt,
    waiting: Waiting,
    gives_back: bool,
) -> Result<(), Stop> {
    let sealed = waiting.seal(&app.keyring, &attempt.id, attempt.version + 1)?;
    app.db
        .write("payer.step", move |tx| {
            if gives_back {
                sql::return_login(tx, &attempt)?;
            }
            // Another tab was faster: its question stands.
            sql::update_step(tx, &attempt, &sealed)?;
            Ok::<_, Stop>(())
        })
        .await
}

/// The attempt ended, and certainly no money moved.
pub(super) async fn fail(
    app: &Shared,
    attempt: Attempt,
    reason: &'static str,
    gives_back: bool,
) -> Result<(), Stop> {
    let now = app.clock.now();
    let state = apply(attempt.state, Event::Refused).map_err(|_| Stop::Stale)?;
    app.db
        .write("payer.fail", move |tx| {
            if gives_back {
                sql::return_login(tx, &attempt)?;
            }
            sql::end_attempt(tx, &attempt, state, Some(reason), now)?;
            Ok::<_, Stop>(())
        })
        .await
}

/// Who logged in, and the account that was chosen: matching and the payer's own page want to know.
fn note_payer(attempt: &mut Attempt, session: &Session) {
    if let Some(identifier) = session.payer_identifier() {
        attempt.payer_identifier = Some(normalise(identifier));
    }
    if let Some(account) = session.payer_account() {
        attempt.payer_account = Some(account.to_owned());
    }
}

fn answers(prompt: &Prompt, form: &Form) -> Answers {
    prompt
        .fields
        .iter()
        .map(|field| {
            let text = match field.kind {
                FieldKind::Password => form.raw(&field.name),
                _ => form.text(&field.name),
            };
            (field.name.clone(), text.to_owned())
        })
        .collect()
}

/// Logins that a payment's attempts of the last [`ATTEMPT_LIFE`] may send to a bank without its yes.
pub(super) const LOGINS_PER_PAYMENT_MAX: i64 = 15;
