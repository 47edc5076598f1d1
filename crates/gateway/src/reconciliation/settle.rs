//! What one new movement does, in the unit of work that stores it.

use std::collections::BTreeMap;

use ayni_connectors::statement::StatementLine;
use ayni_domain::creation::details::NotifyVersion;
use ayni_domain::ids::PaymentId;
use ayni_domain::ledger::Transaction;
use ayni_domain::ledger::entry::{self, Belongs};
use ayni_domain::matching::reason::Reason;
use ayni_domain::matching::{Candidate, Decision, Movement, decide, ids_in};
use ayni_domain::method::Method;
use ayni_domain::notice::NoticeBody;
use ayni_domain::payment::{self, Event};
use ayni_domain::privilege::Mode;
use ayni_domain::time;
use ayni_domain::{currency::Currency, money::Amount};
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;
use thiserror::Error;
use uuid::Uuid;

use super::sql::{self, Verdict};
use super::{Reconciliation, claims, division};
use crate::app::App;
use crate::events;
use crate::mails;
use crate::merchants::collecting::CollectingAccount;
use crate::merchants::{Account, MerchantError, accounts};
use crate::notices::{self, Subject};
use crate::orders::OrderError;
use crate::payer::attempt::Attempt;
use crate::payer::settle as attempts;
use crate::payments::{self, Payment, TransitionError};
use crate::receipts;
use crate::settlement;

