//! All SQL of accounts, keys, users and collecting accounts.

use ayni_domain::creation::CollectingChoice;
use ayni_domain::currency::Currency;
use ayni_domain::ids::AccountId;

use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::collecting::CollectingAccount;
use super::keys::{KeyAccount, KeyEntry, KeyHash};
use super::{Account, ApiKeys};

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    INSERT_ACCOUNT,
    SELECT_ACCOUNT,
    SELECT_ACCOUNTS,
    UPDATE_DISABLED_AT,
    SELECT_RENDITION_URL,
    UPDATE_RENDITION_URL,
    UPDATE_NOTIFY_URL,
    UPDATE_PRIVILEGES,
    UPDATE_API_KEYS,
    SELECT_SECRETS,
    UPDATE_SECRETS,
    INSERT_KEY,
    SELECT_KEYS,
    SELECT_ALIASES,
    EXPIRE_KEY,
    UPDATE_LAST_USE,
    SELECT_KEY_ACCOUNT,
    INSERT_COLLECTING,
    SELECT_COLLECTING,
    SELECT_COLLECTING_BY_UUID,
    SELECT_FIRST_HELD,
    SELECT_COLLECTING_LOGIN,
    UPDATE_LOGIN,
    SELECT_FIRST_COLLECTING,
    SELECT_FIRST_SHARED,
    SELECT_SHARED,
];

pub(super) const INSERT_ACCOUNT: &str = "\
    INSERT INTO accounts (id, name, email, mode, privileges, integrator_account_id, notify_url, rendition_url, \
                          secret_sealed, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

pub(super) fn insert_account(
    tx: &mut Tx<'_>,
    account: &Account,
    rendition_url: Option<&str>,
    secret_sealed: &[u8],
    now: Timestamp,
) -> Result<(), StoreError> {
    let privileges = account.privileges.to_string();
    tx.exec(
        INSERT_ACCOUNT,
        &[
            account.id.0.into(),
            account.name.as_str().into(),
            account.email.as_str().into(),
            account.mode.as_str().into(),
            privileges.as_str().into(),
            account.integrator.map(|id| id.0).into(),
            account.notify_url.as_deref().into(),
            rendition_url.into(),
            secret_sealed.into(),
            now.as_millisecond().into(),
        ],
    )?;
    Ok(())
}

pub(super) const SELECT_ACCOUNT: &str = "\
    SELECT id, name, email, mode, privileges, integrator_account_id, notify_url, api_keys, disabled_at \
    FROM accounts WHERE id = $1";

pub(super) fn select_account(tx: &mut Tx<'_>, id: AccountId) -> Result<Option<Account>, StoreError> {
    tx.one(SELECT_ACCOUNT, &[id.0.into()])?
        .map(|row| account(&row))
        .transpose()
}

pub(super) const SELECT_ACCOUNTS: &str = "\
    SELECT id, name, email, mode, privileges, integrator_account_id, notify_url, api_keys, disabled_at \
    FROM accounts ORDER BY created_at, id";

pub(super) fn select_accounts(tx: &mut Tx<'_>) -> Result<Vec<Account>, StoreError> {
    tx.all(SELECT_ACCOUNTS, &[])?.iter().map(account).collect()
}

fn account(row: &Row) -> Result<Account, StoreError> {
    Ok(Account {
        id: AccountId(row.int(0)?),
        name: row.text(1)?,
        email: row.text(2)?,
        mode: row.text(3)?.parse().map_err(|_| StoreError::Column {
            column: 3,
            problem: "is no mode",
        })?,
        privileges: row.text(4)?.parse().map_err(|_| StoreError::Column {
            column: 4,
            problem: "is no set of privileges",
        })?,
        integrator: row.opt_int(5)?.map(AccountId),
        notify_url: row.opt_text(6)?,
        api_keys: ApiKeys::parse(row.str(7)?).unwrap_or_default(),
        disabled_at: row.opt_int(8)?.map(time::from_ms),
    })
}

pub(super) const UPDATE_DISABLED_AT: &str = "UPDATE accounts SET disabled_at = $2 WHERE id = $1";

pub(super) fn update_disabled_at(
    tx: &mut Tx<'_>,
    id: AccountId,
    disabled_at: Option<Timestamp>,
) -> Result<u64, StoreError> {
    let disabled_ms = disabled_at.map(Timestamp::as_millisecond);
    tx.exec(UPDATE_DISABLED_AT, &[id.0.into(), disabled_ms.into()])
}

pub(super) const UPDATE_RENDITION_URL: &str = "UPDATE accounts SET rendition_url = $2 WHERE id = $1";

pub(super) fn update_rendition_url(
    tx: &mut Tx<'_>,
    id: AccountId,
    url: Option<&str>,
) -> Result<u64, StoreError> {
    tx.exec(UPDATE_RENDITION_URL, &[id.0.into(), url.into()])
}

