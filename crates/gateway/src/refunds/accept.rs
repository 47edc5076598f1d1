//! The one unit of work that accepts a refund, or refuses it: its row, the payment's transition, the ledger's
//! transaction, the order that executes it, and the answer that is kept for its `Idempotency-Key`.

use std::time::Duration;

use axum::http::StatusCode;
use ayni_domain::custody::Custody;
use ayni_domain::ids::{AccountId, OrderId, PaymentId};
use ayni_domain::lang::Lang;
use ayni_domain::ledger::entry;
use ayni_domain::money::Amount;
use ayni_domain::order;
use ayni_domain::payment::Event;
use ayni_domain::privilege::Privilege;
use ayni_domain::refund::objection::Objection;
use ayni_domain::refund::{Accepted, Asked, Facts, Kind, State, decide};
use ayni_domain::rut::normalise;
use ayni_domain::violation::{Problem, Violation};
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use bytes::Bytes;
use jiff::Timestamp;
use thiserror::Error;

use super::wire::WalletRefundBody;
use super::{Refund, of_payment, source, sql, total, total_transferred, wallet};
use crate::app::{App, Shared};
use crate::http::error::{ApiError, ErrorBody};
use crate::http::idempotent::outcome::NotAnswered;
use crate::http::idempotent::{AnswerPlace, NotKept};
use crate::http::json;
use crate::ledger;
use crate::merchants::collecting::{self, CollectingAccount};
use crate::merchants::{Account, MerchantError, accounts};
use crate::orders::{self, NewOrder, OrderError, Payee};
use crate::payments::wire::MessageBody;
use crate::payments::{self, Payment, TransitionError};
use crate::reconciliation;
use crate::settlement;
use crate::signals::JobKind;
use crate::texts::refunds as texts;
use crate::witness::Witness;

/// A refund that is asked for.
#[derive(Clone, Debug)]
pub(super) struct Request {
    /// Out of which money.
    pub(super) kind: Kind,
    /// By whom.
    pub(super) account: AccountId,
    /// Of which payment.
    pub(super) payment: PaymentId,
    /// How much.
    pub(super) asked: Asked,
    /// The language of the answer.
    pub(super) lang: Lang,
    /// Where the answer is kept, if the request has a key.
    pub(super) place: Option<AnswerPlace>,
    /// By whom, if that is recorded.
    pub(super) by: Witness,
}

/// Accepts a refund and returns the answer's JSON, or tells everything that is against it.
pub(super) async fn accept(app: &Shared, request: Request) -> Result<Bytes, NotAnswered> {
    let (id, now) = (orders::draw_id(app), app.clock.now());
    for _ in 0..TRIES_MAX {
        let (shared, asked) = (app.clone(), request.clone());
        let answered = app
            .db
            .write("refunds.accept", move |tx| {
                Unit {
                    app: &shared,
                    request: &asked,
                    id,
                    now,
                }
                .run(tx)
            })
            .await;
        match answered {
            Ok(Answered::Accepted(answer)) => {
                app.signals.wake(JobKind::Order);
                app.signals.payment_changed(request.payment);
                return Ok(answer);
            }
            Ok(Answered::Refused(violations)) => return Err(ApiError::Invalid(violations).into()),
            // Many at once at the same payment: whoever was first is done soon.
            Err(NotAccepted::Raced) => tokio::time::sleep(RACED_PAUSE).await,
            Err(NotAccepted::KeyTaken) => return Err(NotAnswered::KeyTaken),
            Err(NotAccepted::Refused(error)) => return Err(error.into()),
        }
    }
    Err(ApiError::Unavailable.into())
}

enum Answered {
    Accepted(Bytes),
    Refused(Vec<Violation>),
}

#[derive(Debug, Error)]
enum NotAccepted {
    #[error("another transition of the payment came first")]
    Raced,
    #[error("the Idempotency-Key is taken")]
    KeyTaken,
    #[error(transparent)]
    Refused(#[from] ApiError),
}

struct Unit<'a> {
    app: &'a App,
    request: &'a Request,
    id: OrderId,
    now: Timestamp,
}

/// Where a refund's money lies and to whom it goes.
struct Route {
    from: CollectingAccount,
    payee: Payee,
}

