//! Collecting accounts: the bank accounts on which money arrives, with the bank login sealed.

use ayni_connectors::statement::BankLogin;
use ayni_crypto::keyring::Keyring;
use ayni_domain::creation::CollectingChoice;
use ayni_domain::currency::Currency;
use ayni_domain::custody::Custody;
use ayni_domain::ids::AccountId;
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{MerchantError, sql};
use crate::app::App;
use crate::keys::sealed::RowKey;
use crate::reconciliation;

/// A bank account of a merchant, without its login.
#[derive(Clone, Debug)]
pub struct CollectingAccount {
    /// The row's number, for joins.
    pub id: i64,
    /// `collect_account_uuid` of the wire.
    pub uuid: String,
    /// Whose it is.
    pub account: AccountId,
    /// The bank, as in `GET /v3/banks`.
    pub bank_id: String,
    /// Its one currency.
    pub currency: Currency,
    /// The account's number at the bank.
    pub number: String,
    /// The holder's name, for the payer's transfer.
    pub holder_name: String,
    /// The holder's RUT, without dots and hyphen.
    pub holder_identifier: String,
    /// Where the bank may tell the holder of a transfer.
    pub holder_email: String,
    /// Whether a connector reads its statement.
    pub has_login: bool,
    /// Whose bank account it is.
    pub custody: Custody,
}

/// What is said of a collecting account that is added.
#[derive(Clone)]
pub struct NewCollectingAccount {
    /// Whose it is.
    pub account: AccountId,
    /// The bank, as in `GET /v3/banks`.
    pub bank_id: String,
    /// Its one currency.
    pub currency: Currency,
    /// The account's number at the bank.
    pub number: String,
    /// The holder's name.
    pub holder_name: String,
    /// The holder's RUT, without dots and hyphen.
    pub holder_identifier: String,
    /// The holder's e-mail.
    pub holder_email: String,
    /// Whose bank account it is.
    pub custody: Custody,
}

/// Adds a collecting account; its login, if any, is sealed before it is stored, and its statement is read from now on.
pub async fn add(
    app: &App,
    new: NewCollectingAccount,
    login: Option<&BankLogin>,
) -> Result<CollectingAccount, MerchantError> {
    super::accounts::find(&app.db, new.account).await?;
    let uuid: Uuid = app.entropy.uuid();
    let account = CollectingAccount {
        id: (app.entropy.u64() >> ID_SHIFT) as i64,
        uuid: uuid.to_string(),
        account: new.account,
        bank_id: new.bank_id,
        currency: new.currency,
        number: new.number,
        holder_name: new.holder_name,
        holder_identifier: new.holder_identifier,
        holder_email: new.holder_email,
        has_login: login.is_some(),
        custody: new.custody,
    };
    let sealed = login.map(|login| seal(app, account.id, login)).transpose()?;
    let (row, now) = (account.clone(), app.clock.now());
    app.db
        .write("merchants.add-collecting", move |tx| {
            sql::insert_collecting(tx, &row, sealed.as_deref(), now)?;
            match row.has_login {
                true => reconciliation::request_reading(tx, row.id, now, now),
                false => Ok(()),
            }
        })
        .await
        .map_err(|error| match error.is_conflict() {
            true => MerchantError::AccountTaken {
                bank_id: account.bank_id.clone(),
                number: account.number.clone(),
            },
            false => error.into(),
        })?;
    Ok(account)
}

/// Replaces the bank login of a collecting account, or gives it its first one; its statement is read at once, also
/// where the bank had refused the login before.
pub async fn replace_login(
    app: &App,
    account: CollectingAccount,
    login: &BankLogin,
) -> Result<CollectingAccount, MerchantError> {
    let sealed = seal(app, account.id, login)?;
    let (id, now) = (account.id, app.clock.now());
    let changed = app
        .db
        .write("merchants.replace-login", move |tx| {
            let changed = sql::update_login(tx, id, &sealed)?;
            reconciliation::request_reading(tx, id, now, now)?;
            Ok::<_, StoreError>(changed)
        })
        .await?;
    match changed {
        0 => Err(MerchantError::NoCollecting(account.uuid)),
        _ => Ok(CollectingAccount {
            has_login: true,
            ..account
        }),
    }
}

/// The account's collecting accounts, oldest first.
pub async fn list(db: &Db, account: AccountId) -> Result<Vec<CollectingAccount>, MerchantError> {
    Ok(db
        .point("merchants.collecting", move |tx| all(tx, account))
        .await?)
}

