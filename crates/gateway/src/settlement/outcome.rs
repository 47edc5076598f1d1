//! What becomes of a payout: the order tells it in the unit of work in which it learns it.

use ayni_domain::ids::AccountId;
use ayni_domain::ledger::entry;
use ayni_domain::ledger::purpose::Purpose;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::PayoutState;
use super::sql::{made, shares};
use crate::ledger;
use crate::orders::Order;

/// The payout was seen leaving on the collecting account's statement.
pub(super) fn paid(tx: &mut Tx<'_>, order: &Order, now: Timestamp) -> Result<(), StoreError> {
    made::end_settlement(tx, order.new.id.as_str(), PayoutState::Paid, now).map(drop)
}

/// The payout was not executed and is not tried again: the money is the account's again, and is carried over to its
/// next settlement.
pub(super) fn failed(tx: &mut Tx<'_>, order: &Order, now: Timestamp) -> Result<(), StoreError> {
    let (id, owner) = (order.new.id, AccountId(order.new.owner));
    let is_the_merchants = made::end_settlement(tx, id.as_str(), PayoutState::Failed, now)? == 1;
    let back = match is_the_merchants {
        true => Purpose::collected(owner),
        false => {
            shares::update_waiting(tx, id.as_str())?;
            Purpose::integrator(owner)
        }
    };
    let new = &order.new;
    let posting = entry::payout_failed(new.collecting_id, id.as_str(), back, new.amount);
    ledger::post(tx, &posting, now)
}
