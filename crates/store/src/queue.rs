//! Work to do is a row, enqueued in the unit of work that needs it, so that a change of state and its consequences
//! commit together. A worker *claims* due jobs of one lane for a while (the lease: `due_at` moves to its end); if it
//! dies, the jobs fall due again by themselves. So a job runs at least once, and its handler must be idempotent. Leases
//! are short and a worker that needs longer renews them, so that a dead worker's jobs are soon another's.
//!
//! Enqueuing a (kind, key) that is there makes it due again and raises its `version`; a holder that finishes the
//! older version leaves it due.

use std::time::Duration;

use jiff::Timestamp;

use crate::error::StoreError;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::Value;

/// The most lanes that one call of [`lanes`] names: those whose oldest due job is oldest.
pub const LANES_LIMIT: i64 = 1000;

/// The texts that look for due jobs, for the test that asks each engine how it runs its own.
pub const STATEMENTS: &[&str] = &[SELECT_LANES, CLAIM_JOBS];

/// A job to enqueue.
#[derive(Clone, Copy, Debug)]
pub struct NewJob<'a> {
    /// What is to be done: the name of a handler.
    pub kind: &'static str,
    /// On what; there is at most one job of a kind and key.
    pub key: &'a str,
    /// What is limited together, as a destination; `""` where nothing is.
    pub lane: &'a str,
    /// Whatever else the handler needs, as it likes.
    pub payload: &'a str,
    /// From when it may run.
    pub due_at: Timestamp,
}

/// A claimed job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// What is to be done.
    pub kind: &'static str,
    /// On what.
    pub key: String,
    /// What is limited together.
    pub lane: String,
    /// Whatever else the handler needs.
    pub payload: String,
    /// How often it was claimed since it was enqueued, this time included.
    pub tries: i64,
    /// Grows each time it is enqueued.
    pub version: i64,
    /// Who holds it.
    pub lease: String,
    /// Until when.
    pub leased_until: Timestamp,
}

/// Enqueues a job, or makes the one that is there due again (at the earlier of both times, with the new payload, also
/// if it was buried). While somebody holds it, it falls due again after that.
pub fn enqueue(tx: &mut Tx<'_>, job: &NewJob<'_>, now: Timestamp) -> Result<(), StoreError> {
    tx.exec(
        INSERT_JOB,
        &[
            job.kind.into(),
            job.key.into(),
            job.lane.into(),
            job.due_at.as_millisecond().into(),
            job.payload.into(),
            now.as_millisecond().into(),
        ],
    )?;
    Ok(())
}

const INSERT_JOB: &str = "\
INSERT INTO jobs (kind, key, lane, due_at, lease, version, tries, payload, created_at) \
VALUES ($1, $2, $3, $4, NULL, 1, 0, $5, $6) \
ON CONFLICT (kind, key) DO UPDATE SET \
  lane = excluded.lane, payload = excluded.payload, version = jobs.version + 1, \
  buried_at = NULL, reason = NULL, \
  tries = CASE WHEN jobs.lease IS NULL THEN 0 ELSE jobs.tries END, \
  due_at = CASE WHEN jobs.buried_at IS NULL AND ((jobs.lease IS NOT NULL AND jobs.due_at > $6) \
    OR jobs.due_at < excluded.due_at) THEN jobs.due_at ELSE excluded.due_at END, \
  again_at = CASE WHEN jobs.lease IS NULL OR (jobs.again_at IS NOT NULL AND jobs.again_at < excluded.due_at) \
    THEN jobs.again_at ELSE excluded.due_at END";

/// The lanes of a kind that have a due job, the one that has waited longest first.
pub fn lanes(tx: &mut Tx<'_>, kind: &'static str, now: Timestamp) -> Result<Vec<String>, StoreError> {
    let rows = tx.all(
        SELECT_LANES,
        &[kind.into(), now.as_millisecond().into(), LANES_LIMIT.into()],
    )?;
    rows.iter().map(|row| row.text(0)).collect()
}

// Walks the index jobs_due lane by lane: a lane with a hundred thousand due jobs costs one seek.
const SELECT_LANES: &str = "\
WITH RECURSIVE step (lane, due_at) AS ( \
  SELECT * FROM (SELECT lane, due_at FROM jobs WHERE kind = $1 AND buried_at IS NULL \
    ORDER BY lane, due_at LIMIT 1) AS head \
  UNION ALL \
  SELECT (SELECT j.lane FROM jobs j WHERE j.kind = $1 AND j.buried_at IS NULL AND j.lane > step.lane \
      ORDER BY j.lane, j.due_at LIMIT 1), \
    (SELECT j.due_at FROM jobs j WHERE j.kind = $1 AND j.buried_at IS NULL AND j.lane > step.lane \
      ORDER BY j.lane, j.due_at LIMIT 1) \
  FROM step WHERE step.lane IS NOT NULL \
) SELECT lane FROM step WHERE lane IS NOT NULL AND due_at <= $2 ORDER BY due_at, lane LIMIT $3";

