//! The inventory against the schema, what is erased, and the document for people.

use std::collections::BTreeMap;

use ayni_store::tx::Tx;

use super::*;
use crate::harness::House;
use crate::privacy::places::PLACES;

const SELECT_COLUMNS: &str = "\
    SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c \
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'schema_migrations' LIMIT 10000";

fn listed() -> BTreeMap<&'static str, Vec<&'static str>> {
    let columns = |table: &Table| {
        let mut all: Vec<_> = table.personal().chain(table.other()).collect();
        all.sort_unstable();
        (table.name, all)
    };
    INVENTORY.iter().map(columns).collect()
}

#[tokio::test]
async fn every_column_of_every_table_is_in_the_inventory() {
    let house = House::open().await;
    let rows = house
        .app
        .db
        .read("test.columns", |tx: &mut Tx<'_>| tx.all(SELECT_COLUMNS, &[]));
    let mut there: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows.await.unwrap() {
        there
            .entry(row.text(0).unwrap())
            .or_default()
            .push(row.text(1).unwrap());
    }
    let listed = listed();
    for (table, columns) in &mut there {
        columns.sort_unstable();
        let known = listed.get(table.as_str());
        assert_eq!(
            known
                .map(|columns| columns.iter().map(ToString::to_string).collect::<Vec<_>>())
                .as_ref(),
            Some(&*columns),
            "say in privacy/inventory.rs what of {table} is personal, and in docs/personal-data.md"
        );
    }
    let gone: Vec<_> = listed
        .keys()
        .filter(|table| !there.contains_key(**table))
        .collect();
    assert!(gone.is_empty(), "there is no table {gone:?}");
}

#[test]
fn every_place_that_is_erased_is_personal_in_the_inventory() {
    for place in PLACES {
        let table = INVENTORY.iter().find(|table| table.name == place.table).unwrap();
        assert!(
            table.personal().any(|column| column == place.column),
            "{}.{}",
            place.table,
            place.column
        );
    }
}

#[test]
fn every_kind_of_personal_data_is_in_the_document() {
    let document = include_str!("../../../../../docs/personal-data.md");
    for table in INVENTORY.iter().filter(|table| table.personal().next().is_some()) {
        assert!(document.contains(&format!("`{}`", table.name)), "{}", table.name);
    }
}
