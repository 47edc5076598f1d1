//! Backups, and the way from one engine to the other and back: all of it arrives, or nothing does.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use ayni_store::copy::backup::{restore, take};
use ayni_store::copy::error::CopyError;
use ayni_store::copy::export::export;
use ayni_store::copy::import::import;
use ayni_store::copy::relocate::{open_again, relocate};
use ayni_store::copy::{Copied, Progress};
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::location::Location;
use ayni_store::options::Options;
use ayni_store::tx::Tx;

use crate::bed::{Bed, at, block_on, on_both_engines};

on_both_engines!(
    an_export_is_one_snapshot_of_a_database_that_is_written_to,
    a_backup_is_one_snapshot_and_can_be_restored_on_both_engines,
    a_place_that_is_not_empty_is_left_alone,
    a_file_that_was_cut_off_anywhere_makes_no_database,
    a_file_that_was_changed_makes_no_database,
    a_moved_database_is_closed_and_its_copy_is_open,
    a_database_in_use_is_not_moved_and_stays_open,
    an_older_schema_is_brought_to_this_one,
    a_table_that_no_migration_made_is_not_lost_in_silence,
);

/// Tells nobody.
fn quiet(_: Progress) {}

fn nothing(_: &mut Tx<'_>) -> Result<(), StoreError> {
    Ok(())
}

#[test]
fn everything_is_the_same_after_a_way_through_both_engines_and_back() {
    let (first, second, third) = (Bed::sqlite(), Bed::postgres(), Bed::sqlite());
    drop(first.migrated());
    fill(&first, 70);
    let before = dump(&first);
    let there = relocate(&first.location, &second.location, at(1), &mut quiet).unwrap();
    let back = relocate(&second.location, &third.location, at(2), &mut quiet).unwrap();
    assert_eq!(dump(&third), before);
    assert_eq!(there.tables, back.tables, "every table's rows and digest");
    assert_eq!(there.rows(), 70 * there.tables.len() as u64);
    third.open(Options::default()).unwrap();
}

#[test]
fn every_table_of_the_migrations_is_copied() {
    let bed = Bed::sqlite();
    drop(bed.migrated());
    let copied = export(&bed.location, &bed.folder.path().join("all"), at(0), &mut quiet).unwrap();
    let copied: BTreeSet<String> = copied.tables.into_iter().map(|table| table.name).collect();
    let mut made = BTreeSet::new();
    for step in std::fs::read_dir(migrations()).unwrap() {
        let text = std::fs::read_to_string(step.unwrap().path()).unwrap();
        let names = text.split("CREATE TABLE ").skip(1);
        made.extend(names.map(|rest| rest.split_whitespace().next().unwrap().to_owned()));
    }
    assert_eq!(copied, made);
}

fn an_export_is_one_snapshot_of_a_database_that_is_written_to(bed: &Bed) {
    let file = bed.folder.path().join("whole.ayni");
    let copied = while_written_to(bed, || export(&bed.location, &file, at(1), &mut quiet).unwrap());
    assert_pairs(&copied);
    let other = Bed::sqlite();
    let read = import(&file, &other.location, at(2), &nothing, &mut quiet).unwrap();
    assert_eq!(read, copied);
    other.open(Options::default()).unwrap();
}

