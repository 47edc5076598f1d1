//! All SQL of links.

use ayni_domain::ids::AccountId;
use ayni_domain::link::Link;
use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use jiff::Timestamp;
use uuid::Uuid;

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    INSERT_LINK,
    SELECT_LINK,
    SELECT_LINKS,
    REVOKE_LINK,
    UPDATE_LAST_USE,
    SELECT_LAST_EXPIRY,
];

pub(super) const INSERT_LINK: &str = "\
    INSERT INTO links (id, account_id, institution, issued_at, expires_at) VALUES ($1, $2, $3, $4, $5)";

pub(super) fn insert_link(tx: &mut Tx<'_>, link: &Link) -> Result<(), StoreError> {
    let id = link.id.to_string();
    tx.exec(
        INSERT_LINK,
        &[
            id.as_str().into(),
            link.account.0.into(),
            link.institution.as_str().into(),
            link.issued_at.as_millisecond().into(),
            link.expires_at.as_millisecond().into(),
        ],
    )?;
    Ok(())
}

pub(super) const SELECT_LINK: &str = "\
    SELECT id, account_id, institution, issued_at, expires_at, revoked_at, last_used_at \
    FROM links WHERE id = $1 AND account_id = $2";

pub(super) fn select_link(tx: &mut Tx<'_>, account: AccountId, id: Uuid) -> Result<Option<Link>, StoreError> {
    let id = id.to_string();
    tx.one(SELECT_LINK, &[id.as_str().into(), account.0.into()])?
        .map(|row| link(&row))
        .transpose()
}

pub(super) const SELECT_LINKS: &str = "\
    SELECT id, account_id, institution, issued_at, expires_at, revoked_at, last_used_at \
    FROM links WHERE account_id = $1 ORDER BY issued_at DESC, id DESC LIMIT $2";

pub(super) fn select_links(tx: &mut Tx<'_>, account: AccountId, limit: i64) -> Result<Vec<Link>, StoreError> {
    tx.all(SELECT_LINKS, &[account.0.into(), limit.into()])?
        .iter()
        .map(link)
        .collect()
}

/// A link that is revoked already keeps its first instant.
pub(super) const REVOKE_LINK: &str = "\
    UPDATE links SET revoked_at = COALESCE(revoked_at, $3) WHERE id = $1 AND account_id = $2";

pub(super) fn revoke_link(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: Uuid,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let id = id.to_string();
    tx.exec(
        REVOKE_LINK,
        &[id.as_str().into(), account.0.into(), now.as_millisecond().into()],
    )
}

pub(super) const UPDATE_LAST_USE: &str = "\
    UPDATE links SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $3)";

pub(super) fn update_last_use(
    tx: &mut Tx<'_>,
    id: Uuid,
    now: Timestamp,
    noted_before: Timestamp,
) -> Result<(), StoreError> {
    let id = id.to_string();
    tx.exec(
        UPDATE_LAST_USE,
        &[
            id.as_str().into(),
            now.as_millisecond().into(),
            noted_before.as_millisecond().into(),
        ],
    )?;
    Ok(())
}

fn link(row: &Row) -> Result<Link, StoreError> {
    Ok(Link {
        id: row.str(0)?.parse().map_err(|_| StoreError::Column {
            column: 0,
            problem: "is no UUID",
        })?,
        account: AccountId(row.int(1)?),
        institution: row.text(2)?,
        issued_at: time::from_ms(row.int(3)?),
        expires_at: time::from_ms(row.int(4)?),
        revoked_at: row.opt_int(5)?.map(time::from_ms),
        last_used_at: row.opt_int(6)?.map(time::from_ms),
    })
}

pub(super) const SELECT_LAST_EXPIRY: &str = "\
    SELECT MAX(expires_at) FROM links WHERE issued_at <= $1 AND expires_at > $2 AND revoked_at IS NULL";

/// When the last of those ends that were issued by an instant and are valid at another.
pub(super) fn select_last_expiry(
    tx: &mut Tx<'_>,
    issued_by: Timestamp,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let params = [issued_by.as_millisecond().into(), now.as_millisecond().into()];
    let row = tx.one(SELECT_LAST_EXPIRY, &params)?;
    let at_ms = row.map_or(Ok(None), |row| row.opt_int(0))?;
    Ok(at_ms.map(time::from_ms))
}
