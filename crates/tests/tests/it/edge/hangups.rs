//! A client that hangs up after sending: what it asked for is not there at all, or complete with its jobs.

use std::time::Duration;

use anyhow::{Result, ensure};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use ayni_testkit::run::all_at_once;
use ayni_testkit::truth::rows;
use serde_json::json;

use crate::bodies::{payment, state};

on_both_engines!(
    a_payment_is_there_with_its_job_or_not_at_all,
    a_transfer_goes_on_without_its_payers_browser
);

async fn a_payment_is_there_with_its_job_or_not_at_all(gateway: &TestGateway) -> Result<()> {
    let with_a_job = payment(&json!({"picture_url": "http://127.0.0.1:9/p.png", "custom": "c"}));
    let requests = (0..60).map(|number| {
        let sent = gateway.call("POST", "/v3/payments", Some(with_a_job.clone()));
        tokio::time::timeout(Duration::from_micros(number * 300), sent)
    });
    let answers = all_at_once(requests).await;
    let acknowledged = answers
        .iter()
        .flatten()
        .flatten()
        .filter(|answer| answer.status == 200)
        .count();
    ensure!(answers.iter().any(Result::is_err), "nobody hung up");
    let made = rows(&gateway.app.db, SELECT_MADE).await?;
    ensure!(
        made.len() >= acknowledged,
        "{acknowledged} were acknowledged, {} are there",
        made.len()
    );
    for row in made {
        ensure!(
            row.int(1)? == 1 && row.int(2)? == 1,
            "payment {} is incomplete",
            row.text(0)?
        );
    }
    Ok(())
}

async fn a_transfer_goes_on_without_its_payers_browser(gateway: &TestGateway) -> Result<()> {
    let mut payments = Vec::new();
    for number in 0..8 {
        let id = gateway.create(payment(&json!({}))).await?;
        let mut payer = Payer::at(gateway)?;
        payer.begin(&id).await?;
        payer.log_in("11.111.111-1").await?;
        let patience = Duration::from_millis(3 * number);
        // Whether it hung up before or after the request was taken: nobody knows, and nothing may depend on it.
        let _ = tokio::time::timeout(patience, payer.authorise("11 22 33")).await;
        payments.push(id);
    }
    gateway.app.tasks.close();
    gateway.app.tasks.wait().await;
    gateway.work().await?;
    let book = gateway.bank.book()?;
    for id in &payments {
        let debits = book
            .iter()
            .filter(|entry| entry.comment.starts_with(id.as_str()))
            .count();
        let state = state(gateway, id).await?;
        let fits = match debits {
            0 => matches!(state.as_str(), "pending" | "verifying"),
            1 => matches!(state.as_str(), "verifying" | "done/normal"),
            _ => false,
        };
        ensure!(fits, "payment {id} is {state} after {debits} debits");
    }
    Ok(())
}

const SELECT_MADE: &str = "\
    SELECT p.id, (SELECT COUNT(*) FROM jobs j WHERE j.kind = 'picture' AND j.key = p.id), \
        (SELECT COUNT(*) FROM payment_customs c WHERE c.payment_id = p.id) FROM payments p";
