//! After everything: do the clients, the database, the bank's book and the merchant tell the same story?

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use ayni_crypto::sign::verify_notification;
use ayni_sandbox::book::{self, BookEntry};
use ayni_store::db::Db;
use ayni_testkit::truth::{self, rows};

use crate::house::{House, now};
use crate::load::Load;
use crate::returned;
use crate::shop::Delivery;
use crate::wait::{Looked, until};

/// Waits until nothing is left to be done, then compares.
pub async fn after(house: &House, load: &Load) -> Result<()> {
    let db = house.db()?;
    let book = book::read(&house.bank_file())?;
    quiet(&db, &book).await?;
    returned::all_ended(&db).await?;
    // What left meanwhile, and what the statement told of it, is part of the story.
    let book = book::read(&house.bank_file())?;
    quiet(&db, &book).await?;
    tell(load, &book);
    ensure!(
        load.ledger.lock().surprises.is_empty(),
        "{:#?}",
        load.ledger.lock().surprises
    );
    truth::events_tell_states(&db).await?;
    truth::paid_means_money_was_seen(&db).await?;
    truth::ledger_holds(&db).await?;
    acknowledged_is_there(load).await?;
    keys_give_the_same_payment(load).await?;
    book_and_movements_agree(&db, &book).await?;
    paid_are_told(house, load, &db).await?;
    returned::after(&db, load, &book).await
}

/// Every transfer of the book was read from the statement, and every notification was delivered.
async fn quiet(db: &Db, book: &[BookEntry]) -> Result<()> {
    until("all money to be seen and told", QUIET_DEADLINE, async || {
        let seen: HashSet<String> = rows(db, "SELECT operation_number FROM movements")
            .await?
            .iter()
            .map(|row| row.text(0))
            .collect::<Result<_, _>>()?;
        let unseen = book
            .iter()
            .filter(|entry| !seen.contains(&entry.operation))
            .count();
        let untold = rows(db, "SELECT id FROM notices WHERE state <> 'delivered'")
            .await?
            .len();
        Ok(match (unseen, untold) {
            (0, 0) => Looked::There(()),
            _ => Looked::NotYet(format!(
                "{unseen} transfers not seen, {untold} notifications not delivered"
            )),
        })
    })
    .await
}

fn tell(load: &Load, book: &[BookEntry]) {
    let deliveries = load.shop.deliveries();
    let refused = deliveries
        .values()
        .flatten()
        .filter(|delivery| delivery.status != 200)
        .count();
    let total: usize = deliveries.values().map(Vec::len).sum();
    let known = load.ledger.lock();
    println!(
        "orders {} acknowledged {} deleted {}",
        known.sent,
        known.created.len(),
        known.deleted.len()
    );
    println!(
        "answers by status (0: none) {:?}; payers' last pages {:?}",
        known.answers, known.walks
    );
    println!(
        "transfers {}; notifications {total}, {refused} refused, for {} payments",
        book.len(),
        deliveries.len()
    );
}

async fn acknowledged_is_there(load: &Load) -> Result<()> {
    let (created, deleted) = {
        let known = load.ledger.lock();
        (known.created.clone(), known.deleted.clone())
    };
    for (id, order) in &created {
        let answer = load.api.payment(id).await?;
        ensure!(
            answer.status == 200,
            "acknowledged payment {id} answers {}",
            answer.status
        );
        let payment = answer.json();
        ensure!(
            payment["transaction_id"] == order.transaction.as_str(),
            "payment {id} is another one: {payment}"
        );
        let same = |key: &str| {
            payment[key].as_str().unwrap_or_default() == order.body[key].as_str().unwrap_or_default()
        };
        ensure!(
            same("notify_url") && same("custom"),
            "payment {id} lost a part of itself: {payment}"
        );
        ensure!(
            !deleted.contains(id) || payment["status"] == "deleted",
            "payment {id} was deleted: {payment}"
        );
    }
    Ok(())
}

/// The acknowledged answer again; and one payment for each order, however often it was sent.
async fn keys_give_the_same_payment(load: &Load) -> Result<()> {
    let created = load.ledger.lock().created.clone();
    for (id, order) in created.iter().filter(|(_, order)| order.key.is_some()) {
        let again = load
            .api
            .call("POST", "/v3/payments", Some(&order.body), order.key.as_deref())
            .await?;
        ensure!(
            again.status == 200,
            "the key of {id} answers {}: {}",
            again.status,
            again.text()
        );
        ensure!(
            again.json()["payment_id"] == id.as_str(),
            "the key of {id} made another: {}",
            again.text()
        );
        ensure!(
            again.header("idempotent-replayed") == Some("true"),
            "the answer for {id} is no replay"
        );
        let made = load.api.with_reference(&order.transaction).await?;
        ensure!(
            made.as_slice() == [id.as_str()],
            "order {} made {made:?}",
            order.transaction
        );
    }
    Ok(())
}

