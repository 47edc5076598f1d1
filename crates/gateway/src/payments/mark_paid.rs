//! A payment that was paid in another way: its merchant says so, and it can't be paid any more. Money that comes all the
//! same waits for a person.

use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::payment::Event;
use ayni_store::error::StoreError;
use thiserror::Error;

use super::{TransitionError, find, transition};
use crate::app::App;
use crate::http::idempotent::NotKept;
use crate::payer::settle::payment_closed;
use crate::witness::Witness;

/// Why a payment was not marked as paid.
#[derive(Debug, Error)]
pub enum NotMarked {
    /// There is no such payment.
    #[error("there is no payment {0}: `ayni payment list` shows the last ones")]
    NoPayment(PaymentId),
    /// It is not pending, or something else happened to it just now.
    #[error("only a pending payment can be marked as paid")]
    Transition(#[from] TransitionError),
    /// Whoever does it could not be recorded, or did it before.
    #[error("who does it could not be recorded")]
    NotSigned(#[from] NotKept),
    /// The database refused or failed.
    #[error("the database could not do it")]
    Store(#[from] StoreError),
}

/// Marks a pending payment as paid in another way, and ends the attempts that still ask their payer.
/// Only one of `account`, where one is said.
pub async fn mark_paid(
    app: &App,
    account: Option<AccountId>,
    id: PaymentId,
    by: &Witness,
) -> Result<(), NotMarked> {
    let (now, by) = (app.clock.now(), by.clone());
    app.db
        .write("payments.mark-paid", move |tx| {
            by.sign(tx, id.as_str())?;
            let found = find(tx, id)?.filter(|payment| account.is_none_or(|owner| payment.account == owner));
            let payment = found.ok_or(NotMarked::NoPayment(id))?;
            transition(tx, &payment, &Event::MarkedPaidByReceiver, now)?;
            payment_closed(tx, id, now)?;
            Ok::<_, NotMarked>(())
        })
        .await?;
    app.signals.payment_changed(id);
    Ok(())
}
