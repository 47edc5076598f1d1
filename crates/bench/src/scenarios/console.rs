//! The console's pages of an account with few payments against one with many: what people wait for must not grow with
//! what they sold.
//!
//! Rows are written directly and the search is filled by the code that fills it in production. The gateway runs in this
//! process, on a clock that stands still; its pages are asked for over HTTP by somebody who is signed in.

use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use ayni_domain::time::to_ms;
use ayni_gateway::console::home;
use ayni_gateway::console::payments::search;
use ayni_testkit::engine::Engine;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::person::Person;

use super::Plan;
use crate::rows::{Owner, paid, settled};
use crate::table::{Pairs, Table};

/// Each page at 1,000 payments and at the large database's count, in alternating rounds, on the engines that are there.
pub async fn pages(plan: Plan, has_postgres: bool, table: &mut Table) -> Result<()> {
    for (engine, name) in [(Engine::Sqlite, "SQLite"), (Engine::Postgres, "PostgreSQL")] {
        if engine == Engine::Sqlite || has_postgres {
            on(engine, name, plan, table).await?;
        }
    }
    Ok(())
}

async fn on(engine: Engine, name: &str, plan: Plan, table: &mut Table) -> Result<()> {
    let [_, count] = plan.stored;
    let (mut few, mut many) = (Account::of(engine, FEW).await?, Account::of(engine, count).await?);
    for (page, path_of_few, path_of_many) in few.paths().into_iter().zip(many.paths()).map(pair) {
        let mut pairs = Pairs::default();
        for _ in 0..plan.rounds * ROUNDS {
            let large = many.time(&path_of_many).await?;
            pairs.add(1.0 / large, 1.0 / few.time(&path_of_few).await?);
        }
        let what = format!("console on {name}, {page}: at {count} payments : at {FEW}");
        table.ratio(&what, &pairs, Some(1.0 / SLOWER_MAX));
    }
    Ok(())
}

fn pair((few, many): ((&'static str, String), (&'static str, String))) -> (&'static str, String, String) {
    (few.0, few.1, many.1)
}

/// A gateway with so many payments, and somebody who looks at them.
struct Account {
    gateway: TestGateway,
    person: Person,
    deep: String,
    rare: u64,
    id: String,
    settlement: String,
}

impl Account {
    async fn of(engine: Engine, count: u64) -> Result<Account> {
        let gateway = TestGateway::start(engine).await?;
        let now_ms = to_ms(gateway.clock.now());
        let owner = Owner::of(&gateway.app.db, gateway.receiver_id).await?;
        let id = paid::add(&gateway.app.db, owner, count, now_ms).await?;
        let settlement = settled::add(&gateway.app.db, owner, now_ms).await?;
        search::index_due(&gateway.app).await?;
        while home::feed::catch_up(&gateway.app).await? {}
        let mut person = gateway.console().await?;
        let deep = deep_page(&mut person).await?;
        Ok(Account {
            gateway,
            person,
            deep,
            rare: count / 2,
            id,
            settlement,
        })
    }

    /// What is looked at: a page's name and its path.
    fn paths(&self) -> Vec<(&'static str, String)> {
        let list = |query: &str| format!("/console/payments?{query}");
        let deliveries = |query: &str| format!("/console/deliveries?{query}");
        vec![
            ("list", list("")),
            ("list of a state", list("state=done-normal")),
            (
                "list of a bank and a method",
                list("bank=Bawdf&method=regular_transfer"),
            ),
            ("list of nobody's amounts", list("least=1&most=2")),
            ("search of a common word", list("q=arriendo")),
            ("search of a beginning", list("q=arrien")),
            ("search of a reference", list(&format!("q=pedido-{}", self.rare))),
            (
                "search of a common and a rare word",
                list(&format!("q=arriendo+{}", self.rare)),
            ),
            ("search of an amount", list("q=%241.000")),
            ("deep page", self.deep.clone()),
            ("a payment", format!("/console/payments/{}", self.id)),
            ("home", "/console".to_owned()),
            ("notifications", deliveries("")),
            ("notifications given up", deliveries("state=spent")),
            (
                "notifications of a payment",
                deliveries(&format!("payment={}", self.id)),
            ),
            ("a notification", format!("/console/deliveries/{}", self.id)),
            ("mails", "/console/deliveries/mails".to_owned()),
            ("review", "/console/review".to_owned()),
            ("settlements", "/console/settlements".to_owned()),
            (
                "a settlement",
                format!("/console/settlements/{}", self.settlement),
            ),
            ("audit log", "/console/audit".to_owned()),
            ("payment links", "/console/links".to_owned()),
        ]
    }

    /// Seconds until the page is there.
    async fn time(&mut self, path: &str) -> Result<f64> {
        let start = Instant::now();
        self.person.open(path).await?;
        let took = start.elapsed().as_secs_f64();
        ensure!(
            self.person.status() == 200,
            "{path} answers {}",
            self.person.status()
        );
        ensure!(self.gateway.receiver_id > 0, "the gateway is gone");
        Ok(took)
    }
}

/// The path of a page from which half of the payments are newer.
async fn deep_page(person: &mut Person) -> Result<String> {
    person.open("/console/payments?to=2026-02-01").await?;
    person
        .attribute("#older", "href")
        .context("the list has no second page before the middle")
}

/// Payments of the small account.
const FEW: u64 = 1_000;
/// A page may take so much longer with all payments than with few.
const SLOWER_MAX: f64 = 1.5;
/// Looks at each page in a round of the plan.
const ROUNDS: usize = 5;
