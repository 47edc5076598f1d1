//! `/console/account`: a person with several accounts looks at another one of them.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::{Present, sql};
use crate::app::Shared;
use crate::console::form::Posted;
use crate::console::refused::Refused;

/// `POST /console/account`.
pub(super) async fn switch(State(app): State<Shared>, posted: Posted<Present>) -> Result<Response, Refused> {
    let (seat, wanted) = (&posted.seat, posted.form.text("account"));
    let mut own = seat.memberships.iter();
    let Some(chosen) = own.find(|one| one.account.0.to_string() == wanted) else {
        return Err(Refused::NotFound);
    };
    let (hash, account) = (seat.session_hash, chosen.account);
    app.db
        .append("console.switch", move |tx| {
            sql::update_account(tx, &hash, account)
        })
        .await?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, "/console")]).into_response())
}
