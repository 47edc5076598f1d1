//! A site under its limits: shared visits, a breaker, a budget, and how it does, for everybody to see.

use std::time::Duration;

use anyhow::Result;
use ayni_testkit::gateway::{TestGateway, Wishes};
use ayni_testkit::on_both_engines;
use ayni_testkit::run::all_at_once;
use jiff::SignedDuration;
use serde_json::Value;

use super::calls::{DEBT, code, debt, envelope, of_debt};

on_both_engines!(with hasty;
    who_asks_the_same_at_once_shares_a_visit,
    a_site_that_is_down_is_left_alone_for_a_while,
    a_slow_site_is_out_of_time_with_200,
    institutions_tell_how_their_sites_do,
);

fn hasty() -> Wishes {
    Wishes {
        operation_budget: Duration::from_secs(3),
        // Longer than any test: what is answered, the site did not say.
        portal_slow: Duration::from_secs(3600),
        ..Wishes::default()
    }
}

async fn who_asks_the_same_at_once_shares_a_visit(gateway: &TestGateway) -> Result<()> {
    let before = gateway.portal.visits().debts;
    let ids: Vec<Value> = all_at_once((0..20).map(|_| debt(gateway, "25252525")))
        .await
        .into_iter()
        .map(|answer| Ok(envelope(&answer?)?["OperationId"].clone()))
        .collect::<Result<_>>()?;
    let visits = gateway.portal.visits().debts - before;
    assert!((1..=5).contains(&visits), "{visits} visits for twenty callers");
    let different: std::collections::HashSet<String> = ids.iter().map(Value::to_string).collect();
    assert_eq!(different.len(), 20, "each has an operation of its own");
    Ok(())
}

async fn a_site_that_is_down_is_left_alone_for_a_while(gateway: &TestGateway) -> Result<()> {
    for number in 0..20 {
        let answer = debt(gateway, "90002010").await?;
        assert_eq!(code(&answer.json()), "E201", "{number}");
    }
    let pages = gateway.portal.visits().pages;
    assert_eq!(
        code(&debt(gateway, "25252525").await?.json()),
        "E201",
        "without a visit"
    );
    assert_eq!(gateway.portal.visits().pages, pages);
    gateway.advance(SignedDuration::from_secs(31)).await?;
    assert_eq!(code(&debt(gateway, "25252525").await?.json()), "OK");
    assert_eq!(code(&debt(gateway, "25252525").await?.json()), "OK");
    Ok(())
}

async fn a_slow_site_is_out_of_time_with_200(gateway: &TestGateway) -> Result<()> {
    let answer = gateway
        .call("POST", DEBT, Some(of_debt("90008001", None)))
        .await?;
    assert_eq!(answer.status, 200);
    let body = envelope(&answer)?;
    assert_eq!(
        (code(&body).as_str(), &body["Error"]["Type"]),
        ("T000", &Value::from("RETRY_IMMEDIATELY"))
    );
    Ok(())
}

async fn institutions_tell_how_their_sites_do(gateway: &TestGateway) -> Result<()> {
    debt(gateway, "25252525").await?;
    debt(gateway, "90002010").await?;
    debt(gateway, "90004020").await?;
    let body = envelope(&gateway.call("GET", "/v1/institutions", None).await?)?;
    let listed = body["Data"]["Institution"].as_array().unwrap();
    let servipag = listed.iter().find(|one| one["Host"] == "servipag.com").unwrap();
    assert_eq!(servipag["InstitutionId"], "com_services_servipag");
    assert_eq!(servipag["State"], "AVAILABLE");
    let hour = &servipag["LastHour"];
    assert_eq!(
        (&hour["Answered"], &hour["SiteFaults"], &hour["OurFaults"]),
        (&2.into(), &1.into(), &0.into())
    );
    assert!(hour["P50Ms"].is_u64() && hour["P95Ms"].is_u64());
    let names: Vec<&str> = servipag["Operation"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|operation| operation["Name"].as_str())
        .collect();
    assert!(
        names.contains(&"consult-debt") && names.contains(&"service-accounts"),
        "{names:?}"
    );
    assert_eq!(servipag["LoginField"][1]["Secret"], true);
    Ok(())
}