/// Takes at most `limit` due jobs of a lane for `lease_for`, the longest due first. Run it with
/// [`crate::db::Db::append`].
pub fn claim(
    tx: &mut Tx<'_>,
    kind: &'static str,
    lane: &str,
    limit: usize,
    now: Timestamp,
    lease_for: Duration,
    holder: &str,
) -> Result<Vec<Job>, StoreError> {
    let now_ms = now.as_millisecond();
    let until_ms = now_ms.saturating_add(i64::try_from(lease_for.as_millis()).unwrap_or(i64::MAX));
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let sql = tx.skipping_locked(CLAIM_JOBS, CLAIM_UNLOCKED_JOBS);
    let rows = tx.all(
        sql,
        &[
            kind.into(),
            lane.into(),
            now_ms.into(),
            limit.into(),
            until_ms.into(),
            holder.into(),
        ],
    )?;
    rows.iter().map(|row| claimed(kind, row)).collect()
}

// What was enqueued during a lease that expired is done by the next claim, unless it is for later still.
const CLAIM_JOBS: &str = "\
WITH due AS MATERIALIZED (SELECT key AS due_key FROM jobs \
  WHERE kind = $1 AND lane = $2 AND buried_at IS NULL AND due_at <= $3 ORDER BY due_at LIMIT $4) \
UPDATE jobs SET lease = $6, due_at = $5, tries = tries + 1, \
  again_at = CASE WHEN again_at > $3 THEN again_at END FROM due WHERE kind = $1 AND key = due_key \
RETURNING key, lane, payload, tries, version, lease, due_at";

const CLAIM_UNLOCKED_JOBS: &str = "\
WITH due AS MATERIALIZED (SELECT key AS due_key FROM jobs \
  WHERE kind = $1 AND lane = $2 AND buried_at IS NULL AND due_at <= $3 ORDER BY due_at LIMIT $4 \
  FOR UPDATE SKIP LOCKED) \
UPDATE jobs SET lease = $6, due_at = $5, tries = tries + 1, \
  again_at = CASE WHEN again_at > $3 THEN again_at END FROM due WHERE kind = $1 AND key = due_key \
RETURNING key, lane, payload, tries, version, lease, due_at";

fn claimed(kind: &'static str, row: &Row) -> Result<Job, StoreError> {
    let until_ms = row.int(6)?;
    let leased_until = Timestamp::from_millisecond(until_ms).map_err(|_| StoreError::Column {
        column: 6,
        problem: "is no instant",
    })?;
    Ok(Job {
        kind,
        key: row.text(0)?,
        lane: row.text(1)?,
        payload: row.text(2)?,
        tries: row.int(3)?,
        version: row.int(4)?,
        lease: row.text(5)?,
        leased_until,
    })
}

/// Holds a job for longer, from now on; for a holder that is alive and still at work. False when the lease was lost.
pub fn renew(tx: &mut Tx<'_>, job: &Job, now: Timestamp, lease_for: Duration) -> Result<bool, StoreError> {
    let [kind, key, lease, tries, _] = held(job);
    let now_ms = now.as_millisecond();
    let until_ms = now_ms.saturating_add(i64::try_from(lease_for.as_millis()).unwrap_or(i64::MAX));
    Ok(tx.exec(RENEW_LEASE, &[kind, key, lease, tries, until_ms.into()])? == 1)
}

const RENEW_LEASE: &str =
    "UPDATE jobs SET due_at = $5 WHERE kind = $1 AND key = $2 AND lease = $3 AND tries = $4";

/// Ends a job: it vanishes, or falls due again if it was enqueued meanwhile. False when the lease was lost; then the
/// caller should let its unit of work fail.
pub fn finish(tx: &mut Tx<'_>, job: &Job) -> Result<bool, StoreError> {
    if tx.exec(DELETE_JOB, &held(job))? == 1 {
        return Ok(true);
    }
    leave_due(tx, job)
}

const DELETE_JOB: &str = "DELETE FROM jobs WHERE kind = $1 AND key = $2 AND lease = $3 AND tries = $4 AND version = $5 AND again_at IS NULL";

