//! Two at once: exactly one wins, and the events tell which. [`ayni_testkit::truth`] compares them after each test.

use anyhow::{Result, ensure};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use ayni_testkit::run::all_at_once;
use serde_json::json;

use crate::bodies::{payment, state};

on_both_engines!(
    of_a_deletion_and_an_authorisation_exactly_one_wins,
    of_two_browsers_that_authorise_exactly_one_wins,
    of_many_deletions_exactly_one_wins,
    one_form_sent_many_times_moves_money_once,
);

async fn of_a_deletion_and_an_authorisation_exactly_one_wins(gateway: &TestGateway) -> Result<()> {
    for round in 0..10 {
        let id = gateway.create(payment(&json!({}))).await?;
        let mut payer = Payer::at(gateway)?;
        payer.begin(&id).await?;
        payer.log_in("11.111.111-1").await?;
        let before = gateway.bank.book()?.len();
        let path = format!("/v3/payments/{id}");
        let (page, deleted) = tokio::join!(payer.authorise("11 22 33"), gateway.call("DELETE", &path, None));
        let (page, deleted) = (page?, deleted?);
        let debits = gateway.bank.book()?.len() - before;
        match deleted.status.as_u16() {
            200 => ensure!(
                page == "deleted" && debits == 0,
                "round {round}: {page}, {debits} debits"
            ),
            400 => ensure!(
                page == "authorised" && debits == 1,
                "round {round}: {page}, {debits} debits"
            ),
            other => anyhow::bail!("round {round}: {other} {}", deleted.text()),
        }
        gateway.work().await?;
        let expected = if deleted.status == 200 {
            "deleted"
        } else {
            "done/normal"
        };
        assert_eq!(state(gateway, &id).await?, expected, "round {round}");
    }
    Ok(())
}

async fn of_two_browsers_that_authorise_exactly_one_wins(gateway: &TestGateway) -> Result<()> {
    for round in 1..=5 {
        let id = gateway.create(payment(&json!({}))).await?;
        let (mut one, mut other) = (Payer::at(gateway)?, Payer::at(gateway)?);
        for (payer, rut) in [(&mut one, "11.111.111-1"), (&mut other, "33.333.333-3")] {
            payer.begin(&id).await?;
            payer.log_in(rut).await?;
        }
        let (first, second) = tokio::join!(one.authorise("11 22 33"), other.authorise("11 22 33"));
        let pages = [first?, second?];
        assert_eq!(gateway.bank.book()?.len(), round, "{pages:?}");
        assert_eq!(
            pages.iter().filter(|page| *page == "authorised").count(),
            1,
            "{pages:?}"
        );
        gateway.work().await?;
        assert_eq!(state(gateway, &id).await?, "done/normal");
    }
    Ok(())
}

async fn of_many_deletions_exactly_one_wins(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let path = format!("/v3/payments/{id}");
    let mut statuses = Vec::new();
    for answer in all_at_once((0..20).map(|_| gateway.call("DELETE", &path, None))).await {
        statuses.push(answer?.status.as_u16());
    }
    statuses.sort_unstable();
    assert_eq!((statuses[0], &statuses[1..]), (200, &[400; 19][..]));
    Ok(())
}

async fn one_form_sent_many_times_moves_money_once(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let mut payer = Payer::at(gateway)?;
    payer.begin(&id).await?;
    payer.log_in("11.111.111-1").await?;
    let mut tabs: Vec<Payer> = (0..8)
        .map(|_| payer.another_tab(gateway))
        .collect::<Result<_>>()?;
    let path = format!("/payment/simplified/{id}");
    for tab in &mut tabs {
        assert_eq!(tab.open(&path).await?, "coordinates");
    }
    for page in all_at_once(tabs.iter_mut().map(|tab| tab.authorise("11 22 33"))).await {
        let page = page?;
        ensure!(matches!(page.as_str(), "authorised" | "authorising"), "{page}");
    }
    assert_eq!(gateway.bank.book()?.len(), 1);
    gateway.work().await?;
    assert_eq!(state(gateway, &id).await?, "done/normal");
    Ok(())
}
