//! Making, finding and listing accounts.

use ayni_domain::ids::AccountId;
use ayni_domain::privilege::{Mode, Privileges};
use ayni_store::db::Db;
use ayni_store::tx::Tx;
use zeroize::Zeroizing;

use super::{Account, ApiKeys, MerchantError, secrets, sql};
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
}

/// What is told once about a new account: the account and the secret that signs its notifications.
pub struct AccountSecret {
    /// The account.
    pub account: Account,
    /// 40 hexadecimal characters.
    pub secret: Zeroizing<String>,
}

/// Makes an account with a secret of its own and its e-mail as first user.
pub async fn create(app: &App, new: NewAccount) -> Result<AccountSecret, MerchantError> {
    let secret = secrets::draw(app);
    loop {
        let id = AccountId(FIRST_ID + (app.entropy.u64() % ID_SPAN) as i64);
        let account = Account {
            id,
            name: new.name.clone().unwrap_or_else(|| developer_name(id)),
            email: new.email.clone(),
            mode: new.mode,
            privileges: new.privileges,
            integrator: None,
            notify_url: new.notify_url.clone(),
            api_keys: ApiKeys::Accepted,
        };
        let sealed = secrets::seal(&app.keyring, id, &secret)?;
        let row = account.clone();
        let now = app.clock.now();
        let done = app
            .db
            .write("merchants.create", move |tx| {
                sql::insert_account(tx, &row, &sealed, now)?;
                sql::insert_user(tx, row.id, &row.email.to_lowercase(), now)
            })
            .await;
        match done {
            Err(error) if error.is_conflict() => {}
            Err(error) => return Err(error.into()),
            Ok(()) => return Ok(AccountSecret { account, secret }),
        }
    }
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

const FIRST_ID: i64 = 100_000;
const ID_SPAN: u64 = 900_000;
