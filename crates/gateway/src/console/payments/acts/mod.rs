//! What people do with payments: make one, delete it, refund it, mark it as paid. Each is a page with a form, so that
//! nothing happens by following a link, and each is done by the function that the API or the command line calls.

mod closing;
mod creating;
mod refunding;

use axum::Router;
use axum::routing::get;
use ayni_domain::ids::PaymentId;
use ayni_store::tx::Tx;

use crate::app::{App, Shared};
use crate::console::refused::Refused;
use crate::console::seat::Seat;
use crate::payments::{self, Payment};

/// The forms, and what they send.
pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .route(
            "/console/payments/new",
            get(creating::page).post(creating::create),
        )
        .route(
            "/console/payments/{id}/refund",
            get(refunding::page).post(refunding::refund),
        )
        .route(
            "/console/payments/{id}/cancel",
            get(closing::ask_to_cancel).post(closing::cancel),
        )
        .route(
            "/console/payments/{id}/paid",
            get(closing::ask_to_mark).post(closing::mark),
        )
}

/// The account's payment of this id; another's is not found.
async fn find(app: &App, seat: &Seat, id: &str) -> Result<Payment, Refused> {
    let id = PaymentId::parse(id).map_err(|_| Refused::NotFound)?;
    let account = seat.account;
    let found = app
        .db
        .point("console.payment", move |tx: &mut Tx<'_>| {
            payments::find_of(tx, account, id)
        })
        .await?;
    found.ok_or(Refused::NotFound)
}

fn href(payment: &str) -> String {
    format!("/console/payments/{payment}")
}
