//! What an operator sees: `ayni operations list|show`, and an operation run from the shell.

use ayni_domain::ids::AccountId;
use ayni_domain::lang::Lang;
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use bytes::Bytes;

use super::answer::Answered;
use super::run::{self, Begun};
use super::{Operation, Target, answer, read, sql};
use crate::app::{App, Shared};
use crate::http::error::ApiError;
use crate::institutions::Site;
use crate::institutions::visit::Errand;

/// Which operations are listed.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only this account's.
    pub account: Option<AccountId>,
    /// Only those `running`, `ok` or `error`.
    pub state: Option<String>,
    /// At most so many.
    pub limit: u32,
}

/// Operations, newest first; never their data.
pub async fn list(db: &Db, filter: Filter) -> Result<Vec<Operation>, StoreError> {
    db.read("operations.list", move |tx| {
        let account = filter.account.map(|account| account.0);
        sql::select_operations(tx, account, filter.state.as_deref(), filter.limit.into())
    })
    .await
}

/// One operation and the envelope that tells it.
pub async fn show(app: &App, id: &str) -> Result<Option<(Operation, Bytes)>, ApiError> {
    let key = id.to_owned();
    let found = app
        .db
        .point("operations.show", move |tx| sql::select_any_with_answer(tx, &key))
        .await?;
    let Some((operation, sealed)) = found else {
        return Ok(None);
    };
    let (_, bytes) = read::told(app, &operation, sealed.as_deref())?;
    Ok(Some((operation, bytes)))
}

/// Runs an operation without a login for an account, as its `POST` would, and gives the envelope.
pub async fn ask(
    app: &Shared,
    account: AccountId,
    site: &std::sync::Arc<Site>,
    errand: Errand,
    lang: Lang,
) -> Result<Bytes, ApiError> {
    let target = Target {
        site: site.clone(),
        operation: errand.operation.as_str().into(),
    };
    let begun = Begun::now(app, account, &target, lang);
    let outcome = run::visited(app, &target, errand, None).await;
    let answered: Answered = answer::of(begun.id, outcome, lang)?;
    let bytes = answered.bytes.clone();
    run::record(app, begun, answered, None, None).await?;
    Ok(bytes)
}
