//! Migrations and the gate in front of them.

use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::migrate::LATEST_VERSION;
use ayni_store::options::Options;

use crate::bed::{Bed, at, block_on, on_both_engines};

on_both_engines!(
    a_database_without_a_schema_is_not_opened,
    a_newer_schema_is_neither_opened_nor_migrated,
    migrating_again_changes_nothing,
    migrators_at_once_apply_each_step_once,
    a_statement_that_is_none_is_named,
);

fn a_database_without_a_schema_is_not_opened(bed: &Bed) {
    let refused = bed.open(Options::default()).err();
    assert_eq!(
        refused,
        Some(StoreError::SchemaOlder {
            found: 0,
            needed: LATEST_VERSION
        })
    );
    if bed.is_sqlite() {
        assert_eq!(
            std::fs::read_dir(bed.folder.path()).unwrap().count(),
            0,
            "opening makes no file"
        );
    }
}

fn a_newer_schema_is_neither_opened_nor_migrated(bed: &Bed) {
    drop(bed.migrated());
    let newer = LATEST_VERSION + 1;
    bed.beside(&format!(
        "INSERT INTO schema_migrations (version, name, applied_at) VALUES ({newer}, 'x', 0)"
    ));
    let expected = StoreError::SchemaNewer {
        found: newer,
        known: LATEST_VERSION,
    };
    assert_eq!(bed.open(Options::default()).err(), Some(expected.clone()));
    assert_eq!(Db::migrate(&bed.location, at(0)).err(), Some(expected));
}

fn migrating_again_changes_nothing(bed: &Bed) {
    let first = Db::migrate(&bed.location, at(0)).unwrap();
    assert_eq!((first.from, first.to), (0, LATEST_VERSION));
    assert!(!first.applied.is_empty());
    let second = Db::migrate(&bed.location, at(1)).unwrap();
    assert_eq!((second.from, second.to), (LATEST_VERSION, LATEST_VERSION));
    assert!(second.applied.is_empty());
}

fn migrators_at_once_apply_each_step_once(bed: &Bed) {
    let applied = std::thread::scope(|scope| {
        let migrators: Vec<_> = (0..6)
            .map(|_| scope.spawn(|| Db::migrate(&bed.location, at(0)).unwrap().applied.len()))
            .collect();
        migrators
            .into_iter()
            .map(|migrator| migrator.join().unwrap())
            .sum::<usize>()
    });
    assert_eq!(i64::try_from(applied).unwrap(), LATEST_VERSION);
    block_on(async { drop(bed.open(Options::default()).unwrap()) });
}

fn a_statement_that_is_none_is_named(bed: &Bed) {
    let db = bed.migrated();
    assert_eq!(db.prepare_all(&["SELECT id FROM payments WHERE id = $1"]), Ok(()));
    let error = db
        .prepare_all(&["SELECT id FROM payments", "SELECT nothing FROM payments"])
        .unwrap_err();
    assert!(error.to_string().contains("nothing"), "{error}");
}
