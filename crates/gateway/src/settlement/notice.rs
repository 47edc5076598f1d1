//! The settlement as its merchant's `rendition_url` gets it.

use ayni_domain::creation::details::NotifyVersion;
use ayni_domain::money::Amount;
use ayni_domain::time;
use ayni_store::tx::Tx;
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::make::NotMade;
use super::sql::made;
use super::{Line, Settlement};
use crate::events;
use crate::merchants::accounts;
use crate::notices::{self, Subject};

/// Enqueues the notice, with its body fixed for good; nothing where the account wants none.
pub(super) fn create(
    tx: &mut Tx<'_>,
    settlement: &Settlement,
    id: Uuid,
    now: Timestamp,
) -> Result<(), NotMade> {
    let url = accounts::rendition_url(tx, settlement.account)?;
    if url.is_none() && !events::is_listened(tx, settlement.account, now)? {
        return Ok(());
    }
    let lines = made::select_lines(tx, &settlement.id, made::ALL_LINES)?;
    let body = serde_json::to_string(&SettlementBody::of(settlement, &lines))?;
    let subject = Subject::Settlement(settlement.id.clone());
    let said = (NotifyVersion::V3_0, body);
    notices::create_or_tell(tx, id, (settlement.account, subject), url, said, now)?;
    Ok(())
}

/// A settlement as merchants read it. Amounts are strings with four decimals.
#[derive(Serialize)]
pub struct SettlementBody<'a> {
    pub settlement_id: &'a str,
    pub receiver_id: i64,
    /// The business day on which it was made.
    pub day: &'a str,
    pub currency: &'static str,
    pub made_at: String,
    /// What payers transferred.
    pub amount: Amount,
    /// The fees that were kept, VAT included.
    pub fee: Amount,
    pub integrator_fee: Amount,
    pub refunded: Amount,
    /// What came from before; below zero where it was owed.
    pub carried: Amount,
    /// What is transferred.
    pub paid_out: Amount,
    /// Stands in the transfer's comment.
    pub payout_id: &'a str,
    pub payments: Vec<LineBody<'a>>,
}

/// One payment of it.
#[derive(Serialize)]
pub struct LineBody<'a> {
    pub payment_id: &'a str,
    pub transaction_id: &'a str,
    pub amount: Amount,
    pub fee: Amount,
    pub integrator_fee: Amount,
    pub refunded: Amount,
    pub net: Amount,
}

impl<'a> SettlementBody<'a> {
    /// A settlement with these lines.
    pub fn of(settlement: &'a Settlement, lines: &'a [Line]) -> SettlementBody<'a> {
        let Settlement { totals, .. } = settlement;
        SettlementBody {
            settlement_id: &settlement.id,
            receiver_id: settlement.account.0,
            day: &settlement.day,
            currency: settlement.currency.code(),
            made_at: time::wire(settlement.made_at),
            amount: totals.amount,
            fee: totals.fee,
            integrator_fee: totals.integrator_fee,
            refunded: totals.refunded,
            carried: settlement.carried,
            paid_out: settlement.paid_out,
            payout_id: &settlement.order,
            payments: lines.iter().map(LineBody::of).collect(),
        }
    }
}

impl<'a> LineBody<'a> {
    fn of(line: &'a Line) -> LineBody<'a> {
        LineBody {
            payment_id: line.payment.as_str(),
            transaction_id: &line.transaction_id,
            amount: line.amount,
            fee: line.fee,
            integrator_fee: line.integrator_fee,
            refunded: line.refunded,
            net: line.net,
        }
    }
}