pub(super) const UPDATE_NOTIFY_URL: &str = "UPDATE accounts SET notify_url = $2 WHERE id = $1";

pub(super) fn update_notify_url(
    tx: &mut Tx<'_>,
    id: AccountId,
    url: Option<&str>,
) -> Result<u64, StoreError> {
    tx.exec(UPDATE_NOTIFY_URL, &[id.0.into(), url.into()])
}

pub(super) const SELECT_RENDITION_URL: &str = "SELECT rendition_url FROM accounts WHERE id = $1";

pub(super) fn select_rendition_url(tx: &mut Tx<'_>, id: AccountId) -> Result<Option<String>, StoreError> {
    match tx.one(SELECT_RENDITION_URL, &[id.0.into()])? {
        Some(row) => row.opt_text(0),
        None => Ok(None),
    }
}

pub(super) const UPDATE_PRIVILEGES: &str = "UPDATE accounts SET privileges = $2 WHERE id = $1";

pub(super) fn update_privileges(tx: &mut Tx<'_>, id: AccountId, privileges: &str) -> Result<u64, StoreError> {
    tx.exec(UPDATE_PRIVILEGES, &[id.0.into(), privileges.into()])
}

pub(super) const UPDATE_API_KEYS: &str = "UPDATE accounts SET api_keys = $2 WHERE id = $1";

pub(super) fn update_api_keys(tx: &mut Tx<'_>, id: AccountId, setting: ApiKeys) -> Result<u64, StoreError> {
    tx.exec(UPDATE_API_KEYS, &[id.0.into(), setting.as_str().into()])
}

/// What signs an account's notifications, sealed.
pub(super) struct SealedSecrets {
    pub(super) current: Vec<u8>,
    /// The next one, and when it takes over.
    pub(super) next: Option<(Vec<u8>, Timestamp)>,
}

pub(super) const SELECT_SECRETS: &str =
    "SELECT secret_sealed, next_secret_sealed, next_secret_at FROM accounts WHERE id = $1";

pub(super) fn select_secrets(tx: &mut Tx<'_>, id: AccountId) -> Result<Option<SealedSecrets>, StoreError> {
    let Some(row) = tx.one(SELECT_SECRETS, &[id.0.into()])? else {
        return Ok(None);
    };
    let takes_over_at = row.opt_int(2)?.map(time::from_ms);
    Ok(Some(SealedSecrets {
        current: row.bytes(0)?,
        next: row.opt_bytes(1)?.zip(takes_over_at),
    }))
}

pub(super) const UPDATE_SECRETS: &str = "\
    UPDATE accounts SET secret_sealed = $2, next_secret_sealed = $3, next_secret_at = $4 WHERE id = $1";

pub(super) fn update_secrets(
    tx: &mut Tx<'_>,
    id: AccountId,
    current: &[u8],
    next: Option<(&[u8], Timestamp)>,
) -> Result<(), StoreError> {
    let takes_over_ms = next.map(|(_, at)| at.as_millisecond());
    tx.exec(
        UPDATE_SECRETS,
        &[
            id.0.into(),
            current.into(),
            next.map(|(sealed, _)| sealed).into(),
            takes_over_ms.into(),
        ],
    )?;
    Ok(())
}

pub(super) const INSERT_KEY: &str = "\
    INSERT INTO api_keys (hash, account_id, alias, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)";

pub(super) fn insert_key(
    tx: &mut Tx<'_>,
    hash: &KeyHash,
    account: AccountId,
    alias: &str,
    now: Timestamp,
    expires_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    let expires_ms = expires_at.map(Timestamp::as_millisecond);
    tx.exec(
        INSERT_KEY,
        &[
            hash.as_slice().into(),
            account.0.into(),
            alias.into(),
            now.as_millisecond().into(),
            expires_ms.into(),
        ],
    )?;
    Ok(())
}

pub(super) const SELECT_KEYS: &str = "\
    SELECT alias, created_at, expires_at, last_used_at FROM api_keys WHERE account_id = $1 \
    ORDER BY created_at, alias";