impl Unit<'_> {
    fn run(&self, tx: &mut Tx<'_>) -> Result<Answered, NotAccepted> {
        let request = self.request;
        request.by.sign(tx, request.payment.as_str())?;
        let account = accounts::read(tx, request.account).map_err(merchant)?;
        let Some(payment) = payments::find_of(tx, request.account, request.payment)? else {
            return match request.kind {
                Kind::Classic => Err(ApiError::NotFound.into()),
                Kind::Wallet if !account.privileges.has(Privilege::Wallet) => {
                    self.refuse(tx, vec![not_granted(account.id)])
                }
                Kind::Wallet => self.refuse(tx, vec![unknown(request.payment.as_str())]),
            };
        };
        let (facts, route) = self.facts(tx, &account, &payment)?;
        let accepted = match decide(request.kind, request.asked, &facts, self.now) {
            Ok(accepted) => accepted,
            Err(violations) => return self.refuse(tx, violations),
        };
        let Some(route) = route else {
            return self.refuse(tx, vec![unknown(request.payment.as_str())]);
        };
        let refund = self.make(tx, &payment, &accepted, route)?;
        let answer = self.answer(&refund, &accepted)?;
        self.keep(tx, StatusCode::OK, &answer)?;
        Ok(Answered::Accepted(answer))
    }

    /// What decides about the refund, and the way that its money would take where that is known.
    fn facts(
        &self,
        tx: &mut Tx<'_>,
        account: &Account,
        payment: &Payment,
    ) -> Result<(Facts, Option<Route>), NotAccepted> {
        let request = self.request;
        let refunds = of_payment(tx, payment.id)?;
        let settled = match payment.state.is_settled() {
            true => reconciliation::find(tx, payment.id)?,
            false => None,
        };
        let line = match &settled {
            Some(settled) => reconciliation::movement(tx, settled.collecting_id, &settled.movement_id)?,
            None => None,
        };
        let arrived = match &settled {
            Some(settled) => collecting::find(tx, settled.collecting_id)?,
            None => None,
        };
        let custody = arrived.as_ref().map_or(Custody::Own, |arrived| arrived.custody);
        let payee = settled.as_ref().zip(line.as_ref()).and_then(|(settled, line)| {
            let payee = Payee {
                bank_id: settled.bank_id.clone(),
                number: line.payer_account.clone(),
                holder_name: line.payer_name.clone(),
                holder_identifier: normalise(&line.payer_identifier),
                holder_email: settled.payer_email.clone(),
            };
            let is_known = self.app.banks.find(&payee.bank_id).is_some()
                && !payee.number.is_empty()
                && !payee.holder_identifier.is_empty();
            is_known.then_some(payee)
        });
        let currency = payment.currency.paid_in();
        let (from, privilege) = match request.kind {
            Kind::Classic => (arrived, Privilege::Refunds),
            Kind::Wallet => (wallet::home(tx, account, currency)?, Privilege::Wallet),
        };
        let in_wallet = match (&from, request.kind) {
            (Some(from), Kind::Wallet) => wallet::balance(tx, from.id, account.id)?,
            _ => Amount::ZERO,
        };
        let facts = Facts {
            payment: payment.id,
            account: account.id,
            is_granted: account.privileges.has(privilege),
            state: payment.state,
            amount: payment.amount,
            currency: payment.currency,
            refunded: total(&refunds),
            received: settled.as_ref().map_or(Amount::ZERO, |settled| settled.paid),
            transferred: total_transferred(&refunds),
            custody,
            conciliated_at: settled.map(|settled| settled.conciliated_at),
            confirm_timeout_at: payment.details.confirm_timeout_date,
            is_settled: settlement::is_settled(tx, payment.id)?,
            is_payer_known: payee.is_some(),
            refunds: refunds.len(),
            wallet: in_wallet,
        };
        let route = from.zip(payee).map(|(from, payee)| Route { from, payee });
        Ok((facts, route))
    }

    fn make(
        &self,
        tx: &mut Tx<'_>,
        payment: &Payment,
        accepted: &Accepted,
        route: Route,
    ) -> Result<Refund, NotAccepted> {
        let Route { from, payee } = route;
        let refund = Refund {
            id: self.id,
            payment: payment.id,
            account: payment.account,
            collecting_id: from.id,
            kind: self.request.kind,
            amount: accepted.amount,
            currency: payment.currency,
            transfer: accepted.transfer,
            state: State::Pending,
            requested_at: self.now,
            ended_at: None,
        };
        payments::transition(tx, payment, &event(&refund, accepted), self.now)?;
        sql::insert_refund(tx, &refund)?;
        let moved = entry::refunded(
            from.id,
            refund.id.as_str(),
            payment.id,
            source(&refund),
            refund.transfer,
        );
        ledger::post(tx, &moved, self.now)?;
        let new = NewOrder {
            id: refund.id,
            kind: order::Kind::Refund,
            collecting_id: from.id,
            owner: refund.account.0,
            subject: refund.id.to_string(),
            amount: refund.transfer,
            currency: from.currency,
            payee,
        };
        orders::place(tx, &new, self.now)?;
        Ok(refund)
    }

    fn answer(&self, refund: &Refund, accepted: &Accepted) -> Result<Bytes, NotAccepted> {
        let message = texts::accepted(self.request.lang);
        Ok(match refund.kind {
            Kind::Classic => json::text(&MessageBody { message })?,
            Kind::Wallet => json::text(&WalletRefundBody {
                id: refund.id,
                payment_id: refund.payment,
                refunded_amount: refund.amount,
                total_refunded: accepted.total_refunded,
                remaining: accepted.remaining,
                currency: refund.currency.code(),
                message: Some(message),
            })?,
        })
    }

    /// A refusal that follows from what the rows say is kept for the request's key, as an acceptance is.
    /// Without a key it leaves nothing behind.
    fn refuse(&self, tx: &mut Tx<'_>, violations: Vec<Violation>) -> Result<Answered, NotAccepted> {
        let error = ApiError::Invalid(violations.clone());
        if self.request.place.is_none() {
            return Err(error.into());
        }
        let answer = json::text(&ErrorBody::of(&error, self.request.lang))?;
        self.keep(tx, error.status(), &answer)?;
        Ok(Answered::Refused(violations))
    }

    fn keep(&self, tx: &mut Tx<'_>, status: StatusCode, answer: &[u8]) -> Result<(), NotAccepted> {
        match &self.request.place {
            Some(place) => Ok(place.keep(self.app, status, answer)?.insert(tx)?),
            None => Ok(()),
        }
    }
}

