//! All SQL of exports.

use ayni_domain::ids::AccountId;
use ayni_domain::lang::Lang;
use ayni_domain::time::from_ms;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::Export;
use crate::console::payments::list::Key;

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    INSERT_EXPORT,
    SELECT_EXPORT,
    SELECT_OF_ACCOUNT,
    UPDATE_EXPORT,
    INSERT_CHUNK,
    SELECT_CHUNK,
    SELECT_OLD,
    DELETE_CHUNKS,
    DELETE_EXPORT,
    DELETE_CHUNKS_OF_ACCOUNT,
    DELETE_OF_ACCOUNT,
];

// It begins right after the instant in which it was asked for, so that what was made in it is told.
pub(super) const INSERT_EXPORT: &str = "\
    INSERT INTO payment_exports (id, account_id, wanted, lang, state, lines, chunks, at, payment_id, is_cut, \
      created_at) VALUES ($1, $2, $3, $4, 'running', 0, 0, $6, '', 0, $5)";

pub(super) fn insert_export(
    tx: &mut Tx<'_>,
    id: &str,
    account: AccountId,
    (wanted, lang): (&str, Lang),
    now: Timestamp,
) -> Result<(), StoreError> {
    let params = [
        id.into(),
        account.0.into(),
        wanted.into(),
        lang.tag().into(),
        now.as_millisecond().into(),
        now.as_millisecond().saturating_add(1).into(),
    ];
    tx.exec(INSERT_EXPORT, &params)?;
    Ok(())
}

pub(super) const SELECT_EXPORT: &str = "\
    SELECT id, account_id, wanted, lang, state, lines, chunks, at, payment_id, is_cut, created_at \
    FROM payment_exports WHERE id = $1";

pub(super) fn select_export(tx: &mut Tx<'_>, id: &str) -> Result<Option<Export>, StoreError> {
    tx.one(SELECT_EXPORT, &[id.into()])?
        .map(|row| export(&row))
        .transpose()
}

pub(super) const SELECT_OF_ACCOUNT: &str = "\
    SELECT id, account_id, wanted, lang, state, lines, chunks, at, payment_id, is_cut, created_at \
    FROM payment_exports WHERE account_id = $1 ORDER BY created_at DESC, id DESC LIMIT 20";

/// The account's exports, the newest first.
pub(super) fn select_of_account(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Export>, StoreError> {
    tx.all(SELECT_OF_ACCOUNT, &[account.0.into()])?
        .iter()
        .map(export)
        .collect()
}

pub(super) const UPDATE_EXPORT: &str = "\
    UPDATE payment_exports SET lines = $3, chunks = chunks + 1, at = $4, payment_id = $5, state = $6, is_cut = $7, \
      ended_at = $8 WHERE id = $1 AND chunks = $2 AND state = 'running'";

/// Records a portion over what was read; false where another worker wrote it.
pub(super) fn update_export(
    tx: &mut Tx<'_>,
    old: &Export,
    (lines, place): (i64, &Key),
    (is_over, is_cut): (bool, bool),
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx.exec(
        UPDATE_EXPORT,
        &[
            (&old.id).into(),
            old.chunks.into(),
            lines.into(),
            place.created_ms.into(),
            (&place.id).into(),
            (if is_over { "ready" } else { "running" }).into(),
            is_cut.into(),
            is_over.then(|| now.as_millisecond()).into(),
        ],
    )?;
    Ok(changed == 1)
}

pub(super) const INSERT_CHUNK: &str =
    "INSERT INTO payment_export_chunks (export_id, number, bytes) VALUES ($1, $2, $3)";

pub(super) fn insert_chunk(tx: &mut Tx<'_>, id: &str, number: i64, bytes: &[u8]) -> Result<(), StoreError> {
    tx.exec(INSERT_CHUNK, &[id.into(), number.into(), bytes.into()])?;
    Ok(())
}

pub(super) const SELECT_CHUNK: &str =
    "SELECT bytes FROM payment_export_chunks WHERE export_id = $1 AND number = $2";

pub(super) fn select_chunk(tx: &mut Tx<'_>, id: &str, number: i64) -> Result<Option<Vec<u8>>, StoreError> {
    let found = tx.one(SELECT_CHUNK, &[id.into(), number.into()])?;
    found.map(|row| row.bytes(0)).transpose()
}

pub(super) const SELECT_OLD: &str =
    "SELECT id FROM payment_exports WHERE created_at < $1 ORDER BY created_at LIMIT 20";

/// Exports that were asked for before an instant, some of them.
pub(super) fn select_old(tx: &mut Tx<'_>, before: Timestamp) -> Result<Vec<String>, StoreError> {
    tx.all(SELECT_OLD, &[before.as_millisecond().into()])?
        .iter()
        .map(|row| row.text(0))
        .collect()
}

pub(super) const DELETE_CHUNKS: &str = "DELETE FROM payment_export_chunks WHERE export_id = $1";

pub(super) const DELETE_EXPORT: &str = "DELETE FROM payment_exports WHERE id = $1";

pub(super) fn delete_export(tx: &mut Tx<'_>, id: &str) -> Result<(), StoreError> {
    tx.exec(DELETE_EXPORT, &[id.into()])?;
    tx.exec(DELETE_CHUNKS, &[id.into()])?;
    Ok(())
}

pub(super) const DELETE_CHUNKS_OF_ACCOUNT: &str = "\
    DELETE FROM payment_export_chunks WHERE export_id IN (SELECT id FROM payment_exports WHERE account_id = $1)";

pub(super) const DELETE_OF_ACCOUNT: &str = "DELETE FROM payment_exports WHERE account_id = $1";

pub(super) fn delete_of_account(tx: &mut Tx<'_>, account: AccountId) -> Result<(), StoreError> {
    tx.exec(DELETE_CHUNKS_OF_ACCOUNT, &[account.0.into()])?;
    tx.exec(DELETE_OF_ACCOUNT, &[account.0.into()])?;
    Ok(())
}

fn export(row: &Row) -> Result<Export, StoreError> {
    Ok(Export {
        id: row.text(0)?,
        account: AccountId(row.int(1)?),
        wanted: row.text(2)?,
        lang: if row.str(3)? == Lang::En.tag() {
            Lang::En
        } else {
            Lang::Es
        },
        is_ready: row.str(4)? == "ready",
        lines: row.int(5)?,
        chunks: row.int(6)?,
        place: Key {
            created_ms: row.int(7)?,
            id: row.text(8)?,
        },
        is_cut: row.flag(9)?,
        created_at: from_ms(row.int(10)?),
    })
}
