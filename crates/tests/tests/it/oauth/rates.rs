//! How much a client may ask, and that the answer says so in the standard's form.

use anyhow::Result;
use ayni_testkit::client::register;
use ayni_testkit::gateway::{TestGateway, Wishes};
use ayni_testkit::on_both_engines;
use ayni_testkit::run::all_at_once;
use serde_json::json;

on_both_engines!(
    with slowly;
    a_client_that_asks_too_much_is_told_when_to_ask_again,
);

fn slowly() -> Wishes {
    Wishes {
        rate_limit_per_s: 1,
        ..Wishes::default()
    }
}

async fn a_client_that_asks_too_much_is_told_when_to_ask_again(gateway: &TestGateway) -> Result<()> {
    let client = register(gateway, false).await?;
    let pairs = [("grant_type", "client_credentials")];
    let answers = all_at_once((0..16).map(|_| client.post(gateway, "/oauth/token", &pairs))).await;
    let mut refused = 0;
    for answer in answers {
        let answer = answer?;
        if answer.status == 429 {
            refused += 1;
            assert_eq!(answer.json()["error"], json!("temporarily_unavailable"));
            assert!(answer.header("retry-after").is_some());
            assert_eq!(answer.header("cache-control"), Some("no-store"));
        }
    }
    assert!(refused > 0);
    Ok(())
}
