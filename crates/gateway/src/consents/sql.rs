//! All SQL of consents and of people's ways to them.

use ayni_domain::ids::AccountId;
use ayni_domain::oauth::progress::State;
use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use jiff::{SignedDuration, Timestamp};

use super::authorization::{Authorization, Kind};
use super::{Consent, ConsentId, NewConsent};

use crate::keys::sealed::{count_sealed, select_sealed, update_sealed};

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    INSERT_AUTHORIZATION,
    SELECT_AUTHORIZATION,
    UPDATE_STEP,
    END_AUTHORIZATION,
    INSERT_CONSENT,
    SELECT_LOGIN,
    SELECT_CONSENT,
    SELECT_CONSENTS_OF,
    SELECT_SCOPES_OF,
    SELECT_CONSENTS_HELD,
    SELECT_LINKED_CONSENT,
    UPDATE_LAST_USE,
    WITHDRAW_CONSENT,
    SELECT_EXCHANGED,
    DELETE_PUBLIC_TOKENS,
    INSERT_PUBLIC_TOKEN,
    SELECT_PUBLIC_TOKEN,
    SPEND_PUBLIC_TOKEN,
    DELETE_OLD_AUTHORIZATIONS,
    DELETE_OLD_PUBLIC_TOKENS,
    ERASE_OLD_LOGINS,
    COUNT_SEALED_LOGINS,
    SELECT_SEALED_LOGINS,
    RESEAL_LOGINS,
    COUNT_SEALED_WAITING,
];

pub(super) const COUNT_SEALED_LOGINS: &str = count_sealed!("consents", "login_sealed");

pub(super) const SELECT_SEALED_LOGINS: &str = select_sealed!("consents", "id", "login_sealed");

pub(super) const RESEAL_LOGINS: &str = update_sealed!("consents", "id", "login_sealed");

pub(super) const COUNT_SEALED_WAITING: &str = count_sealed!("authorizations", "waiting_sealed");

pub(super) const INSERT_AUTHORIZATION: &str = "\
    INSERT INTO authorizations (hash, kind, account_id, client_id, asked, browser_hash, state, version, created_at, \
                                expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

pub(super) fn insert_authorization(
    tx: &mut Tx<'_>,
    way: &Authorization,
    now: Timestamp,
) -> Result<(), StoreError> {
    let asked = serde_json::to_string(&way.asked).unwrap_or_default();
    tx.exec(
        INSERT_AUTHORIZATION,
        &[
            (&way.hash).into(),
            way.kind.as_str().into(),
            way.account.map(|account| account.0).into(),
            way.client.as_deref().into(),
            asked.as_str().into(),
            way.browser_hash.as_deref().into(),
            way.state.as_str().into(),
            way.version.into(),
            now.as_millisecond().into(),
            way.expires_at.as_millisecond().into(),
        ],
    )?;
    Ok(())
}

pub(super) const SELECT_AUTHORIZATION: &str = "\
    SELECT kind, account_id, client_id, asked, browser_hash, state, version, waiting_sealed, consent_id, family_id, \
           expires_at FROM authorizations WHERE hash = $1";

pub(super) fn select_authorization(
    tx: &mut Tx<'_>,
    hash: &[u8; 32],
) -> Result<Option<Authorization>, StoreError> {
    let Some(row) = tx.one(SELECT_AUTHORIZATION, &[hash.into()])? else {
        return Ok(None);
    };
    let wrong = |column, problem| StoreError::Column { column, problem };
    Ok(Some(Authorization {
        hash: *hash,
        kind: Kind::parse(row.str(0)?).ok_or(wrong(0, "is no kind"))?,
        account: row.opt_int(1)?.map(AccountId),
        client: row.opt_text(2)?,
        asked: serde_json::from_str(row.str(3)?).map_err(|_| wrong(3, "is no request"))?,
        browser_hash: row.opt_bytes(4)?,
        state: State::parse(row.str(5)?).ok_or(wrong(5, "is no state"))?,
        version: row.int(6)?,
        waiting_sealed: row.opt_bytes(7)?,
        consent: row.opt_text(8)?,
        family: row.opt_text(9)?,
        expires_at: time::from_ms(row.int(10)?),
    }))
}

pub(super) const UPDATE_STEP: &str = "\
    UPDATE authorizations SET waiting_sealed = $3, browser_hash = $4, version = version + 1 \
    WHERE hash = $1 AND version = $2 AND state = 'asking'";

/// What waits from now on; 0 where another step came first.
pub(super) fn update_step(
    tx: &mut Tx<'_>,
    way: &Authorization,
    waiting_sealed: Option<&[u8]>,
    browser: &[u8; 32],
) -> Result<u64, StoreError> {
    tx.exec(
        UPDATE_STEP,
        &[
            (&way.hash).into(),
            way.version.into(),
            waiting_sealed.into(),
            browser.into(),
        ],
    )
}

pub(super) const END_AUTHORIZATION: &str = "\
    UPDATE authorizations SET state = $3, consent_id = $4, family_id = $5, waiting_sealed = NULL, \
           version = version + 1 WHERE hash = $1 AND version = $2 AND state = 'asking'";

