//! All SQL of clients, tokens and signing keys.

use ayni_domain::ids::AccountId;
use ayni_domain::oauth::CONSENT_LIFE;
use ayni_domain::oauth::scope::Scopes;
use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::access::Known;
use super::clients::Client;
use super::issue::TokenRow;
use super::keys::{KeyRow, Role};

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    INSERT_CLIENT,
    SELECT_CLIENT,
    SELECT_CLIENTS,
    EXPIRE_CLIENT,
    INSERT_TOKEN,
    SELECT_KNOWN,
    INSERT_SIGNING_KEY,
    SELECT_CURRENT_KEY,
    SELECT_PUBLIC_KEYS,
    RETIRE_CURRENT_KEY,
    PROMOTE_NEXT_KEY,
    DELETE_OLD_TOKENS,
    DELETE_OLD_KEYS,
];

pub(super) const INSERT_CLIENT: &str = "\
    INSERT INTO oauth_clients (id, account_id, name, secret_hash, redirect_uris, scopes, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7)";

pub(super) fn insert_client(tx: &mut Tx<'_>, client: &Client) -> Result<(), StoreError> {
    let (uris, scopes) = (client.redirect_uris.join("\n"), client.scopes.to_string());
    tx.exec(
        INSERT_CLIENT,
        &[
            client.id.as_str().into(),
            client.account.0.into(),
            client.name.as_str().into(),
            client.secret_hash.as_ref().map(<[u8; 32]>::as_slice).into(),
            uris.as_str().into(),
            scopes.as_str().into(),
            client.created_at.as_millisecond().into(),
        ],
    )?;
    Ok(())
}

pub(super) const SELECT_CLIENT: &str = "\
    SELECT id, account_id, name, secret_hash, redirect_uris, scopes, created_at, expired_at \
    FROM oauth_clients WHERE id = $1";

pub(super) fn select_client(tx: &mut Tx<'_>, id: &str) -> Result<Option<Client>, StoreError> {
    tx.one(SELECT_CLIENT, &[id.into()])?
        .map(|row| client(&row))
        .transpose()
}

pub(super) const SELECT_CLIENTS: &str = "\
    SELECT id, account_id, name, secret_hash, redirect_uris, scopes, created_at, expired_at \
    FROM oauth_clients WHERE account_id = $1 ORDER BY created_at, id";

