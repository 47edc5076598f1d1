//! SIGKILL, twenty times, while settlements are made and paid out: no peso is lost or paid twice.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use ayni_domain::calendar::{Calendar, day_in_chile};
use ayni_domain::currency::Currency;
use ayni_domain::money::Amount;
use ayni_domain::rut::Rut;
use ayni_gateway::ledger::check;
use ayni_sandbox::bank::DemoBank;
use ayni_sandbox::book;
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_testkit::engine::Engine;
use ayni_testkit::truth::rows;
use jiff::ToSpan as _;
use serde_json::json;

use crate::house::{House, now};
use crate::load::Dice;
use crate::program::{Invocation, Program};
use crate::wait::{self, Looked, until};

#[test]
fn settlements_survive_twenty_kills_on_sqlite() {
    wait::run(survives_kills(Engine::Sqlite));
}

#[test]
fn settlements_survive_twenty_kills_on_postgresql() {
    wait::run(survives_kills(Engine::Postgres));
}

async fn survives_kills(engine: Engine) -> Result<()> {
    let mut house = House::open(engine).await?;
    let dice = Dice::of(wait::seed()?, 2000);
    let db = house.db()?;
    let collected = collect(&house, &db).await?;
    let mut killed = 0;
    for _ in 0..KILLS {
        release(&db, PAYMENTS_PER_KILL).await?;
        let mut run = start_run(&house)?;
        tokio::time::sleep(Duration::from_millis(dice.below(RUN_LIFE_MS))).await;
        match dice.below(3) {
            0 => kill_and_start(&mut house).await?,
            _ => {
                if run.ended()?.is_none() {
                    run.kill()?;
                    killed += 1;
                }
            }
        }
    }
    release(&db, PAYMENTS).await?;
    start_run(&house)?.ends_within(RUN_DEADLINE).await?;
    println!("{killed} runs were killed at their work");
    judge(&house, &db, collected).await
}

/// Makes payments and pays them by hand, and waits until all of them are seen; what they bring together.
async fn collect(house: &House, db: &Db) -> Result<Amount> {
    let bank = DemoBank::open(&house.bank_file(), Arc::new(now), Some(7))?;
    let api = house.api()?;
    let account = rows(db, SELECT_ACCOUNT).await?;
    let account = account.first().context("no account in pesos")?.text(0)?;
    let (payer, mut sum) = (Rut::parse("11.111.111-1")?, Amount::ZERO);
    for number in 0..PAYMENTS {
        let amount = Amount::from_units(1000 + number);
        let body = json!({"amount": 1000 + number, "currency": "CLP", "subject": "Pedido"});
        let made = api.call("POST", "/v3/payments", Some(&body), None).await?.json();
        let id = made["payment_id"].as_str().unwrap_or_default();
        bank.transfer_by_hand(payer, &account, amount, Currency::Clp, id)
            .await??;
        sum = sum.checked_add(amount).context("too much")?;
    }
    until("all payments to be seen", SEEN_DEADLINE, async || {
        let seen = rows(db, "SELECT payment_id FROM releases").await?.len() as i64;
        Ok(match seen == PAYMENTS {
            true => Looked::There(()),
            false => Looked::NotYet(format!("{seen} are seen")),
        })
    })
    .await?;
    Ok(sum)
}

/// So many more payments may be settled now, as if their days had passed.
async fn release(db: &Db, count: i64) -> Result<()> {
    db.write("test.release", move |tx| tx.exec(RELEASE, &[count.into()]))
        .await
        .map_err(|error: StoreError| error)?;
    Ok(())
}

/// `ayni settlement run` for the business day before today.
fn start_run(house: &House) -> Result<Program> {
    let calendar = Calendar::default();
    let mut day = day_in_chile(now()).saturating_sub(1.day());
    while !calendar.is_business_day(day) {
        day = day.saturating_sub(1.day());
    }
    let mut run = Invocation::of(["settlement", "run", "--day", &day.to_string(), "--database"]);
    run.arguments.push(house.database_url.clone().into());
    run.arguments.push("--data-dir".into());
    run.arguments.push(house.folder.path().join("gateway").into());
    run.start(&house.folder.path().join("run.log"))
}

async fn kill_and_start(house: &mut House) -> Result<()> {
    house.gateway.kill()?;
    house.gateway.start().await
}

/// Waits until every payout was seen leaving, then compares settlements, the bank's book and the ledger.
async fn judge(house: &House, db: &Db, collected: Amount) -> Result<()> {
    until("every payout to be seen leaving", PAID_DEADLINE, async || {
        let open = rows(db, "SELECT id FROM settlements WHERE state <> 'paid'")
            .await?
            .len();
        let unsettled = rows(db, "SELECT payment_id FROM releases WHERE settlement_id IS NULL")
            .await?
            .len();
        Ok(match (open, unsettled) {
            (0, 0) => Looked::There(()),
            _ => Looked::NotYet(format!(
                "{open} payouts are open, {unsettled} payments not settled"
            )),
        })
    })
    .await?;
    let lines = rows(db, "SELECT payment_id FROM settlement_lines").await?.len() as i64;
    ensure!(lines == PAYMENTS, "{lines} payments were settled, not {PAYMENTS}");
    let mut transfers: HashMap<String, Vec<Amount>> = HashMap::new();
    for entry in book::read(&house.bank_file())? {
        transfers.entry(entry.comment).or_default().push(entry.amount);
    }
    let mut paid_out = Amount::ZERO;
    let settlements = rows(db, "SELECT order_id, paid_out FROM settlements").await?;
    for row in &settlements {
        let (order, amount) = (row.text(0)?, Amount::from_ten_thousandths(row.int(1)?));
        let moved = transfers.remove(&order).unwrap_or_default();
        ensure!(moved == [amount], "payout {order} of {amount} moved {moved:?}");
        paid_out = paid_out.checked_add(amount).context("too much")?;
    }
    ensure!(
        paid_out == collected,
        "collected {collected}, paid out {paid_out}"
    );
    ensure!(
        settlements.len() > 1,
        "all was settled at once: the kills met nothing"
    );
    println!("{} settlements paid out {paid_out}", settlements.len());
    let report = check::check(db).await?;
    ensure!(report.is_clean(), "the ledger: {:?}", report.differences);
    Ok(())
}

const KILLS: u32 = 20;
const PAYMENTS: i64 = 60;
const PAYMENTS_PER_KILL: i64 = 2;
/// A run of a debug build reads its settings for about half of it.
const RUN_LIFE_MS: u64 = 600;
const SELECT_ACCOUNT: &str = "SELECT number FROM collecting_accounts WHERE currency = 'CLP'";
const RELEASE: &str = "UPDATE releases SET releases_at = 1 WHERE payment_id IN \
    (SELECT payment_id FROM releases WHERE settlement_id IS NULL AND releases_at > 1 ORDER BY payment_id LIMIT $1)";
const SEEN_DEADLINE: Duration = Duration::from_secs(60);
const RUN_DEADLINE: Duration = Duration::from_secs(60);
const PAID_DEADLINE: Duration = Duration::from_secs(180);