/// The person's word; 0 where another step came first.
pub(super) fn end_authorization(
    tx: &mut Tx<'_>,
    way: &Authorization,
    state: State,
    consent: Option<&ConsentId>,
    family: Option<&str>,
) -> Result<u64, StoreError> {
    tx.exec(
        END_AUTHORIZATION,
        &[
            (&way.hash).into(),
            way.version.into(),
            state.as_str().into(),
            consent.map(|consent| consent.0.as_str()).into(),
            family.into(),
        ],
    )
}

pub(super) const INSERT_CONSENT: &str = "\
    INSERT INTO consents (id, account_id, client_id, scope, person, subject, login_sealed, link_hash, created_at, \
                          expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

pub(super) fn insert_consent(tx: &mut Tx<'_>, new: &NewConsent, now: Timestamp) -> Result<(), StoreError> {
    tx.exec(
        INSERT_CONSENT,
        &[
            new.id.0.as_str().into(),
            new.account.0.into(),
            new.client.as_deref().into(),
            new.scope.as_str().into(),
            new.person.as_str().into(),
            new.subject.as_str().into(),
            (&new.login_sealed).into(),
            (&new.link_hash).into(),
            now.as_millisecond().into(),
            new.expires_at.as_millisecond().into(),
        ],
    )?;
    Ok(())
}

pub(super) const SELECT_LOGIN: &str =
    "SELECT login_sealed FROM consents WHERE id = $1 AND withdrawn_at IS NULL AND expires_at > $2";

pub(super) fn select_login(tx: &mut Tx<'_>, id: &str, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
    match tx.one(SELECT_LOGIN, &[id.into(), now.as_millisecond().into()])? {
        Some(row) => row.opt_bytes(0),
        None => Ok(None),
    }
}

pub(super) const SELECT_CONSENT: &str = "\
    SELECT id, account_id, client_id, scope, person, subject, created_at, expires_at, withdrawn_at, \
           last_used_at \
    FROM consents WHERE id = $1";

pub(super) fn select_consent(tx: &mut Tx<'_>, id: &ConsentId) -> Result<Option<Consent>, StoreError> {
    tx.one(SELECT_CONSENT, &[id.0.as_str().into()])?
        .map(|row| consent(&row))
        .transpose()
}

pub(super) const SELECT_CONSENTS_OF: &str = "\
    SELECT id, account_id, client_id, scope, person, subject, created_at, expires_at, withdrawn_at, \
           last_used_at \
    FROM consents WHERE person = $1 ORDER BY created_at DESC, id LIMIT 100";

pub(super) fn select_consents_of(tx: &mut Tx<'_>, person: &str) -> Result<Vec<Consent>, StoreError> {
    tx.all(SELECT_CONSENTS_OF, &[person.into()])?
        .iter()
        .map(consent)
        .collect()
}

pub(super) const SELECT_SCOPES_OF: &str =
    "SELECT DISTINCT scope FROM consents WHERE account_id = $1 ORDER BY scope LIMIT 1000";