pub(super) fn select_clients(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Client>, StoreError> {
    tx.all(SELECT_CLIENTS, &[account.0.into()])?
        .iter()
        .map(client)
        .collect()
}

fn client(row: &Row) -> Result<Client, StoreError> {
    let wrong = |column, problem| StoreError::Column { column, problem };
    let hash = row.opt_bytes(3)?.map(<[u8; 32]>::try_from).transpose();
    Ok(Client {
        id: row.text(0)?,
        account: AccountId(row.int(1)?),
        name: row.text(2)?,
        secret_hash: hash.map_err(|_| wrong(3, "is no SHA-256"))?,
        redirect_uris: row.str(4)?.lines().map(str::to_owned).collect(),
        scopes: Scopes::parse(row.str(5)?).map_err(|_| wrong(5, "is no set of scopes"))?,
        created_at: time::from_ms(row.int(6)?),
        expired_at: row.opt_int(7)?.map(time::from_ms),
    })
}

pub(super) const EXPIRE_CLIENT: &str = "\
    UPDATE oauth_clients SET expired_at = $3 WHERE account_id = $1 AND id = $2 AND expired_at IS NULL";

pub(super) fn expire_client(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: &str,
    now: Timestamp,
) -> Result<u64, StoreError> {
    tx.exec(
        EXPIRE_CLIENT,
        &[account.0.into(), id.into(), now.as_millisecond().into()],
    )
}

pub(super) const INSERT_TOKEN: &str = "\
    INSERT INTO oauth_tokens (id, account_id, client_id, family_id, consent_id, expires_at) \
    VALUES ($1, $2, $3, $4, $5, $6)";

pub(super) fn insert_token(tx: &mut Tx<'_>, token: &TokenRow) -> Result<(), StoreError> {
    tx.exec(
        INSERT_TOKEN,
        &[
            token.id.as_str().into(),
            token.account.0.into(),
            token.client.as_deref().into(),
            token.family.as_deref().into(),
            token.consent.as_deref().into(),
            token.expires_at.as_millisecond().into(),
        ],
    )?;
    Ok(())
}

// One row answers every question about a token: its key, its family, its consent and its client.
pub(super) const SELECT_KNOWN: &str = "\
    SELECT t.account_id, t.consent_id, k.public, t.expires_at, \
           t.revoked_at, f.revoked_at, s.withdrawn_at, c.expired_at, s.expires_at \
    FROM oauth_tokens t \
    LEFT JOIN signing_keys k ON k.kid = $2 \
    LEFT JOIN oauth_families f ON f.id = t.family_id \
    LEFT JOIN consents s ON s.id = t.consent_id \
    LEFT JOIN oauth_clients c ON c.id = t.client_id \
    WHERE t.id = $1";

pub(super) fn select_known(tx: &mut Tx<'_>, id: &str, kid: &str) -> Result<Option<Known>, StoreError> {
    let Some(row) = tx.one(SELECT_KNOWN, &[id.into(), kid.into()])? else {
        return Ok(None);
    };
    let mut is_ended = false;
    for column in 4..=7 {
        is_ended |= row.opt_int(column)?.is_some();
    }
    Ok(Some(Known {
        account: row.int(0)?,
        consent: row.opt_text(1)?,
        public: row.opt_bytes(2)?,
        expires_at: time::from_ms(row.int(3)?),
        is_ended,
        consent_expires_at: row.opt_int(8)?.map(time::from_ms),
    }))
}

pub(super) const INSERT_SIGNING_KEY: &str = "\
    INSERT INTO signing_keys (kid, private_sealed, public, role, created_at) VALUES ($1, $2, $3, $4, $5)";

pub(super) fn insert_signing_key(
    tx: &mut Tx<'_>,
    key: &KeyRow,
    role: Role,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.exec(
        INSERT_SIGNING_KEY,
        &[
            key.kid.as_str().into(),
            key.private_sealed.as_slice().into(),
            key.public.as_slice().into(),
            role.as_str().into(),
            now.as_millisecond().into(),
        ],
    )?;
    Ok(())
}

pub(super) const SELECT_CURRENT_KEY: &str =
    "SELECT kid, private_sealed, public FROM signing_keys WHERE role = 'current'";

pub(super) fn select_current_key(tx: &mut Tx<'_>) -> Result<Option<KeyRow>, StoreError> {
    let Some(row) = tx.one(SELECT_CURRENT_KEY, &[])? else {
        return Ok(None);
    };
    Ok(Some(KeyRow {
        kid: row.text(0)?,
        private_sealed: row.bytes(1)?,
        public: row.bytes(2)?,
    }))
}

pub(super) const SELECT_PUBLIC_KEYS: &str = "\
    SELECT public FROM signing_keys WHERE role <> 'past' OR retired_at >= $1 ORDER BY created_at, kid LIMIT 100";

pub(super) fn select_public_keys(
    tx: &mut Tx<'_>,
    retired_since: Timestamp,
) -> Result<Vec<Vec<u8>>, StoreError> {
    tx.all(SELECT_PUBLIC_KEYS, &[retired_since.as_millisecond().into()])?
        .iter()
        .map(|row| row.bytes(0))
        .collect()
}

pub(super) const RETIRE_CURRENT_KEY: &str =
    "UPDATE signing_keys SET role = 'past', retired_at = $1 WHERE role = 'current'";

pub(super) fn retire_current_key(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, StoreError> {
    tx.exec(RETIRE_CURRENT_KEY, &[now.as_millisecond().into()])
}

pub(super) const PROMOTE_NEXT_KEY: &str = "UPDATE signing_keys SET role = 'current' WHERE role = 'next'";

pub(super) fn promote_next_key(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    tx.exec(PROMOTE_NEXT_KEY, &[])
}

pub(super) const DELETE_OLD_TOKENS: &str = "DELETE FROM oauth_tokens WHERE expires_at < $1";
pub(super) const DELETE_OLD_KEYS: &str = "DELETE FROM signing_keys WHERE role = 'past' AND retired_at < $1";

/// Deletes what is over: tokens, and keys that signed nothing that can still be in force.
pub(super) fn delete_old(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    tx.exec(DELETE_OLD_TOKENS, &[now.as_millisecond().into()])?;
    let keys_since = now.saturating_sub(CONSENT_LIFE).unwrap_or(Timestamp::MIN);
    tx.exec(DELETE_OLD_KEYS, &[keys_since.as_millisecond().into()])?;
    Ok(())
}
