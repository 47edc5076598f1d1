//! An account's mails as its people look through them, page by page. Like the log of notifications a page looks at a
//! bounded number of rows and says where it stopped.

use ayni_domain::ids::AccountId;
use ayni_store::db::Db;
use ayni_store::error::StoreError;

use super::commands::MailEntry;
use super::sql;

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

/// A page, newest first.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// At most [`PAGE_MAX`].
    pub(crate) entries: Vec<MailEntry>,
    /// Where the next one begins, if there may be one: Unix milliseconds and an id.
    pub(crate) next: Option<(i64, String)>,
}

/// A page of an account's mails after a place.
pub(crate) async fn page(
    db: &Db,
    account: AccountId,
    wanted: Wanted,
    after: Option<(i64, String)>,
) -> Result<Page, StoreError> {
    db.read("mails.page", move |tx| {
        let seen = sql::select_page(tx, account.0, &wanted, after.as_ref(), SCAN_MAX)?;
        let looked_at = seen.len();
        let mut last = None;
        let mut entries = Vec::new();
        for (entry, is_wanted) in seen {
            last = Some((entry.created_at.as_millisecond(), entry.id.clone()));
            entries.extend(is_wanted.then_some(entry));
            if entries.len() == PAGE_MAX {
                return Ok(Page { entries, next: last });
            }
        }
        let next = last.filter(|_| looked_at == SCAN_MAX);
        Ok::<_, StoreError>(Page { entries, next })
    })
    .await
}

/// Mails on one page.
pub(crate) const PAGE_MAX: usize = 50;
/// Rows that one page looks at.
const SCAN_MAX: usize = 2_000;
