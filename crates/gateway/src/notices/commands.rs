//! What an operator sees and does: `ayni notices list|show|resend`.

use ayni_domain::ids::{AccountId, PaymentId};
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use thiserror::Error;

use super::sql::Parcel;
use super::{NoticeEntry, TryEntry, enqueue, sql};
use crate::app::App;
use crate::http::idempotent::NotKept;
use crate::signals::JobKind;
use crate::witness::Witness;

/// Why a command on notices was not done.
#[derive(Debug, Error)]
pub enum NoticeError {
    /// The database refused or failed.
    #[error("the database could not do it")]
    Store(#[from] StoreError),
    /// Whoever does it could not be recorded, or did it before.
    #[error("who does it could not be recorded")]
    NotSigned(#[from] NotKept),
    /// There is no such notice.
    #[error("there is no notice {0}: `ayni notices list` shows them")]
    NotFound(String),
}

/// Which notices are listed.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only this account's.
    pub account: Option<AccountId>,
    /// Only this payment's.
    pub payment: Option<PaymentId>,
    /// Only those `pending`, `delivered` or `spent`.
    pub state: Option<String>,
    /// At most so many.
    pub limit: u32,
}

/// Notices, newest first.
pub async fn list(db: &Db, filter: Filter) -> Result<Vec<NoticeEntry>, NoticeError> {
    let listed = db
        .read("notices.list", move |tx| {
            let payment = filter.payment.as_ref().map(PaymentId::as_str);
            let account = filter.account.map(|account| account.0);
            sql::select_notices(tx, account, payment, filter.state.as_deref(), filter.limit.into())
        })
        .await?;
    Ok(listed)
}

/// One notice with its body and every try of it.
pub async fn show(db: &Db, id: &str) -> Result<(NoticeEntry, String, Vec<TryEntry>), NoticeError> {
    let key = id.to_owned();
    let found = db
        .read("notices.show", move |tx| {
            let Some(entry) = sql::select_notice(tx, &key)? else {
                return Ok(None);
            };
            let body = sql::select_parcel(tx, &key)?
                .map(|parcel| String::from_utf8_lossy(&parcel.body).into_owned())
                .unwrap_or_default();
            Ok::<_, StoreError>(Some((entry, body, sql::select_tries(tx, &key)?)))
        })
        .await?;
    found.ok_or_else(|| NoticeError::NotFound(id.to_owned()))
}

/// Makes the notice due now, whatever its state: one more try, recorded like the others. Only one of `account`, where
/// one is said.
pub async fn resend(
    app: &App,
    account: Option<AccountId>,
    id: &str,
    by: &Witness,
) -> Result<(), NoticeError> {
    let (key, now, by) = (id.to_owned(), app.clock.now(), by.clone());
    let found = app
        .db
        .write("notices.resend", move |tx| {
            let is_its = |parcel: &Parcel| account.is_none_or(|account| account.0 == parcel.account);
            let Some(parcel) = sql::select_parcel(tx, &key)?.filter(is_its) else {
                return Ok(false);
            };
            by.sign(tx, &key)?;
            sql::update_due(tx, &key, now)?;
            enqueue(tx, &key, &parcel.url, now)?;
            Ok::<_, NoticeError>(true)
        })
        .await?;
    app.signals.wake(JobKind::Notice);
    if found {
        Ok(())
    } else {
        Err(NoticeError::NotFound(id.to_owned()))
    }
}
