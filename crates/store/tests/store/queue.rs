//! The queue: leases, versions, lanes.

use std::time::Duration;

use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::queue::{self, Job, NewJob};
use jiff::Timestamp;

use crate::bed::{Bed, at, block_on, on_both_engines};

on_both_engines!(
    a_due_job_is_claimed_once_until_its_lease_ends,
    an_expired_lease_is_taken_over_and_its_holder_refused,
    a_renewed_lease_holds_and_a_lost_one_can_not_be_renewed,
    a_finished_job_is_gone,
    a_job_enqueued_while_it_is_held_stays_due_after_it_is_finished,
    a_retried_job_falls_due_again_at_its_time,
    what_was_enqueued_during_a_lease_that_expired_is_done_once_and_in_time,
    a_buried_job_stays_buried_until_it_is_enqueued_again,
    enqueuing_again_takes_the_earlier_time_and_the_newer_payload,
    only_lanes_with_a_due_job_are_named_longest_waiting_first,
    two_workers_never_claim_the_same_job,
    a_lane_with_many_due_jobs_does_not_slow_the_others,
);

const LEASE: Duration = Duration::from_secs(60);

async fn enqueue(
    db: &Db,
    key: &'static str,
    lane: &'static str,
    payload: &'static str,
    due: Timestamp,
    now: Timestamp,
) {
    db.append("test.enqueue", move |tx| {
        queue::enqueue(
            tx,
            &NewJob {
                kind: "notice",
                key,
                lane,
                payload,
                due_at: due,
            },
            now,
        )
    })
    .await
    .unwrap();
}

async fn claim(db: &Db, lane: &'static str, now: Timestamp, holder: &'static str) -> Vec<Job> {
    let claimed = db
        .append("test.claim", move |tx| {
            queue::claim(tx, "notice", lane, 10, now, LEASE, holder)
        })
        .await;
    claimed.unwrap()
}

async fn finish(db: &Db, job: &Job) -> bool {
    let job = job.clone();
    db.append("test.finish", move |tx| queue::finish(tx, &job))
        .await
        .unwrap()
}

async fn lanes(db: &Db, now: Timestamp) -> Vec<String> {
    db.read("test.lanes", move |tx| queue::lanes(tx, "notice", now))
        .await
        .unwrap()
}

fn a_due_job_is_claimed_once_until_its_lease_ends(bed: &Bed) {
    block_on(async {
        let db = bed.migrated();
        enqueue(&db, "a", "x", "p", at(10), at(0)).await;
        assert!(claim(&db, "x", at(9), "one").await.is_empty());
        let jobs = claim(&db, "x", at(10), "one").await;
        assert_eq!(jobs.len(), 1);
        assert_eq!(
            (jobs[0].key.as_str(), jobs[0].payload.as_str(), jobs[0].tries),
            ("a", "p", 1)
        );
        assert_eq!(jobs[0].leased_until, at(70));
        assert!(claim(&db, "x", at(69), "two").await.is_empty());
        assert_eq!(claim(&db, "x", at(70), "two").await[0].tries, 2);
    });
}

fn an_expired_lease_is_taken_over_and_its_holder_refused(bed: &Bed) {
    block_on(async {
        let db = bed.migrated();
        enqueue(&db, "a", "", "p", at(0), at(0)).await;
        let first = claim(&db, "", at(0), "same").await.remove(0);
        let second = claim(&db, "", at(60), "same").await.remove(0);
        assert!(!finish(&db, &first).await);
        let late = first.clone();
        let kept = db
            .append("test.retry", move |tx| queue::retry(tx, &late, at(0), "late"))
            .await;
        assert_eq!(kept, Ok::<_, StoreError>(false));
        let kept = db
            .append("test.bury", move |tx| queue::bury(tx, &first, "late", at(61)))
            .await;
        assert_eq!(kept, Ok::<_, StoreError>(false));
        assert!(finish(&db, &second).await);
    });
}

