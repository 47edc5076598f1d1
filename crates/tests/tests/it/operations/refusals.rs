//! A person whose login a site refused three times within an hour is not tried again, whoever asks.

use anyhow::Result;
use ayni_testkit::account;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::run::all_at_once;
use jiff::SignedDuration;
use serde_json::json;

use super::calls::{PASSWORD, RUT, SERVICES, TOKEN, code, envelope, of_services, services};

on_both_engines!(
    after_three_refusals_nobody_tries_until_the_hour_is_over,
    callers_at_once_cause_three_refusals_and_no_more,
    who_hangs_up_gets_no_further_tries,
    an_account_that_refuses_api_keys_takes_tokens_only,
);

async fn after_three_refusals_nobody_tries_until_the_hour_is_over(gateway: &TestGateway) -> Result<()> {
    let other = account::open(&gateway.app, "77.777.777-7", None).await?;
    for (number, key) in [&gateway.api_key, &other.api_key, &gateway.api_key]
        .into_iter()
        .enumerate()
    {
        let body = of_services("111111111", &format!("wrong-{number}"), None);
        let answer = gateway.call_by(key, "POST", SERVICES, Some(body), &[]).await?;
        assert_eq!(code(&envelope(&answer)?), "E101", "{}", answer.text());
    }
    let visits = gateway.portal.visits();
    assert_eq!(code(&services(gateway, RUT, PASSWORD).await?.json()), "E102");
    let login = json!({"Username": "11111111-1", "Password": PASSWORD});
    assert_eq!(
        code(&gateway.call("POST", TOKEN, Some(login)).await?.json()),
        "E102"
    );
    assert_eq!(gateway.portal.visits(), visits, "without a visit");
    gateway.advance(SignedDuration::from_mins(61)).await?;
    assert_eq!(code(&services(gateway, RUT, PASSWORD).await?.json()), "OK");
    Ok(())
}

async fn callers_at_once_cause_three_refusals_and_no_more(gateway: &TestGateway) -> Result<()> {
    let before = gateway.portal.visits().logins;
    let calls = (0..8).map(|_| services(gateway, RUT, "wrong-one"));
    let mut codes = Vec::new();
    for answer in all_at_once(calls).await {
        codes.push(code(&answer?.json()));
    }
    codes.sort();
    assert_eq!(codes[..3], ["E101", "E101", "E101"]);
    assert!(codes[3..].iter().all(|code| code == "E102"), "{codes:?}");
    assert_eq!(gateway.portal.visits().logins - before, 3);
    Ok(())
}

async fn who_hangs_up_gets_no_further_tries(gateway: &TestGateway) -> Result<()> {
    let before = gateway.portal.visits().logins;
    for number in 1..=3 {
        let typed = async {
            while gateway.portal.visits().logins - before < number {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            () = typed => {}
            answer = services(gateway, RUT, "wrong-one") => drop(answer?),
        }
    }
    assert_eq!(code(&services(gateway, RUT, PASSWORD).await?.json()), "E102");
    assert_eq!(gateway.portal.visits().logins - before, 3);
    Ok(())
}

async fn an_account_that_refuses_api_keys_takes_tokens_only(gateway: &TestGateway) -> Result<()> {
    use ayni_domain::ids::AccountId;
    use ayni_gateway::merchants::{ApiKeys, accounts};
    let token = ayni_testkit::client::register(gateway, false)
        .await?
        .token(gateway)
        .await?;
    let id = AccountId(gateway.receiver_id);
    accounts::set_api_keys(&gateway.app.db, id, ApiKeys::Refused).await?;
    let refused = services(gateway, RUT, PASSWORD).await?;
    assert_eq!(
        (refused.status.as_u16(), code(&refused.json()).as_str()),
        (401, "A000")
    );
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    let login = json!({"Username": RUT, "Password": PASSWORD});
    let gone = gateway.post_as(TOKEN, &login, &headers).await?;
    assert_eq!((gone.status.as_u16(), code(&gone.json()).as_str()), (404, "P004"));
    let ignored = gateway
        .post_as(SERVICES, &of_services(RUT, PASSWORD, None), &headers)
        .await?;
    assert_eq!(
        (ignored.status.as_u16(), code(&ignored.json()).as_str()),
        (400, "P001")
    );
    assert_eq!(
        gateway.call("GET", "/v3/banks", None).await?.status,
        200,
        "payments go on"
    );
    Ok(())
}
