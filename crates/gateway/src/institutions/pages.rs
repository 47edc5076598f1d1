//! Pages that a connector did not know, kept without anybody's data: from them an operator mends the site's file.

use ayni_connectors::data::KeptPage;
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use jiff::Timestamp;

use super::sql;
use crate::app::App;

/// A page that was kept.
#[derive(Clone, Debug)]
pub struct UnknownPage {
    /// Its id.
    pub id: String,
    /// The institution's path.
    pub institution: String,
    /// What was being done.
    pub operation: String,
    /// When it came.
    pub at: Timestamp,
    /// What was expected in its place.
    pub expected: String,
    /// Its HTTP status.
    pub status: i64,
    /// Its redacted markup.
    pub markup: String,
}

/// Keeps a page; the oldest of the same institution beyond [`PAGES_MAX`] go. What can't be written is only logged: the
/// caller's answer does not depend on it.
pub(super) async fn keep(app: &App, institution: &str, operation: &str, page: KeptPage) {
    let kept = UnknownPage {
        id: app.entropy.uuid().to_string(),
        institution: institution.to_owned(),
        operation: operation.to_owned(),
        at: app.clock.now(),
        expected: page.expected.to_owned(),
        status: page.status.into(),
        markup: page.markup.replace('\0', "\u{fffd}"),
    };
    tracing::warn!(institution, operation, id = %kept.id, expected = %kept.expected,
        "the site showed an unknown page: `ayni sites pages` shows it");
    let written = app.db.write("pages.keep", move |tx| {
        sql::insert_page(tx, &kept)?;
        sql::delete_oldest_pages(tx, &kept.institution, PAGES_MAX)
    });
    if let Err(error) = written.await {
        tracing::warn!(%error, "an unknown page was not kept");
    }
}

/// The kept pages, newest first; of one institution where it is named.
pub async fn list(db: &Db, institution: Option<String>) -> Result<Vec<UnknownPage>, StoreError> {
    db.read("pages.list", move |tx| {
        sql::select_pages(tx, institution.as_deref())
    })
    .await
}

/// One kept page.
pub async fn find(db: &Db, id: &str) -> Result<Option<UnknownPage>, StoreError> {
    let id = id.to_owned();
    db.point("pages.find", move |tx| sql::select_page(tx, &id)).await
}

/// Pages kept of one institution.
pub const PAGES_MAX: i64 = 50;
