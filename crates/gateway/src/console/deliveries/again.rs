//! What sending again comes to, be it a notification or a mail.

use axum::response::Response;

use crate::console::flash::{self, Flash};
use crate::console::refused::Refused;
use crate::console::seat::Seat;
use crate::http::idempotent::NotKept;
use crate::texts::console::deliveries::Texts;
use crate::told::ToldError;

/// Back to what was sent again. A form that came twice is told what the first one was told.
pub(super) fn answer(seat: &Seat, to: &str, done: Result<(), ToldError>) -> Result<Response, Refused> {
    match done {
        Ok(()) | Err(ToldError::NotSigned(NotKept::Taken)) => {}
        Err(error) => return Err(refused(error)),
    }
    let said = Flash::Done(Texts::of(seat.lang).resent.to_owned());
    Ok(flash::see_other(seat, to, &said))
}

/// Why an act on notifications or mails was not done.
pub(super) fn refused(error: ToldError) -> Refused {
    match error {
        ToldError::NoNotice(_) | ToldError::NoMail(_) => Refused::NotFound,
        ToldError::Store(error) | ToldError::NotSigned(NotKept::Store(error)) => error.into(),
        ToldError::Merchant(error) => error.into(),
        ToldError::NotSigned(error) => Refused::internal(&error),
    }
}
