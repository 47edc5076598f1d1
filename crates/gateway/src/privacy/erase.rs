//! Taking a person out, payment by payment.

use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::personal::{Person, Traces};
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;
use thiserror::Error;

use super::places::{Held, PLACES, PLACES_OF_RETURNS, Place};
use super::sql::Line;
use super::{Found, PrivacyError, cases, digest_of, find, pseudonym, sign_in, sql};
use crate::app::{App, Shared};
use crate::console::audit::{self, Actor};
use crate::console::payments::{export, search};
use crate::orders;
use ayni_domain::audit::Action;

/// What was erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Payments.
    pub payments: usize,
    /// Lines of statements without a payment.
    pub movements: usize,
}

/// What an erasure would take, and what keeps it from it.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What is there.
    pub found: Found,
    /// What is on its way: payments and lines, with the reason.
    pub in_flight: Vec<String>,
}

/// What an erasure would do; changes nothing.
pub async fn plan(app: &App, account: AccountId, person: &Person) -> Result<Plan, PrivacyError> {
    if let Some(email) = person.email().map(str::to_owned) {
        let asked = app.db.read("privacy.user", move |tx: &mut Tx<'_>| {
            sql::is_user(tx, account, &email)
        });
        if asked.await? {
            return Err(PrivacyError::IsUser);
        }
    }
    let found = find(app, account, person).await?;
    let (looked, now) = (found.clone(), app.clock.now());
    let in_flight = app.db.read("privacy.flight", move |tx: &mut Tx<'_>| {
        let mut in_flight = Vec::new();
        for payment in &looked.payments {
            if let Some(why) = sql::select_flight(tx, *payment, now)? {
                in_flight.push(format!("payment {payment} ({why})"));
            }
        }
        for (collecting, id) in &looked.movements {
            let line = sql::select_line(tx, *collecting, id)?;
            if line.is_some_and(|line| line.state == IN_REVIEW) {
                in_flight.push(format!("movement {id} (review)"));
            }
            let returns = orders::returns_of(tx, *collecting, id)?;
            if returns.iter().any(|order| order.ended_at.is_none()) {
                in_flight.push(format!("movement {id} (return)"));
            }
        }
        Ok::<_, StoreError>(in_flight)
    });
    let in_flight = in_flight.await?;
    Ok(Plan { found, in_flight })
}

/// Erases the person; nothing is begun while money of theirs is on its way. Whoever is interrupted calls it again.
pub async fn erase(
    app: &Shared,
    account: AccountId,
    person: &Person,
    actor: &Actor,
) -> Result<Erased, PrivacyError> {
    let in_flight = plan(app, account, person).await?.in_flight;
    if !in_flight.is_empty() {
        return Err(PrivacyError::InFlight(in_flight));
    }
    note(app, actor, format!("{} begun", digest_of(app, person))).await?;
    carry_out(app, account, person, actor).await
}

/// The same after it was noted that it is begun.
pub(super) async fn carry_out(
    app: &Shared,
    account: AccountId,
    person: &Person,
    actor: &Actor,
) -> Result<Erased, PrivacyError> {
    let Plan { found, in_flight } = plan(app, account, person).await?;
    if !in_flight.is_empty() {
        return Err(PrivacyError::InFlight(in_flight));
    }
    let (traces, mut unreadable) = (person.traces(), Vec::new());
    for payment in &found.payments {
        match erase_payment(app, account, *payment, &traces).await {
            Err(NotErased::Store(error @ StoreError::Column { .. })) => {
                tracing::error!(%payment, %error, "a payment can't be read, so that it was not erased");
                unreadable.push(payment.to_string());
            }
            erased => erased?,
        }
    }
    for (collecting, id) in &found.movements {
        erase_line(app, account, (*collecting, id.clone()), &traces).await?;
    }
    if let Some(email) = person.email() {
        forget_address(app, account, email).await?;
    }
    let erased = Erased {
        payments: found.payments.len() - unreadable.len(),
        movements: found.movements.len(),
    };
    let said = format!("{} payments {}", digest_of(app, person), erased.payments);
    finish(app, actor, said).await?;
    match unreadable.is_empty() {
        true => Ok(erased),
        false => Err(PrivacyError::Unreadable(unreadable)),
    }
}

