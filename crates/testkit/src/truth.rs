//! What must hold after whatever happened: the events of each payment tell its state, money and notifications are
//! where they belong, nobody was debited twice for one attempt.

use std::collections::{HashMap, HashSet};

use anyhow::{Context as _, Result, ensure};
use ayni_domain::payment::Event;
use ayni_domain::payment::life::Life;
use ayni_gateway::ledger::check as ledger;
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::row::Row;

use crate::gateway::TestGateway;
use crate::logs;
use crate::mail_server::PASSWORD;

/// Compares everything; the error names what does not fit.
pub async fn check(gateway: &TestGateway) -> Result<()> {
    let db = &gateway.app.db;
    events_tell_states(db).await?;
    paid_means_money_was_seen(db).await?;
    no_attempt_was_debited_twice(gateway)?;
    ledger_holds(db).await?;
    no_order_was_debited_twice(gateway).await?;
    let mut secrets = vec![gateway.secret.as_str(), gateway.api_key.as_str(), PASSWORD];
    secrets.extend(TYPED);
    logs::tell_none_of(&secrets)
}

const SELECT_PAID: &str = "\
    SELECT id FROM payments \
    WHERE state IN ('done/normal', 'done/partially-refunded', 'done/fully-refunded', 'done/reversed') ORDER BY id";

/// Every payment's events can follow each other, are numbered without a gap, and end in the payment's state.
pub async fn events_tell_states(db: &Db) -> Result<()> {
    let payments = rows(db, "SELECT id, state, events FROM payments").await?;
    let mut events: HashMap<String, Vec<(i64, Event, String)>> = HashMap::new();
    for row in rows(db, SELECT_EVENTS).await? {
        let event = serde_json::from_str(row.str(2)?)
            .with_context(|| format!("an event of {}", row.str(0).unwrap_or("?")))?;
        events
            .entry(row.text(0)?)
            .or_default()
            .push((row.int(1)?, event, row.text(3)?));
    }
    for row in payments {
        let (id, state, count) = (row.text(0)?, row.text(1)?, row.int(2)?);
        let own = events.remove(&id).unwrap_or_default();
        ensure!(
            own.len() as i64 == count,
            "payment {id} counts {count} events and has {}",
            own.len()
        );
        let mut life = Life::begin();
        for (number, event, after) in &own {
            let became = life
                .take(event)
                .with_context(|| format!("event {number} of payment {id}"))?;
            ensure!(
                became.as_str() == after,
                "event {number} of payment {id} says {after}, not {became:?}"
            );
        }
        ensure!(
            life.state().as_str() == state,
            "payment {id} is {state}, its events say {:?}",
            life.state()
        );
    }
    ensure!(
        events.is_empty(),
        "events of payments that do not exist: {:?}",
        events.keys()
    );
    Ok(())
}

/// A payment is `done/normal`, or was and is refunded since, exactly if a movement settled it and a reconciliation says
/// so; only such a payment is told of, and only once.
pub async fn paid_means_money_was_seen(db: &Db) -> Result<()> {
    let ids = async |sql| -> Result<Vec<String>> {
        Ok(rows(db, sql)
            .await?
            .iter()
            .map(|row| row.text(0))
            .collect::<Result<_, _>>()?)
    };
    let done = ids(SELECT_PAID).await?;
    let settled =
        ids("SELECT payment_id FROM movements WHERE payment_id IS NOT NULL ORDER BY payment_id").await?;
    let reconciled = ids("SELECT payment_id FROM reconciliations ORDER BY payment_id").await?;
    ensure!(
        done == settled,
        "done: {done:?}, settled by a movement: {settled:?}"
    );
    ensure!(done == reconciled, "done: {done:?}, reconciled: {reconciled:?}");
    let told = ids("SELECT payment_id FROM notices WHERE payment_id <> '' ORDER BY payment_id").await?;
    let once: HashSet<&String> = told.iter().collect();
    ensure!(once.len() == told.len(), "a payment is told of twice: {told:?}");
    ensure!(
        once.iter().all(|id| done.contains(id)),
        "told of a payment that is not done: {told:?}"
    );
    Ok(())
}

/// Every transaction sums to zero, every balance to its postings, and all of it to what the banks say.
pub async fn ledger_holds(db: &Db) -> Result<()> {
    let report = ledger::check(db).await?;
    ensure!(
        report.is_clean(),
        "the ledger does not hold: {:#?}",
        report.differences
    );
    Ok(())
}

/// The bank's book has at most one debit for each attempt: its transfers carry the attempt's number.
pub fn no_attempt_was_debited_twice(gateway: &TestGateway) -> Result<()> {
    let mut seen = HashSet::new();
    for entry in gateway.bank.book()? {
        let of_attempt = entry.comment.len() > ID_LENGTH && entry.comment.as_bytes()[ID_LENGTH] == b'-';
        ensure!(
            !of_attempt || seen.insert(entry.comment.clone()),
            "the attempt {} was debited twice",
            entry.comment
        );
    }
    Ok(())
}

/// The bank's book has at most one debit for each order: one for what is paid, none for what was given back. What went
/// by file may be told of by a file too, without DemoBank.
pub async fn no_order_was_debited_twice(gateway: &TestGateway) -> Result<()> {
    let mut debits: HashMap<String, u32> = HashMap::new();
    for entry in gateway.bank.book()? {
        *debits.entry(entry.comment).or_default() += 1;
    }
    for row in rows(&gateway.app.db, "SELECT id, state, via FROM orders").await? {
        let (id, state, via) = (row.text(0)?, row.text(1)?, row.text(2)?);
        let moved = debits.get(&id).copied().unwrap_or_default();
        let is_right = match state.as_str() {
            "paid" if via == "connector" => moved == 1,
            "failed" | "expired" => moved == 0,
            _ => moved <= 1,
        };
        ensure!(is_right, "order {id} is {state} and was debited {moved} times");
    }
    Ok(())
}

/// All rows of a query of the test's own.
pub async fn rows(db: &Db, sql: &'static str) -> Result<Vec<Row>> {
    Ok(db
        .read("test.rows", move |tx| tx.all(sql, &[]))
        .await
        .map_err(|error: StoreError| error)?)
}

const SELECT_EVENTS: &str =
    "SELECT payment_id, number, data, state FROM payment_events ORDER BY payment_id, number";
/// What tests' payers and merchants type: RUTs with and without punctuation, coordinates.
const TYPED: [&str; 6] = [
    "11.111.111-1",
    "111111111",
    "44.444.444-4",
    "76.086.428-5",
    "760864285",
    "11 22 33",
];
const ID_LENGTH: usize = 12;
