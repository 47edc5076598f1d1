//! Making, finding and listing accounts.

use ayni_domain::ids::AccountId;
use ayni_domain::privilege::{Mode, Privilege, Privileges};
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{Account, ApiKeys, MerchantError, secrets, sql, users};
use crate::app::App;

/// What is said of an account that is made.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Shown to payers; absent: `Cobrador de desarrollo #{receiver id with dots}`.
    pub name: Option<String>,
    /// Its own e-mail, and its first user, who may collect.
    pub email: String,
    /// Developer or live.
    pub mode: Mode,
    /// What it may do beyond collecting.
    pub privileges: Privileges,
    /// The account's default `notify_url`.
    pub notify_url: Option<String>,
    /// The account that integrates it, which must have the privilege and be of the same mode.
    pub integrator: Option<AccountId>,
}

/// What is told once about a new account: the account and the secret that signs its notifications.
pub struct AccountSecret {
    /// The account.
    pub account: Account,
    /// 40 hexadecimal characters.
    pub secret: Zeroizing<String>,
}

/// Makes an account with a secret of its own and its e-mail as first user, its owner.
pub async fn create(app: &App, new: NewAccount) -> Result<AccountSecret, MerchantError> {
    if let Some(integrator) = new.integrator {
        check_integrator(&find(&app.db, integrator).await?, new.mode)?;
    }
    let secret = secrets::draw(app);
    loop {
        let id = draw_id(app);
        let account = Account {
            id,
            name: new.name.clone().unwrap_or_else(|| developer_name(id)),
            email: new.email.clone(),
            mode: new.mode,
            privileges: new.privileges,
            integrator: new.integrator,
            notify_url: new.notify_url.clone(),
            api_keys: ApiKeys::Accepted,
            disabled_at: None,
        };
        let sealed = secrets::seal(&app.keyring, id, &secret)?;
        let row = account.clone();
        let now = app.clock.now();
        let done = app
            .db
            .write("merchants.create", move |tx| insert(tx, &row, None, &sealed, now))
            .await;
        match done {
            Err(error) if error.is_conflict() => {}
            Err(error) => return Err(error.into()),
            Ok(()) => return Ok(AccountSecret { account, secret }),
        }
    }
}

/// An identifier that is probably free; where it is taken, [`insert`] ends with a conflict.
pub(crate) fn draw_id(app: &App) -> AccountId {
    AccountId(FIRST_ID + (app.entropy.u64() % ID_SPAN) as i64)
}

/// Writes a new account and its first user, in the caller's unit of work.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    account: &Account,
    rendition_url: Option<&str>,
    secret_sealed: &[u8],
    now: Timestamp,
) -> Result<(), StoreError> {
    sql::insert_account(tx, account, rendition_url, secret_sealed, now)?;
    users::insert_owner(tx, account.id, &account.email, now)
}

/// One account.
pub async fn find(db: &Db, id: AccountId) -> Result<Account, MerchantError> {
    db.point("merchants.find", move |tx| sql::select_account(tx, id))
        .await?
        .ok_or(MerchantError::NoAccount(id))
}

/// One account, within a unit of work.
pub fn read(tx: &mut Tx<'_>, id: AccountId) -> Result<Account, MerchantError> {
    sql::select_account(tx, id)?.ok_or(MerchantError::NoAccount(id))
}

/// The name of a developer account, and of the payer of its payments on DemoBank.
pub fn developer_name(id: AccountId) -> String {
    format!("Cobrador de desarrollo #{}", id.dotted())
}

/// All accounts, oldest first.
pub async fn list(db: &Db) -> Result<Vec<Account>, MerchantError> {
    Ok(db.read("merchants.list", sql::select_accounts).await?)
}

/// Where the account is told of its settlements, if that was said.
pub fn rendition_url(tx: &mut Tx<'_>, id: AccountId) -> Result<Option<String>, StoreError> {
    sql::select_rendition_url(tx, id)
}

/// Sets where the account is told of its settlements; with `None` it is not.
pub async fn set_rendition_url(db: &Db, id: AccountId, url: Option<String>) -> Result<(), MerchantError> {
    db.write("merchants.rendition-url", move |tx| {
        write_rendition_url(tx, id, url.as_deref())
    })
    .await
}

/// The same, in the caller's unit of work.
pub(crate) fn write_rendition_url(
    tx: &mut Tx<'_>,
    id: AccountId,
    url: Option<&str>,
) -> Result<(), MerchantError> {
    match sql::update_rendition_url(tx, id, url)? {
        0 => Err(MerchantError::NoAccount(id)),
        _ => Ok(()),
    }
}

/// Sets where the account is notified of payments that name no `notify_url`, in the caller's unit of work; with `None`
/// it is not.
pub(crate) fn write_notify_url(
    tx: &mut Tx<'_>,
    id: AccountId,
    url: Option<&str>,
) -> Result<(), MerchantError> {
    match sql::update_notify_url(tx, id, url)? {
        0 => Err(MerchantError::NoAccount(id)),
        _ => Ok(()),
    }
}

/// Lets nothing more be done with the account, or lets it again. Its keys and tokens are refused from the next request
/// on, and its open payments can't be paid; money that comes all the same is recorded as ever.
pub async fn set_disabled(app: &App, id: AccountId, is_disabled: bool) -> Result<(), MerchantError> {
    let disabled_at = is_disabled.then(|| app.clock.now());
    match app
        .db
        .write("merchants.set-disabled", move |tx| {
            sql::update_disabled_at(tx, id, disabled_at)
        })
        .await?
    {
        0 => Err(MerchantError::NoAccount(id)),
        _ => Ok(()),
    }
}

/// Replaces the account's privileges.
pub async fn grant(db: &Db, id: AccountId, privileges: Privileges) -> Result<(), MerchantError> {
    let text = privileges.to_string();
    match db
        .write("merchants.grant", move |tx| sql::update_privileges(tx, id, &text))
        .await?
    {
        0 => Err(MerchantError::NoAccount(id)),
        _ => Ok(()),
    }
}

/// Says whether the account's API keys open the data side.
pub async fn set_api_keys(db: &Db, id: AccountId, setting: ApiKeys) -> Result<(), MerchantError> {
    match db
        .write("merchants.api-keys", move |tx| {
            sql::update_api_keys(tx, id, setting)
        })
        .await?
    {
        0 => Err(MerchantError::NoAccount(id)),
        _ => Ok(()),
    }
}

fn check_integrator(integrator: &Account, mode: Mode) -> Result<(), MerchantError> {
    let problem = if !integrator.privileges.has(Privilege::Integrator) {
        "grant it the privilege integrator first"
    } else if integrator.mode != mode {
        "a developer account integrates developer accounts, a live one live ones"
    } else {
        return Ok(());
    };
    Err(MerchantError::NotAnIntegrator {
        id: integrator.id,
        problem,
    })
}

const FIRST_ID: i64 = 100_000;
const ID_SPAN: u64 = 900_000;
