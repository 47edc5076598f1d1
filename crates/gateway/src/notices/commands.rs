//! What an operator sees and does: `ayni notices list|show|resend`.

use ayni_domain::ids::{AccountId, PaymentId};
use ayni_store::db::Db;
use ayni_store::error::StoreError;

use super::sql::Parcel;
use super::{NoticeEntry, TryEntry, enqueue, sql};
use crate::app::App;
use crate::signals::JobKind;
use crate::told::{Filter, ToldError};
use crate::witness::Witness;

/// Notices, newest first.
pub async fn list(db: &Db, filter: Filter) -> Result<Vec<NoticeEntry>, ToldError> {
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
pub async fn show(db: &Db, id: &str) -> Result<(NoticeEntry, String, Vec<TryEntry>), ToldError> {
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
    found.ok_or_else(|| ToldError::NoNotice(id.to_owned()))
}

/// Makes the notice due now, whatever its state: one more try, recorded like the others. Only one of `account`, where
/// one is said.
pub async fn resend(app: &App, account: Option<AccountId>, id: &str, by: &Witness) -> Result<(), ToldError> {
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
            Ok::<_, ToldError>(true)
        })
        .await?;
    app.signals.wake(JobKind::Notice);
    if found {
        Ok(())
    } else {
        Err(ToldError::NoNotice(id.to_owned()))
    }
}
