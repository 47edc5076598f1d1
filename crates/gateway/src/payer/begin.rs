//! Beginning an attempt: one unit of work in which the payment may still be paid, the bank's first question is sealed,
//! and the job is there that ends the attempt after three hours.

use ayni_connectors::transfer::{Destination, Next, TransferOrder};
use ayni_domain::attempt::{ATTEMPT_LIFE, State, lapses_at, may_begin};
use ayni_domain::method::Method;
use ayni_domain::money::Amount;
use ayni_store::queue::{self, NewJob};
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::attempt::Attempt;
use super::sql;
use super::stop::Stop;
use super::viewed::{REPLACED, Viewed, to_transfer};
use super::visitor::Visitor;
use super::waiting::{self, Waiting};
use crate::app::App;
use crate::banks::Bank;
use crate::contracts;
use crate::merchants::accounts;
use crate::merchants::collecting::{self, CollectingAccount};
use crate::payments::{self, Payment};
use crate::signals::JobKind;
use crate::texts::pages::refusals::Refusal;

/// Who pays by hand, as the payer says.
#[derive(Clone)]
pub(super) struct Payer {
    pub(super) identifier: String,
    pub(super) email: String,
    /// Digest of the contract that the form accepted.
    pub(super) accepted: String,
}

/// Begins a simplified transfer at a bank with a connector.
pub(super) async fn simplified(visitor: &Visitor, viewed: &Viewed, bank: &Bank) -> Result<(), Stop> {
    let account = collecting_account(&visitor.app, &viewed.payment).await?;
    let receiving = visitor
        .app
        .banks
        .find(&account.bank_id)
        .map(|bank| bank.name.clone());
    let destination = Destination {
        bank_name: receiving.unwrap_or_else(|| account.bank_id.clone()),
        number: account.number.clone(),
        holder_name: account.holder_name.clone(),
        holder_identifier: account.holder_identifier.clone(),
        email: account.holder_email.clone(),
    };
    let (app, bank) = (visitor.app.clone(), bank.clone());
    begin(
        visitor,
        &bank.id.clone(),
        Method::SimplifiedTransfer,
        None,
        move |_, attempt| {
            let order = TransferOrder {
                amount: attempt.amount,
                currency: attempt.currency,
                destination: destination.clone(),
                comment: attempt.comment(),
            };
            let driver = waiting::driver(&app, &bank).ok_or(Stop::Refused(Refusal::NotOffered))?;
            match driver.begin(order) {
                Next::Ask(prompt, session) => {
                    attempt.waiting_sealed =
                        Some(Waiting { prompt, session }.seal(&app.keyring, &attempt.id, attempt.version)?);
                    Ok(())
                }
                Next::Failed(_) | Next::Authorise(_) => Err(Stop::Refused(Refusal::NotOffered)),
            }
        },
    )
    .await
}

/// Begins a transfer that the payer makes by hand; the bank may be unknown.
pub(super) async fn manual(visitor: &Visitor, bank_id: &str, payer: Payer) -> Result<(), Stop> {
    let accepted = payer.accepted.clone();
    let fill = move |_: &App, attempt: &mut Attempt| {
        attempt.payer_identifier = Some(payer.identifier.clone());
        attempt.payer_email = Some(payer.email.clone());
        Ok(())
    };
    begin(visitor, bank_id, Method::RegularTransfer, Some(accepted), fill).await
}

/// The account on which a payment's money must arrive.
pub(super) async fn collecting_account(app: &App, payment: &Payment) -> Result<CollectingAccount, Stop> {
    let id = payment.collecting_id;
    let found = app
        .db
        .point("payer.collecting", move |tx| collecting::find(tx, id))
        .await?;
    found.ok_or_else(|| Stop::Broken("the payment's collecting account is not there".to_owned()))
}

