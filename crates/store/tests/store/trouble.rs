//! A full disk, a locked file, a server that goes away: told as what they are, and over when they are over.

use std::time::Duration;

use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::location::Location;
use ayni_store::options::Options;

use crate::bed::{Bed, block_on};

const INSERT_CUSTOM: &str = "INSERT INTO payment_customs (payment_id, custom) VALUES ($1, $2)";
const COUNT_CUSTOMS: &str = "SELECT COUNT(*) FROM payment_customs";

async fn insert(db: &Db, id: String, custom: String) -> Result<(), StoreError> {
    db.append("test.insert", move |tx| {
        tx.exec(INSERT_CUSTOM, &[(&id).into(), (&custom).into()])
            .map(|_| ())
    })
    .await
}

async fn count(db: &Db) -> i64 {
    db.read("test.count", |tx| tx.one(COUNT_CUSTOMS, &[])?.unwrap().int(0))
        .await
        .unwrap()
}

/// What the tables take while they are empty, and room for some rows.
const EMPTY_AND_SOME_BYTES: u64 = 2 << 20;

#[test]
fn a_full_file_is_told_and_writing_goes_on_when_there_is_room() {
    block_on(async {
        let bed = Bed::sqlite();
        let db = bed.migrated_with(Options {
            max_file_bytes: Some(EMPTY_AND_SOME_BYTES),
            ..Options::default()
        });
        let mut kept = 0;
        let refused = loop {
            match insert(&db, kept.to_string(), "x".repeat(20_000)).await {
                Ok(()) => kept += 1,
                Err(error) => break error,
            }
        };
        assert_eq!(refused, StoreError::Full);
        assert!(kept > 3, "{kept}");
        let group = (0..10).map(|n| {
            let db = db.clone();
            tokio::spawn(async move { insert(&db, format!("group{n}"), "x".repeat(20_000)).await })
        });
        for answer in group.collect::<Vec<_>>() {
            assert_eq!(answer.await.unwrap(), Err(StoreError::Full));
        }
        assert_eq!(count(&db).await, kept);
        db.append("test.tidy", |tx| tx.exec("DELETE FROM payment_customs", &[]))
            .await
            .unwrap();
        insert(&db, "again".into(), "x".repeat(20_000)).await.unwrap();
        assert_eq!(count(&db).await, 1);
    });
}

#[test]
fn another_process_may_write_too_and_is_waited_for() {
    block_on(async {
        let bed = Bed::sqlite();
        let db = bed.migrated();
        let Location::Sqlite(path) = &bed.location else {
            unreachable!()
        };
        let other = rusqlite::Connection::open(path).unwrap();
        other
            .execute_batch("BEGIN IMMEDIATE; INSERT INTO payment_customs VALUES ('theirs', 'x')")
            .unwrap();
        let ours = tokio::spawn({
            let db = db.clone();
            async move { insert(&db, "ours".into(), "x".into()).await }
        });
        assert_eq!(count(&db).await, 0);
        other.execute_batch("COMMIT").unwrap();
        ours.await.unwrap().unwrap();
        assert_eq!(count(&db).await, 2);
    });
}

#[test]
fn a_file_that_stays_locked_is_unavailable_and_comes_back() {
    block_on(async {
        let bed = Bed::sqlite();
        let db = bed.migrated_with(Options {
            unavailable_after: Duration::from_millis(50),
            ..Options::default()
        });
        let Location::Sqlite(path) = &bed.location else {
            unreachable!()
        };
        let other = rusqlite::Connection::open(path).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        assert!(matches!(
            insert(&db, "a".into(), "x".into()).await,
            Err(StoreError::Unavailable(_))
        ));
        other.execute_batch("ROLLBACK").unwrap();
        insert(&db, "a".into(), "x".into()).await.unwrap();
    });
}

#[test]
fn the_write_ahead_log_stays_bounded() {
    block_on(async {
        let bed = Bed::sqlite();
        let wal_bytes = 256 << 10;
        let db = bed.migrated_with(Options {
            wal_bytes,
            ..Options::default()
        });
        for n in 0..400 {
            insert(&db, n.to_string(), "x".repeat(10_000)).await.unwrap();
        }
        // More than 4 MB were written.
        let log_bytes = std::fs::metadata(bed.folder.path().join("ayni.db-wal"))
            .unwrap()
            .len();
        assert!(log_bytes < 8 * wal_bytes as u64, "{log_bytes}");
    });
}

#[test]
fn lost_connections_are_made_again() {
    block_on(async {
        let bed = Bed::postgres();
        let db = bed.migrated();
        for round in 0..3 {
            for n in 0..10 {
                insert(&db, format!("{round}/{n}"), "x".into()).await.unwrap();
            }
            bed.beside(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                 WHERE application_name = 'ayni' AND datname = current_database()",
            );
        }
        assert_eq!(count(&db).await, 30);
    });
}

#[test]
fn a_server_that_is_not_there_is_unavailable() {
    let nobody = Location::Postgres("postgres://a@127.0.0.1:1/b".into());
    let options = Options {
        unavailable_after: Duration::from_millis(50),
        ..Options::default()
    };
    assert!(matches!(
        Db::open(&nobody, options).err(),
        Some(StoreError::Unavailable(_))
    ));
}
