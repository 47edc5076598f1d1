//! What an order is for is told where the order stands, in the unit of work in which that changes.

use ayni_domain::order::{Kind, State};
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::{Order, OrderError};
use crate::reconciliation::giving_back;
use crate::{refunds, settlement};

/// Tells it, if the new state means something to it.
pub(super) fn tell(tx: &mut Tx<'_>, order: &Order, now: Timestamp) -> Result<(), OrderError> {
    match (order.new.kind, order.state) {
        (Kind::Refund, State::Authorised) => refunds::authorised(tx, order, now),
        (Kind::Refund, State::Paid) => refunds::paid(tx, order, now),
        (Kind::Refund, State::Failed | State::Expired) => refunds::expired(tx, order, now),
        (Kind::Return, State::Failed | State::Expired) => giving_back::return_failed(tx, order, now),
        (Kind::Payout, State::Paid) => Ok(settlement::paid(tx, order, now)?),
        (Kind::Payout, State::Failed | State::Expired) => Ok(settlement::failed(tx, order, now)?),
        _ => Ok(()),
    }
}
