//! Growing from one engine to the other, and back, with money under way.

use anyhow::Result;
use ayni_gateway::ledger::check;
use ayni_store::copy::relocate::relocate;
use ayni_testkit::engine::{Database, Engine};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::payer::Payer;
use ayni_testkit::{on_both_engines, truth};
use serde_json::json;

use crate::bodies::{payment, state};
use crate::refunds::house::{Shop, read_statement, refunds};

on_both_engines!(a_gateway_that_was_moved_there_and_back_goes_on_where_it_was);

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

    let (there, back) = match gateway.engine() {
        Engine::Sqlite => (Engine::Postgres, Engine::Sqlite),
        Engine::Postgres => (Engine::Sqlite, Engine::Postgres),
    };
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