pub(super) fn select_keys(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<KeyEntry>, StoreError> {
    tx.all(SELECT_KEYS, &[account.0.into()])?
        .iter()
        .map(|row| {
            Ok(KeyEntry {
                alias: row.text(0)?,
                created_at: time::from_ms(row.int(1)?),
                expires_at: row.opt_int(2)?.map(time::from_ms),
                last_used_at: row.opt_int(3)?.map(time::from_ms),
            })
        })
        .collect()
}

pub(super) const SELECT_ALIASES: &str = "SELECT hash, alias FROM api_keys WHERE account_id = $1";

pub(super) fn select_aliases(
    tx: &mut Tx<'_>,
    account: AccountId,
) -> Result<Vec<(KeyHash, String)>, StoreError> {
    let rows = tx.all(SELECT_ALIASES, &[account.0.into()])?;
    let pair = |row: &Row| Ok((KeyHash::try_from(row.bytes(0)?).unwrap_or_default(), row.text(1)?));
    rows.iter().map(pair).collect()
}

pub(super) const EXPIRE_KEY: &str = "\
    UPDATE api_keys SET expires_at = $3 \
    WHERE account_id = $1 AND alias = $2 AND (expires_at IS NULL OR expires_at > $4)";

pub(super) fn expire_key(
    tx: &mut Tx<'_>,
    account: AccountId,
    alias: &str,
    at: Timestamp,
    now: Timestamp,
) -> Result<u64, StoreError> {
    tx.exec(
        EXPIRE_KEY,
        &[
            account.0.into(),
            alias.into(),
            at.as_millisecond().into(),
            now.as_millisecond().into(),
        ],
    )
}

pub(super) const UPDATE_LAST_USE: &str = "\
    UPDATE api_keys SET last_used_at = $2 WHERE hash = $1 AND (last_used_at IS NULL OR last_used_at < $2)";

pub(super) fn update_last_use(tx: &mut Tx<'_>, hash: &KeyHash, at: Timestamp) -> Result<(), StoreError> {
    tx.exec(
        UPDATE_LAST_USE,
        &[hash.as_slice().into(), at.as_millisecond().into()],
    )?;
    Ok(())
}

pub(super) const SELECT_KEY_ACCOUNT: &str = "\
    SELECT a.id, a.name, a.email, a.mode, a.privileges, a.integrator_account_id, a.notify_url, \
           a.api_keys, a.disabled_at, k.expires_at, k.last_used_at \
    FROM api_keys k JOIN accounts a ON a.id = k.account_id WHERE k.hash = $1";

pub(super) fn select_key_account(tx: &mut Tx<'_>, hash: &KeyHash) -> Result<Option<KeyAccount>, StoreError> {
    select_key_account_then(tx, hash, |_, found| Ok(found))
}

/// Goes on in the same snapshot.
pub(super) fn select_key_account_then<T>(
    tx: &mut Tx<'_>,
    hash: &KeyHash,
    then: impl FnOnce(&mut Tx<'_>, KeyAccount) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    tx.one_then(SELECT_KEY_ACCOUNT, &[hash.as_slice().into()], |tx, row| {
        let found = KeyAccount {
            account: account(&row)?,
            expires_at: row.opt_int(9)?.map(time::from_ms),
            last_used_at: row.opt_int(10)?.map(time::from_ms),
        };
        then(tx, found)
    })
}

pub(super) const INSERT_COLLECTING: &str = "\
    INSERT INTO collecting_accounts (id, uuid, account_id, bank_id, currency, number, holder_name, \
                                     holder_identifier, holder_email, login_sealed, created_at, custody) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

pub(super) fn insert_collecting(
    tx: &mut Tx<'_>,
    new: &CollectingAccount,
    login_sealed: Option<&[u8]>,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.exec(
        INSERT_COLLECTING,
        &[
            new.id.into(),
            new.uuid.as_str().into(),
            new.account.0.into(),
            new.bank_id.as_str().into(),
            new.currency.code().into(),
            new.number.as_str().into(),
            new.holder_name.as_str().into(),
            new.holder_identifier.as_str().into(),
            new.holder_email.as_str().into(),
            login_sealed.into(),
            now.as_millisecond().into(),
            new.custody.as_str().into(),
        ],
    )?;
    Ok(())
}

pub(super) const SELECT_COLLECTING: &str = "\
    SELECT id, uuid, account_id, bank_id, currency, number, holder_name, holder_identifier, holder_email, \
           login_sealed, custody FROM collecting_accounts WHERE account_id = $1 ORDER BY created_at, id";

pub(super) fn select_collecting(
    tx: &mut Tx<'_>,
    account: AccountId,
) -> Result<Vec<CollectingAccount>, StoreError> {
    tx.all(SELECT_COLLECTING, &[account.0.into()])?
        .iter()
        .map(collecting)
        .collect()
}

pub(super) const SELECT_COLLECTING_BY_UUID: &str = "\
    SELECT id, uuid, account_id, bank_id, currency, number, holder_name, holder_identifier, holder_email, \
           login_sealed, custody FROM collecting_accounts WHERE uuid = $1";

pub(super) fn select_collecting_by_uuid(
    tx: &mut Tx<'_>,
    uuid: &str,
) -> Result<Option<CollectingAccount>, StoreError> {
    tx.one(SELECT_COLLECTING_BY_UUID, &[uuid.into()])?
        .map(|row| collecting(&row))
        .transpose()
}

