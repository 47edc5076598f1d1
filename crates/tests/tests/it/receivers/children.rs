//! `GET /v3/receivers/children`: an integrator's receivers, page by page.

use anyhow::Result;
use ayni_domain::ids::AccountId;
use ayni_gateway::merchants::accounts;
use ayni_testkit::account;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::family::{another, make_integrator};

on_both_engines!(
    an_integrator_sees_its_receivers_and_nobody_elses,
    pages_are_sorted_as_asked,
    what_is_wrong_with_a_query_is_named_at_once,
);

async fn an_integrator_sees_its_receivers_and_nobody_elses(gateway: &TestGateway) -> Result<()> {
    let refused = gateway.call("GET", "/v3/receivers/children", None).await?;
    assert_eq!(refused.status, 403);
    make_integrator(gateway).await?;
    assert_eq!(children(gateway, "").await?, json!({"receivers": [], "total": 0}));
    account::open(&gateway.app, "77.777.777-7", None).await?;
    let made = another(gateway, "Panadería Sol").await?;
    let expected = json!({
        "receivers": [{
            "id": made.id, "name": "Panadería Sol", "date_created": "2026-03-02T15:00:00.000Z", "disabled": false,
            "can_collect": true,
        }],
        "total": 1,
    });
    assert_eq!(children(gateway, "").await?, expected);
    accounts::set_disabled(&gateway.app, AccountId(made.id), true).await?;
    let child = &children(gateway, "").await?["receivers"][0];
    assert_eq!(
        (&child["disabled"], &child["can_collect"]),
        (&json!(true), &json!(false))
    );
    Ok(())
}

async fn pages_are_sorted_as_asked(gateway: &TestGateway) -> Result<()> {
    make_integrator(gateway).await?;
    let mut ids = Vec::new();
    for name in ["Beta", "Alfa", "Gama"] {
        ids.push(another(gateway, name).await?.id);
        gateway.advance(SignedDuration::from_secs(1)).await?;
    }
    ids.sort_unstable();
    for (query, expected) in [
        ("sort=name", vec!["Alfa", "Beta", "Gama"]),
        ("sort=name&order=desc", vec!["Gama", "Beta", "Alfa"]),
        ("sort=date_created&order=asc", vec!["Beta", "Alfa", "Gama"]),
        ("sort=date_created&order=desc&max=2", vec!["Gama", "Alfa"]),
        ("sort=name&offset=1&max=1", vec!["Beta"]),
        ("sort=name&offset=3", vec![]),
    ] {
        let page = children(gateway, query).await?;
        let names: Vec<&str> = all(&page).map(|child| child["name"].as_str().unwrap()).collect();
        assert_eq!((names, &page["total"]), (expected, &json!(3)), "{query}");
    }
    for (query, is_down) in [("", false), ("sort=id&order=desc", true)] {
        let page = children(gateway, query).await?;
        let mut found: Vec<i64> = all(&page).map(|child| child["id"].as_i64().unwrap()).collect();
        if is_down {
            found.reverse();
        }
        assert_eq!(found, ids, "{query}");
    }
    Ok(())
}

async fn what_is_wrong_with_a_query_is_named_at_once(gateway: &TestGateway) -> Result<()> {
    make_integrator(gateway).await?;
    let path = "/v3/receivers/children?offset=-1&max=0&sort=age&order=up";
    let answer = gateway.call("GET", path, None).await?;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.fields(), ["offset", "max", "sort", "order"]);
    assert_eq!(
        answer.json()["errors"][1]["message"],
        "Debe ser un número entero entre 1 y 100"
    );
    Ok(())
}

async fn children(gateway: &TestGateway, query: &str) -> Result<Value> {
    let path = format!("/v3/receivers/children?{query}");
    Ok(gateway.call("GET", &path, None).await?.json())
}

fn all(page: &Value) -> impl Iterator<Item = &Value> {
    page["receivers"].as_array().unwrap().iter()
}
