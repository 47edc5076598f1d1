//! Reading one payment: a plain pending one costs a single statement.

use ayni_domain::ids::PaymentId;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use bytes::Bytes;

use super::wire::PaymentBody;
use super::{Payment, sql, text};
use crate::app::App;
use crate::http::error::ApiError;
use crate::merchants::{Account, accounts};
use crate::reconciliation::{self, Reconciliation};
use crate::refunds::{self, Refund};

/// A payment with all that the wire tells of it.
#[derive(Clone, Debug)]
pub(super) struct ReadPayment {
    pub payment: Payment,
    pub custom: Option<String>,
    pub settled: Option<Reconciliation>,
    pub refunds: Vec<Refund>,
}

/// The account's payment, or `None` where it has no such payment.
pub(super) fn read_own(
    tx: &mut Tx<'_>,
    account: &Account,
    id: PaymentId,
) -> Result<Option<ReadPayment>, StoreError> {
    Ok(read(tx, id)?.filter(|read| read.payment.account == account.id))
}

/// Any account's payment, for the operator: its JSON.
pub(super) async fn show(app: &App, id: PaymentId) -> Result<Option<Bytes>, ApiError> {
    let Some(read) = app.db.point("payments.show", move |tx| read(tx, id)).await? else {
        return Ok(None);
    };
    let account = accounts::find(&app.db, read.payment.account)
        .await
        .map_err(|error| ApiError::internal(&error))?;
    told(app, &account, &read).map(Some)
}

/// The JSON that is told of a payment of this account.
pub(super) fn told(app: &App, account: &Account, read: &ReadPayment) -> Result<Bytes, ApiError> {
    let text = text::of(&PaymentBody::of(app, account, read));
    text.map(Bytes::from).map_err(|error| ApiError::internal(&error))
}

/// Any account's payment.
pub(super) fn read(tx: &mut Tx<'_>, id: PaymentId) -> Result<Option<ReadPayment>, StoreError> {
    let Some((payment, custom)) = sql::select_payment_with_custom(tx, id)? else {
        return Ok(None);
    };
    Ok(Some(complete(tx, payment, custom)?))
}

/// With what is known of how it was paid and of what was given back; asked for only where its money was seen.
pub(super) fn complete(
    tx: &mut Tx<'_>,
    payment: Payment,
    custom: Option<String>,
) -> Result<ReadPayment, StoreError> {
    let (settled, refunds) = match payment.state.is_settled() {
        true => (
            reconciliation::find(tx, payment.id)?,
            refunds::of_payment(tx, payment.id)?,
        ),
        false => (None, Vec::new()),
    };
    Ok(ReadPayment {
        payment,
        custom,
        settled,
        refunds,
    })
}
