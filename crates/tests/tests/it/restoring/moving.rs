//! Growing from one engine to the other, and back, with money under way.

use std::collections::BTreeMap;

use anyhow::Result;
use ayni_gateway::ledger::check;
use ayni_store::copy::export::export;
use ayni_store::copy::import::import;
use ayni_store::copy::relocate::relocate;
use ayni_store::row::Row;
use ayni_testkit::engine::{Database, Engine};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::merchant::Merchant;
use ayni_testkit::payer::Payer;
use ayni_testkit::{on_both_engines, truth};
use serde_json::json;

use crate::bodies::{payment, state};
use crate::operations::calls::{DEBT, of_debt};
use crate::refunds::house::{Shop, read_statement, refunds};
use crate::settlement::house::{paid, paid_out, set_payout_account, until};

on_both_engines!(
    a_gateway_that_was_moved_there_and_back_goes_on_where_it_was,
    settlements_and_operations_are_the_same_after_a_move_there_and_a_file_back,
);

async fn a_gateway_that_was_moved_there_and_back_goes_on_where_it_was(outer: &TestGateway) -> Result<()> {
    let gateway = TestGateway::start(outer.engine()).await?;
    let shop = Shop::of(&gateway);
    shop.use_card(&gateway, Some("11 22 33")).await?;
    let paid = shop.paid(&gateway, 5000).await?;
    assert_eq!(shop.refund(&gateway, &paid, Some(1200)).await?.status, 200);
    read_statement(&gateway).await?;
    assert_eq!(shop.refund(&gateway, &paid, Some(800)).await?.status, 200);
    let under_way = gateway.create(payment(&json!({}))).await?;
    let mut payer = Payer::at(&gateway)?;
    payer.begin(&under_way).await?;
    payer.log_in("11.111.111-1").await?;

    let (there, back) = (other(gateway.engine()), gateway.engine());
    let first = gateway.location().clone();
    let gateway = moved(gateway, there).await?;
    assert_eq!(gateway.engine(), there);
    let gateway = moved(gateway, back).await?;
    assert_ne!(gateway.location(), &first);

    assert_eq!(
        payer.authorise("11 22 33").await?,
        "authorised",
        "in the same browser"
    );
    read_statement(&gateway).await?;
    read_statement(&gateway).await?;
    assert_eq!(state(&gateway, &under_way).await?, "done/normal");
    assert_eq!(refunds(&gateway, &paid).await?.0, ["paid", "paid"]);
    assert_eq!(
        gateway.bank.book()?.len(),
        4,
        "two transfers came and two left, each once"
    );
    let report = check::check(&gateway.app.db).await?;
    assert!(report.is_clean(), "{:?}", report.differences);
    truth::check(&gateway).await
}

async fn settlements_and_operations_are_the_same_after_a_move_there_and_a_file_back(
    outer: &TestGateway,
) -> Result<()> {
    let gateway = TestGateway::start(outer.engine()).await?;
    set_payout_account(&gateway).await?;
    for amount in [1000, 2500] {
        paid(&gateway, &json!({ "amount": amount })).await?;
    }
    until(&gateway, "2026-03-03T17:05:00Z").await?;
    paid(&gateway, &json!({ "amount": 700 })).await?;
    let merchant = Merchant::start().await?;
    for url in [None, Some(merchant.url("/told"))] {
        let asked = gateway
            .call("POST", DEBT, Some(of_debt("25252525", url.as_deref())))
            .await?;
        assert!(asked.status.is_success(), "{}", asked.text());
    }
    let before = sums(&gateway).await?;
    assert_eq!(
        before["settlements"],
        (1, 35_000_000),
        "two payments, handed over together"
    );
    assert_eq!(
        (before["lines"], before["orders"]),
        ((2, 35_000_000), (1, 35_000_000))
    );
    assert_eq!((before["operations"].0, before["ledger"].1), (2, 0));

    let back = gateway.engine();
    let gateway = moved(gateway, other(back)).await?;
    assert_eq!(sums(&gateway).await?, before);
    let gateway = exported_and_imported(gateway, back).await?;
    assert_eq!(sums(&gateway).await?, before);

    gateway.work().await?;
    assert_eq!(
        merchant.received().len(),
        1,
        "the callback that was under way went out, once"
    );
    until(&gateway, "2026-03-04T17:05:00Z").await?;
    assert_eq!(paid_out(&gateway)?, [3500, 700], "each payout left once");
    let report = check::check(&gateway.app.db).await?;
    assert!(report.is_clean(), "{:?}", report.differences);
    truth::check(&gateway).await
}

/// How many rows there are of each, and what they sum up to, in ten-thousandths.
async fn sums(gateway: &TestGateway) -> Result<BTreeMap<String, (i64, i64)>> {
    let rows = truth::rows(&gateway.app.db, SELECT_SUMS).await?;
    let told = |row: &Row| Ok((row.text(0)?, (row.int(1)?, row.int(2)?)));
    rows.iter().map(told).collect()
}

fn other(engine: Engine) -> Engine {
    match engine {
        Engine::Sqlite => Engine::Postgres,
        Engine::Postgres => Engine::Sqlite,
    }
}

async fn exported_and_imported(gateway: TestGateway, engine: Engine) -> Result<TestGateway> {
    let now = gateway.clock.now();
    let folder = gateway.folder.path().to_owned();
    gateway
        .over(move |old| {
            let (place, file) = (Database::empty(engine, &folder)?, folder.join("whole.ayni"));
            let written = export(old, &file, now, &mut |_| {})?;
            let read = import(&file, &place.location, now, &|_| Ok(()), &mut |_| {})?;
            anyhow::ensure!(read == written, "{read:?}");
            Ok(place)
        })
        .await
}

async fn moved(gateway: TestGateway, engine: Engine) -> Result<TestGateway> {
    let now = gateway.clock.now();
    let folder = gateway.folder.path().to_owned();
    gateway
        .over(move |old| {
            let place = Database::empty(engine, &folder)?;
            let carried = relocate(old, &place.location, now, &mut |_| {})?;
            anyhow::ensure!(carried.rows() > 30, "{carried:?}");
            Ok(place)
        })
        .await
}

const SELECT_SUMS: &str = "\
SELECT 'settlements', COUNT(*), CAST(COALESCE(SUM(paid_out), 0) AS BIGINT) FROM settlements \
UNION ALL SELECT 'lines', COUNT(*), CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM settlement_lines \
UNION ALL SELECT 'orders', COUNT(*), CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM orders \
UNION ALL SELECT 'operations', COUNT(*), CAST(COALESCE(SUM(visits), 0) AS BIGINT) FROM operations \
UNION ALL SELECT 'notices', COUNT(*), CAST(COALESCE(SUM(created_at), 0) AS BIGINT) FROM notices \
UNION ALL SELECT 'payments', COUNT(*), CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM payments \
UNION ALL SELECT 'ledger', COUNT(*), CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM ledger_postings";
