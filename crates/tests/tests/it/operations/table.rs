//! Every identifier of the portal that does something of its own, to its code, its type and its status: at once and by
//! callback.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Context as _, Result};
use ayni_domain::operation::code::Code;
use ayni_sandbox::portal::magic::{DEBT_CASES, LOGIN_CASES, PASSWORD};
use ayni_testkit::gateway::{TestGateway, Wishes};
use ayni_testkit::http::Answer;
use ayni_testkit::merchant::Merchant;
use ayni_testkit::on_both_engines;
use ayni_testkit::run::all_at_once;
use jiff::SignedDuration;
use serde_json::Value;

use super::calls::{DEBT, SERVICES, check, code, debt, envelope, of_debt, of_services, services};

on_both_engines!(with hasty; every_identifier_has_its_code_at_once, every_identifier_has_its_code_by_callback);

fn hasty() -> Wishes {
    Wishes {
        operation_budget: Duration::from_secs(4),
        portal_slow: Duration::from_secs(60),
        ..Wishes::default()
    }
}

async fn every_identifier_has_its_code_at_once(gateway: &TestGateway) -> Result<()> {
    for case in DEBT_CASES {
        for expected in case.code.split(", ") {
            let what = format!("{} ({})", case.identifier, case.told);
            judge(&debt(gateway, case.identifier).await?, expected, &what)?;
        }
    }
    for case in LOGIN_CASES {
        let answer = services(gateway, &case.rut(), PASSWORD).await?;
        judge(&answer, case.code, case.told)?;
    }
    Ok(())
}

fn judge(answer: &Answer, expected: &str, what: &str) -> Result<()> {
    let body = envelope(answer).with_context(|| what.to_owned())?;
    assert_eq!(answer.status, 200, "{what}: {body}");
    assert_eq!(code(&body), expected, "{what}: {body}");
    if let Some(code) = Code::parse(expected) {
        assert_eq!(
            body["Error"]["Type"],
            serde_json::to_value(code.treatment())?,
            "{what}"
        );
        assert!(body["Data"].is_null(), "{what}");
    }
    Ok(())
}

async fn every_identifier_has_its_code_by_callback(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    let url = merchant.url("/callback");
    let mut expected: HashMap<String, &str> = HashMap::new();
    let debts = DEBT_CASES.iter().map(|case| {
        let body = of_debt(case.identifier, Some(&url));
        (case.code, gateway.call("POST", DEBT, Some(body)))
    });
    let logins = LOGIN_CASES.iter().map(|case| {
        let body = of_services(&case.rut(), PASSWORD, Some(&url));
        (case.code, gateway.call("POST", SERVICES, Some(body)))
    });
    let (codes, calls): (Vec<_>, Vec<_>) = debts
        .map(|(code, call)| (code, Box::pin(call) as Call<'_>))
        .chain(logins.map(|(code, call)| (code, Box::pin(call) as Call<'_>)))
        .unzip();
    for (code, answer) in codes.iter().zip(all_at_once(calls).await) {
        let answer = answer?;
        assert_eq!(answer.status, 202, "{}", answer.text());
        let body = envelope(&answer)?;
        assert!(body["Data"].is_null() && body["AdditionalInformation"].is_string());
        assert!(body["LifeSpan"].is_string());
        // What fails and then works is only seen to work.
        let last = code.rsplit(", ").next().unwrap_or(code);
        expected.insert(body["OperationId"].as_str().unwrap_or_default().to_owned(), last);
    }
    gateway.work().await?;
    for pause_s in [10, 14 * 60 + 35, 12] {
        // One visit that works, so that the site is not left alone for those that fail.
        debt(gateway, "25252525").await?;
        gateway.advance(SignedDuration::from_secs(pause_s)).await?;
    }
    let received = merchant.wait_for(expected.len()).await?;
    assert_eq!(received.len(), expected.len());
    for one in &received {
        let body = one.json();
        check(&body)?;
        let id = body["OperationId"].as_str().unwrap_or_default();
        let told = expected.remove(id).with_context(|| format!("{body}"))?;
        assert_eq!(code(&body), told, "{body}");
        let again = gateway.call("GET", &format!("/v1/operations/{id}"), None).await?;
        assert_eq!(again.json(), body);
        assert_eq!(body["LifeSpan"], Value::Null);
    }
    assert!(expected.is_empty());
    Ok(())
}

type Call<'a> = std::pin::Pin<Box<dyn Future<Output = Result<Answer>> + 'a>>;
