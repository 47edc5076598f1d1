//! `GET /v3/payments`: newest first, page by page.

use anyhow::Result;
use ayni_testkit::account;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use serde_json::{Value, json};

use crate::bodies::payment;

on_both_engines!(
    pages_follow_each_other_while_payments_are_made,
    filters_choose_by_status_reference_and_time,
    a_list_leaves_out_what_may_be_large,
    a_list_has_only_the_callers_payments,
    a_query_that_breaks_rules_names_every_field,
);

async fn pages_follow_each_other_while_payments_are_made(gateway: &TestGateway) -> Result<()> {
    let mut made = Vec::new();
    for number in 0..7 {
        made.push(
            gateway
                .create(payment(&json!({"subject": format!("{number}")})))
                .await?,
        );
        // Pairs are of one instant: the identifier decides their order.
        gateway.clock.advance_ms(number % 2);
    }
    let mut listed = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = list(gateway, &format!("limit=3&cursor={cursor}")).await?;
        listed.extend(ids(&page));
        gateway.clock.advance_ms(1);
        gateway.create(payment(&json!({"subject": "meanwhile"}))).await?;
        match page["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(listed.len(), 7, "each once, none of those made meanwhile");
    made.sort();
    listed.sort();
    assert_eq!(listed, made);
    let all = list(gateway, "limit=100").await?;
    assert_eq!(
        all["payments"][0]["subject"], "meanwhile",
        "the newest comes first"
    );
    assert_eq!((ids(&all).len(), &all["next_cursor"]), (10, &Value::Null));
    Ok(())
}

async fn filters_choose_by_status_reference_and_time(gateway: &TestGateway) -> Result<()> {
    let first = gateway
        .create(payment(&json!({"transaction_id": "a b+c"})))
        .await?;
    gateway.clock.advance_ms(60_000);
    let deleted = gateway
        .create(payment(&json!({"transaction_id": "a b+c"})))
        .await?;
    gateway
        .call("DELETE", &format!("/v3/payments/{deleted}"), None)
        .await?;
    let paid = gateway.create(payment(&json!({}))).await?;
    Payer::at(gateway)?.pay(&paid, "11.111.111-1", "11 22 33").await?;
    gateway.work().await?;
    gateway.clock.advance_ms(60_000);
    let waiting = gateway.create(payment(&json!({}))).await?;
    Payer::at(gateway)?
        .pay(&waiting, "11.111.111-1", "11 22 33")
        .await?;
    for (query, expected) in [
        ("status=pending", vec![&first]),
        ("status=deleted", vec![&deleted]),
        ("status=done", vec![&paid]),
        ("status=verifying", vec![&waiting]),
        ("transaction_id=a%20b%2Bc", vec![&deleted, &first]),
        ("transaction_id=a%20b%2Bc&status=pending", vec![&first]),
        ("transaction_id=x", vec![]),
        ("from=2026-03-02T15:02:00Z", vec![&waiting]),
        ("to=2026-03-02T15:01:00Z", vec![&first]),
        (
            "from=2026-03-02T12:00:00-03:00&to=2026-03-02T15:00:00.001Z",
            vec![&first],
        ),
        (
            "from=2026-03-02T12:00:00%2B00:00&to=2026-03-02T13:00:00+00:00",
            vec![],
        ),
    ] {
        let mut listed = ids(&list(gateway, query).await?);
        let mut expected: Vec<String> = expected.into_iter().cloned().collect();
        listed.sort();
        expected.sort();
        assert_eq!(listed, expected, "{query}");
    }
    Ok(())
}

async fn a_list_leaves_out_what_may_be_large(gateway: &TestGateway) -> Result<()> {
    let id = gateway
        .create(payment(
            &json!({"custom": "c", "body": "b", "transaction_id": "t"}),
        ))
        .await?;
    let mut read = gateway.payment(&id).await?;
    let page = list(gateway, "").await?;
    for large in ["custom", "body"] {
        read.as_object_mut().unwrap().remove(large);
    }
    assert_eq!(page["payments"], json!([read]));
    Ok(())
}

async fn a_list_has_only_the_callers_payments(gateway: &TestGateway) -> Result<()> {
    let other = account::open(&gateway.app, "77.777.777-7", None).await?;
    gateway.create(payment(&json!({"transaction_id": "t"}))).await?;
    for query in ["", "?transaction_id=t", "?status=pending"] {
        let headers = [("x-api-key", other.api_key.as_str())];
        let listed = gateway
            .call_as("GET", &format!("/v3/payments{query}"), &headers)
            .await?
            .json();
        assert_eq!(listed["payments"], json!([]), "{query}");
    }
    Ok(())
}

async fn a_query_that_breaks_rules_names_every_field(gateway: &TestGateway) -> Result<()> {
    for (query, expected) in [
        ("limit=0", vec!["limit"]),
        ("limit=101", vec!["limit"]),
        ("limit=ten", vec!["limit"]),
        ("cursor=nonsense", vec!["cursor"]),
        ("cursor=AAAA", vec!["cursor"]),
        ("status=paid", vec!["status"]),
        ("from=yesterday", vec!["from"]),
        ("to=2026-03-02T15:00:00", vec!["to"]),
        (
            "limit=x&cursor=!&status=y&from=z&to=w",
            vec!["limit", "cursor", "status", "from", "to"],
        ),
    ] {
        let answer = gateway
            .call("GET", &format!("/v3/payments?{query}"), None)
            .await?;
        assert_eq!(answer.status, 400, "{query}");
        assert_eq!(answer.fields(), expected, "{query}");
    }
    for query in ["limit=100", "limit=", "unknown=1", "status=&cursor="] {
        assert_eq!(
            gateway
                .call("GET", &format!("/v3/payments?{query}"), None)
                .await?
                .status,
            200,
            "{query}"
        );
    }
    Ok(())
}

async fn list(gateway: &TestGateway, query: &str) -> Result<Value> {
    let answer = gateway
        .call("GET", &format!("/v3/payments?{query}"), None)
        .await?;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    Ok(answer.json())
}

fn ids(page: &Value) -> Vec<String> {
    let payments = page["payments"].as_array().unwrap();
    payments
        .iter()
        .map(|payment| payment["payment_id"].as_str().unwrap().to_owned())
        .collect()
}
