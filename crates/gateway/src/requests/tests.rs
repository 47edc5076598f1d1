//! What becomes of lines in memory.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use axum::http::Method;
use ayni_domain::ids::AccountId;

use super::keep;
use super::tail::{ACCOUNT_LINES_MAX, Asked, By, LINES_MAX, Tail};
use crate::harness::House;

const ACCOUNT: AccountId = AccountId(1);

fn ask(tail: &Tail, account: AccountId, route: &str) {
    let Some(opened) = tail.opened(account, || By::Key([7; 32])) else {
        return;
    };
    let asked = Asked {
        method: &Method::GET,
        route,
        path: route,
        request_id: "one",
        status: 200,
        took: Duration::from_micros(1_500),
        at: jiff::Timestamp::UNIX_EPOCH,
    };
    tail.add(opened, &asked);
}

fn tail_of(accounts: impl IntoIterator<Item = i64>) -> Tail {
    let tail = Tail::default();
    tail.learn(accounts.into_iter().map(AccountId).collect());
    tail
}

#[test]
fn with_nobody_tailing_nothing_is_left_with_an_answer() {
    let tail = tail_of([]);
    assert!(!tail.is_any());
    assert!(
        tail.opened(ACCOUNT, || unreachable!("it is not asked for"))
            .is_none()
    );
    tail.learn(HashSet::from([AccountId(2)]));
    assert!(
        tail.opened(ACCOUNT, || unreachable!("it is not asked for"))
            .is_none()
    );
    assert!(tail.opened(AccountId(2), || By::Key([7; 32])).is_some());
}

#[test]
fn what_finds_no_room_is_counted_for_its_own_account() {
    let tail = tail_of(1..=30);
    for account in 1..=30 {
        for _ in 0..=ACCOUNT_LINES_MAX {
            ask(&tail, AccountId(account), "/v3/banks");
        }
    }
    let taken = tail.take();
    let lines: usize = taken.values().map(|portion| portion.lines.len()).sum();
    assert_eq!(lines, LINES_MAX);
    assert_eq!(
        (taken[&ACCOUNT].lines.len(), taken[&ACCOUNT].left_out),
        (ACCOUNT_LINES_MAX, 1)
    );
    let last = &taken[&AccountId(30)];
    assert_eq!((last.lines.len(), last.left_out), (0, 1_001));
    assert!(tail.take().is_empty());
}

#[test]
fn what_could_not_be_written_comes_before_what_came_since() {
    let tail = tail_of([1]);
    ask(&tail, ACCOUNT, "/v3/banks");
    let taken = tail.take();
    ask(&tail, ACCOUNT, "/v3/payments");
    tail.put_back(taken);
    let paths = |taken: HashMap<AccountId, super::tail::Portion>| -> Vec<String> {
        taken[&ACCOUNT]
            .lines
            .iter()
            .map(|line| line.path.clone())
            .collect()
    };
    assert_eq!(paths(tail.take()), ["/v3/banks", "/v3/payments"]);
}

#[test]
fn a_tail_does_not_tell_of_itself() {
    let tail = tail_of([1]);
    ask(&tail, ACCOUNT, super::ROUTE);
    assert!(tail.take().is_empty());
}

#[tokio::test]
async fn a_reading_that_could_be_answered_at_once_and_a_creation_are_told_like_others() {
    let house = House::open().await;
    keep::tail(&house.app, house.account).await.unwrap();
    let body = r#"{"amount":1000,"currency":"CLP","subject":"Té"}"#;
    let id = house.post("/v3/payments", body).await.json()["payment_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/v3/payments/{id}");
    house.get(&path).await;
    let taken = house.app.tail.take();
    let told = taken[&house.account].lines.iter();
    let told: Vec<_> = told
        .map(|line| (line.method.as_str(), line.path.as_str(), line.status))
        .collect();
    assert_eq!(told, [("POST", "/v3/payments", 200), ("GET", path.as_str(), 200)]);
}
