//! Statement lines matched, settled and posted, against raw inserts of the same rows through the same store, and on
//! databases with fewer and with more open payments.

mod raw;

use std::time::Instant;

use anyhow::{Context as _, Result};
use ayni_connectors::statement::StatementLine;
use ayni_crypto::entropy::Entropy;
use ayni_domain::currency::Currency;
use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::money::Amount;
use ayni_gateway::ledger::{check, statement};
use ayni_gateway::merchants::collecting::{self, CollectingAccount};
use ayni_gateway::reconciliation::storing::{self, Reading};
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_testkit::engine::Engine;
use ayni_testkit::gateway::TestGateway;

use super::Plan;
use crate::table::{Pairs, Table};
use raw::Raw;

/// Ours against raw inserts with the middle number of open payments, then ours with few and with many.
pub async fn against_raw(plan: Plan, with_postgres: bool, table: &mut Table) -> Result<()> {
    let [middle, large] = plan.stored;
    compare(Engine::Sqlite, plan, middle, Some(LEAST), table).await?;
    if with_postgres {
        compare(Engine::Postgres, plan, middle, None, table).await?;
    }
    let mut few = House::with_open_payments(Engine::Sqlite, FEW).await?;
    for count in [middle, large] {
        let mut many = House::with_open_payments(Engine::Sqlite, count).await?;
        let mut pairs = Pairs::default();
        for _ in 0..plan.rounds {
            pairs.add(many.reconcile().await?, few.reconcile().await?);
        }
        many.prove().await?;
        table.ratio(
            &format!("reconcile with {count} open payments : with {FEW}"),
            &pairs,
            None,
        );
    }
    few.prove().await
}

async fn compare(
    engine: Engine,
    plan: Plan,
    open: u64,
    target: Option<f64>,
    table: &mut Table,
) -> Result<()> {
    let mut house = House::with_open_payments(engine, open).await?;
    let accounts = (house.gateway.receiver_id, house.account.id);
    let mut raw = Raw::with_open_payments(engine, accounts, open, house.gateway.clock.now()).await?;
    let mut pairs = Pairs::default();
    for _ in 0..plan.rounds {
        let ours = house.reconcile().await?;
        raw.take_after(&house.gateway.app.db, house.paid.clone()).await?;
        pairs.add(ours, raw.insert().await?);
    }
    house.prove().await?;
    table.ratio(
        &format!("lines reconciled : raw inserts of the same rows, {engine:?}, {open} open payments"),
        &pairs,
        target,
    );
    Ok(())
}

/// A gateway whose merchant waits for money.
struct House {
    gateway: TestGateway,
    account: CollectingAccount,
    open: Vec<PaymentId>,
    /// Those of the last round.
    paid: Vec<String>,
    lines: u64,
}

impl House {
    async fn with_open_payments(engine: Engine, count: u64) -> Result<House> {
        let gateway = TestGateway::start(engine).await?;
        gateway.work().await?;
        let db = &gateway.app.db;
        let account = collecting::list(db, AccountId(gateway.receiver_id)).await?;
        let account = account
            .into_iter()
            .find(|account| account.currency == Currency::Clp)
            .context("no account in pesos")?;
        let now_ms = gateway.clock.now().as_millisecond();
        let open = fill(db, (gateway.receiver_id, account.id), count, now_ms).await?;
        Ok(House {
            gateway,
            account,
            open,
            paid: Vec::new(),
            lines: 0,
        })
    }

    /// Lines a second, each of which pays an open payment whose merchant is to be told.
    async fn reconcile(&mut self) -> Result<f64> {
        let (db, id) = (&self.gateway.app.db, self.account.id);
        let before = db.read("bench.known", move |tx| statement::known(tx, id)).await?;
        let round = self.open.len().saturating_sub(LINES_IN_A_ROUND);
        let paid = self.open.split_off(round);
        let lines: Vec<StatementLine> = (self.lines + 1..)
            .zip(&paid)
            .map(|(number, payment)| line(number, *payment, &self.gateway))
            .collect();
        self.paid = paid.iter().map(|id| id.as_str().to_owned()).collect();
        let count = lines.len();
        self.lines += u64::try_from(count)?;
        let sum = i64::try_from(count)? * AMOUNT_UNITS;
        let balance = before
            .balance
            .and_then(|held| held.checked_add(Amount::from_units(sum)));
        let reading = Reading {
            before,
            lines,
            balance,
        };
        let start = Instant::now();
        storing::store(&self.gateway.app, &self.account, reading).await?;
        Ok(count as f64 / start.elapsed().as_secs_f64())
    }

