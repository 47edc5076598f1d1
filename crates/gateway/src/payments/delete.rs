//! Deleting a payment that nobody has paid. It can't be undone.

use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::payment::Event;
use ayni_domain::violation::{Problem, Violation};
use ayni_store::error::StoreError;
use thiserror::Error;

use super::{TransitionError, find_of, transition};
use crate::app::App;
use crate::http::error::ApiError;
use crate::http::idempotent::NotKept;
use crate::http::idempotent::outcome::NotAnswered;
use crate::payer::settle::payment_closed;
use crate::witness::Witness;

/// Deletes the account's payment, or refuses on `payment_id` where it is not pending.
pub(super) async fn delete(
    app: &App,
    account: AccountId,
    id: PaymentId,
    by: &Witness,
) -> Result<(), NotAnswered> {
    let now = app.clock.now();
    for _ in 0..MAX_TRIES {
        let by = by.clone();
        let deleted = app
            .db
            .write("payments.delete", move |tx| {
                by.sign(tx, id.as_str())?;
                let payment = find_of(tx, account, id)?.ok_or(NotDeleted::Absent)?;
                transition(tx, &payment, &Event::Deleted, now)?;
                payment_closed(tx, id, now)?;
                Ok::<_, NotDeleted>(())
            })
            .await;
        match deleted {
            Ok(()) => {
                app.signals.payment_changed(id);
                return Ok(());
            }
            Err(NotDeleted::Transition(TransitionError::Raced)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(ApiError::Unavailable.into())
}

#[derive(Debug, Error)]
enum NotDeleted {
    #[error("the account has no such payment")]
    Absent,
    #[error(transparent)]
    Transition(#[from] TransitionError),
    #[error(transparent)]
    NotSigned(#[from] NotKept),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<NotDeleted> for NotAnswered {
    fn from(error: NotDeleted) -> NotAnswered {
        match error {
            NotDeleted::Absent => ApiError::NotFound.into(),
            NotDeleted::NotSigned(error) => error.into(),
            NotDeleted::Transition(TransitionError::Refused(refused)) => {
                let problem = Problem::NotDeletable(refused.state.status());
                ApiError::Invalid(vec![Violation::new("payment_id", problem)]).into()
            }
            NotDeleted::Transition(TransitionError::Raced) => ApiError::Unavailable.into(),
            NotDeleted::Transition(TransitionError::Store(error)) | NotDeleted::Store(error) => error.into(),
        }
    }
}

/// How often a lost race is run again; a payment has few transitions.
const MAX_TRIES: usize = 5;
