//! All SQL of reusable payment links.

use ayni_domain::ids::{AccountId, LinkCode, PaymentId};
use ayni_domain::payment_link::PaymentLink;
use ayni_domain::time::from_ms;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use ayni_store::value::Value;
use jiff::Timestamp;

use super::{LinkUse, Use};

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    INSERT_LINK,
    SELECT_LINK,
    SELECT_LINKS,
    UPDATE_TERMS,
    UPDATE_ACTIVITY,
    INSERT_USE,
    COUNT_USE,
    SELECT_USE,
    SELECT_USES,
];

const INSERT_LINK: &str = "\
    INSERT INTO payment_links (code, account_id, created_at, version, terms, expires_at, uses, uses_max) \
    VALUES ($1, $2, $3, 1, $4, $5, 0, $6) ON CONFLICT (code) DO NOTHING";

/// False where the code is taken.
pub(super) fn insert_link(tx: &mut Tx<'_>, link: &PaymentLink, terms: &str) -> Result<bool, StoreError> {
    let params = [
        link.code.as_str().into(),
        link.account.0.into(),
        link.created_at.as_millisecond().into(),
        terms.into(),
        instant(link.terms.expires_at),
        link.terms.uses_max.map_or(Value::Null, Value::Int),
    ];
    Ok(tx.exec(INSERT_LINK, &params)? == 1)
}

const SELECT_LINK: &str = "\
    SELECT code, account_id, created_at, version, terms, uses, deactivated_at FROM payment_links WHERE code = $1";

pub(super) fn select_link(tx: &mut Tx<'_>, code: LinkCode) -> Result<Option<PaymentLink>, StoreError> {
    let found = tx.one(SELECT_LINK, &[code.as_str().into()])?;
    found.map(|row| link(&row)).transpose()
}

const SELECT_LINKS: &str = "\
    SELECT code, account_id, created_at, version, terms, uses, deactivated_at FROM payment_links \
    WHERE account_id = $1 AND (created_at, code) < ($2, $3) ORDER BY created_at DESC, code DESC LIMIT $4";

/// Newest first, those before a place.
pub(super) fn select_links(
    tx: &mut Tx<'_>,
    account: AccountId,
    before: (i64, &str),
    limit: i64,
) -> Result<Vec<PaymentLink>, StoreError> {
    let params = [account.0.into(), before.0.into(), before.1.into(), limit.into()];
    tx.all(SELECT_LINKS, &params)?.iter().map(link).collect()
}

const UPDATE_TERMS: &str = "\
    UPDATE payment_links SET version = version + 1, terms = $3, expires_at = $4, uses_max = $5 \
    WHERE code = $1 AND version = $2";

/// False where somebody else changed it since it was read.
pub(super) fn update_terms(tx: &mut Tx<'_>, link: &PaymentLink, terms: &str) -> Result<bool, StoreError> {
    let params = [
        link.code.as_str().into(),
        link.version.into(),
        terms.into(),
        instant(link.terms.expires_at),
        link.terms.uses_max.map_or(Value::Null, Value::Int),
    ];
    Ok(tx.exec(UPDATE_TERMS, &params)? == 1)
}

const UPDATE_ACTIVITY: &str = "\
    UPDATE payment_links SET deactivated_at = $3 WHERE code = $1 AND account_id = $2";

pub(super) fn update_activity(
    tx: &mut Tx<'_>,
    account: AccountId,
    code: LinkCode,
    deactivated_at: Option<Timestamp>,
) -> Result<bool, StoreError> {
    let params = [code.as_str().into(), account.0.into(), instant(deactivated_at)];
    Ok(tx.exec(UPDATE_ACTIVITY, &params)? == 1)
}

const INSERT_USE: &str = "\
    INSERT INTO payment_link_uses (code, submission, at, quantity, payment_id) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT (code, submission) DO NOTHING";

/// False where this very form was sent before.
pub(super) fn insert_use(
    tx: &mut Tx<'_>,
    used: &LinkUse,
    payment: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let params = [
        used.code.as_str().into(),
        used.submission.as_str().into(),
        now.as_millisecond().into(),
        used.quantity.into(),
        payment.into(),
    ];
    Ok(tx.exec(INSERT_USE, &params)? == 1)
}

/// The guard of every use: whoever comes second waits for the row and counts on what the first one left.
const COUNT_USE: &str = "\
    UPDATE payment_links SET uses = uses + 1 WHERE code = $1 AND version = $2 AND deactivated_at IS NULL \
    AND (expires_at IS NULL OR expires_at > $3) AND (uses_max IS NULL OR uses < uses_max)";

/// False where the link changed, or may not be used.
pub(super) fn count_use(tx: &mut Tx<'_>, used: &LinkUse, now: Timestamp) -> Result<bool, StoreError> {
    let params = [
        used.code.as_str().into(),
        used.version.into(),
        now.as_millisecond().into(),
    ];
    Ok(tx.exec(COUNT_USE, &params)? == 1)
}

const SELECT_USE: &str = "SELECT payment_id FROM payment_link_uses WHERE code = $1 AND submission = $2";

pub(super) fn select_use(
    tx: &mut Tx<'_>,
    code: LinkCode,
    submission: &str,
) -> Result<Option<PaymentId>, StoreError> {
    let found = tx.one(SELECT_USE, &[code.as_str().into(), submission.into()])?;
    found.map(|row| payment_id(&row, 0)).transpose()
}

const SELECT_USES: &str = "\
    SELECT payment_id, at, quantity FROM payment_link_uses \
    WHERE code = $1 AND (at, payment_id) < ($2, $3) ORDER BY at DESC, payment_id DESC LIMIT $4";

/// Newest first, those before a place.
pub(super) fn select_uses(
    tx: &mut Tx<'_>,
    code: LinkCode,
    before: (i64, &str),
    limit: i64,
) -> Result<Vec<Use>, StoreError> {
    let params = [
        code.as_str().into(),
        before.0.into(),
        before.1.into(),
        limit.into(),
    ];
    let rows = tx.all(SELECT_USES, &params)?;
    let read = |row: &Row| {
        Ok(Use {
            payment: payment_id(row, 0)?,
            at: from_ms(row.int(1)?),
            quantity: row.int(2)?,
        })
    };
    rows.iter().map(read).collect()
}

fn link(row: &Row) -> Result<PaymentLink, StoreError> {
    let wrong = |column, problem| StoreError::Column { column, problem };
    Ok(PaymentLink {
        code: LinkCode::parse(row.str(0)?).map_err(|_| wrong(0, "is no link's code"))?,
        account: AccountId(row.int(1)?),
        created_at: from_ms(row.int(2)?),
        version: row.int(3)?,
        terms: serde_json::from_str(row.str(4)?).map_err(|_| wrong(4, "are no link's terms"))?,
        uses: row.int(5)?,
        deactivated_at: row.opt_int(6)?.map(from_ms),
    })
}

fn payment_id(row: &Row, column: usize) -> Result<PaymentId, StoreError> {
    PaymentId::parse(row.str(column)?).map_err(|_| StoreError::Column {
        column,
        problem: "is no payment's id",
    })
}

fn instant(instant: Option<Timestamp>) -> Value<'static> {
    instant.map_or(Value::Null, |instant| Value::Int(instant.as_millisecond()))
}
