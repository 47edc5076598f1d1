//! Ending reminders: by the page, by a mail client's one click, for one merchant, and back again.

use anyhow::{Context as _, Result};
use ayni_testkit::account;
use ayni_testkit::client;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use jiff::SignedDuration;
use serde_json::json;

use super::{asked, for_weeks, of_payment, only};

on_both_engines!(with for_weeks;
    one_click_ends_a_merchants_reminders_for_an_address,
    looking_changes_nothing_and_the_page_takes_it_back,
    a_link_of_somebody_elses_making_opens_nothing,
);

const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

fn reminded(address: &str) -> serde_json::Value {
    asked(&json!({
        "send_email": false, "send_reminders": true, "payer_email": address, "expires_date": "2026-06-01T00:00:00Z",
    }))
}

/// A payment of which its payer was reminded once, and the path in that mail's `List-Unsubscribe`.
async fn reminded_once(gateway: &TestGateway, address: &str) -> Result<(String, String)> {
    let id = gateway.create(reminded(address)).await?;
    gateway.advance(WEEK).await?;
    let wanted = format!("<{id}-reminder-1@127.0.0.1>");
    let received = gateway.mail()?.wait_for(1).await?;
    let mail = received.iter().find(|mail| mail.header("Message-ID") == wanted);
    let link = mail.context("no reminder")?.header("List-Unsubscribe").to_owned();
    let path = link
        .trim_matches(['<', '>'])
        .split_once("/mails/")
        .context("no path")?
        .1
        .to_owned();
    Ok((id, format!("/mails/{path}")))
}

async fn one_click_ends_a_merchants_reminders_for_an_address(gateway: &TestGateway) -> Result<()> {
    let (id, path) = reminded_once(gateway, "Ana@ejemplo.example").await?;
    let answer = client::post(gateway, &path, &[("List-Unsubscribe", "One-Click")], &[]).await?;
    assert_eq!(answer.status, 200, "a redirect would not be followed");
    let again = gateway.create(reminded("ana@EJEMPLO.example")).await?;
    let other = gateway.create(reminded("otra@ejemplo.example")).await?;
    let stranger = account::open(&gateway.app, "66.666.666-6", None).await?;
    let body = Some(reminded("ana@ejemplo.example"));
    let answer = gateway
        .call_by(&stranger.api_key, "POST", "/v3/payments", body, &[])
        .await?
        .json();
    gateway.advance(WEEK).await?;
    for unwanted in [&id, &again] {
        assert!(only(gateway, unwanted, "reminder-2").await.is_err());
        assert!(unwanted == &id || of_payment(gateway, unwanted).await?.is_empty());
    }
    for wanted in [other.as_str(), answer["payment_id"].as_str().unwrap()] {
        assert_eq!(only(gateway, wanted, "reminder-1").await?.state, "sent");
    }
    Ok(())
}

async fn looking_changes_nothing_and_the_page_takes_it_back(gateway: &TestGateway) -> Result<()> {
    let (id, path) = reminded_once(gateway, "ana@ejemplo.example").await?;
    let page = gateway.call_as("GET", &path, &[]).await?;
    assert_eq!(page.status, 200);
    assert!(
        page.text().contains("data-page=\"reminders-wanted\"")
            && page.text().contains("a•••@ejemplo.example")
    );
    assert!(!page.text().contains("ana@ejemplo"));
    let english = gateway.call_as("GET", &format!("{path}?lang=en"), &[]).await?;
    assert!(english.text().contains("Don’t want more reminders from"));
    for (choice, page) in [("stop", "reminders-stopped"), ("resume", "reminders-wanted")] {
        let answer = client::post(gateway, &path, &[("choice", choice)], &[]).await?;
        assert!(
            answer.text().contains(&format!("data-page=\"{page}\"")),
            "{choice}"
        );
        assert_eq!(
            answer.header("referrer-policy"),
            Some("same-origin"),
            "the token is in the address"
        );
    }
    gateway.advance(WEEK).await?;
    assert_eq!(only(gateway, &id, "reminder-2").await?.state, "sent");
    Ok(())
}

async fn a_link_of_somebody_elses_making_opens_nothing(gateway: &TestGateway) -> Result<()> {
    let (id, path) = reminded_once(gateway, "ana@ejemplo.example").await?;
    let guessed = format!("/mails/unsubscribe/{}", "0".repeat(64));
    for unknown in [
        guessed.as_str(),
        "/mails/unsubscribe/%22%3E%3Cscript%3E",
        "/mails/unsubscribe/%ff",
    ] {
        let page = gateway.call_as("GET", unknown, &[]).await?;
        assert_eq!(page.status, 404, "{unknown}");
        assert!(!page.text().contains("<script>"), "{unknown}");
        let answer = client::post(gateway, unknown, &[("choice", "stop")], &[]).await?;
        assert_eq!(answer.status, 404, "{unknown}");
    }
    assert_eq!(path.len(), "/mails/unsubscribe/".len() + 64);
    gateway.advance(WEEK).await?;
    assert_eq!(only(gateway, &id, "reminder-2").await?.state, "sent");
    Ok(())
}