/// The oldest bank account of a currency on which the operator holds money.
pub(super) const SELECT_FIRST_HELD: &str = "\
    SELECT id, uuid, account_id, bank_id, currency, number, holder_name, holder_identifier, holder_email, \
           login_sealed, custody FROM collecting_accounts \
    WHERE account_id = $1 AND currency = $2 AND custody = 'gateway' ORDER BY created_at, id LIMIT 1";

pub(super) fn select_first_held(
    tx: &mut Tx<'_>,
    account: AccountId,
    currency: Currency,
) -> Result<Option<CollectingAccount>, StoreError> {
    tx.one(SELECT_FIRST_HELD, &[account.0.into(), currency.code().into()])?
        .map(|row| collecting(&row))
        .transpose()
}

pub(super) const UPDATE_LOGIN: &str = "UPDATE collecting_accounts SET login_sealed = $2 WHERE id = $1";

pub(super) fn update_login(tx: &mut Tx<'_>, id: i64, login_sealed: &[u8]) -> Result<u64, StoreError> {
    tx.exec(UPDATE_LOGIN, &[id.into(), login_sealed.into()])
}

pub(super) const SELECT_COLLECTING_LOGIN: &str = "\
    SELECT id, uuid, account_id, bank_id, currency, number, holder_name, holder_identifier, holder_email, \
           login_sealed, custody FROM collecting_accounts WHERE id = $1";

type SealedLogin = (CollectingAccount, Option<Vec<u8>>);

pub(super) fn select_collecting_login(tx: &mut Tx<'_>, id: i64) -> Result<Option<SealedLogin>, StoreError> {
    let Some(row) = tx.one(SELECT_COLLECTING_LOGIN, &[id.into()])? else {
        return Ok(None);
    };
    Ok(Some((collecting(&row)?, row.opt_bytes(9)?)))
}

fn collecting(row: &Row) -> Result<CollectingAccount, StoreError> {
    let currency = row.text(4)?;
    Ok(CollectingAccount {
        id: row.int(0)?,
        uuid: row.text(1)?,
        account: AccountId(row.int(2)?),
        bank_id: row.text(3)?,
        currency: currency.parse::<Currency>().map_err(|_| StoreError::Column {
            column: 4,
            problem: "is no currency",
        })?,
        number: row.text(5)?,
        holder_name: row.text(6)?,
        holder_identifier: row.text(7)?,
        holder_email: row.text(8)?,
        has_login: row.opt_bytes(9)?.is_some(),
        custody: row.str(10)?.parse().map_err(|_| StoreError::Column {
            column: 10,
            problem: "is no custody",
        })?,
    })
}

pub(super) const SELECT_FIRST_COLLECTING: &str = "\
    SELECT id FROM collecting_accounts WHERE account_id = $1 AND currency = $2 ORDER BY created_at, id LIMIT 1";

pub(super) fn select_first_collecting(
    tx: &mut Tx<'_>,
    account: AccountId,
    currency: Currency,
) -> Result<Option<i64>, StoreError> {
    tx.one(
        SELECT_FIRST_COLLECTING,
        &[account.0.into(), currency.code().into()],
    )?
    .map(|row| row.int(0))
    .transpose()
}

pub(super) const SELECT_FIRST_SHARED: &str = "\
    SELECT id FROM collecting_accounts WHERE account_id = $1 AND currency = $2 AND custody = 'gateway' \
    ORDER BY created_at, id LIMIT 1";

/// The oldest collecting account of a currency on which the merchants of this integrator may collect.
pub(super) fn select_first_shared(
    tx: &mut Tx<'_>,
    integrator: AccountId,
    currency: Currency,
) -> Result<Option<i64>, StoreError> {
    tx.one(
        SELECT_FIRST_SHARED,
        &[integrator.0.into(), currency.code().into()],
    )?
    .map(|row| row.int(0))
    .transpose()
}

pub(super) const SELECT_SHARED: &str = "\
    SELECT id, uuid, currency FROM collecting_accounts WHERE account_id = $1 AND custody = 'gateway' \
    ORDER BY created_at, id";

/// All collecting accounts on which the merchants of this integrator may collect.
pub(super) fn select_shared(
    tx: &mut Tx<'_>,
    integrator: AccountId,
) -> Result<Vec<CollectingChoice>, StoreError> {
    let choice = |row: &Row| {
        Ok(CollectingChoice {
            id: row.int(0)?,
            uuid: row.text(1)?,
            currency: row.str(2)?.parse().map_err(|_| StoreError::Column {
                column: 2,
                problem: "is no currency",
            })?,
        })
    };
    tx.all(SELECT_SHARED, &[integrator.0.into()])?
        .iter()
        .map(choice)
        .collect()
}
