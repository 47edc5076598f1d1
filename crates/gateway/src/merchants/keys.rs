//! API keys: UUIDs told once, kept as SHA-256, with an alias, an expiry and the last use.

use ayni_domain::ids::AccountId;
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{Account, MerchantError, sql};
use crate::app::App;

/// SHA-256 of a key's text: what the database knows of it.
pub type KeyHash = [u8; 32];

/// What can be shown of a key after it was told.
#[derive(Clone, Debug)]
pub struct KeyEntry {
    /// The name its owner gave it, unique within the account.
    pub alias: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working; absent: never.
    pub expires_at: Option<Timestamp>,
    /// When it last opened a request, to the minute.
    pub last_used_at: Option<Timestamp>,
}

/// A key's account, and what decides whether the key still opens it.
pub(crate) struct KeyAccount {
    pub(crate) account: Account,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) last_used_at: Option<Timestamp>,
}

/// Makes a key and returns its text, which is not kept and can't be shown again.
///
/// # Errors
/// [`MerchantError::Key`] where the alias is none or is taken.
pub async fn create(
    app: &App,
    account: AccountId,
    alias: &str,
    expires_at: Option<Timestamp>,
) -> Result<Zeroizing<String>, MerchantError> {
    super::accounts::find(&app.db, account).await?;
    if !is_alias(alias) {
        return Err(alias_problem(
            account,
            &format!("an alias has 1 to {ALIAS_LENGTH_MAX} characters"),
        ));
    }
    let (key, hash) = draw(app);
    let (row_alias, now) = (alias.to_owned(), app.clock.now());
    app.db
        .write("keys.create", move |tx| {
            insert(tx, &hash, account, &row_alias, now, expires_at)
        })
        .await
        .map_err(|error| match error.is_conflict() {
            true => alias_problem(account, &format!("a key named «{alias}» exists already")),
            false => error.into(),
        })?;
    Ok(key)
}

/// A new key's text, and what is kept of it.
pub(crate) fn draw(app: &App) -> (Zeroizing<String>, KeyHash) {
    let key = Zeroizing::new(app.entropy.uuid().to_string());
    let hash = ayni_crypto::digest::sha256(key.as_bytes());
    (key, hash)
}

/// Writes a key that was drawn, in the caller's unit of work; a conflict where the account has one of that alias.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    hash: &KeyHash,
    account: AccountId,
    alias: &str,
    now: Timestamp,
    expires_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    sql::insert_key(tx, hash, account, alias, now, expires_at)
}

/// Whether a key may be called that: it is shown in lists and typed in commands.
pub fn is_alias(text: &str) -> bool {
    let length = text.chars().count();
    (1..=ALIAS_LENGTH_MAX).contains(&length) && !text.chars().any(char::is_control) && text == text.trim()
}

/// The account's keys, oldest first, expired ones included.
pub async fn list(db: &Db, account: AccountId) -> Result<Vec<KeyEntry>, MerchantError> {
    Ok(db.read("keys.list", move |tx| all(tx, account)).await?)
}

/// The same, within a unit of work.
pub fn all(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<KeyEntry>, StoreError> {
    sql::select_keys(tx, account)
}

/// The account's keys by what is known of them, with their aliases.
pub(crate) fn aliases(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<(KeyHash, String)>, StoreError> {
    sql::select_aliases(tx, account)
}

/// Ends a key: the next request that carries it is refused.
pub async fn expire(app: &App, account: AccountId, alias: &str) -> Result<(), MerchantError> {
    let (row_alias, now) = (alias.to_owned(), app.clock.now());
    match app
        .db
        .write("keys.expire", move |tx| {
            expire_at(tx, account, &row_alias, now, now)
        })
        .await?
    {
        false => Err(alias_problem(account, &format!("no live key is named «{alias}»"))),
        true => Ok(()),
    }
}

/// Has a key that is live now end at an instant, in the caller's unit of work; false where no live key is named so.
pub(crate) fn expire_at(
    tx: &mut Tx<'_>,
    account: AccountId,
    alias: &str,
    at: Timestamp,
    now: Timestamp,
) -> Result<bool, StoreError> {
    Ok(sql::expire_key(tx, account, alias, at, now)? == 1)
}

fn alias_problem(account: AccountId, problem: &str) -> MerchantError {
    MerchantError::Key {
        account,
        problem: problem.to_owned(),
    }
}

/// The account that a key opens, if it exists and has not expired; notes the use.
pub(crate) async fn open_with(app: &App, hash: KeyHash) -> Result<Option<Account>, StoreError> {
    let found = app.db.point("keys.open", move |tx| find(tx, &hash)).await?;
    Ok(open(app, hash, found))
}

/// The account of a key, whether or not the key has expired.
pub(crate) fn find(tx: &mut Tx<'_>, hash: &KeyHash) -> Result<Option<KeyAccount>, StoreError> {
    sql::select_key_account(tx, hash)
}

/// Goes on with what [`find`] finds, in the same snapshot; `None` where there is no such key.
pub(crate) fn find_then<T>(
    tx: &mut Tx<'_>,
    hash: &KeyHash,
    then: impl FnOnce(&mut Tx<'_>, KeyAccount) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    sql::select_key_account_then(tx, hash, then)
}

/// What [`find`] found, if the key has not expired; notes the use.
pub(crate) fn open(app: &App, hash: KeyHash, found: Option<KeyAccount>) -> Option<Account> {
    let (found, now) = (found?, app.clock.now());
    if found.expires_at.is_some_and(|end| end <= now) {
        return None;
    }
    let stale = found
        .last_used_at
        .is_none_or(|last| now.duration_since(last).as_secs() >= USE_STEP_S);
    if stale {
        app.key_uses.note(hash, now);
    }
    Some(found.account)
}

/// Writes the uses noted since the last call.
pub(crate) async fn record_uses(app: &App) -> Result<(), StoreError> {
    app.key_uses
        .record(&app.db, "keys.record-uses", sql::update_last_use)
        .await
}

/// Longest alias, in characters.
pub const ALIAS_LENGTH_MAX: usize = 64;
/// How exact `last_used_at` is.
const USE_STEP_S: i64 = 60;