/// At most one debit for each attempt; every credit stands in the gateway, matched or in review, and nothing else does.
async fn book_and_movements_agree(db: &Db, book: &[BookEntry]) -> Result<()> {
    let mut movements = BTreeMap::new();
    for row in rows(db, SELECT_MOVEMENTS).await? {
        let earlier = movements.insert(row.text(0)?, (row.int(1)?, row.text(2)?, row.opt_text(3)?));
        ensure!(earlier.is_none(), "operation {} is stored twice", row.text(0)?);
    }
    let mut payments = HashMap::new();
    for row in rows(db, "SELECT id, state FROM payments").await? {
        payments.insert(row.text(0)?, row.text(1)?);
    }
    let (mut attempts, mut in_review) = (HashSet::new(), 0);
    for entry in book {
        let seen = movements.remove(&entry.operation);
        let (amount, state, settled) = seen.with_context(|| format!("not seen: {entry:?}"))?;
        if amount < 0 || state == "top-up" {
            continue;
        }
        ensure!(
            amount == entry.amount.ten_thousandths(),
            "another amount was seen: {entry:?}"
        );
        let Some((payment, _)) = entry.comment.split_once('-') else {
            ensure!(
                state == "review" && settled.is_none(),
                "a stranger's money is {state}: {entry:?}"
            );
            in_review += 1;
            continue;
        };
        ensure!(
            attempts.insert(entry.comment.clone()),
            "attempt {} was debited twice",
            entry.comment
        );
        ensure!(
            state == "matched" && settled.as_deref() == Some(payment),
            "{state} {settled:?}: {entry:?}"
        );
        let became = payments.get(payment).map(String::as_str);
        ensure!(
            became.is_some_and(|state| PAID.contains(&state)),
            "paid, but {became:?}: {entry:?}"
        );
    }
    ensure!(
        movements.is_empty(),
        "movements that the bank does not know: {movements:?}"
    );
    println!("debited attempts {}, in review {in_review}", attempts.len());
    Ok(())
}

/// Each payment that is done and names an address was told of until 200, always in the same words, and no other was.
async fn paid_are_told(house: &House, load: &Load, db: &Db) -> Result<()> {
    let secret = house.told("secret")?.as_str().unwrap_or_default().to_owned();
    let mut deliveries = load.shop.deliveries();
    let mut done = 0;
    for row in rows(db, "SELECT id, details, state FROM payments").await? {
        if !PAID.contains(&row.str(2)?) {
            continue;
        }
        let (id, details) = (row.text(0)?, row.opt_text(1)?.unwrap_or_default());
        let came = deliveries.remove(&id);
        if details.contains(&load.shop.notify_url()) {
            told(&secret, &came.unwrap_or_default()).with_context(|| format!("payment {id}"))?;
            done += 1;
        } else {
            ensure!(came.is_none(), "payment {id} names no address and was told of");
        }
    }
    ensure!(
        deliveries.is_empty(),
        "told of payments that are not done: {:?}",
        deliveries.keys()
    );
    println!("done and told of {done}");
    ensure!(done > 0, "no payment was paid: the load was none");
    Ok(())
}

fn told(secret: &str, came: &[Delivery]) -> Result<()> {
    ensure!(
        came.iter().any(|delivery| delivery.status == 200),
        "its notification was lost: {came:?}"
    );
    for delivery in came {
        ensure!(
            delivery.body == came[0].body,
            "its notification changed: {came:?}"
        );
        verify_notification(
            secret,
            &delivery.signature,
            &delivery.body,
            now().as_millisecond(),
            A_WHILE,
        )?;
    }
    Ok(())
}

/// The states of a payment whose money was seen.
const PAID: [&str; 4] = [
    "done/normal",
    "done/partially-refunded",
    "done/fully-refunded",
    "done/reversed",
];
const SELECT_MOVEMENTS: &str = "SELECT operation_number, amount, state, payment_id FROM movements";
/// The last refused notification's second retry, a dead process's leases, and a slow machine.
const QUIET_DEADLINE: Duration = Duration::from_secs(60);
/// Longer than any run.
const A_WHILE: Duration = Duration::from_secs(600);
