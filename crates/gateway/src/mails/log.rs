//! An account's mails as its people look through them, page by page.

use ayni_domain::ids::AccountId;
use ayni_store::db::Db;
use ayni_store::error::StoreError;

use super::commands::MailEntry;
use super::sql;
use crate::walk::{self, Page};

/// Which mails are wanted; what is not said is not asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// `pending`, `sent`, `failed`, `dropped` or `held`.
    pub(crate) state: Option<String>,
    /// `request`, `reminder-1`, `reminder-2` or `receipt`.
    pub(crate) kind: Option<String>,
    /// Of this payment.
    pub(crate) payment: Option<String>,
}

/// Where a page ends: after the mail made at this Unix millisecond, with this id.
type Place = (i64, String);

/// A page of an account's mails after a place.
pub(crate) async fn page(
    db: &Db,
    account: AccountId,
    wanted: Wanted,
    after: Option<Place>,
) -> Result<Page<MailEntry, Place>, StoreError> {
    db.read("mails.page", move |tx| {
        let portion = |after: Option<&Place>, rows| sql::select_page(tx, account.0, &wanted, after, rows);
        walk::page(after.clone(), portion, |entry| {
            (entry.created_at.as_millisecond(), entry.id.clone())
        })
    })
    .await
}