    /// Every line was matched and posted, and the ledger holds.
    async fn prove(&self) -> Result<()> {
        let report = check::check(&self.gateway.app.db).await?;
        anyhow::ensure!(report.is_clean(), "{:?}", report.differences);
        let posted = report.transactions - u64::try_from(report.bank_accounts.len())?;
        anyhow::ensure!(
            posted == self.lines,
            "{posted} of {} lines were posted",
            self.lines
        );
        let waiting = self.gateway.app.db.read("bench.review", |tx| {
            tx.all("SELECT id FROM movements WHERE state <> 'matched' LIMIT 1", &[])
        });
        let waiting: Vec<_> = waiting.await.map_err(|error: StoreError| error)?;
        anyhow::ensure!(waiting.is_empty(), "a line was not matched");
        Ok(())
    }
}

fn line(number: u64, payment: PaymentId, gateway: &TestGateway) -> StatementLine {
    StatementLine {
        id: number.to_string(),
        booked_at: gateway.clock.now(),
        amount: Amount::from_units(AMOUNT_UNITS),
        currency: Currency::Clp,
        payer_identifier: "44.444.444-4".to_owned(),
        payer_name: "Cliente DemoBank".to_owned(),
        payer_account: "000000000000444444444".to_owned(),
        reference: payment.as_str().to_owned(),
        operation_number: (1_000_000_000 + number).to_string(),
    }
}

/// Stores open payments, made one a second until now, and returns their ids in an order of no meaning.
async fn fill(db: &Db, (account, collecting): (i64, i64), count: u64, now_ms: i64) -> Result<Vec<PaymentId>> {
    let entropy = Entropy::seeded(count);
    let mut ids = Vec::new();
    while (ids.len() as u64) < count {
        let left = count - ids.len() as u64;
        let rows: Vec<(PaymentId, i64)> = (0..left.min(ROWS_IN_A_UNIT))
            .map(|index| {
                let id = PaymentId::from_random_bytes(&entropy.bytes());
                (id, now_ms - i64::try_from(left - index).unwrap_or(0) * 1000)
            })
            .collect();
        ids.extend(rows.iter().map(|row| row.0));
        db.append("bench.fill", move |tx| {
            rows.iter().try_for_each(|(id, at_ms)| {
                let values = [
                    id.as_str().into(),
                    account.into(),
                    collecting.into(),
                    (*at_ms).into(),
                    DETAILS.into(),
                ];
                tx.exec(INSERT_OPEN, &values).map(drop)
            })
        })
        .await
        .map_err(|error: StoreError| error)?;
    }
    // An order that is neither that of creation nor that of the key: money comes in no order.
    ids.sort_by_key(|id| id.as_str().bytes().rev().collect::<Vec<u8>>());
    Ok(ids)
}

const INSERT_OPEN: &str = "\
    INSERT INTO payments (id, account_id, collecting_id, created_at, expires_at, amount, currency, state, events, \
                          subject, details) \
    VALUES ($1, $2, $3, $4, $4 + 864000000000, 10000000, 'CLP', 'pending', 0, 'Cobro de prueba', $5)";
const DETAILS: &str = r#"{"notify_url":"http://127.0.0.1:9/aviso"}"#;
const AMOUNT_UNITS: i64 = 1_000;
const ROWS_IN_A_UNIT: u64 = 5_000;
/// Five units of work.
const LINES_IN_A_ROUND: usize = 1_000;
const FEW: u64 = 10_000;
/// The least that reconciliation should reach of raw inserts.
const LEAST: f64 = 0.30;