fn a_backup_is_one_snapshot_and_can_be_restored_on_both_engines(bed: &Bed) {
    let file = bed.folder.path().join("kept");
    let taken = while_written_to(bed, || take(&bed.location, &file, at(1), &mut quiet).unwrap());
    assert_pairs(&taken.copied);
    assert!(!file.exists(), "it has no name before it was looked at");
    let looked = Db::open_to_read(&taken.location(), Options::default()).unwrap();
    assert_eq!(payments(&looked) as u64, rows(&taken.copied, "payments"));
    let refused: Result<u64, StoreError> =
        block_on(looked.write("test.write", |tx| tx.exec("DELETE FROM payments", &[])));
    assert!(matches!(refused, Err(StoreError::Unavailable(_))));
    let tables = taken.copied.tables.clone();
    let digest = taken.keep().unwrap();
    let beside = std::fs::read_to_string(file.with_extension("sha256")).unwrap();
    assert_eq!(beside, format!("{digest}  kept\n"));
    for place in [Bed::sqlite(), Bed::postgres()] {
        let restored = restore(&file, &place.location, at(2), &marked, &mut quiet).unwrap();
        assert_eq!(restored.tables, tables);
        let db = place.open(Options::default()).unwrap();
        assert_eq!(
            payments(&db) as u64,
            rows(&restored, "payments") + 1,
            "and the caller's row"
        );
    }
    std::fs::write(&file, b"SQLite format 3\0 and then something else").unwrap();
    let damaged = restore(&file, &Bed::sqlite().location, at(3), &nothing, &mut quiet);
    assert!(matches!(damaged, Err(CopyError::Damaged)), "{damaged:?}");
}

fn a_place_that_is_not_empty_is_left_alone(bed: &Bed) {
    let source = Bed::sqlite();
    drop(source.migrated());
    let file = source.folder.path().join("file");
    export(&source.location, &file, at(0), &mut quiet).unwrap();
    assert!(not_empty(&export(&source.location, &file, at(0), &mut quiet)));
    let db = bed.migrated();
    block_on(db.write("test.pair", |tx| pair(tx, 1))).unwrap();
    let refused = import(&file, &bed.location, at(1), &nothing, &mut quiet);
    assert!(not_empty(&refused), "{refused:?}");
    assert!(not_empty(&restore(
        &file,
        &bed.location,
        at(1),
        &nothing,
        &mut quiet
    )));
    assert!(not_empty(&relocate(
        &source.location,
        &bed.location,
        at(1),
        &mut quiet
    )));
    assert_eq!(payments(&db), 1);
    source.open(Options::default()).unwrap();
    if let Location::Sqlite(path) = &bed.location {
        // A log without its file would be taken for the new file's.
        let alone = path.with_file_name("alone.db");
        std::fs::write(path.with_file_name("alone.db-wal"), b"x").unwrap();
        let refused = import(&file, &Location::Sqlite(alone), at(1), &nothing, &mut quiet);
        assert!(not_empty(&refused), "{refused:?}");
    }
}

fn a_file_that_was_cut_off_anywhere_makes_no_database(bed: &Bed) {
    let source = Bed::sqlite();
    drop(source.migrated());
    fill(&source, 2);
    let whole = source.folder.path().join("whole");
    export(&source.location, &whole, at(0), &mut quiet).unwrap();
    let text = std::fs::read_to_string(&whole).unwrap();
    let lines: Vec<usize> = text.match_indices('\n').map(|(place, _)| place + 1).collect();
    let (last, middle) = (lines[lines.len() - 2], lines[lines.len() / 2]);
    for place in [0, 20, lines[0], middle, middle + 5, last, text.len() - 1] {
        let cut = bed.folder.path().join(format!("cut-{place}"));
        std::fs::write(&cut, &text[..place]).unwrap();
        let target = another_like(bed);
        let refused = import(&cut, &target.location, at(1), &nothing, &mut quiet);
        assert!(
            matches!(refused, Err(CopyError::Partial { .. })),
            "{place}: {refused:?}"
        );
        let opened = target.open(Options::default()).err();
        assert!(
            matches!(opened, Some(StoreError::SchemaOlder { found: 0, .. })),
            "{opened:?}"
        );
    }
}

