//! «Ya transferí», and taking it back. A declaration is only somebody's word: it has the statement read and holds the
//! payment for a while, but it settles nothing, and whoever has the link can't hold the payment for good with it.

use ayni_domain::attempt::{Event, State, apply};
use ayni_domain::method::Method;
use ayni_domain::payment;

use super::attempt::Attempt;
use super::authorise::enqueue_verification;
use super::sql;
use super::step;
use super::stop::Stop;
use super::viewed::WITHDRAWN;
use super::visitor::{Answer, Post};
use crate::contracts;
use crate::payments;
use crate::signals::JobKind;
use crate::texts::pages::refusals::Refusal;

/// The payment is being verified from now on.
pub(super) async fn declare(post: &Post) -> Result<Answer, Stop> {
    let (visitor, app) = (&post.visitor, &post.visitor.app);
    let Some(attempt) = step::own_attempt(post).await? else {
        return Err(Stop::Stale);
    };
    let (now, shared) = (app.clock.now(), app.clone());
    if attempt.method != Method::RegularTransfer || !attempt.is_asking_at(now) {
        return Err(Stop::Stale);
    }
    if !app.payer_limits.take_claim(visitor.address, now) {
        return Err(Stop::Refused(Refusal::TooManyClaims));
    }
    app.db
        .write("payer.declare", move |tx| {
            let attempts = sql::select_attempts(tx, attempt.payment)?;
            if attempts.iter().filter(|one| was_declared(one)).count() >= DECLARATIONS_PER_PAYMENT_MAX {
                return Err(Stop::Refused(Refusal::TooManyClaims));
            }
            let declared = Attempt {
                state: apply(attempt.state, Event::Declared).map_err(|_| Stop::Stale)?,
                ..attempt.clone()
            };
            let payment = payments::find(tx, attempt.payment)?.ok_or(Stop::Refused(Refusal::NotFound))?;
            if !contracts::is_accepted(tx, &payment, &attempt.id)? {
                return Err(Stop::Refused(Refusal::ContractNotAccepted));
            }
            let event = payment::Event::TransferDeclared {
                attempt: attempt.id.clone(),
            };
            payments::transition(tx, &payment, &event, now)?;
            if !sql::update_verifying(tx, &attempt, declared.state, now)? {
                return Err(Stop::Stale);
            }
            enqueue_verification(tx, &shared, &declared, now, now)
        })
        .await?;
    app.signals.payment_changed(visitor.id);
    app.signals.wake(JobKind::Statement);
    Ok(Answer::SeeOther(visitor.to("end")))
}

/// The browser that declared takes it back: the payment is pending again. Money that comes all the same settles it.
pub(super) async fn withdraw(post: &Post) -> Result<Answer, Stop> {
    let (visitor, app) = (&post.visitor, &post.visitor.app);
    let Some(attempt) = step::own_attempt(post).await? else {
        return Err(Stop::Stale);
    };
    let now = app.clock.now();
    app.db
        .write("payer.withdraw", move |tx| {
            let state: State = apply(attempt.state, Event::Withdrawn).map_err(|_| Stop::Stale)?;
            let payment = payments::find(tx, attempt.payment)?.ok_or(Stop::Refused(Refusal::NotFound))?;
            let event = payment::Event::DeclarationWithdrawn {
                attempt: attempt.id.clone(),
            };
            payments::transition(tx, &payment, &event, now)?;
            match sql::end_attempt(tx, &attempt, state, Some(WITHDRAWN), now)? {
                true => Ok(()),
                false => Err(Stop::Stale),
            }
        })
        .await?;
    app.signals.payment_changed(visitor.id);
    Ok(Answer::SeeOther(visitor.to("end")))
}

fn was_declared(attempt: &Attempt) -> bool {
    attempt.method == Method::RegularTransfer && attempt.authorising_at.is_some()
}

/// Declarations of one payment, by all browsers together; money is seen without them too.
pub(super) const DECLARATIONS_PER_PAYMENT_MAX: usize = 3;
