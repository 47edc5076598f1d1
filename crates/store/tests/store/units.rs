//! Units of work: durable, isolated from their neighbours, bounded.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::options::Options;
use ayni_store::tx::Tx;

use crate::bed::{Bed, block_on, on_both_engines};

on_both_engines!(
    rows_are_there_when_the_answer_is,
    an_erring_unit_of_work_takes_no_neighbour_with_it,
    a_panicking_unit_of_work_takes_no_neighbour_with_it,
    a_failed_statement_spoils_its_unit_of_work_even_if_it_goes_on,
    a_taken_key_is_a_conflict_that_names_no_value,
    a_full_queue_refuses_at_once,
    a_reading_can_not_write,
    a_read_sees_one_snapshot,
    a_guarded_update_is_won_by_exactly_one,
    serializable_writes_never_skew,
    a_caller_that_left_changes_nothing_for_the_others,
);

const INSERT_CUSTOM: &str = "INSERT INTO payment_customs (payment_id, custom) VALUES ($1, $2)";
const SELECT_CUSTOM: &str = "SELECT custom FROM payment_customs WHERE payment_id = $1";
const COUNT_CUSTOMS: &str = "SELECT COUNT(*) FROM payment_customs";

fn insert(tx: &mut Tx<'_>, id: &str, custom: &str) -> Result<(), StoreError> {
    tx.exec(INSERT_CUSTOM, &[id.into(), custom.into()]).map(|_| ())
}

fn count(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    tx.one(COUNT_CUSTOMS, &[])?.unwrap().int(0)
}

/// Runs `units` at once and gives their answers in order.
async fn at_once<F>(db: &Db, is_append: bool, units: impl Iterator<Item = F>) -> Vec<Result<(), StoreError>>
where
    F: Fn(&mut Tx<'_>) -> Result<(), StoreError> + Send + Sync + 'static,
{
    let tasks: Vec<_> = units
        .map(|unit| {
            let db = db.clone();
            tokio::spawn(async move {
                if is_append {
                    db.append("test.append", unit).await
                } else {
                    db.write("test.write", unit).await
                }
            })
        })
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    answers
}

fn rows_are_there_when_the_answer_is(bed: &Bed) {
    block_on(async {
        let db = bed.migrated();
        for is_append in [true, false] {
            let units = (0..100).map(|n| move |tx: &mut Tx<'_>| insert(tx, &format!("{is_append}{n}"), "x"));
            assert!(at_once(&db, is_append, units).await.iter().all(Result::is_ok));
        }
        let again = bed.open(Options::default()).unwrap();
        assert_eq!(again.read("test.count", count).await, Ok(200));
        let found = again
            .point("test.find", |tx| tx.one(SELECT_CUSTOM, &["true7".into()]))
            .await;
        assert_eq!(found.unwrap().unwrap().str(0).unwrap(), "x");
    });
}

fn an_erring_unit_of_work_takes_no_neighbour_with_it(bed: &Bed) {
    block_on(async {
        let db = bed.migrated();
        for is_append in [true, false] {
            let units = (0..60).map(|n| {
                move |tx: &mut Tx<'_>| {
                    insert(tx, &format!("{is_append}{n}"), "x")?;
                    if n % 3 == 0 {
                        Err(StoreError::Location("refused".into()))
                    } else {
                        Ok(())
                    }
                }
            });
            let answers = at_once(&db, is_append, units).await;
            for (n, answer) in answers.iter().enumerate() {
                assert_eq!(answer.is_err(), n % 3 == 0, "{n}: {answer:?}");
            }
        }
        assert_eq!(db.read("test.count", count).await, Ok(80));
    });
}

fn a_panicking_unit_of_work_takes_no_neighbour_with_it(bed: &Bed) {
    block_on(async {
        let db = bed.migrated();
        let units = (0..20).map(|n| {
            move |tx: &mut Tx<'_>| {
                insert(tx, &n.to_string(), "x")?;
                assert!(n != 7, "as the test wants it");
                Ok(())
            }
        });
        let answers = at_once(&db, true, units).await;
        for (n, answer) in answers.into_iter().enumerate() {
            let expected = if n == 7 {
                Err(StoreError::Panicked { name: "test.append" })
            } else {
                Ok(())
            };
            assert_eq!(answer, expected, "{n}");
        }
        assert_eq!(db.read("test.count", count).await, Ok(19));
    });
}

fn a_failed_statement_spoils_its_unit_of_work_even_if_it_goes_on(bed: &Bed) {
    block_on(async {
        let db = bed.migrated();
        db.append("test.first", |tx| insert(tx, "taken", "x"))
            .await
            .unwrap();
        let answer = db
            .append("test.second", |tx| {
                insert(tx, "another", "x")?;
                let _ = insert(tx, "taken", "y");
                Ok::<_, StoreError>(())
            })
            .await;
        assert!(answer.unwrap_err().is_conflict());
        assert_eq!(db.read("test.count", count).await, Ok(1));
    });
}

fn a_taken_key_is_a_conflict_that_names_no_value(bed: &Bed) {
    block_on(async {
        let db = bed.migrated();
        db.write("test.first", |tx| insert(tx, "11.111.111-1", "x"))
            .await
            .unwrap();
        let error = db
            .write("test.second", |tx| insert(tx, "11.111.111-1", "y"))
            .await
            .unwrap_err();
        assert!(error.is_conflict(), "{error}");
        assert!(!format!("{error} {error:?}").contains("11.111"), "{error}");
    });
}