fn a_renewed_lease_holds_and_a_lost_one_can_not_be_renewed(bed: &Bed) {
    block_on(async {
        let db = bed.migrated();
        enqueue(&db, "a", "", "p", at(0), at(0)).await;
        let held = claim(&db, "", at(0), "one").await.remove(0);
        let renew = async |now| {
            let job = held.clone();
            db.append("test.renew", move |tx| queue::renew(tx, &job, now, LEASE))
                .await
        };
        assert_eq!(renew(at(40)).await, Ok::<_, StoreError>(true));
        assert!(claim(&db, "", at(99), "two").await.is_empty());
        assert_eq!(claim(&db, "", at(100), "two").await.len(), 1);
        assert_eq!(renew(at(101)).await, Ok(false));
    });
}

fn a_finished_job_is_gone(bed: &Bed) {
    block_on(async {
        let db = bed.migrated();
        enqueue(&db, "a", "", "p", at(0), at(0)).await;
        let job = claim(&db, "", at(0), "one").await.remove(0);
        assert!(finish(&db, &job).await);
        assert!(!finish(&db, &job).await);
        assert!(claim(&db, "", at(1000), "one").await.is_empty());
    });
}

fn a_job_enqueued_while_it_is_held_stays_due_after_it_is_finished(bed: &Bed) {
    block_on(async {
        let db = bed.migrated();
        enqueue(&db, "a", "", "old", at(0), at(0)).await;
        let job = claim(&db, "", at(0), "one").await.remove(0);
        enqueue(&db, "a", "", "new", at(30), at(5)).await;
        assert!(claim(&db, "", at(40), "two").await.is_empty(), "it is still held");
        assert!(finish(&db, &job).await);
        assert!(claim(&db, "", at(29), "two").await.is_empty());
        let again = claim(&db, "", at(30), "two").await.remove(0);
        assert_eq!(
            (again.payload.as_str(), again.tries, again.version),
            ("new", 1, 2)
        );
        assert!(finish(&db, &again).await);
        assert!(claim(&db, "", at(1000), "one").await.is_empty());
    });
}

fn a_retried_job_falls_due_again_at_its_time(bed: &Bed) {
    block_on(async {
        let db = bed.migrated();
        enqueue(&db, "a", "", "p", at(0), at(0)).await;
        let job = claim(&db, "", at(0), "one").await.remove(0);
        db.append("test.retry", move |tx| {
            queue::retry(tx, &job, at(15), "status 500")
        })
        .await
        .unwrap();
        assert!(claim(&db, "", at(14), "one").await.is_empty());
        assert_eq!(claim(&db, "", at(15), "one").await[0].tries, 2);
    });
}

fn what_was_enqueued_during_a_lease_that_expired_is_done_once_and_in_time(bed: &Bed) {
    block_on(async {
        let db = bed.migrated();
        for (key, again) in [("now", at(5)), ("later", at(500))] {
            enqueue(&db, key, key, "", at(0), at(0)).await;
            claim(&db, key, at(0), "dead").await;
            enqueue(&db, key, key, "", again, at(1)).await;
        }
        let after_lease = at(400);
        let now = claim(&db, "now", after_lease, "one").await.remove(0);
        let later = claim(&db, "later", after_lease, "one").await.remove(0);
        assert!(finish(&db, &now).await && finish(&db, &later).await);
        assert!(
            claim(&db, "now", at(10_000), "one").await.is_empty(),
            "it was done"
        );
        assert!(claim(&db, "later", at(499), "one").await.is_empty());
        let later = claim(&db, "later", at(500), "one").await.remove(0);
        assert!(finish(&db, &later).await);
        assert!(claim(&db, "later", at(10_000), "one").await.is_empty());
    });
}

