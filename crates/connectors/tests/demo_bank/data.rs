//! DemoBank's data, as a caller asks for it.

use std::collections::BTreeMap;
use std::sync::Arc;

use ayni_connectors::data::login::{LoggedIn, Login, LoginStep};
use ayni_connectors::data::{Connector, Failed, Reply, Visit};
use serde_json::{Value, json};

use crate::disturbance::What;
use crate::test_bank::{COLLECTOR, COLLECTOR_ACCOUNT, TestBank};

const PATH: &str = "cl/banking/personal/demo-bank.khipu.com";

/// 1 800 000 000 000 ms, the bank's clock at start, is 2027-01-15 05:00 in Chile.
const TODAY: &str = "2027-01-15";

fn institution(site: &TestBank) -> Arc<dyn Connector> {
    Arc::clone(site.connectors().institution(PATH).unwrap())
}

fn collector() -> Login {
    Login {
        username: COLLECTOR.to_owned(),
        password: "1234".to_owned(),
        device: None,
    }
}

async fn asked(site: &TestBank, operation: &str, arguments: &[(&str, &str)]) -> Result<Value, Failed> {
    let arguments: BTreeMap<String, String> = arguments
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .collect();
    let login = collector();
    let visit = Visit {
        operation,
        arguments: &arguments,
        login: Some(&login),
    };
    let reply: Reply = institution(site).run(visit).await?;
    Ok(serde_json::from_str(reply.data.unwrap().get()).unwrap())
}

#[tokio::test]
async fn accounts_and_balances_have_the_names_of_the_read_schema() {
    let site = TestBank::start().await;
    site.book_transfers(["one".to_owned()].into_iter()).await;
    let accounts = asked(&site, "accounts", &[]).await.unwrap();
    assert_eq!(accounts["Account"].as_array().unwrap().len(), 8);
    let first = &accounts["Account"][0];
    let name = first["Nickname"].clone();
    assert_eq!(
        *first,
        json!({"AccountId": COLLECTOR_ACCOUNT, "Status": "Enabled", "Currency": "CLP", "AccountType": "Personal",
               "AccountSubType": "CurrentAccount", "Nickname": name,
               "Account": [{"SchemeName": "CL.AccountNumber", "Identification": COLLECTOR_ACCOUNT, "Name": name}]})
    );
    let balances = asked(&site, "balances", &[("Currency", "CLP")]).await.unwrap();
    assert_eq!(
        balances,
        json!({"Balance": [{"AccountId": COLLECTOR_ACCOUNT, "CreditDebitIndicator": "Credit",
               "Type": "InterimAvailable", "DateTime": "2027-01-15T08:00:00.000Z",
               "Amount": {"Amount": "5000001000", "Currency": "CLP"}}]})
    );
}

#[tokio::test]
async fn number_and_currency_choose_among_the_accounts() {
    let site = TestBank::start().await;
    let count = async |arguments: &[(&str, &str)]| {
        let accounts = asked(&site, "accounts", arguments).await?;
        Ok::<_, Failed>(accounts["Account"].as_array().unwrap().len())
    };
    assert_eq!(
        count(&[("AccountNumber", &COLLECTOR_ACCOUNT[1..])])
            .await
            .unwrap(),
        8
    );
    let both = [("AccountNumber", "444444444"), ("Currency", "USD")];
    assert_eq!(count(&both).await.unwrap(), 1);
    assert_eq!(count(&[("Currency", "UYU")]).await.unwrap(), 0);
    let unknown = count(&[("AccountNumber", "555")]).await.unwrap_err();
    assert_eq!(unknown.fault.code.as_str(), "E402");
}

#[tokio::test]
async fn the_current_day_and_a_range_hold_what_was_booked_in_them_in_chile() {
    let site = TestBank::start().await;
    // 05:00 in Chile; nineteen hours later it is midnight, though UTC's day began before.
    site.book_transfers(["uno".to_owned()].into_iter()).await;
    site.advance_minutes(19 * 60 - 1);
    site.book_transfers(["dos".to_owned()].into_iter()).await;
    let told = async |operation, arguments: &[(&str, &str)]| -> Vec<String> {
        let data = asked(&site, operation, arguments).await.unwrap();
        let transactions = data["Transaction"].as_array().unwrap().clone();
        let text = |t: &Value| t["TransactionInformation"].as_str().unwrap().to_owned();
        transactions.iter().map(text).collect()
    };
    let days = |from, to| [("BookingDateStart", from), ("BookingDateEnd", to)];
    assert_eq!(told("transactions", &[]).await, ["dos", "uno"]);
    site.advance_minutes(1);
    site.book_transfers(["tres".to_owned()].into_iter()).await;
    assert_eq!(told("transactions", &[]).await, ["tres"]);
    assert_eq!(
        told("range/transactions", &days(TODAY, TODAY)).await,
        ["dos", "uno"]
    );
    assert_eq!(
        told("range/transactions", &days(TODAY, "2027-01-16")).await.len(),
        3
    );
    assert_eq!(
        told("range/transactions", &days("2026-01-01", "2027-01-14")).await,
        [""; 0]
    );
    let data = asked(&site, "range/transactions", &days(TODAY, TODAY))
        .await
        .unwrap();
    assert_eq!(
        data["Transaction"][1],
        json!({"AccountId": COLLECTOR_ACCOUNT, "TransactionId": "1", "BookingDateTime": "2027-01-15T08:00:00.000Z",
               "CreditDebitIndicator": "Credit", "Status": "Booked",
               "Amount": {"Amount": "1000", "Currency": "CLP"}, "TransactionInformation": "uno"})
    );
    let turned = asked(&site, "range/transactions", &days("2027-01-16", TODAY))
        .await
        .unwrap_err();
    assert_eq!(turned.fault.code.as_str(), "P002");
}

#[tokio::test]
async fn a_login_is_checked_at_the_bank_even_where_a_session_is_open() {
    let site = TestBank::start().await;
    let connector = institution(&site);
    asked(&site, "accounts", &[]).await.unwrap();
    let before = site.count("POST /login");
    let LoggedIn::Done { accounts, .. } = connector
        .log_in(LoginStep::Credentials(collector()))
        .await
        .unwrap()
    else {
        panic!("DemoBank asks for no code")
    };
    assert_eq!(accounts.len(), 8);
    assert_eq!(site.count("POST /login") - before, 1);
    let mut wrong = collector();
    wrong.password = "4321".to_owned();
    let refused = connector.log_in(LoginStep::Credentials(wrong)).await;
    assert_eq!(refused.err().unwrap().fault.code.as_str(), "E101");
    connector.probe().await.unwrap();
}

#[tokio::test]
async fn what_the_bank_does_wrong_has_its_code() {
    for (what, code) in [
        (What::AnswerAfter(503, ""), "E201"),
        (What::AnswerAfter(200, "<title>Nuevo</title>"), "E202"),
        (What::Endless, "E202"),
        (What::HangAfter, "T000"),
        (
            What::Reword("value=\"5000000000.0000\"", "value=\"5.000.000.000\""),
            "E202",
        ),
    ] {
        let site = TestBank::start().await;
        site.disturb("GET /accounts", what);
        let failed = asked(&site, "balances", &[]).await.unwrap_err();
        assert_eq!(failed.fault.code.as_str(), code, "{what:?}");
    }
}