/// Why a movement was not stored; its whole unit of work is run again later.
#[derive(Debug, Error)]
pub enum SettleError {
    /// The database refused or failed.
    #[error("the database could not store the movement")]
    Store(#[from] StoreError),
    /// The payment changed meanwhile, or its state does not allow it.
    #[error("the payment could not be settled")]
    Transition(#[from] TransitionError),
    /// The payment's account could not be read.
    #[error("the payment's account could not be read")]
    Merchant(#[from] MerchantError),
    /// The notification's body could not be written.
    #[error("the notification could not be written")]
    Body(#[from] serde_json::Error),
    /// The order of a debit could not take the news.
    #[error("the order that a debit names could not be brought to its end")]
    Order(#[from] OrderError),
    /// A sign of the movement named a payment that is not there.
    #[error("the payment {0}, which the movement matches, is not there")]
    NoPayment(PaymentId),
    /// Another reading of the statement stored lines meanwhile.
    #[error("another reading of the statement came first")]
    Overtaken,
}

impl SettleError {
    /// Whether others changed the same rows at every try.
    pub(super) fn is_contention(&self) -> bool {
        matches!(
            self,
            SettleError::Store(StoreError::Contention { .. })
                | SettleError::Transition(TransitionError::Store(StoreError::Contention { .. }))
                | SettleError::Merchant(MerchantError::Store(StoreError::Contention { .. }))
        )
    }

    /// Whether the same may well succeed a little later, without anybody mending anything.
    pub(super) fn is_temporary(&self) -> bool {
        match self {
            SettleError::Store(error)
            | SettleError::Transition(TransitionError::Store(error))
            | SettleError::Merchant(MerchantError::Store(error)) => error.is_temporary(),
            SettleError::Transition(TransitionError::Raced) | SettleError::Overtaken => true,
            SettleError::Order(error) => error.is_temporary(),
            _ => false,
        }
    }
}

/// A movement about to be stored. Everything random was drawn before the unit of work, which may run twice.
pub(super) struct Seen<'a> {
    pub(super) collecting: &'a CollectingAccount,
    pub(super) line: &'a StatementLine,
    pub(super) notice_id: Uuid,
    pub(super) now: Timestamp,
}

impl<'a> Seen<'a> {
    /// The line as the ledger names it.
    pub(super) fn ledger_line(&self) -> entry::Line<'a> {
        entry::Line {
            collecting_id: self.collecting.id,
            movement: &self.line.id,
            amount: self.line.amount,
        }
    }
}

/// A movement that was stored: what became of it, and what is to be posted in the same unit of work.
pub(super) struct Stored {
    pub(super) verdict: Verdict,
    pub(super) transaction: Transaction,
}

/// Stores a movement that was not known and does what it causes; tells what became of it.
pub(super) fn store(tx: &mut Tx<'_>, app: &App, seen: &Seen<'_>) -> Result<Option<Stored>, SettleError> {
    if sql::is_stored(tx, seen.collecting.id, &seen.line.id)? {
        return Ok(None);
    }
    let (candidates, mut payments) = candidates(tx, seen)?;
    if let Some(claimed) = claims::top_up(tx, seen, &candidates)? {
        return Ok(Some(claimed));
    }
    let (verdict, transaction) = match decide(&movement(seen), &candidates) {
        Decision::Debit => claims::debit(tx, seen)?,
        Decision::Review(reason) => (review(reason), entry::unexplained(seen.ledger_line())),
        Decision::Settle { payment, attempt } => {
            let payment = payments.remove(&payment).ok_or(SettleError::NoPayment(payment))?;
            let belongs = settle(tx, app, seen, &payment, attempt)?;
            let verdict = Verdict {
                state: "matched",
                payment: Some(payment.id),
                reason: None,
            };
            (verdict, entry::credited(seen.ledger_line(), payment.id, belongs))
        }
    };
    sql::insert_movement(tx, seen.collecting.id, seen.line, &verdict, seen.now)?;
    Ok(Some(Stored { verdict, transaction }))
}

fn review(reason: Reason) -> Verdict {
    Verdict {
        state: "review",
        payment: None,
        reason: Some(reason.as_str().into()),
    }
}

/// Stores a movement that could not be settled for a person to decide on, with the reason.
pub(super) fn leave(tx: &mut Tx<'_>, seen: &Seen<'_>, reason: &str) -> Result<Option<Stored>, SettleError> {
    if sql::is_stored(tx, seen.collecting.id, &seen.line.id)? {
        return Ok(None);
    }
    let verdict = Verdict {
        reason: Some(format!("{}: {reason}", Reason::NotSettled.as_str()).into()),
        ..review(Reason::NotSettled)
    };
    sql::insert_movement(tx, seen.collecting.id, seen.line, &verdict, seen.now)?;
    let transaction = entry::unexplained(seen.ledger_line());
    Ok(Some(Stored { verdict, transaction }))
}

fn movement<'a>(seen: &'a Seen<'_>) -> Movement<'a> {
    Movement {
        collecting_id: seen.collecting.id,
        amount: seen.line.amount,
        currency: seen.line.currency,
        booked_at: seen.line.booked_at,
        payer_identifier: filled(&seen.line.payer_identifier),
        reference: &seen.line.reference,
        operation_number: filled(&seen.line.operation_number),
    }
}

/// Every payment that some sign of the movement might name, each once, with all its attempts.
fn candidates(tx: &mut Tx<'_>, seen: &Seen<'_>) -> Result<(Vec<Candidate>, Payments), SettleError> {
    let (collecting_id, line) = (seen.collecting.id, seen.line);
    if line.amount <= Amount::ZERO {
        return Ok(Default::default());
    }
    let mut ids: Vec<PaymentId> = ids_in(&line.reference);
    ids.truncate(MAX_IDS_IN_REFERENCE);
    if let Some(number) = filled(&line.operation_number) {
        ids.extend(attempts::by_operation(tx, collecting_id, number)?);
    }
    if let Some(identifier) = filled(&line.payer_identifier) {
        ids.extend(attempts::by_payer(tx, collecting_id, identifier, line.amount)?);
    }
    ids.sort_unstable();
    ids.dedup();
    let (mut found, mut payments) = (Vec::with_capacity(ids.len()), Payments::new());
    for id in ids {
        if let Some(payment) = payments::find(tx, id)? {
            found.push(candidate(tx, &payment)?);
            payments.insert(id, payment);
        }
    }
    Ok((found, payments))
}

/// The payments that were looked at.
type Payments = BTreeMap<PaymentId, Payment>;

fn candidate(tx: &mut Tx<'_>, payment: &Payment) -> Result<Candidate, StoreError> {
    Ok(Candidate {
        id: payment.id,
        state: payment.state,
        amount: payment.amount,
        currency: payment.currency,
        collecting_id: payment.collecting_id,
        created_at: payment.created_at,
        fixed_payer_identifier: payment.details.fixed_payer_personal_identifier.clone(),
        attempts: attempts::candidate_attempts(tx, payment.id)?,
    })
}

/// Everything that a payment's money being seen means but its posting, which is the caller's: transition, attempt,
/// reconciliation, receipt, notice. Returns whose the money is.
pub(super) fn settle(
    tx: &mut Tx<'_>,
    app: &App,
    seen: &Seen<'_>,
    payment: &Payment,
    attempt: Option<i64>,
) -> Result<Belongs, SettleError> {
    let account = accounts::read(tx, payment.account)?;
    let event = Event::MoneySeen {
        collecting: seen.collecting.id,
        movement: seen.line.id.clone(),
    };
    payments::transition(tx, payment, &event, seen.now)?;
    let attempt = attempts::settled(tx, payment.id, attempt, seen.now)?;
    let belongs = division::divide(tx, seen, payment, &account)?;
    let reconciliation = reconciliation(app, seen, payment, &account, attempt.as_ref(), belongs);
    sql::insert_reconciliation(tx, &reconciliation)?;
    settlement::reconciled(tx, app, payment, seen.collecting, seen.now)?;
    let payer = (
        reconciliation.payer_name.as_str(),
        payer_address(payment, attempt.as_ref()),
    );
    mails::payment_settled(tx, app, payment, payer, seen.now)?;
    let url = payment.details.notify_url.clone().or(account.notify_url.clone());
    if url.is_none() && !events::is_listened(tx, payment.account, seen.now)? {
        return Ok(belongs);
    }
    let version = payment.details.notify_api_version;
    let body = match version {
        NotifyVersion::V1_3 => {
            ayni_domain::notice::form_body_1_3(&payments::notification_token(app, payment.id))
        }
        NotifyVersion::V3_0 => body(tx, app, payment, &account, &reconciliation)?.to_json()?,
    };
    let (id, account, subject) = (seen.notice_id, payment.account, Subject::Payment(payment.id));
    notices::create_or_tell(tx, id, (account, subject), url, (version, body), seen.now)?;
    Ok(belongs)
}

/// Who paid: what the merchant said of the payer wins over what the attempt and the bank say. A developer account's
/// payer on DemoBank has the name that Khipu's own sandbox gives.
fn reconciliation(
    app: &App,
    seen: &Seen<'_>,
    payment: &Payment,
    account: &Account,
    attempt: Option<&Attempt>,
    belongs: Belongs,
) -> Reconciliation {
    let line = seen.line;
    let (shares, integrator) = match belongs {
        Belongs::Own(_) => (None, None),
        Belongs::Shared {
            shares, integrator, ..
        } => (Some(shares), integrator),
    };
    let details = &payment.details;
    let is_developer = account.mode == Mode::Developer;
    let sandbox_name = is_developer.then(|| accounts::developer_name(account.id));
    let bank_id = attempt
        .map(|attempt| attempt.bank_id.clone())
        .filter(|id| !id.is_empty())
        .unwrap_or_else(|| seen.collecting.bank_id.clone());
    Reconciliation {
        payment: payment.id,
        collecting_id: seen.collecting.id,
        movement_id: line.id.clone(),
        conciliated_at: seen.now,
        is_out_of_date: payment::is_out_of_date(seen.now, payment.expires_at),
        bank: app
            .banks
            .find(&bank_id)
            .map(|bank| bank.name.clone())
            .unwrap_or_default(),
        bank_id,
        method: attempt
            .map_or(Method::RegularTransfer, |attempt| attempt.method)
            .as_str()
            .to_owned(),
        payer_name: details
            .payer_name
            .clone()
            .or(sandbox_name)
            .unwrap_or_else(|| line.payer_name.clone()),
        payer_email: details
            .payer_email
            .clone()
            .or_else(|| attempt.and_then(|attempt| attempt.payer_email.clone()))
            .or_else(|| is_developer.then(|| account.email.clone()))
            .unwrap_or_default(),
        payer_identifier: super::personal_identifier(
            &line.payer_identifier,
            details.fixed_payer_personal_identifier.as_deref(),
        ),
        payer_account: line.payer_account.clone(),
        operation_code: line.operation_number.clone(),
        paid: line.amount,
        fee: shares.map_or(Amount::ZERO, |shares| shares.fee),
        integrator_fee: shares.map_or(Amount::ZERO, |shares| shares.integrator),
        integrator,
    }
}

/// Where the payer is written to: as the merchant or the payer said, never anywhere else.
fn payer_address<'a>(payment: &'a Payment, attempt: Option<&'a Attempt>) -> &'a str {
    let said = payment.details.payer_email.as_deref();
    said.or_else(|| attempt.and_then(|attempt| attempt.payer_email.as_deref()))
        .unwrap_or_default()
}

fn body(
    tx: &mut Tx<'_>,
    app: &App,
    payment: &Payment,
    account: &Account,
    seen: &Reconciliation,
) -> Result<NoticeBody, StoreError> {
    let details = &payment.details;
    Ok(NoticeBody {
        payment_id: payment.id,
        receiver_id: account.id,
        subject: payment.subject.clone(),
        amount: payment.amount,
        discount: Amount::ZERO,
        currency: payment.currency,
        receipt_url: receipts::url(app, payment.id, seen.conciliated_at),
        bank: seen.bank.clone(),
        bank_id: seen.bank_id.clone(),
        payer_name: seen.payer_name.clone(),
        payer_email: seen.payer_email.clone(),
        personal_identifier: seen.payer_identifier.clone(),
        bank_account_number: seen.payer_account.clone(),
        out_of_date_conciliation: seen.is_out_of_date,
        transaction_id: payment.transaction_id.clone().unwrap_or_default(),
        authorizer_operation_code: seen.operation_code.clone(),
        responsible_user_email: details
            .responsible_user_email
            .clone()
            .unwrap_or_else(|| account.email.clone()),
        custom: payments::custom(tx, payment.id)?.unwrap_or_default(),
        body: details.body.clone().unwrap_or_default(),
        payment_method: Method::parse(&seen.method).unwrap_or(Method::RegularTransfer),
        conciliation_date: time::wire(seen.conciliated_at),
    })
}

/// Whether a movement could settle a payment by a person's decision: same account, currency and amount.
pub(super) fn fits(
    tx: &mut Tx<'_>,
    collecting_id: i64,
    line: &StatementLine,
    payment: &Payment,
) -> Result<bool, StoreError> {
    let amount_fits = match payment.currency {
        Currency::Clf => attempts::candidate_attempts(tx, payment.id)?
            .iter()
            .any(|attempt| attempt.amount == line.amount),
        _ => payment.amount == line.amount,
    };
    Ok(amount_fits && payment.collecting_id == collecting_id && payment.currency.paid_in() == line.currency)
}

/// What a payment asks of its collecting account: its amount or, for one in UF, the pesos that its attempts fixed, where
/// they agree.
pub(super) fn asked(tx: &mut Tx<'_>, payment: &Payment) -> Result<Option<Amount>, StoreError> {
    if payment.currency != Currency::Clf {
        return Ok(Some(payment.amount));
    }
    let attempts = attempts::candidate_attempts(tx, payment.id)?;
    let mut amounts = attempts.iter().map(|attempt| attempt.amount);
    let first = amounts.next();
    Ok(first.filter(|first| amounts.all(|other| other == *first)))
}

fn filled(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// Payment ids that are looked up in one reference; more than one is for a person anyway.
const MAX_IDS_IN_REFERENCE: usize = 20;