fn a_file_that_was_changed_makes_no_database(bed: &Bed) {
    let source = Bed::sqlite();
    drop(source.migrated());
    fill(&source, 2);
    let whole = source.folder.path().join("whole");
    export(&source.location, &whole, at(0), &mut quiet).unwrap();
    let text = std::fs::read_to_string(&whole).unwrap();
    let row = text
        .lines()
        .find(|line| line.starts_with("[\"payments-id-1\""))
        .unwrap();
    for (changed, what) in [
        (
            text.replacen(row, &row.replacen("1001", "1002", 1), 1),
            "sum of column",
        ),
        (
            text.replacen(row, &row.replacen("payments-subject", "Payments-subject", 1), 1),
            "digest",
        ),
        (text.replacen(&format!("{row}\n"), "", 1), "number of rows"),
        (
            text.replacen("\"taken_at\":", "\"taken_at\":1", 1),
            "not as it was written",
        ),
        (text.replacen("\"format\":1", "\"format\":2", 1), "does not know"),
        (
            text.replacen("\"schema\":", "\"schema\":9", 1),
            "use a newer ayni",
        ),
        (
            text.replacen("[\"payments\"", "[\"paym", 1)
                .replacen("{\"ayni\"", "{\"other\"", 1),
            "is not the first",
        ),
    ] {
        assert_ne!(changed, text, "{what}");
        let file = bed.folder.path().join("changed");
        std::fs::write(&file, changed).unwrap();
        let target = another_like(bed);
        let refused = import(&file, &target.location, at(1), &nothing, &mut quiet).unwrap_err();
        let mut said = refused.to_string();
        if let CopyError::Store(cause) = &refused {
            said = cause.to_string();
        }
        assert!(said.contains(what), "{said}");
        assert!(target.open(Options::default()).is_err());
    }
}

fn a_moved_database_is_closed_and_its_copy_is_open(bed: &Bed) {
    let db = bed.migrated();
    block_on(db.write("test.pair", |tx| pair(tx, 1))).unwrap();
    drop(db);
    let other = Bed::sqlite();
    relocate(&bed.location, &other.location, at(1), &mut quiet).unwrap();
    assert_eq!(payments(&other.open(Options::default()).unwrap()), 1);
    assert_eq!(bed.open(Options::default()).err(), Some(StoreError::Moved));
    assert_eq!(Db::migrate(&bed.location, at(2)).err(), Some(StoreError::Moved));
    // What is elsewhere is not moved a second time: there would be two.
    let third = Bed::sqlite();
    let refused = relocate(&bed.location, &third.location, at(3), &mut quiet);
    assert!(
        matches!(refused, Err(CopyError::Store(StoreError::Moved))),
        "{refused:?}"
    );
    // A move that was cut off after it had closed the old place is made again.
    bed.beside("ALTER TABLE moved_schema_migrations RENAME TO moving_schema_migrations");
    assert_eq!(bed.open(Options::default()).err(), Some(StoreError::Moved));
    relocate(&bed.location, &third.location, at(3), &mut quiet).unwrap();
    open_again(&bed.location).unwrap();
    assert_eq!(payments(&bed.open(Options::default()).unwrap()), 1);
}

fn a_database_in_use_is_not_moved_and_stays_open(bed: &Bed) {
    let db = bed.migrated();
    block_on(db.write("test.pair", |tx| pair(tx, 1))).unwrap();
    let other = Bed::sqlite();
    let refused = relocate(&bed.location, &other.location, at(1), &mut quiet);
    assert!(matches!(refused, Err(CopyError::InUse { .. })), "{refused:?}");
    block_on(db.write("test.pair", |tx| pair(tx, 2))).unwrap();
    assert_eq!(payments(&bed.open(Options::default()).unwrap()), 2);
    assert!(other.open(Options::default()).is_err());
}

