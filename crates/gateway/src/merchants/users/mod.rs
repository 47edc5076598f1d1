//! The people of an account: who may collect for it (`responsible_user_email`), and who owns it. An account always has
//! an owner, since only an owner could ever be asked about it.

mod sql;

use ayni_domain::audit::Action;
use ayni_domain::email;
use ayni_domain::ids::AccountId;
use ayni_domain::privilege::Mode;
use ayni_domain::role::Role;
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::{MerchantError, accounts};
use crate::app::App;
use crate::console::audit::{self, Actor};
use crate::console::seat::links;

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// A person of an account.
#[derive(Clone, Debug)]
pub struct User {
    /// In lower case, unique in the account.
    pub email: String,
    /// What the person may do.
    pub role: Role,
    /// Since when.
    pub created_at: Timestamp,
}

/// An account that has a person as user.
#[derive(Clone, Debug)]
pub struct Membership {
    /// The account.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// Developer or live.
    pub mode: Mode,
    /// What the person may do in it.
    pub role: Role,
    /// Whether an operator lets nothing be done with it.
    pub is_disabled: bool,
}

/// The accounts that have this lower-case address as user, the longest known first.
pub fn memberships(tx: &mut Tx<'_>, email: &str) -> Result<Vec<Membership>, StoreError> {
    sql::select_memberships(tx, email)
}

/// What this lower-case address may do in the account; nothing where it is no user's.
pub fn role(tx: &mut Tx<'_>, account: AccountId, email: &str) -> Result<Option<Role>, StoreError> {
    sql::select_role(tx, account, email)
}

/// The account's users, oldest first, within a unit of work.
pub fn of(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<User>, StoreError> {
    sql::select_users(tx, account)
}

/// Whether this lower-case address is an owner's, and the account has another one.
pub(crate) fn is_replaceable_owner(
    tx: &mut Tx<'_>,
    account: AccountId,
    email: &str,
) -> Result<bool, StoreError> {
    let is_owner = sql::select_role(tx, account, email)? == Some(Role::Owner);
    Ok(is_owner && sql::count_owners(tx, account)? > 1)
}

/// Whether this lower-case address is a user's who may collect with the account.
pub fn may_collect(tx: &mut Tx<'_>, account: AccountId, email: &str) -> Result<bool, StoreError> {
    Ok(sql::select_role(tx, account, email)?.is_some_and(Role::may_collect))
}

/// The account's users, oldest first.
pub async fn list(db: &Db, account: AccountId) -> Result<Vec<User>, MerchantError> {
    accounts::find(db, account).await?;
    Ok(db
        .read("users.list", move |tx| sql::select_users(tx, account))
        .await?)
}

/// Gives a person a role in the account, in place of the one that the person had, as the operator does: the audit log of
/// the account says so.
///
/// # Errors
/// [`MerchantError::NotAnEmail`], and [`MerchantError::LastOwner`] where it would leave the account without owner.
pub async fn set(app: &App, account: AccountId, address: &str, role: Role) -> Result<(), MerchantError> {
    accounts::find(&app.db, account).await?;
    let (address, now) = (address.to_lowercase(), app.clock.now());
    let operator = Actor::operator(app, account);
    app.db
        .write("users.set", move |tx| set_by(tx, &operator, &address, role, now))
        .await
}

/// The same for a lower-case address in the caller's unit of work, done and noted for this actor in the actor's account.
///
/// # Errors
/// As [`set`].
pub(crate) fn set_by(
    tx: &mut Tx<'_>,
    actor: &Actor,
    address: &str,
    role: Role,
    now: Timestamp,
) -> Result<(), MerchantError> {
    if !email::is_valid(address) || address.chars().count() > EMAIL_LENGTH_MAX {
        return Err(MerchantError::NotAnEmail(address.to_owned()));
    }
    if role != Role::Owner {
        keep_an_owner(tx, actor.account, address)?;
    }
    sql::upsert_user(tx, actor.account, address, role, now)?;
    let subject = format!("{address} {}", role.as_str());
    Ok(audit::note_by(tx, actor, Action::UserSet, &subject, now)?)
}

/// Takes a person out of the account, as the operator does: the audit log of the account says so.
///
/// # Errors
/// [`MerchantError::NoUser`], and [`MerchantError::LastOwner`] for the only owner.
pub async fn remove(app: &App, account: AccountId, address: &str) -> Result<(), MerchantError> {
    let (address, now) = (address.to_lowercase(), app.clock.now());
    let operator = Actor::operator(app, account);
    app.db
        .write("users.remove", move |tx| {
            remove_by(tx, &operator, &address, now).map(drop)
        })
        .await
}

/// The same for a lower-case address in the caller's unit of work, done and noted for this actor in the actor's account.
/// An invitation of the account's that the person did not use ends with it; says whether there was one.
///
/// # Errors
/// As [`remove`].
pub(crate) fn remove_by(
    tx: &mut Tx<'_>,
    actor: &Actor,
    address: &str,
    now: Timestamp,
) -> Result<bool, MerchantError> {
    let account = actor.account;
    keep_an_owner(tx, account, address)?;
    if sql::delete_user(tx, account, address)? == 0 {
        let email = address.to_owned();
        return Err(MerchantError::NoUser { account, email });
    }
    let was_invited = links::cancel(tx, account, address)?;
    if was_invited {
        audit::note_by(tx, actor, Action::InvitationCancel, address, now)?;
    }
    audit::note_by(tx, actor, Action::UserRemove, address, now)?;
    Ok(was_invited)
}

/// Makes the first user of a new account, its owner.
pub(super) fn insert_owner(
    tx: &mut Tx<'_>,
    account: AccountId,
    address: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    sql::upsert_user(tx, account, &address.to_lowercase(), Role::Owner, now)
}

fn keep_an_owner(tx: &mut Tx<'_>, account: AccountId, address: &str) -> Result<(), MerchantError> {
    let is_owner = sql::select_role(tx, account, address)? == Some(Role::Owner);
    match is_owner && sql::count_owners(tx, account)? == 1 {
        true => Err(MerchantError::LastOwner {
            account,
            email: address.to_owned(),
        }),
        false => Ok(()),
    }
}

const EMAIL_LENGTH_MAX: usize = 255;
