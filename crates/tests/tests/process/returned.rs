//! After everything: was every refund that was accepted executed once or given back once, and does the ledger know it?

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use anyhow::{Result, ensure};
use ayni_gateway::ledger;
use ayni_sandbox::book::BookEntry;
use ayni_store::db::Db;
use ayni_testkit::truth::rows;

use crate::load::Load;
use crate::wait::{Looked, until};

/// The ledger proves itself, also while others write into it.
pub async fn ledger_is_clean(db: &Db) -> Result<()> {
    let report = ledger::check::check(db).await?;
    ensure!(report.is_clean(), "{:#?}", report.differences);
    Ok(())
}

/// Waits until no order is under way: those whose sender was killed are ended by the statement.
pub async fn all_ended(db: &Db) -> Result<()> {
    until("all orders to end", ENDED_DEADLINE, async || {
        let open = rows(db, SELECT_OPEN).await?;
        let open: Vec<String> = open
            .iter()
            .map(|row| Ok(format!("{} {}", row.str(0)?, row.str(1)?)))
            .collect::<Result<_>>()?;
        Ok(match open.is_empty() {
            true => Looked::There(()),
            false => Looked::NotYet(open.join(", ")),
        })
    })
    .await
}

/// Compares acknowledgements, refunds, orders, the bank's book and the ledger.
pub async fn after(db: &Db, load: &Load, book: &[BookEntry]) -> Result<()> {
    let ends = orders_agree_with(db, book).await?;
    let (accepted, refused) = {
        let known = load.ledger.lock();
        let accepted = known.refunds.iter().filter(|asked| asked.status == 200).count();
        (accepted, known.refunds.len() - accepted)
    };
    answered_again_as_before(load).await?;
    let refunds = rows(db, SELECT_REFUNDS).await?;
    ensure!(
        refunds.len() == accepted,
        "{accepted} refunds were acknowledged, {} are there",
        refunds.len()
    );
    let mut given_back: HashMap<String, i64> = HashMap::new();
    for row in &refunds {
        let (id, payment, state) = (row.str(0)?, row.text(1)?, row.str(2)?);
        let end = ends.get(id).map(String::as_str);
        let is_told = matches!(
            (state, end),
            ("paid", Some("paid")) | ("expired", Some("failed" | "expired"))
        );
        ensure!(is_told, "refund {id} is {state}, its order {end:?}");
        if state == "paid" {
            *given_back.entry(payment).or_default() += row.int(3)?;
        }
    }
    for row in rows(db, "SELECT id, amount FROM payments").await? {
        let back = given_back.get(row.str(0)?).copied().unwrap_or_default();
        ensure!(
            back <= row.int(1)?,
            "more than was paid was given back of {}",
            row.str(0)?
        );
    }
    ledger_is_clean(db).await?;
    let transit = rows(
        db,
        "SELECT owner FROM ledger_balances WHERE kind = 'transit' AND balance <> 0",
    )
    .await?;
    ensure!(transit.is_empty(), "money is still in transit: {transit:?}");
    println!(
        "refunds accepted {accepted}, refused {refused}; orders by end {:?}",
        counted(&ends)
    );
    ensure!(accepted > 0, "nothing was refunded: the load was none");
    Ok(())
}

/// Every refund's key gets its answer again, also where that was a refusal.
async fn answered_again_as_before(load: &Load) -> Result<()> {
    let asked = load.ledger.lock().refunds.clone();
    for one in asked {
        let (body, key) = (Some(&one.body), Some(one.key.as_str()));
        let again = load.api.call("POST", &one.path, body, key).await?;
        let is_same = again.status.as_u16() == one.status;
        let is_replayed = again.header("idempotent-replayed") == Some("true");
        ensure!(
            is_same && is_replayed,
            "{} was {}, and is {} now",
            one.key,
            one.status,
            again.text()
        );
    }
    Ok(())
}

/// At most one debit for each order: one where it is paid, none where it was given back. Returns how each ended.
async fn orders_agree_with(db: &Db, book: &[BookEntry]) -> Result<BTreeMap<String, String>> {
    let mut debits: HashMap<&str, u32> = HashMap::new();
    for entry in book {
        *debits.entry(entry.comment.as_str()).or_default() += 1;
    }
    let mut ends = BTreeMap::new();
    for row in rows(db, "SELECT id, state FROM orders").await? {
        let (id, state) = (row.text(0)?, row.text(1)?);
        let moved = debits.get(id.as_str()).copied().unwrap_or_default();
        let expected = u32::from(state == "paid");
        ensure!(
            moved == expected,
            "order {id} is {state} and was debited {moved} times"
        );
        ends.insert(id, state);
    }
    Ok(ends)
}

fn counted(ends: &BTreeMap<String, String>) -> BTreeMap<&str, u32> {
    let mut counted = BTreeMap::new();
    for state in ends.values() {
        *counted.entry(state.as_str()).or_default() += 1;
    }
    counted
}

const SELECT_OPEN: &str =
    "SELECT id, state FROM orders WHERE state NOT IN ('paid', 'failed', 'expired') ORDER BY id";
const SELECT_REFUNDS: &str = "SELECT id, payment_id, state, amount FROM refunds";
/// A killed sender's lease, every order that waits behind it, and the time after which a debit does not come any more.
const ENDED_DEADLINE: Duration = Duration::from_secs(240);
