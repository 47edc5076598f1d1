//! All SQL of payout files.

use ayni_domain::ids::OrderId;
use ayni_domain::money::Amount;
use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;

use super::PayoutFile;

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    INSERT_FILE,
    INSERT_ORDER,
    SELECT_FILE,
    SELECT_FILES,
    SELECT_ORDERS,
];

pub(super) const INSERT_FILE: &str = "\
    INSERT INTO payout_files (id, collecting_id, orders, total, made_at, execute_on) VALUES ($1, $2, $3, $4, $5, $6)";

pub(super) fn insert_file(tx: &mut Tx<'_>, new: &PayoutFile) -> Result<(), StoreError> {
    let execute_on = new.execute_on.to_string();
    tx.exec(
        INSERT_FILE,
        &[
            new.id.as_str().into(),
            new.collecting_id.into(),
            new.orders.into(),
            new.total.ten_thousandths().into(),
            new.made_at.as_millisecond().into(),
            execute_on.as_str().into(),
        ],
    )?;
    Ok(())
}

pub(super) const INSERT_ORDER: &str =
    "INSERT INTO payout_file_orders (file_id, number, order_id) VALUES ($1, $2, $3)";

pub(super) fn insert_order(
    tx: &mut Tx<'_>,
    file: &str,
    number: i64,
    order: OrderId,
) -> Result<(), StoreError> {
    tx.exec(INSERT_ORDER, &[file.into(), number.into(), order.as_str().into()])?;
    Ok(())
}

pub(super) const SELECT_FILE: &str =
    "SELECT id, collecting_id, orders, total, made_at, execute_on FROM payout_files WHERE id = $1";

pub(super) fn select_file(tx: &mut Tx<'_>, id: &str) -> Result<Option<PayoutFile>, StoreError> {
    tx.one(SELECT_FILE, &[id.into()])?
        .map(|row| file(&row))
        .transpose()
}

pub(super) const SELECT_FILES: &str = "\
    SELECT id, collecting_id, orders, total, made_at, execute_on FROM payout_files \
    ORDER BY made_at DESC, id DESC LIMIT $1";

pub(super) fn select_files(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<PayoutFile>, StoreError> {
    tx.all(SELECT_FILES, &[limit.into()])?.iter().map(file).collect()
}

pub(super) const SELECT_ORDERS: &str =
    "SELECT order_id FROM payout_file_orders WHERE file_id = $1 ORDER BY number";

pub(super) fn select_orders(tx: &mut Tx<'_>, file: &str) -> Result<Vec<OrderId>, StoreError> {
    tx.all(SELECT_ORDERS, &[file.into()])?
        .iter()
        .map(|row| {
            OrderId::parse(row.str(0)?).map_err(|_| StoreError::Column {
                column: 0,
                problem: "is no order's identifier",
            })
        })
        .collect()
}

fn file(row: &Row) -> Result<PayoutFile, StoreError> {
    Ok(PayoutFile {
        id: row.text(0)?,
        collecting_id: row.int(1)?,
        orders: row.int(2)?,
        total: Amount::from_ten_thousandths(row.int(3)?),
        made_at: time::from_ms(row.int(4)?),
        execute_on: row.str(5)?.parse().map_err(|_| StoreError::Column {
            column: 5,
            problem: "is no date",
        })?,
    })
}
