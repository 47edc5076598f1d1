//! The list of sealed columns against the schema.

use std::collections::BTreeSet;

use ayni_store::tx::Tx;

use super::columns;
use crate::harness::House;

const SELECT_SEALED_COLUMNS: &str = "\
    SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c \
    WHERE m.type = 'table' AND c.name LIKE '%\\_sealed' ESCAPE '\\' LIMIT 10000";

#[tokio::test]
async fn every_sealed_column_of_the_schema_is_known() {
    let house = House::open().await;
    let rows = house.app.db.read("test.sealed", |tx: &mut Tx<'_>| {
        tx.all(SELECT_SEALED_COLUMNS, &[])
    });
    let there: BTreeSet<String> = rows
        .await
        .unwrap()
        .iter()
        .map(|row| format!("{}.{}", row.str(0).unwrap(), row.str(1).unwrap()))
        .collect();
    let known: BTreeSet<String> = columns().map(|column| column.name.to_owned()).collect();
    assert_eq!(known, there, "a capability names its sealed columns in `SEALED`");
}
