//! Many at once: never more payments than the link has uses, and one for each form.

use std::collections::BTreeSet;

use anyhow::Result;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::run::all_at_once;
use serde_json::json;

use super::house::{form, link, page_of, payment_of, send, uses};

on_both_engines!(
    of_forty_at_once_exactly_as_many_get_in_as_there_are_uses,
    a_form_that_is_sent_twenty_times_at_once_makes_one_payment,
);

async fn of_forty_at_once_exactly_as_many_get_in_as_there_are_uses(gateway: &TestGateway) -> Result<()> {
    let link = link(gateway, json!({ "amount": 4500, "uses_max": 7 })).await?;
    let mut forms = Vec::new();
    for _ in 0..40 {
        forms.push(form(gateway, link.code).await?);
    }
    let answers = all_at_once(forms.iter().map(|hidden| send(gateway, link.code, hidden, &[]))).await;
    let mut made = BTreeSet::new();
    for answer in answers {
        let answer = answer?;
        match payment_of(&answer) {
            Some(id) => {
                made.insert(id);
            }
            None => assert_eq!(page_of(&answer), "payment-link-exhausted"),
        }
    }
    assert_eq!(made.len(), 7);
    assert_eq!(uses(gateway, link.code).await?, (7, 7));
    let listed = gateway.call("GET", "/v3/payments?limit=100", None).await?.json();
    assert_eq!(
        listed["payments"].as_array().map(Vec::len),
        Some(7),
        "none is left over"
    );
    Ok(())
}

async fn a_form_that_is_sent_twenty_times_at_once_makes_one_payment(gateway: &TestGateway) -> Result<()> {
    let link = link(gateway, json!({ "amount": 4500, "uses_max": 20 })).await?;
    let hidden = form(gateway, link.code).await?;
    let answers = all_at_once((0..20).map(|_| send(gateway, link.code, &hidden, &[]))).await;
    let mut made = BTreeSet::new();
    for answer in answers {
        made.insert(payment_of(&answer?));
    }
    assert_eq!(made.len(), 1, "{made:?}");
    assert!(!made.contains(&None));
    assert_eq!(uses(gateway, link.code).await?, (1, 1));
    Ok(())
}