fn a_buried_job_stays_buried_until_it_is_enqueued_again(bed: &Bed) {
    block_on(async {
        let db = bed.migrated();
        enqueue(&db, "a", "x", "p", at(0), at(0)).await;
        let job = claim(&db, "x", at(0), "one").await.remove(0);
        db.append("test.bury", move |tx| queue::bury(tx, &job, "spent", at(1)))
            .await
            .unwrap();
        assert!(claim(&db, "x", at(1000), "one").await.is_empty());
        assert!(lanes(&db, at(1000)).await.is_empty());
        enqueue(&db, "a", "x", "p", at(2000), at(1000)).await;
        assert!(claim(&db, "x", at(1999), "one").await.is_empty());
        assert_eq!(claim(&db, "x", at(2000), "one").await[0].tries, 1);
    });
}

fn enqueuing_again_takes_the_earlier_time_and_the_newer_payload(bed: &Bed) {
    block_on(async {
        let db = bed.migrated();
        enqueue(&db, "a", "", "first", at(100), at(0)).await;
        enqueue(&db, "a", "", "second", at(50), at(0)).await;
        enqueue(&db, "a", "", "third", at(70), at(0)).await;
        assert!(claim(&db, "", at(49), "one").await.is_empty());
        assert_eq!(claim(&db, "", at(50), "one").await[0].payload, "third");
    });
}

fn only_lanes_with_a_due_job_are_named_longest_waiting_first(bed: &Bed) {
    block_on(async {
        let db = bed.migrated();
        assert!(lanes(&db, at(1000)).await.is_empty());
        enqueue(&db, "a", "a", "", at(30), at(0)).await;
        enqueue(&db, "b", "b", "", at(20), at(0)).await;
        enqueue(&db, "c", "c", "", at(10), at(0)).await;
        enqueue(&db, "d", "d", "", at(99), at(0)).await;
        enqueue(&db, "e", "", "", at(25), at(0)).await;
        claim(&db, "c", at(15), "one").await;
        assert_eq!(lanes(&db, at(30)).await, ["b", "", "a"]);
        assert_eq!(lanes(&db, at(19)).await, [""; 0]);
        assert_eq!(lanes(&db, at(75)).await, ["b", "", "a", "c"]);
    });
}

fn two_workers_never_claim_the_same_job(bed: &Bed) {
    block_on(async {
        let db = bed.migrated();
        fill(&db, "x", 200).await;
        let workers: Vec<_> = ["one", "two", "three", "four"]
            .into_iter()
            .map(|holder| {
                let db = db.clone();
                tokio::spawn(async move {
                    let mut keys = Vec::new();
                    for _ in 0..10 {
                        keys.extend(
                            claim(&db, "x", at(1000), holder)
                                .await
                                .into_iter()
                                .map(|job| job.key),
                        );
                    }
                    keys
                })
            })
            .collect();
        let mut keys = Vec::new();
        for worker in workers {
            keys.extend(worker.await.unwrap());
        }
        assert!(keys.len() > 100, "{}", keys.len());
        let claimed = keys.len();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), claimed);
    });
}

/// Not timed: the engine's own plan says that the index is walked lane by lane and job by job.
fn a_lane_with_many_due_jobs_does_not_slow_the_others(bed: &Bed) {
    block_on(async {
        let db = bed.migrated();
        fill(&db, "dead", 5000).await;
        fill(&db, "live", 3).await;
        assert_eq!(lanes(&db, at(1000)).await.len(), 2);
        assert_eq!(claim(&db, "live", at(1000), "one").await.len(), 3);
        bed.beside("ANALYZE");
        for (text, uses) in bed.plans(queue::STATEMENTS) {
            assert!(uses.contains("jobs_due"), "{text}\n{uses}");
            assert!(
                !uses.contains("SCAN jobs\n") && !uses.contains("Seq Scan on jobs"),
                "{text}\n{uses}"
            );
        }
    });
}

async fn fill(db: &Db, lane: &'static str, count: i64) {
    db.append("test.fill", move |tx| {
        for n in 0..count {
            let key = format!("{lane}{n}");
            let job = NewJob {
                kind: "notice",
                key: &key,
                lane,
                payload: "",
                due_at: at(n % 100),
            };
            queue::enqueue(tx, &job, at(0))?;
        }
        Ok::<_, StoreError>(())
    })
    .await
    .unwrap();
}
