//! All SQL of clients, tokens and signing keys.

use ayni_domain::ids::AccountId;
use ayni_domain::oauth::CONSENT_LIFE;
use ayni_domain::oauth::pkce::Challenge;
use ayni_domain::oauth::scope::Scopes;
use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use jiff::{SignedDuration, Timestamp};

use super::NewCode;
use super::access::Known;
use super::clients::Client;
use super::family::Family;
use super::issue::TokenRow;
use super::keys::{KeyRow, Role};
use super::token::{CodeRow, RefreshRow};

use crate::keys::sealed::{count_sealed, select_sealed, update_sealed};

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    INSERT_CLIENT,
    SELECT_CLIENT,
    SELECT_CLIENTS,
    SELECT_CLIENT_NAME,
    EXPIRE_CLIENT,
    UPDATE_SECRET,
    UPDATE_REDIRECTS,
    INSERT_TOKEN,
    SELECT_KNOWN,
    REVOKE_TOKEN,
    INSERT_FAMILY,
    REVOKE_FAMILY,
    INSERT_CODE,
    SELECT_CODE,
    SPEND_CODE,
    DELETE_UNUSED_CODES,
    INSERT_REFRESH_TOKEN,
    SELECT_REFRESH_TOKEN,
    SPEND_REFRESH_TOKEN,
    REVOKE_CONSENTED,
    INSERT_SIGNING_KEY,
    SELECT_CURRENT_KEY,
    SELECT_PUBLIC_KEYS,
    RETIRE_CURRENT_KEY,
    PROMOTE_NEXT_KEY,
    DELETE_OLD_TOKENS,
    DELETE_OLD_CODES,
    DELETE_OLD_REFRESH_TOKENS,
    DELETE_OLD_FAMILIES,
    DELETE_OLD_KEYS,
    COUNT_SEALED_SIGNING_KEYS,
    SELECT_SEALED_SIGNING_KEYS,
    RESEAL_SIGNING_KEYS,
];

pub(super) const COUNT_SEALED_SIGNING_KEYS: &str = count_sealed!("signing_keys", "private_sealed");

pub(super) const SELECT_SEALED_SIGNING_KEYS: &str = select_sealed!("signing_keys", "kid", "private_sealed");

pub(super) const RESEAL_SIGNING_KEYS: &str = update_sealed!("signing_keys", "kid", "private_sealed");

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

/// A disabled account's clients are as good as expired.
pub(super) const SELECT_CLIENT: &str = "\
    SELECT c.id, c.account_id, c.name, c.secret_hash, c.redirect_uris, c.scopes, c.created_at, \
           COALESCE(c.expired_at, a.disabled_at) \
    FROM oauth_clients c JOIN accounts a ON a.id = c.account_id WHERE c.id = $1";

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

pub(super) const SELECT_CLIENT_NAME: &str = "SELECT name FROM oauth_clients WHERE id = $1";