/// The same, within a unit of work.
pub fn all(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<CollectingAccount>, StoreError> {
    sql::select_collecting(tx, account)
}

/// One collecting account, as commands name it.
pub async fn find_by_uuid(db: &Db, uuid: &str) -> Result<CollectingAccount, MerchantError> {
    let wanted = uuid.to_owned();
    db.point("merchants.collecting-by-uuid", move |tx| {
        sql::select_collecting_by_uuid(tx, &wanted)
    })
    .await?
    .ok_or_else(|| MerchantError::NoCollecting(uuid.to_owned()))
}

/// One collecting account, within a unit of work.
pub fn find(tx: &mut Tx<'_>, collecting_id: i64) -> Result<Option<CollectingAccount>, StoreError> {
    Ok(sql::select_collecting_login(tx, collecting_id)?.map(|(account, _)| account))
}

/// The bank account on which the operator holds an account's money of a currency beside what is collected, as its wallet:
/// the oldest of its own, or where it has none, of its integrator's.
pub fn first_held(
    tx: &mut Tx<'_>,
    account: AccountId,
    integrator: Option<AccountId>,
    currency: Currency,
) -> Result<Option<CollectingAccount>, StoreError> {
    let own = sql::select_first_held(tx, account, currency)?;
    match (own, integrator) {
        (None, Some(integrator)) => sql::select_first_held(tx, integrator, currency),
        (own, _) => Ok(own),
    }
}

/// The oldest collecting account of a currency, as a payment's creation needs it (its `uuid` is not read): the account's
/// own, or where it has none, its integrator's.
pub fn first_in(
    tx: &mut Tx<'_>,
    account: AccountId,
    integrator: Option<AccountId>,
    currency: Currency,
) -> Result<Vec<CollectingChoice>, StoreError> {
    let own = sql::select_first_collecting(tx, account, currency)?;
    let id = match (own, integrator) {
        (None, Some(integrator)) => sql::select_first_shared(tx, integrator, currency)?,
        (own, _) => own,
    };
    Ok(id
        .into_iter()
        .map(|id| CollectingChoice {
            id,
            uuid: String::new(),
            currency,
        })
        .collect())
}

/// All collecting accounts, oldest first, as a payment's creation needs them: the account's own, then those of its
/// integrator.
pub fn choices(
    tx: &mut Tx<'_>,
    account: AccountId,
    integrator: Option<AccountId>,
) -> Result<Vec<CollectingChoice>, StoreError> {
    let own = sql::select_collecting(tx, account)?;
    let mut all: Vec<CollectingChoice> = own
        .into_iter()
        .map(|one| CollectingChoice {
            id: one.id,
            uuid: one.uuid,
            currency: one.currency,
        })
        .collect();
    if let Some(integrator) = integrator {
        all.extend(sql::select_shared(tx, integrator)?);
    }
    Ok(all)
}

/// Whether an integrator has collecting accounts on which its merchants may collect.
pub fn shares(tx: &mut Tx<'_>, integrator: AccountId) -> Result<bool, StoreError> {
    Ok(!sql::select_shared(tx, integrator)?.is_empty())
}

/// A collecting account with its login opened; `None` where there is no such account or no login.
pub fn login_of(
    tx: &mut Tx<'_>,
    keyring: &Keyring,
    collecting_id: i64,
) -> Result<Option<(CollectingAccount, BankLogin)>, MerchantError> {
    let Some((account, Some(sealed))) = sql::select_collecting_login(tx, collecting_id)? else {
        return Ok(None);
    };
    let plain = keyring.open(&login_context(collecting_id), &sealed)?;
    Ok(serde_json::from_slice(&plain).ok().map(|login| (account, login)))
}

fn seal(app: &App, collecting_id: i64, login: &BankLogin) -> Result<Vec<u8>, MerchantError> {
    Ok(app
        .keyring
        .seal(&login_context(collecting_id), &login_text(login)?)?)
}

fn login_text(login: &BankLogin) -> Result<Zeroizing<Vec<u8>>, MerchantError> {
    Ok(Zeroizing::new(
        serde_json::to_vec(login).map_err(MerchantError::Login)?,
    ))
}

fn login_context(collecting_id: i64) -> String {
    login_context_of(&RowKey::Number(collecting_id))
}

/// What the login of a row is sealed for.
pub(super) fn login_context_of(key: &RowKey) -> String {
    format!("collecting-login:{key}")
}

/// Keeps ids within 53 bits, so that any JSON reader can take them.
const ID_SHIFT: u32 = 11;