fn an_older_schema_is_brought_to_this_one(bed: &Bed) {
    let old = Bed::sqlite();
    let Location::Sqlite(path) = &old.location else {
        unreachable!()
    };
    drop(rusqlite::Connection::open(path).unwrap());
    let mut steps: Vec<PathBuf> = std::fs::read_dir(migrations())
        .unwrap()
        .map(|step| step.unwrap().path())
        .collect();
    steps.sort();
    for step in &steps[..6] {
        old.beside(&std::fs::read_to_string(step).unwrap());
    }
    old.beside(
        "CREATE TABLE schema_migrations (version BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL);
         INSERT INTO schema_migrations VALUES (1, 'a', 1), (2, 'b', 1), (3, 'c', 1), (4, 'd', 1), (5, 'e', 1), (6, 'f', 1);
         INSERT INTO users VALUES (1, 'ana@example.com', 1, 5);",
    );
    let exported = old.folder.path().join("old.ayni");
    export(&old.location, &exported, at(0), &mut quiet).unwrap();
    for file in [&exported, path] {
        let target = another_like(bed);
        let copied = restore(file, &target.location, at(1), &nothing, &mut quiet).unwrap();
        assert_eq!((copied.schema, rows(&copied, "users")), (6, 1));
        let db = target.open(Options::default()).unwrap();
        let role = "SELECT role FROM users WHERE email = 'ana@example.com'";
        let role: Result<_, StoreError> = block_on(db.read("test.role", move |tx| tx.one(role, &[])));
        assert_eq!(role.unwrap().unwrap().text(0).unwrap(), "owner");
    }
}

fn a_table_that_no_migration_made_is_not_lost_in_silence(bed: &Bed) {
    drop(bed.migrated());
    bed.beside("CREATE TABLE extra (id BIGINT PRIMARY KEY)");
    let file = bed.folder.path().join("extra");
    export(&bed.location, &file, at(0), &mut quiet).unwrap();
    let refused = import(&file, &Bed::sqlite().location, at(1), &nothing, &mut quiet);
    assert!(
        matches!(&refused, Err(CopyError::Shape { table, .. }) if table == "extra"),
        "{refused:?}"
    );
    bed.beside("CREATE TABLE keyless (id BIGINT NOT NULL)");
    let refused = export(&bed.location, &bed.folder.path().join("more"), at(0), &mut quiet);
    assert!(
        matches!(&refused, Err(CopyError::Shape { table, .. }) if table == "keyless"),
        "{refused:?}"
    );
}

/// Does something while pairs of rows, which belong together, are written without a pause.
fn while_written_to<T: Send>(bed: &Bed, something: impl FnOnce() -> T + Send) -> T {
    let db = bed.migrated();
    for number in 0..500 {
        block_on(db.write("test.pair", move |tx| pair(tx, number))).unwrap();
    }
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let over = Over(&is_over);
        let writing = scope.spawn(|| {
            let mut number = 500;
            while !is_over.load(Ordering::Relaxed) {
                block_on(db.write("test.pair", move |tx| pair(tx, number))).unwrap();
                number += 1;
            }
            number
        });
        let done = something();
        drop(over);
        assert!(writing.join().unwrap() > 500, "it was written to meanwhile");
        done
    })
}

/// Ends the writing, also when the test fails.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A payment with its `custom`, in one unit of work.
pub fn pair(tx: &mut Tx<'_>, number: i64) -> Result<(), StoreError> {
    let id = format!("p{number:011}");
    tx.exec(
        "INSERT INTO payments (id, account_id, collecting_id, created_at, expires_at, amount, currency, state, \
         events, subject) VALUES ($1, 1, 1, $2, $2, 10000, 'CLP', 'pending', 0, 'x')",
        &[(&id).into(), number.into()],
    )?;
    tx.exec("INSERT INTO payment_customs VALUES ($1, 'c')", &[(&id).into()])?;
    Ok(())
}

pub fn marked(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    pair(tx, 99_999_999)
}

fn assert_pairs(copied: &Copied) {
    assert!(rows(copied, "payments") >= 500);
    assert_eq!(rows(copied, "payments"), rows(copied, "payment_customs"));
}

