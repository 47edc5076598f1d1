//! One person as whom the merchant lets in: the role, sessions and acts in the console, and reminders.

mod sql;

use ayni_domain::ids::AccountId;
use ayni_domain::personal::Person;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use serde_json::{Value, json};

/// Every SQL text of this folder.
pub(super) const STATEMENTS: &[&str] = sql::ALL;

/// What is kept of the person as a user of the account, and whether reminders are wanted. Without what opens anything; and
/// of a person who is no user of this account nothing that another account's use of the gateway would tell.
pub(super) fn told(tx: &mut Tx<'_>, account: AccountId, person: &Person) -> Result<Value, StoreError> {
    let Some(email) = person.email() else {
        return Ok(Value::Null);
    };
    let user = sql::select_user(tx, account, email)?;
    let person = match user {
        Some(_) => sql::select_person(tx, email)?,
        None => None,
    };
    Ok(json!({
        "user": user, "person": person, "sessions": sql::select_sessions(tx, account, email)?,
        "invitations": sql::select_invitations(tx, account, email)?,
        "audit": sql::select_audit(tx, account, email)?, "reminders": sql::select_reader(tx, account, email)?,
    }))
}

/// Takes out who signed in with this address, if no account has it as user any more.
pub(super) fn forget(tx: &mut Tx<'_>, email: &str) -> Result<(), StoreError> {
    sql::delete_person(tx, email)
}