/// Begins an attempt; `accepted` is the digest of the contract that its form accepted, where the destination is shown
/// from now on.
async fn begin(
    visitor: &Visitor,
    bank_id: &str,
    method: Method,
    accepted: Option<String>,
    fill: impl Fn(&App, &mut Attempt) -> Result<(), Stop> + Send + Sync + 'static,
) -> Result<(), Stop> {
    let (app, id, bank_id) = (visitor.app.clone(), visitor.id, bank_id.to_owned());
    let (attempt_id, hash) = (app.entropy.uuid().to_string(), visitor.browser.hash());
    let now = app.clock.now();
    if !app.payer_limits.take_attempt(id, visitor.address, now) {
        return Err(Stop::Refused(Refusal::TooManyAttempts));
    }
    visitor
        .app
        .db
        .write("payer.begin", move |tx| {
            let payment = payments::find(tx, id)?.ok_or(Stop::Refused(Refusal::NotFound))?;
            may_begin(payment.state, payment.expires_at, now).map_err(|_| Stop::Stale)?;
            if accounts::read(tx, payment.account)?.is_disabled() {
                return Err(Stop::Stale);
            }
            let amount = to_transfer(&payment, &app).ok_or(Stop::Refused(Refusal::NotOffered))?;
            let number = sql::select_last_number(tx, id)? + 1;
            let recent = sql::count_begun(tx, id, now - ATTEMPT_LIFE)?;
            if number > ATTEMPTS_MAX || recent >= RECENT_ATTEMPTS_MAX {
                return Err(Stop::Refused(Refusal::TooManyAttempts));
            }
            let mut attempt = new_attempt(&payment, &attempt_id, number, amount, now);
            (attempt.bank_id, attempt.method, attempt.browser_hash) =
                (bank_id.clone(), method, hash.to_vec());
            fill(&app, &mut attempt)?;
            replace_own(tx, &attempt, now)?;
            sql::insert_attempt(tx, payment.account, &attempt)?;
            if let Some(accepted) = &accepted {
                let payer = attempt.payer_identifier.as_deref();
                contracts::accept(tx, &payment, &attempt.id, payer, accepted, now)?;
            }
            enqueue_lapse(tx, &attempt, now)
        })
        .await
}

fn new_attempt(payment: &Payment, id: &str, number: i64, amount: Amount, now: Timestamp) -> Attempt {
    Attempt {
        id: id.to_owned(),
        payment: payment.id,
        number,
        collecting_id: payment.collecting_id,
        bank_id: String::new(),
        method: Method::SimplifiedTransfer,
        state: State::Asking,
        version: 1,
        browser_hash: Vec::new(),
        amount,
        currency: payment.currency.paid_in(),
        payer_identifier: None,
        payer_name: None,
        payer_email: None,
        payer_account: None,
        operation_number: None,
        reason: None,
        waiting_sealed: None,
        started_at: now,
        lapses_at: lapses_at(now),
        authorising_at: None,
    }
}

/// A browser has one attempt at a time: what it typed into an earlier one is erased.
fn replace_own(tx: &mut Tx<'_>, new: &Attempt, now: Timestamp) -> Result<(), Stop> {
    if let Some(own) = sql::select_own_attempt(tx, new.payment, &new.browser_hash)?
        && own.state == State::Asking
    {
        sql::end_attempt(tx, &own, State::Lapsed, Some(REPLACED), now)?;
    }
    Ok(())
}

fn enqueue_lapse(tx: &mut Tx<'_>, attempt: &Attempt, now: Timestamp) -> Result<(), Stop> {
    let job = NewJob {
        kind: JobKind::AttemptLapse.as_str(),
        key: &attempt.id,
        lane: "",
        payload: "",
        due_at: attempt.lapses_at,
    };
    Ok(queue::enqueue(tx, &job, now)?)
}

/// Attempts of one payment within [`ATTEMPT_LIFE`], by all browsers together.
pub(super) const RECENT_ATTEMPTS_MAX: i64 = 50;
/// Attempts of one payment ever.
const ATTEMPTS_MAX: i64 = 1000;