/// Gives a job back, due at another time. False when the lease was lost.
pub fn retry(tx: &mut Tx<'_>, job: &Job, due_at: Timestamp, reason: &str) -> Result<bool, StoreError> {
    let [kind, key, lease, tries, version] = held(job);
    let due_ms = due_at.as_millisecond();
    let given = [kind, key, lease, tries, version, due_ms.into(), reason.into()];
    if tx.exec(RELEASE_JOB, &given)? == 1 {
        return Ok(true);
    }
    leave_due(tx, job)
}

const RELEASE_JOB: &str = "UPDATE jobs SET lease = NULL, due_at = $6, reason = $7 \
WHERE kind = $1 AND key = $2 AND lease = $3 AND tries = $4 AND version = $5 AND again_at IS NULL";

/// Gives a job up for good, with the reason; enqueuing it again digs it up. False when the lease was lost.
pub fn bury(tx: &mut Tx<'_>, job: &Job, reason: &str, now: Timestamp) -> Result<bool, StoreError> {
    let [kind, key, lease, tries, version] = held(job);
    let given = [
        kind,
        key,
        lease,
        tries,
        version,
        now.as_millisecond().into(),
        reason.into(),
    ];
    if tx.exec(BURY_JOB, &given)? == 1 {
        return Ok(true);
    }
    leave_due(tx, job)
}

const BURY_JOB: &str = "UPDATE jobs SET lease = NULL, buried_at = $6, reason = $7 \
WHERE kind = $1 AND key = $2 AND lease = $3 AND tries = $4 AND version = $5 AND again_at IS NULL";

/// Takes a job away for good, also from whoever holds it: what that one is at comes to its end, and nothing follows.
pub fn cancel(tx: &mut Tx<'_>, kind: &'static str, key: &str) -> Result<bool, StoreError> {
    Ok(tx.exec(CANCEL_JOB, &[kind.into(), key.into()])? == 1)
}

const CANCEL_JOB: &str = "DELETE FROM jobs WHERE kind = $1 AND key = $2";

/// A job that was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buried {
    /// What was to be done.
    pub kind: String,
    /// On what.
    pub key: String,
    /// When it was given up.
    pub buried_at: Timestamp,
    /// Why.
    pub reason: String,
}

/// The jobs that were given up last, the newest first.
pub fn buried(tx: &mut Tx<'_>, limit: usize) -> Result<Vec<Buried>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = tx.all(SELECT_BURIED, &[limit.into()])?;
    let read = |row: &Row| {
        let instant = Timestamp::from_millisecond(row.int(2)?);
        Ok(Buried {
            kind: row.text(0)?,
            key: row.text(1)?,
            buried_at: instant.map_err(|_| StoreError::Column {
                column: 2,
                problem: "is no instant",
            })?,
            reason: row.opt_text(3)?.unwrap_or_default(),
        })
    };
    rows.iter().map(read).collect()
}

const SELECT_BURIED: &str = "\
SELECT kind, key, buried_at, reason FROM jobs WHERE buried_at IS NOT NULL ORDER BY buried_at DESC, kind, key LIMIT $1";

/// Makes a job that was given up due now, with all its tries. False where it is not there, or is not given up.
pub fn dig_up(tx: &mut Tx<'_>, kind: &str, key: &str, now: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.exec(
        DIG_UP_JOB,
        &[kind.into(), key.into(), now.as_millisecond().into()],
    )? == 1)
}

const DIG_UP_JOB: &str = "\
UPDATE jobs SET buried_at = NULL, reason = NULL, tries = 0, version = version + 1, due_at = $3 \
WHERE kind = $1 AND key = $2 AND buried_at IS NOT NULL";

/// A newer version of it was enqueued while it was held: that one is due now, with all its tries.
fn leave_due(tx: &mut Tx<'_>, job: &Job) -> Result<bool, StoreError> {
    let [kind, key, lease, tries, _] = held(job);
    Ok(tx.exec(LEAVE_JOB_DUE, &[kind, key, lease, tries])? == 1)
}

const LEAVE_JOB_DUE: &str = "UPDATE jobs SET lease = NULL, tries = 0, due_at = COALESCE(again_at, due_at), \
again_at = NULL WHERE kind = $1 AND key = $2 AND lease = $3 AND tries = $4";

fn held(job: &Job) -> [Value<'_>; 5] {
    [
        job.kind.into(),
        (&job.key).into(),
        (&job.lease).into(),
        job.tries.into(),
        job.version.into(),
    ]
}
