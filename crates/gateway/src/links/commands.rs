//! What an operator sees and does: `ayni links list|revoke`.

use ayni_domain::ids::AccountId;
use ayni_domain::link::Link;
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;
use uuid::Uuid;

use super::sql;
use crate::app::App;

/// An account's links, newest first, at most [`LINKS_MAX`].
pub async fn list(db: &Db, account: AccountId) -> Result<Vec<Link>, StoreError> {
    db.read("links.list", move |tx| all(tx, account)).await
}

/// The same, within a unit of work.
pub fn all(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Link>, StoreError> {
    sql::select_links(tx, account, LINKS_MAX)
}

/// Ends a link of the account; whether there is such a one. Twice is as good as once.
pub async fn revoke(app: &App, account: AccountId, id: Uuid) -> Result<bool, StoreError> {
    let now = app.clock.now();
    app.db
        .write("links.revoke", move |tx| end(tx, account, id, now))
        .await
}

/// The same, in the caller's unit of work.
pub(crate) fn end(tx: &mut Tx<'_>, account: AccountId, id: Uuid, now: Timestamp) -> Result<bool, StoreError> {
    Ok(sql::revoke_link(tx, account, id, now)? > 0)
}

/// Links in one list.
pub const LINKS_MAX: i64 = 1000;