/// What is told of a payment that the account does not have.
pub(super) fn unknown(payment: &str) -> Violation {
    let objection = Objection::NotRefundable(payment.to_owned());
    Violation::new("payment_id", Problem::Refund(objection))
}

/// What is told to an account that may not make refunds.
pub(super) fn not_granted(account: AccountId) -> Violation {
    Violation::new("receiver_id", Problem::Refund(Objection::NotRefunding(account)))
}

fn event(refund: &Refund, accepted: &Accepted) -> Event {
    let (id, amount) = (refund.id.to_string(), refund.amount);
    if accepted.is_reversal {
        Event::Reversed { refund: id }
    } else if accepted.remaining == Amount::ZERO {
        Event::FullyRefunded { refund: id, amount }
    } else {
        Event::PartiallyRefunded { refund: id, amount }
    }
}

fn merchant(error: MerchantError) -> NotAccepted {
    match error {
        MerchantError::Store(error) => error.into(),
        other => ApiError::internal(&other).into(),
    }
}

impl From<StoreError> for NotAccepted {
    fn from(error: StoreError) -> NotAccepted {
        match error {
            StoreError::Contention { .. } => NotAccepted::Raced,
            other => NotAccepted::Refused(other.into()),
        }
    }
}

impl From<TransitionError> for NotAccepted {
    fn from(error: TransitionError) -> NotAccepted {
        match error {
            TransitionError::Raced => NotAccepted::Raced,
            TransitionError::Store(error) => error.into(),
            TransitionError::Refused(refused) => ApiError::internal(&refused).into(),
        }
    }
}

impl From<OrderError> for NotAccepted {
    fn from(error: OrderError) -> NotAccepted {
        match error {
            OrderError::Store(error) => error.into(),
            other => ApiError::internal(&other).into(),
        }
    }
}

impl From<NotKept> for NotAccepted {
    fn from(error: NotKept) -> NotAccepted {
        match error {
            NotKept::Taken => NotAccepted::KeyTaken,
            NotKept::Unsealed(error) => error.into(),
            NotKept::Store(error) => error.into(),
        }
    }
}

/// How often a lost race is run again: as often as there may be others at the same payment at once.
const TRIES_MAX: usize = 50;
const RACED_PAUSE: Duration = Duration::from_millis(10);