/// Why a payment kept what it had.
#[derive(Debug, Error)]
pub(super) enum NotErased {
    /// Money is on its way.
    #[error("payment {0} is on its way ({1})")]
    InFlight(PaymentId, String),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<NotErased> for PrivacyError {
    fn from(error: NotErased) -> PrivacyError {
        match error {
            NotErased::InFlight(id, why) => PrivacyError::InFlight(vec![format!("payment {id} ({why})")]),
            NotErased::Store(error) => error.into(),
        }
    }
}

/// Takes a payment's payer out of every row of it, in one unit of work.
pub(super) async fn erase_payment(
    app: &Shared,
    account: AccountId,
    payment: PaymentId,
    traces: &Traces,
) -> Result<(), NotErased> {
    let (shared, traces, now) = (app.clone(), traces.clone(), app.clock.now());
    let work = move |tx: &mut Tx<'_>| erase_rows(tx, &shared, (account, payment), &traces, now);
    app.db.write("privacy.erase", work).await
}

fn erase_rows(
    tx: &mut Tx<'_>,
    app: &App,
    (account, payment): (AccountId, PaymentId),
    traces: &Traces,
    now: Timestamp,
) -> Result<(), NotErased> {
    if let Some(why) = sql::select_flight(tx, payment, now)? {
        return Err(NotErased::InFlight(payment, why));
    }
    sql::drop_mails(tx, payment, now)?;
    search::forget(tx, account, &[payment])?;
    let mut traces = traces.clone();
    traces.extend(of_details(tx, payment)?);
    Ok(erase_places(
        tx,
        app,
        account,
        (PLACES, payment.as_str()),
        &mut traces,
    )?)
}

/// Takes what is personal out of some places. Names, addresses and numbers first: they tell what is to be blotted out of
/// texts.
fn erase_places(
    tx: &mut Tx<'_>,
    app: &App,
    account: AccountId,
    (places, id): (&[Place], &str),
    traces: &mut Traces,
) -> Result<(), StoreError> {
    for place in places.iter().filter(|place| place.held != Held::Text) {
        for row in tx.all(place.select, &[id.into()])? {
            let value = row.str(0)?;
            let Some(instead) = pseudonym::of(&app.keyring, account, place.held, value) else {
                continue;
            };
            match place.held {
                Held::Identifier => traces.add_identifier(value),
                _ => traces.add(value),
            }
            tx.exec(place.update, &[id.into(), instead.as_str().into(), value.into()])?;
        }
    }
    for place in places.iter().filter(|place| place.held == Held::Text) {
        for row in tx.all(place.select, &[id.into()])? {
            let value = row.str(0)?;
            if let Some(instead) = traces.blotted(value) {
                tx.exec(place.update, &[id.into(), instead.as_str().into(), value.into()])?;
            }
        }
    }
    Ok(())
}

/// What the payment's own optional fields tell of its payer.
fn of_details(tx: &mut Tx<'_>, payment: PaymentId) -> Result<Traces, StoreError> {
    let mut traces = Traces::default();
    let Some(payment) = crate::payments::find(tx, payment)? else {
        return Ok(traces);
    };
    let details = payment.details;
    for text in [&details.payer_name, &details.payer_email].into_iter().flatten() {
        traces.add(text);
    }
    if let Some(identifier) = &details.fixed_payer_personal_identifier {
        traces.add_identifier(identifier);
    }
    Ok(traces)
}

/// Takes who sent or got a line's money out of it, and out of the orders that sent it back; `false` while it waits for a
/// person to say whose it is, or is on its way back.
pub(super) async fn erase_line(
    app: &Shared,
    account: AccountId,
    (collecting, id): (i64, String),
    traces: &Traces,
) -> Result<bool, StoreError> {
    let (shared, traces) = (app.clone(), traces.clone());
    let work = move |tx: &mut Tx<'_>| {
        let Some(line) = sql::select_line(tx, collecting, &id)? else {
            return Ok(true);
        };
        let returns = orders::returns_of(tx, collecting, &id)?;
        if line.state == IN_REVIEW || returns.iter().any(|order| order.ended_at.is_none()) {
            return Ok(false);
        }
        let mut traces = traces.clone();
        [&line.name, &line.number]
            .into_iter()
            .for_each(|text| traces.add(text));
        traces.add_identifier(&line.identifier);
        let instead = |held, value: &String| {
            pseudonym::of(&shared.keyring, account, held, value).unwrap_or_else(|| value.clone())
        };
        let erased = Line {
            identifier: instead(Held::Identifier, &line.identifier),
            name: instead(Held::Name, &line.name),
            number: instead(Held::Number, &line.number),
            reference: traces
                .blotted(&line.reference)
                .unwrap_or_else(|| line.reference.clone()),
            ..line
        };
        sql::update_line(tx, collecting, &id, &erased)?;
        for order in returns {
            let places = (PLACES_OF_RETURNS, order.new.id.as_str());
            erase_places(tx, &shared, account, places, &mut traces)?;
        }
        Ok(true)
    };
    app.db.write("privacy.erase-line", work).await
}

/// Who was reminded at this address, and who signed in with it.
async fn forget_address(app: &Shared, account: AccountId, email: &str) -> Result<(), StoreError> {
    let Some(instead) = pseudonym::of(&app.keyring, account, Held::Email, email) else {
        return Ok(());
    };
    let email = email.to_owned();
    let work = move |tx: &mut Tx<'_>| {
        sign_in::forget(tx, &email)?;
        sql::update_readers(tx, account, &email, &instead)
    };
    app.db.write("privacy.address", work).await
}

/// Everything is erased: the account's files go, which may tell of the person, and it is noted.
async fn finish(app: &Shared, actor: &Actor, subject: String) -> Result<(), StoreError> {
    let (actor, now) = (actor.clone(), app.clock.now());
    let work = move |tx: &mut Tx<'_>| {
        export::discard(tx, actor.account)?;
        cases::discard_files(tx, actor.account)?;
        audit::note_by(tx, &actor, Action::PersonErase, &subject, now)
    };
    app.db.write("privacy.finish", work).await
}

async fn note(app: &Shared, actor: &Actor, subject: String) -> Result<(), StoreError> {
    let (actor, now) = (actor.clone(), app.clock.now());
    let work = move |tx: &mut Tx<'_>| audit::note_by(tx, &actor, Action::PersonErase, &subject, now);
    app.db.write("privacy.note", work).await
}

/// The state of a line that waits for a person.
const IN_REVIEW: &str = "review";
