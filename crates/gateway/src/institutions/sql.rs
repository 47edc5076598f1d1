//! All SQL of what is remembered of sites.

use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::pages::UnknownPage;

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    SELECT_REFUSALS,
    INSERT_REFUSAL,
    DELETE_REFUSALS,
    INSERT_PAGE,
    DELETE_OLDEST_PAGES,
    SELECT_PAGES,
    SELECT_PAGE,
];

pub(super) const SELECT_REFUSALS: &str =
    "SELECT at FROM site_refusals WHERE user_hash = $1 AND at > $2 ORDER BY at DESC LIMIT 10";

pub(super) fn select_refusals(
    tx: &mut Tx<'_>,
    user_hash: &str,
    since: Timestamp,
) -> Result<Vec<Timestamp>, StoreError> {
    tx.all(
        SELECT_REFUSALS,
        &[user_hash.into(), since.as_millisecond().into()],
    )?
    .iter()
    .map(|row| Ok(time::from_ms(row.int(0)?)))
    .collect()
}

pub(super) const INSERT_REFUSAL: &str = "INSERT INTO site_refusals (user_hash, at, id) VALUES ($1, $2, $3)";

pub(super) fn insert_refusal(
    tx: &mut Tx<'_>,
    user_hash: &str,
    at: Timestamp,
    id: &str,
) -> Result<(), StoreError> {
    tx.exec(
        INSERT_REFUSAL,
        &[user_hash.into(), at.as_millisecond().into(), id.into()],
    )?;
    Ok(())
}

pub(super) const DELETE_REFUSALS: &str = "DELETE FROM site_refusals WHERE at <= $1";

pub(super) fn delete_refusals(tx: &mut Tx<'_>, until: Timestamp) -> Result<(), StoreError> {
    tx.exec(DELETE_REFUSALS, &[until.as_millisecond().into()])?;
    Ok(())
}

pub(super) const INSERT_PAGE: &str = "\
    INSERT INTO unknown_pages (id, institution, operation, at, expected, status, markup) \
    VALUES ($1, $2, $3, $4, $5, $6, $7)";

pub(super) fn insert_page(tx: &mut Tx<'_>, page: &UnknownPage) -> Result<(), StoreError> {
    tx.exec(
        INSERT_PAGE,
        &[
            page.id.as_str().into(),
            page.institution.as_str().into(),
            page.operation.as_str().into(),
            page.at.as_millisecond().into(),
            page.expected.as_str().into(),
            page.status.into(),
            page.markup.as_str().into(),
        ],
    )?;
    Ok(())
}

pub(super) const DELETE_OLDEST_PAGES: &str = "\
    DELETE FROM unknown_pages WHERE institution = $1 AND id NOT IN ( \
      SELECT id FROM unknown_pages WHERE institution = $1 ORDER BY at DESC, id DESC LIMIT $2)";

pub(super) fn delete_oldest_pages(tx: &mut Tx<'_>, institution: &str, kept: i64) -> Result<(), StoreError> {
    tx.exec(DELETE_OLDEST_PAGES, &[institution.into(), kept.into()])?;
    Ok(())
}

pub(super) const SELECT_PAGES: &str = "\
    SELECT id, institution, operation, at, expected, status, markup FROM unknown_pages \
    WHERE CAST($1 AS TEXT) IS NULL OR institution = $1 ORDER BY at DESC, id DESC LIMIT 200";

pub(super) fn select_pages(
    tx: &mut Tx<'_>,
    institution: Option<&str>,
) -> Result<Vec<UnknownPage>, StoreError> {
    tx.all(SELECT_PAGES, &[institution.into()])?
        .iter()
        .map(page)
        .collect()
}

pub(super) const SELECT_PAGE: &str = "\
    SELECT id, institution, operation, at, expected, status, markup FROM unknown_pages WHERE id = $1";

pub(super) fn select_page(tx: &mut Tx<'_>, id: &str) -> Result<Option<UnknownPage>, StoreError> {
    tx.one(SELECT_PAGE, &[id.into()])?
        .map(|row| page(&row))
        .transpose()
}

fn page(row: &Row) -> Result<UnknownPage, StoreError> {
    Ok(UnknownPage {
        id: row.text(0)?,
        institution: row.text(1)?,
        operation: row.text(2)?,
        at: time::from_ms(row.int(3)?),
        expected: row.text(4)?,
        status: row.int(5)?,
        markup: row.text(6)?,
    })
}
