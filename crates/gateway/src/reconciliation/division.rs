//! Whose the money of a payment is, once it was seen: on the operator's bank account the merchant's, less the fee and
//! the integrator's share; on the merchant's own the merchant's alone.

use ayni_domain::custody::Custody;
use ayni_domain::fee;
use ayni_domain::ledger::entry::Belongs;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;

use super::settle::Seen;
use crate::ledger::fees;
use crate::merchants::Account;
use crate::payments::Payment;

/// Divides the line's amount by what is agreed now.
pub(super) fn divide(
    tx: &mut Tx<'_>,
    seen: &Seen<'_>,
    payment: &Payment,
    account: &Account,
) -> Result<Belongs, StoreError> {
    if seen.collecting.custody == Custody::Own {
        return Ok(Belongs::Own(payment.account));
    }
    let (paid, currency) = (seen.line.amount, seen.collecting.currency);
    let terms = fees::terms(tx, payment.account, currency)?;
    let promised = payment
        .details
        .integrator_fee
        .filter(|_| account.integrator.is_some());
    let share = fee::integrator_share(
        promised.unwrap_or_default(),
        payment.amount,
        paid,
        payment.currency,
    );
    Ok(Belongs::Shared {
        merchant: payment.account,
        integrator: account.integrator,
        shares: fee::divide(terms, paid, currency, share),
    })
}
