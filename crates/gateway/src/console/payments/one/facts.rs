//! Everything that is known of one payment, read in one snapshot through the capabilities that know it.

use ayni_domain::ids::{AccountId, PaymentId};
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use crate::contracts::{self, Acceptance};
use crate::ledger::list::{self as ledger, TransactionEntry};
use crate::mails::commands::{self as mails, MailEntry};
use crate::notices::{self, NoticeEntry};
use crate::payer::attempt::Attempt;
use crate::payments::history::{self, PastEvent};
use crate::payments::{self, Payment};
use crate::reconciliation::{self, Reconciliation};
use crate::refunds::{self, Refund};
use crate::{payer, settlement};

/// A payment with its whole life.
pub(super) struct Facts {
    pub payment: Payment,
    pub custom: Option<String>,
    pub events: Vec<PastEvent>,
    pub attempts: Vec<Attempt>,
    pub seen: Option<Reconciliation>,
    /// When the bank booked the line of its money, and the line's comment.
    pub movement: Option<(Timestamp, String)>,
    pub refunds: Vec<Refund>,
    pub notices: Vec<(NoticeEntry, Vec<notices::TryEntry>)>,
    pub mails: Vec<(MailEntry, Vec<mails::TryEntry>)>,
    pub has_contract: bool,
    pub acceptances: Vec<Acceptance>,
    pub release: Option<(Timestamp, Option<String>)>,
    pub transactions: Vec<TransactionEntry>,
}

/// What is known of an account's payment.
pub(super) fn load(tx: &mut Tx<'_>, account: AccountId, id: PaymentId) -> Result<Option<Facts>, StoreError> {
    let Some(payment) = payments::find_of(tx, account, id)? else {
        return Ok(None);
    };
    let seen = reconciliation::find(tx, id)?;
    let line = match &seen {
        Some(seen) => reconciliation::movement(tx, seen.collecting_id, &seen.movement_id)?,
        None => None,
    };
    Ok(Some(Facts {
        custom: payments::custom(tx, id)?,
        events: history::of(tx, id)?,
        attempts: payer::attempts_of(tx, id)?,
        movement: line.map(|line| (line.booked_at, line.reference)),
        refunds: refunds::of_payment(tx, id)?,
        notices: notices::of_payment(tx, id)?,
        mails: mails::of_payment(tx, id)?,
        has_contract: contracts::find(tx, &payment)?.is_some(),
        acceptances: contracts::acceptances(tx, id)?,
        release: settlement::of_payment(tx, id)?,
        transactions: ledger::of_payment(tx, id, TRANSACTIONS_SHOWN_MAX)?,
        payment,
        seen,
    }))
}

/// Ledger transactions on one page, the newest.
const TRANSACTIONS_SHOWN_MAX: u32 = 50;
