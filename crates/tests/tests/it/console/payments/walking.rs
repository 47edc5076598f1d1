//! The search comes to know of every payment, whoever walks and whatever dies.

use anyhow::Result;
use ayni_gateway::console::payments::search;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::run::all_at_once;
use jiff::SignedDuration;
use serde_json::json;

use super::{find, follow, ids};
use crate::bodies::payment;

on_both_engines!(
    nothing_is_missed_when_nodes_walk_at_once,
    nothing_is_missed_when_a_process_dies_between_portions,
    a_payment_that_was_committed_late_is_found_by_the_second_walk,
    what_happens_to_a_payment_is_found_too,
    a_payment_that_can_t_be_read_hides_no_other,
);

async fn make(gateway: &TestGateway, count: usize) -> Result<Vec<String>> {
    let bodies = (0..count).map(|number| payment(&json!({"subject": format!("Cuota {number}")})));
    let mut made = Vec::new();
    for body in bodies {
        made.push(gateway.create(body).await?);
        gateway.clock.advance_ms(1);
    }
    made.sort();
    Ok(made)
}

/// Everything that is found for a word, page by page.
async fn find_all(gateway: &TestGateway, word: &str) -> Result<Vec<String>> {
    let mut person = gateway.console().await?;
    let mut found = find(&mut person, word).await?;
    while follow(&mut person, "#older").await? {
        found.extend(ids(&person));
    }
    found.sort();
    Ok(found)
}

async fn nothing_is_missed_when_nodes_walk_at_once(gateway: &TestGateway) -> Result<()> {
    let mut made = make(gateway, 250).await?;
    let nodes = (0..4).map(|_| search::index_due(&gateway.app));
    let (walked, more) = tokio::join!(all_at_once(nodes), make(gateway, 60));
    for outcome in walked {
        outcome?;
    }
    made.extend(more?);
    made.sort();
    search::index_due(&gateway.app).await?;
    assert_eq!(find_all(gateway, "cuota").await?, made);
    Ok(())
}

async fn nothing_is_missed_when_a_process_dies_between_portions(gateway: &TestGateway) -> Result<()> {
    let made = make(gateway, 350).await?;
    for steps in 0..40 {
        let app = gateway.app.clone();
        let walking = tokio::spawn(async move { search::index_due(&app).await });
        for _ in 0..steps * 20 {
            tokio::task::yield_now().await;
        }
        walking.abort();
        // However it ended, the next one begins where the rows say.
        let _ = walking.await;
    }
    search::index_due(&gateway.app).await?;
    assert_eq!(find_all(gateway, "cuota").await?, made);
    Ok(())
}

async fn a_payment_that_was_committed_late_is_found_by_the_second_walk(gateway: &TestGateway) -> Result<()> {
    make(gateway, 3).await?;
    gateway.work().await?;
    // Another node's clock is ten seconds behind: its payment comes to lie behind the cursor.
    gateway.clock.advance_ms(-10_000);
    let late = gateway.create(payment(&json!({"subject": "Tardío"}))).await?;
    gateway.clock.advance_ms(10_000);
    gateway.work().await?;
    assert_eq!(find_all(gateway, "tardio").await?, Vec::<String>::new());
    gateway.advance(SignedDuration::from_mins(61)).await?;
    assert_eq!(find_all(gateway, "tardio").await?, [late]);
    Ok(())
}

async fn what_happens_to_a_payment_is_found_too(gateway: &TestGateway) -> Result<()> {
    let made = make(gateway, 2).await?;
    gateway.work().await?;
    let mut person = gateway.console().await?;
    let query = "state=deleted";
    assert!(super::list(&mut person, query).await?.is_empty());
    gateway
        .call("DELETE", &format!("/v3/payments/{}", made[0]), None)
        .await?;
    gateway.work().await?;
    assert_eq!(super::list(&mut person, query).await?, made[..1]);
    assert_eq!(super::list(&mut person, "state=pending").await?, made[1..]);
    Ok(())
}

async fn a_payment_that_can_t_be_read_hides_no_other(gateway: &TestGateway) -> Result<()> {
    let damaged = make(gateway, 1).await?.remove(0);
    let work = move |tx: &mut Tx<'_>| {
        tx.exec(
            "UPDATE payments SET details = '{' WHERE id = $1",
            &[damaged.as_str().into()],
        )
    };
    let written: Result<u64, StoreError> = gateway.app.db.write("test.damage", work).await;
    assert_eq!(written?, 1);
    let made = make(gateway, 60).await?;
    search::index_due(&gateway.app).await?;
    assert_eq!(find_all(gateway, "cuota").await?, made);
    Ok(())
}