fn a_full_queue_refuses_at_once(bed: &Bed) {
    block_on(async {
        let options = Options {
            queue_units: 1,
            postgres_writers: 1,
            postgres_appenders: 1,
            ..Options::default()
        };
        let db = bed.migrated_with(options);
        let (entered_send, entered) = tokio::sync::oneshot::channel();
        let (release, released) = crossbeam_channel::bounded::<()>(1);
        let entered_send = std::sync::Mutex::new(Some(entered_send));
        let first = tokio::spawn({
            let db = db.clone();
            async move {
                db.write("test.slow", move |tx| {
                    if let Some(entered) = entered_send.lock().unwrap().take() {
                        entered.send(()).unwrap();
                    }
                    released.recv().unwrap();
                    insert(tx, "slow", "x")
                })
                .await
            }
        });
        entered.await.unwrap();
        let waiting = at_once(
            &db,
            false,
            (0..5).map(|n| move |tx: &mut Tx<'_>| insert(tx, &n.to_string(), "x")),
        );
        let release_after = async {
            // The refused ones are answered while the first still runs.
            tokio::task::yield_now().await;
            db.read("test.count", count).await.unwrap();
            release.send(()).unwrap();
        };
        let (answers, ()) = tokio::join!(waiting, release_after);
        first.await.unwrap().unwrap();
        let refused = answers
            .iter()
            .filter(|answer| **answer == Err(StoreError::Overloaded))
            .count();
        assert!(refused >= 1, "{answers:?}");
        let kept = 6 - i64::try_from(refused).unwrap();
        assert_eq!(db.read("test.count", count).await, Ok(kept));
    });
}

fn a_reading_can_not_write(bed: &Bed) {
    block_on(async {
        let db = bed.migrated();
        assert!(db.read("test.read", |tx| insert(tx, "a", "x")).await.is_err());
        assert!(db.point("test.point", |tx| insert(tx, "b", "x")).await.is_err());
        assert_eq!(db.read("test.count", count).await, Ok(0));
    });
}

fn a_read_sees_one_snapshot(bed: &Bed) {
    block_on(async {
        let db = bed.migrated();
        let (first_done_send, first_done) = crossbeam_channel::bounded::<()>(1);
        let (go_on, going_on) = crossbeam_channel::bounded::<()>(1);
        let reading = tokio::spawn({
            let db = db.clone();
            async move {
                db.read("test.twice", move |tx| {
                    let before = count(tx)?;
                    first_done_send.send(()).unwrap();
                    going_on.recv().unwrap();
                    Ok::<_, StoreError>((before, count(tx)?))
                })
                .await
            }
        });
        tokio::task::spawn_blocking(move || first_done.recv().unwrap())
            .await
            .unwrap();
        db.write("test.between", |tx| insert(tx, "a", "x")).await.unwrap();
        go_on.send(()).unwrap();
        assert_eq!(reading.await.unwrap(), Ok((0, 0)));
        assert_eq!(db.read("test.count", count).await, Ok(1));
    });
}

fn a_guarded_update_is_won_by_exactly_one(bed: &Bed) {
    block_on(async {
        let db = bed.migrated();
        db.write("test.first", |tx| insert(tx, "p", "pending"))
            .await
            .unwrap();
        let wins = Arc::new(AtomicUsize::new(0));
        let units = (0..40).map(|n| {
            move |tx: &mut Tx<'_>| {
                let sql =
                    "UPDATE payment_customs SET custom = $1 WHERE payment_id = 'p' AND custom = 'pending'";
                match tx.exec(sql, &[n.to_string().as_str().into()])? {
                    1 => Ok(()),
                    _ => Err(StoreError::Location("lost".into())),
                }
            }
        });
        for answer in at_once(&db, true, units).await {
            wins.fetch_add(usize::from(answer.is_ok()), Ordering::Relaxed);
        }
        assert_eq!(wins.load(Ordering::Relaxed), 1);
    });
}

fn serializable_writes_never_skew(bed: &Bed) {
    block_on(async {
        let db = bed.migrated();
        // Each inserts only if fewer than three are there: READ COMMITTED would let more in.
        let units = (0..30).map(|n| {
            move |tx: &mut Tx<'_>| {
                if count(tx)? < 3 {
                    insert(tx, &n.to_string(), "x")
                } else {
                    Ok(())
                }
            }
        });
        for answer in at_once(&db, false, units).await {
            assert!(
                matches!(answer, Ok(()) | Err(StoreError::Contention { .. })),
                "{answer:?}"
            );
        }
        assert_eq!(db.read("test.count", count).await, Ok(3));
    });
}

fn a_caller_that_left_changes_nothing_for_the_others(bed: &Bed) {
    block_on(async {
        let db = bed.migrated();
        for n in 0..20 {
            let db = db.clone();
            let left = tokio::spawn(async move {
                db.append("test.left", move |tx| {
                    insert(tx, &format!("{n}a"), "x")?;
                    insert(tx, &format!("{n}b"), "x")
                })
                .await
            });
            tokio::task::yield_now().await;
            left.abort();
        }
        db.append("test.stayed", |tx| insert(tx, "stayed", "x"))
            .await
            .unwrap();
        // Appends of other connections may still be under way on PostgreSQL; each is whole or not there.
        assert_eq!(db.read("test.count", count).await.unwrap() % 2, 1);
    });
}
