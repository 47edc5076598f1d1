//! Reading one payment: a plain pending one costs a single statement.

use ayni_domain::ids::PaymentId;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;

use super::wire::PaymentBody;
use super::{Payment, sql};
use crate::app::App;
use crate::http::error::ApiError;
use crate::merchants::{Account, accounts};
use crate::reconciliation::{self, Reconciliation};

/// A payment with all that the wire tells of it.
#[derive(Clone, Debug)]
pub(super) struct ReadPayment {
    pub payment: Payment,
    pub custom: Option<String>,
    pub settled: Option<Reconciliation>,
}

/// The account's payment, or `None` where it has no such payment.
pub(super) async fn show_own(
    app: &App,
    account: &Account,
    id: PaymentId,
) -> Result<Option<PaymentBody>, StoreError> {
    let read = app.db.point("payments.show", move |tx| read(tx, id)).await?;
    let own = read.filter(|read| read.payment.account == account.id);
    Ok(own.map(|read| PaymentBody::of(app, account, read)))
}

/// Any account's payment, for the operator.
pub(super) async fn show(app: &App, id: PaymentId) -> Result<Option<PaymentBody>, ApiError> {
    let Some(read) = app.db.point("payments.show", move |tx| read(tx, id)).await? else {
        return Ok(None);
    };
    let account = accounts::find(&app.db, read.payment.account)
        .await
        .map_err(|error| ApiError::internal(&error))?;
    Ok(Some(PaymentBody::of(app, &account, read)))
}

fn read(tx: &mut Tx<'_>, id: PaymentId) -> Result<Option<ReadPayment>, StoreError> {
    let Some((payment, custom)) = sql::select_payment_with_custom(tx, id)? else {
        return Ok(None);
    };
    let settled = settled(tx, &payment)?;
    Ok(Some(ReadPayment {
        payment,
        custom,
        settled,
    }))
}

/// What is known of how it was paid; asked for only where its money was seen.
pub(super) fn settled(tx: &mut Tx<'_>, payment: &Payment) -> Result<Option<Reconciliation>, StoreError> {
    match payment.state.is_settled() {
        true => reconciliation::find(tx, payment.id),
        false => Ok(None),
    }
}
