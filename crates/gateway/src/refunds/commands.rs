//! What an operator asks of refunds.

use ayni_domain::ids::{AccountId, OrderId, PaymentId};
use ayni_domain::lang::Lang;
use ayni_domain::refund::{Asked, Kind};
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use bytes::Bytes;

use super::accept::{Request, accept};
use super::{Refund, sql};
use crate::app::Shared;
use crate::http::error::ApiError;
use crate::http::idempotent::outcome::NotAnswered;
use crate::payments;
use crate::witness::Witness;

/// Makes a refund of a payment, under the rules of its account; returns what the API would answer, as JSON.
pub async fn create(
    app: &Shared,
    kind: Kind,
    payment: PaymentId,
    asked: Asked,
    lang: Lang,
) -> Result<Bytes, ApiError> {
    let found = app
        .db
        .point("refunds.account", move |tx| payments::find(tx, payment))
        .await?;
    let account = found.ok_or(ApiError::NotFound)?.account;
    let of = RefundOf {
        account,
        payment,
        kind,
    };
    Ok(create_by(app, of, asked, lang, Witness::nobody()).await?)
}

/// Which payment, and out of which money.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RefundOf {
    /// Whose payment.
    pub(crate) account: AccountId,
    /// The payment.
    pub(crate) payment: PaymentId,
    /// Out of which money.
    pub(crate) kind: Kind,
}

/// The same by somebody who is named, of a payment of this account.
pub(crate) async fn create_by(
    app: &Shared,
    of: RefundOf,
    asked: Asked,
    lang: Lang,
    by: &Witness,
) -> Result<Bytes, NotAnswered> {
    let request = Request {
        kind: of.kind,
        account: of.account,
        payment: of.payment,
        asked,
        lang,
        place: None,
        by: by.clone(),
    };
    accept(app, request).await
}

/// The latest refunds, newest first: all of them or an account's.
pub async fn list(db: &Db, account: Option<AccountId>, limit: u32) -> Result<Vec<Refund>, StoreError> {
    db.read("refunds.list", move |tx| {
        sql::select_page(tx, account, limit.into())
    })
    .await
}

/// One refund.
pub async fn show(db: &Db, id: OrderId) -> Result<Option<Refund>, StoreError> {
    db.point("refunds.find", move |tx| sql::select_refund(tx, id))
        .await
}