pub fn rows(copied: &Copied, name: &str) -> u64 {
    copied
        .tables
        .iter()
        .find(|table| table.name == name)
        .unwrap()
        .rows
}

pub fn payments(db: &Db) -> i64 {
    let count = "SELECT CAST(COUNT(*) AS BIGINT) FROM payments";
    let row: Result<_, StoreError> = block_on(db.read("test.count", move |tx| tx.one(count, &[])));
    row.unwrap().unwrap().int(0).unwrap()
}

fn not_empty(result: &Result<Copied, CopyError>) -> bool {
    matches!(result, Err(CopyError::NotEmpty { .. }))
}

pub fn another_like(bed: &Bed) -> Bed {
    match bed.is_sqlite() {
        true => Bed::sqlite(),
        false => Bed::postgres(),
    }
}

fn migrations() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations")
}

/// Puts so many rows into every table of a file: numbers to both ends, texts that need quoting, all bytes, and nothing.
pub fn fill(bed: &Bed, rows: i64) {
    let Location::Sqlite(path) = &bed.location else {
        unreachable!()
    };
    let connection = rusqlite::Connection::open(path).unwrap();
    for table in tables(&connection) {
        let mut info = connection
            .prepare("SELECT name, type, \"notnull\", pk FROM pragma_table_info(?1)")
            .unwrap();
        let columns: Vec<(String, String, bool)> = info
            .query_map([&table], |row| {
                Ok((
                    row.get(0)?,
                    row.get(1)?,
                    row.get::<_, bool>(2)? || row.get::<_, i64>(3)? > 0,
                ))
            })
            .unwrap()
            .map(Result::unwrap)
            .collect();
        for number in 0..rows {
            let values = columns
                .iter()
                .map(|(name, kind, needed)| value(&table, name, kind, *needed, number));
            let values: Vec<rusqlite::types::Value> = values.collect();
            let places = vec!["?"; values.len()].join(", ");
            connection
                .execute(
                    &format!("INSERT INTO {table} VALUES ({places})"),
                    rusqlite::params_from_iter(values),
                )
                .unwrap();
        }
    }
}

fn value(table: &str, column: &str, kind: &str, needed: bool, number: i64) -> rusqlite::types::Value {
    if !needed && number % 3 == 0 {
        return rusqlite::types::Value::Null;
    }
    match (kind, number % 7) {
        ("BIGINT", 5) => (i64::MAX - number).into(),
        ("BIGINT", 6) => (i64::MIN + number).into(),
        ("BIGINT", _) => (1000 + number).into(),
        ("BYTEA", 0) => number.to_be_bytes().to_vec().into(),
        ("BYTEA", _) => (0..=255).chain(number.to_be_bytes()).collect::<Vec<u8>>().into(),
        (_, 4) => {
            format!("{table}-{column}-{number}: ñandú «\\N\t\n\r\\\"'» €𝄞 \u{2028}{{\"a\":[1]}}").into()
        }
        _ => format!("{table}-{column}-{number}").into(),
    }
}

fn tables(connection: &rusqlite::Connection) -> Vec<String> {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%schema_migrations' \
         AND name NOT LIKE 'sqlite_%' ORDER BY name";
    let mut named = connection.prepare(sql).unwrap();
    named
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

/// Every row of every table of a file, as text, in an order of its own.
fn dump(bed: &Bed) -> BTreeSet<String> {
    let Location::Sqlite(path) = &bed.location else {
        unreachable!()
    };
    let connection = rusqlite::Connection::open(path).unwrap();
    let mut dumped = BTreeSet::new();
    for table in tables(&connection) {
        let mut all = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = all.column_count();
        let mut rows = all.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cells =
                (0..columns).map(|n| format!("{:?}", row.get::<_, rusqlite::types::Value>(n).unwrap()));
            dumped.insert(format!("{table}: {}", cells.collect::<Vec<_>>().join("|")));
        }
    }
    dumped
}
