//! Clients that hang up right after sending: their payment is not there at all, or complete with its job and its parts.

use std::collections::HashSet;
use std::time::Duration;

use anyhow::{Result, ensure};
use ayni_store::db::Db;
use ayni_testkit::engine::Engine;
use ayni_testkit::truth::rows;
use serde_json::{Value, json};

use crate::api::Api;
use crate::house::House;
use crate::load::Dice;
use crate::wait;

#[test]
fn a_payment_whose_client_hung_up_is_whole_or_not_there_on_sqlite() {
    wait::run(whole_or_not_there(Engine::Sqlite));
}

#[test]
fn a_payment_whose_client_hung_up_is_whole_or_not_there_on_postgresql() {
    wait::run(whole_or_not_there(Engine::Postgres));
}

async fn whole_or_not_there(engine: Engine) -> Result<()> {
    let mut house = House::open(engine).await?;
    let api = house.api()?;
    for group in 0..GROUPS {
        let senders = (0..GROUP_CLIENTS).map(|client| {
            let (api, number) = (api.clone(), group * GROUP_CLIENTS + client);
            tokio::spawn(async move {
                api.send_and_hang_up(
                    &order(number),
                    key(number).as_deref(),
                    share(number),
                    after(number),
                )
                .await
            })
        });
        for sender in senders.collect::<Vec<_>>() {
            sender.await??;
        }
    }
    // A process that stops has done with everything that came.
    house.gateway.program()?.ask_to_stop()?;
    let status = house.gateway.program()?.ends_within(STOP_DEADLINE).await?;
    ensure!(status.success(), "the gateway ended with {status}");
    let made = all_are_whole(&house.db()?).await?;
    println!("{made} of {} payments are there", GROUPS * GROUP_CLIENTS);
    ensure!(made > 0, "none is there: nothing was tested");
    house.gateway.start().await?;
    keys_make_no_second(&api).await
}

/// Each payment has its picture's job and its `custom`; only whole requests made one, and none made two.
async fn all_are_whole(db: &Db) -> Result<u64> {
    let mut seen = HashSet::new();
    for row in rows(db, SELECT_PARTS).await? {
        let transaction = row.text(0)?;
        let number: u64 = transaction.trim_start_matches("hang-up-").parse()?;
        ensure!(share(number) == 100, "{transaction} came in half and was made");
        ensure!(seen.insert(number), "{transaction} was made twice");
        let (job, custom) = (row.opt_text(1)?, row.opt_text(2)?);
        ensure!(
            job.as_deref() == order(number)["picture_url"].as_str(),
            "{transaction}: its job is {job:?}"
        );
        ensure!(
            custom.as_deref() == order(number)["custom"].as_str(),
            "{transaction}: its custom is {custom:?}"
        );
    }
    let jobs = rows(db, "SELECT key FROM jobs WHERE kind = 'picture'")
        .await?
        .len();
    ensure!(jobs == seen.len(), "{jobs} jobs for {} payments", seen.len());
    let answers = rows(db, "SELECT key FROM idempotent_answers").await?;
    for answer in &answers {
        let number: u64 = answer.str(0)?.trim_start_matches("key-").parse()?;
        ensure!(
            seen.contains(&number),
            "an answer is kept for the payment {number} that is not there"
        );
    }
    let keyed = seen.iter().filter(|number| key(**number).is_some()).count();
    ensure!(
        keyed == answers.len(),
        "{} answers kept for {keyed} payments with keys",
        answers.len()
    );
    Ok(seen.len() as u64)
}

/// The same request, sent again by a client that waits, gives the one payment of its key.
async fn keys_make_no_second(api: &Api) -> Result<()> {
    for number in (0..GROUPS * GROUP_CLIENTS).filter(|number| key(*number).is_some()) {
        let body = order(number);
        let answer = api
            .call("POST", "/v3/payments", Some(&body), key(number).as_deref())
            .await?;
        ensure!(answer.status == 200, "{}", answer.text());
        let made = api
            .with_reference(body["transaction_id"].as_str().unwrap_or_default())
            .await?;
        ensure!(
            made.len() == 1 && answer.json()["payment_id"] == made[0].as_str(),
            "{body} made {made:?}"
        );
    }
    Ok(())
}

fn order(number: u64) -> Value {
    json!({
        "amount": 1000, "currency": "CLP", "subject": "Pedido", "transaction_id": format!("hang-up-{number}"),
        "picture_url": "http://127.0.0.1:9/picture.png", "custom": "x".repeat(2000),
    })
}

fn key(number: u64) -> Option<String> {
    number.is_multiple_of(3).then(|| format!("key-{number}"))
}

/// Every fifth request is cut short within its body.
fn share(number: u64) -> usize {
    match number % 5 {
        4 => usize::try_from(Dice::of(1, number).below(100)).unwrap_or(0),
        _ => 100,
    }
}

/// At once, or while the request is at any of its steps.
fn after(number: u64) -> Duration {
    Duration::from_millis(number % 4 * Dice::of(2, number).below(20))
}

const SELECT_PARTS: &str = "SELECT p.transaction_id, j.payload, c.custom FROM payments p \
     LEFT JOIN jobs j ON j.kind = 'picture' AND j.key = p.id LEFT JOIN payment_customs c ON c.payment_id = p.id";
const GROUPS: u64 = 10;
const GROUP_CLIENTS: u64 = 50;
const STOP_DEADLINE: Duration = Duration::from_secs(45);