pub(super) fn select_client_name(tx: &mut Tx<'_>, id: &str) -> Result<Option<String>, StoreError> {
    tx.one(SELECT_CLIENT_NAME, &[id.into()])?
        .map(|row| row.text(0))
        .transpose()
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

pub(super) const UPDATE_SECRET: &str = "\
    UPDATE oauth_clients SET secret_hash = $3 \
    WHERE account_id = $1 AND id = $2 AND expired_at IS NULL AND secret_hash IS NOT NULL";

pub(super) fn update_secret(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: &str,
    hash: &[u8; 32],
) -> Result<u64, StoreError> {
    tx.exec(UPDATE_SECRET, &[account.0.into(), id.into(), hash.into()])
}

pub(super) const UPDATE_REDIRECTS: &str = "\
    UPDATE oauth_clients SET redirect_uris = $3 WHERE account_id = $1 AND id = $2 AND expired_at IS NULL";

pub(super) fn update_redirects(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: &str,
    uris: &[String],
) -> Result<u64, StoreError> {
    let uris = uris.join("\n");
    tx.exec(
        UPDATE_REDIRECTS,
        &[account.0.into(), id.into(), uris.as_str().into()],
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

pub(super) const REVOKE_TOKEN: &str =
    "UPDATE oauth_tokens SET revoked_at = $3 WHERE id = $1 AND client_id = $2 AND revoked_at IS NULL";

pub(super) fn revoke_token(
    tx: &mut Tx<'_>,
    id: &str,
    client: &str,
    now: Timestamp,
) -> Result<u64, StoreError> {
    tx.exec(
        REVOKE_TOKEN,
        &[id.into(), client.into(), now.as_millisecond().into()],
    )
}

pub(super) const INSERT_FAMILY: &str = "\
    INSERT INTO oauth_families (id, client_id, consent_id, scopes, created_at) VALUES ($1, $2, $3, $4, $5)";

pub(super) fn insert_family(
    tx: &mut Tx<'_>,
    id: &str,
    client: &str,
    consent: &str,
    scopes: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let at_ms = now.as_millisecond();
    tx.exec(
        INSERT_FAMILY,
        &[
            id.into(),
            client.into(),
            consent.into(),
            scopes.into(),
            at_ms.into(),
        ],
    )?;
    Ok(())
}

pub(super) const REVOKE_FAMILY: &str =
    "UPDATE oauth_families SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";

pub(super) fn revoke_family(tx: &mut Tx<'_>, id: &str, now: Timestamp) -> Result<u64, StoreError> {
    tx.exec(REVOKE_FAMILY, &[id.into(), now.as_millisecond().into()])
}

pub(super) const REVOKE_CONSENTED: &str =
    "UPDATE oauth_families SET revoked_at = $2 WHERE consent_id = $1 AND revoked_at IS NULL";

pub(super) fn revoke_consented(tx: &mut Tx<'_>, consent: &str, now: Timestamp) -> Result<u64, StoreError> {
    tx.exec(REVOKE_CONSENTED, &[consent.into(), now.as_millisecond().into()])
}

pub(super) const INSERT_CODE: &str = "\
    INSERT INTO oauth_codes (hash, family_id, redirect_uri, challenge, expires_at) VALUES ($1, $2, $3, $4, $5)";

pub(super) fn insert_code(tx: &mut Tx<'_>, code: &NewCode) -> Result<(), StoreError> {
    tx.exec(
        INSERT_CODE,
        &[
            (&code.hash).into(),
            code.family.as_str().into(),
            code.redirect_uri.as_str().into(),
            code.challenge.as_str().into(),
            code.expires_at.as_millisecond().into(),
        ],
    )?;
    Ok(())
}

pub(super) const SELECT_CODE: &str = "\
    SELECT f.id, f.client_id, f.consent_id, s.account_id, s.subject, f.scopes, s.expires_at, \
           f.revoked_at, s.withdrawn_at, c.expires_at, c.used_at, c.redirect_uri, c.challenge \
    FROM oauth_codes c JOIN oauth_families f ON f.id = c.family_id JOIN consents s ON s.id = f.consent_id \
    WHERE c.hash = $1";

pub(super) fn select_code(tx: &mut Tx<'_>, hash: &[u8; 32]) -> Result<Option<CodeRow>, StoreError> {
    let Some(row) = tx.one(SELECT_CODE, &[hash.into()])? else {
        return Ok(None);
    };
    Ok(Some(CodeRow {
        family: family(&row)?,
        expires_at: time::from_ms(row.int(9)?),
        is_used: row.opt_int(10)?.is_some(),
        redirect_uri: row.text(11)?,
        challenge: Challenge::stored(row.text(12)?),
    }))
}

fn family(row: &Row) -> Result<Family, StoreError> {
    Ok(Family {
        id: row.text(0)?,
        client: row.text(1)?,
        consent: row.text(2)?,
        account: AccountId(row.int(3)?),
        subject: row.text(4)?,
        scopes: Scopes::parse(row.str(5)?).map_err(|_| StoreError::Column {
            column: 5,
            problem: "is no set of scopes",
        })?,
        ends_at: time::from_ms(row.int(6)?),
        is_ended: row.opt_int(7)?.is_some() || row.opt_int(8)?.is_some(),
    })
}

pub(super) const SPEND_CODE: &str = "UPDATE oauth_codes SET used_at = $2 WHERE hash = $1 AND used_at IS NULL";

pub(super) fn spend_code(tx: &mut Tx<'_>, hash: &[u8; 32], now: Timestamp) -> Result<u64, StoreError> {
    tx.exec(SPEND_CODE, &[hash.into(), now.as_millisecond().into()])
}

pub(super) const DELETE_UNUSED_CODES: &str =
    "DELETE FROM oauth_codes WHERE family_id = $1 AND used_at IS NULL";

pub(super) fn delete_unused_codes(tx: &mut Tx<'_>, family: &str) -> Result<u64, StoreError> {
    tx.exec(DELETE_UNUSED_CODES, &[family.into()])
}

pub(super) const INSERT_REFRESH_TOKEN: &str =
    "INSERT INTO oauth_refresh_tokens (hash, family_id, expires_at) VALUES ($1, $2, $3)";

pub(super) fn insert_refresh_token(
    tx: &mut Tx<'_>,
    hash: &[u8; 32],
    family: &str,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    tx.exec(
        INSERT_REFRESH_TOKEN,
        &[hash.into(), family.into(), expires_at.as_millisecond().into()],
    )?;
    Ok(())
}

pub(super) const SELECT_REFRESH_TOKEN: &str = "\
    SELECT f.id, f.client_id, f.consent_id, s.account_id, s.subject, f.scopes, s.expires_at, \
           f.revoked_at, s.withdrawn_at, r.expires_at, r.used_at \
    FROM oauth_refresh_tokens r JOIN oauth_families f ON f.id = r.family_id \
    JOIN consents s ON s.id = f.consent_id WHERE r.hash = $1";

pub(super) fn select_refresh_token(
    tx: &mut Tx<'_>,
    hash: &[u8; 32],
) -> Result<Option<RefreshRow>, StoreError> {
    let Some(row) = tx.one(SELECT_REFRESH_TOKEN, &[hash.into()])? else {
        return Ok(None);
    };
    Ok(Some(RefreshRow {
        family: family(&row)?,
        expires_at: time::from_ms(row.int(9)?),
        is_used: row.opt_int(10)?.is_some(),
    }))
}

pub(super) const SPEND_REFRESH_TOKEN: &str =
    "UPDATE oauth_refresh_tokens SET used_at = $2 WHERE hash = $1 AND used_at IS NULL";

pub(super) fn spend_refresh_token(
    tx: &mut Tx<'_>,
    hash: &[u8; 32],
    now: Timestamp,
) -> Result<u64, StoreError> {
    tx.exec(SPEND_REFRESH_TOKEN, &[hash.into(), now.as_millisecond().into()])
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
pub(super) const DELETE_OLD_CODES: &str = "DELETE FROM oauth_codes WHERE expires_at < $1";
pub(super) const DELETE_OLD_REFRESH_TOKENS: &str = "DELETE FROM oauth_refresh_tokens WHERE expires_at < $1";
pub(super) const DELETE_OLD_FAMILIES: &str = "DELETE FROM oauth_families WHERE created_at < $1";
pub(super) const DELETE_OLD_KEYS: &str = "DELETE FROM signing_keys WHERE role = 'past' AND retired_at < $1";

/// Deletes what is over. A used code is kept for a day, so that its replay is known for one.
pub(super) fn delete_old(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    let ago = |life: SignedDuration| {
        now.saturating_sub(life)
            .unwrap_or(Timestamp::MIN)
            .as_millisecond()
    };
    tx.exec(DELETE_OLD_TOKENS, &[now.as_millisecond().into()])?;
    tx.exec(DELETE_OLD_CODES, &[ago(CODE_KEPT_FOR).into()])?;
    tx.exec(DELETE_OLD_REFRESH_TOKENS, &[now.as_millisecond().into()])?;
    tx.exec(DELETE_OLD_FAMILIES, &[ago(CONSENT_LIFE).into()])?;
    tx.exec(DELETE_OLD_KEYS, &[ago(CONSENT_LIFE).into()])?;
    Ok(())
}

const CODE_KEPT_FOR: SignedDuration = SignedDuration::from_hours(24);
