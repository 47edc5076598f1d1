//! What this person may do with the payment as it stands. Each leads to a page of its own, which asks first.

use ayni_domain::payment::{Event, apply};
use ayni_domain::role::Role;

use crate::console::seat::Seat;
use crate::payments::Payment;
use crate::texts::console::acts::Texts as Acts;
use crate::texts::console::deliveries::Texts as Deliveries;

/// A way to go.
pub(super) struct Act {
    pub(super) href: String,
    pub(super) label: &'static str,
}

/// What may be done, and where it is told to whom the payment was told.
pub(super) fn of(seat: &Seat, payment: &Payment) -> Vec<Act> {
    let t = Acts::of(seat.lang);
    let at = format!("/console/payments/{}", payment.id);
    let is_owner = seat.role == Role::Owner;
    let can = |event| apply(payment.state, &event).is_ok();
    let told = format!("/console/deliveries?payment={}", payment.id);
    [
        (
            is_owner && payment.state.is_settled(),
            format!("{at}/refund"),
            t.refunding.title,
        ),
        (
            seat.role.may_collect() && can(Event::Deleted),
            format!("{at}/{}", t.cancel.path),
            t.cancel.title,
        ),
        (
            is_owner && can(Event::MarkedPaidByReceiver),
            format!("{at}/{}", t.mark_paid.path),
            t.mark_paid.title,
        ),
        (true, told, Deliveries::of(seat.lang).title),
    ]
    .into_iter()
    .filter_map(|(may, href, label)| may.then_some(Act { href, label }))
    .collect()
}