/// The institutions of an account's consents.
pub(super) fn select_scopes_of(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<String>, StoreError> {
    let rows = tx.all(SELECT_SCOPES_OF, &[account.0.into()])?;
    rows.iter().map(|row| row.text(0)).collect()
}

pub(super) const SELECT_CONSENTS_HELD: &str = "\
    SELECT id, account_id, client_id, scope, person, subject, created_at, expires_at, withdrawn_at, \
           last_used_at \
    FROM consents WHERE account_id = $1 AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT $4";

pub(super) fn select_consents_held(
    tx: &mut Tx<'_>,
    account: AccountId,
    (at, id): (Timestamp, &str),
    limit: i64,
) -> Result<Vec<Consent>, StoreError> {
    let params = [
        account.0.into(),
        at.as_millisecond().into(),
        id.into(),
        limit.into(),
    ];
    tx.all(SELECT_CONSENTS_HELD, &params)?
        .iter()
        .map(consent)
        .collect()
}

pub(super) const SELECT_LINKED_CONSENT: &str = "\
    SELECT id, account_id, client_id, scope, person, subject, created_at, expires_at, withdrawn_at, \
           last_used_at \
    FROM consents WHERE link_hash = $1";

pub(super) fn select_linked_consent(
    tx: &mut Tx<'_>,
    link_hash: &[u8; 32],
) -> Result<Option<Consent>, StoreError> {
    tx.one(SELECT_LINKED_CONSENT, &[link_hash.into()])?
        .map(|row| consent(&row))
        .transpose()
}

fn consent(row: &Row) -> Result<Consent, StoreError> {
    Ok(Consent {
        id: ConsentId(row.text(0)?),
        account: AccountId(row.int(1)?),
        client: row.opt_text(2)?,
        scope: row.text(3)?,
        person: row.text(4)?,
        subject: row.text(5)?,
        created_at: time::from_ms(row.int(6)?),
        expires_at: time::from_ms(row.int(7)?),
        withdrawn_at: row.opt_int(8)?.map(time::from_ms),
        last_used_at: row.opt_int(9)?.map(time::from_ms),
    })
}

pub(super) const UPDATE_LAST_USE: &str =
    "UPDATE consents SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $3)";

/// Writes a use, where none was written within [`USE_STEP`].
pub(super) fn update_last_use(tx: &mut Tx<'_>, id: &ConsentId, at: Timestamp) -> Result<(), StoreError> {
    let old = at - USE_STEP;
    tx.exec(
        UPDATE_LAST_USE,
        &[
            id.0.as_str().into(),
            at.as_millisecond().into(),
            old.as_millisecond().into(),
        ],
    )?;
    Ok(())
}

pub(super) const WITHDRAW_CONSENT: &str = "\
    UPDATE consents SET withdrawn_at = $2, login_sealed = NULL WHERE id = $1 AND withdrawn_at IS NULL";

pub(super) fn withdraw_consent(tx: &mut Tx<'_>, id: &ConsentId, now: Timestamp) -> Result<u64, StoreError> {
    tx.exec(
        WITHDRAW_CONSENT,
        &[id.0.as_str().into(), now.as_millisecond().into()],
    )
}

pub(super) const SELECT_EXCHANGED: &str =
    "SELECT 1 FROM public_tokens WHERE consent_id = $1 AND used_at IS NOT NULL LIMIT 1";

pub(super) fn select_exchanged(tx: &mut Tx<'_>, consent: &ConsentId) -> Result<bool, StoreError> {
    Ok(tx.one(SELECT_EXCHANGED, &[consent.0.as_str().into()])?.is_some())
}

pub(super) const DELETE_PUBLIC_TOKENS: &str = "DELETE FROM public_tokens WHERE consent_id = $1";

pub(super) fn delete_public_tokens(tx: &mut Tx<'_>, consent: &ConsentId) -> Result<u64, StoreError> {
    tx.exec(DELETE_PUBLIC_TOKENS, &[consent.0.as_str().into()])
}

pub(super) const INSERT_PUBLIC_TOKEN: &str =
    "INSERT INTO public_tokens (hash, account_id, consent_id, expires_at) VALUES ($1, $2, $3, $4)";

pub(super) fn insert_public_token(
    tx: &mut Tx<'_>,
    hash: &[u8; 32],
    account: AccountId,
    consent: &ConsentId,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    let ends_ms = expires_at.as_millisecond();
    tx.exec(
        INSERT_PUBLIC_TOKEN,
        &[
            hash.into(),
            account.0.into(),
            consent.0.as_str().into(),
            ends_ms.into(),
        ],
    )?;
    Ok(())
}

pub(super) const SELECT_PUBLIC_TOKEN: &str = "\
    SELECT consent_id FROM public_tokens WHERE hash = $1 AND account_id = $2 AND expires_at > $3 AND used_at IS NULL";

pub(super) fn select_public_token(
    tx: &mut Tx<'_>,
    hash: &[u8; 32],
    account: AccountId,
    now: Timestamp,
) -> Result<Option<ConsentId>, StoreError> {
    let found = tx.one(
        SELECT_PUBLIC_TOKEN,
        &[hash.into(), account.0.into(), now.as_millisecond().into()],
    )?;
    found.map(|row| row.text(0).map(ConsentId)).transpose()
}

pub(super) const SPEND_PUBLIC_TOKEN: &str = "\
    UPDATE public_tokens SET used_at = $3 \
    WHERE hash = $1 AND account_id = $2 AND expires_at > $3 AND used_at IS NULL RETURNING consent_id";

pub(super) fn spend_public_token(
    tx: &mut Tx<'_>,
    hash: &[u8; 32],
    account: AccountId,
    now: Timestamp,
) -> Result<Option<ConsentId>, StoreError> {
    let spent = tx.one(
        SPEND_PUBLIC_TOKEN,
        &[hash.into(), account.0.into(), now.as_millisecond().into()],
    )?;
    spent.map(|row| row.text(0).map(ConsentId)).transpose()
}

pub(super) const DELETE_OLD_AUTHORIZATIONS: &str = "DELETE FROM authorizations WHERE expires_at < $1";
pub(super) const DELETE_OLD_PUBLIC_TOKENS: &str = "DELETE FROM public_tokens WHERE expires_at < $1";
pub(super) const ERASE_OLD_LOGINS: &str =
    "UPDATE consents SET login_sealed = NULL WHERE login_sealed IS NOT NULL AND expires_at < $1";

pub(super) fn delete_old(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    let now_ms = now.as_millisecond();
    for statement in [
        DELETE_OLD_AUTHORIZATIONS,
        DELETE_OLD_PUBLIC_TOKENS,
        ERASE_OLD_LOGINS,
    ] {
        tx.exec(statement, &[now_ms.into()])?;
    }
    Ok(())
}

/// How exact `last_used_at` is.
const USE_STEP: SignedDuration = SignedDuration::from_mins(1);
