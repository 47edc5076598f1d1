//! Accounts and statements, as the owner of a collecting account reads them.

use ayni_connectors::failure::SiteError;
use ayni_connectors::statement::{BankLogin, StatementLine};
use ayni_domain::currency::Currency;
use ayni_domain::money::Amount;

use crate::test_bank::{COLLECTOR, COLLECTOR_ACCOUNT, PAYER, TestBank, bank, login, site_file};

fn everything(_: &[StatementLine]) -> bool {
    false
}

#[tokio::test]
async fn accounts_come_with_currency_and_exact_balance() {
    let site = TestBank::start().await;
    site.book_transfers(["one".to_owned()].into_iter()).await;
    let accounts = bank(&site.connectors()).accounts(&login()).await.unwrap();
    assert_eq!(accounts.len(), 8);
    assert_eq!(accounts[0].number, COLLECTOR_ACCOUNT);
    assert_eq!(
        (accounts[0].currency, accounts[0].balance),
        (Currency::Clp, Amount::from_units(5_000_001_000))
    );
    assert!(accounts[0].name.contains("Pesos chilenos"), "{:?}", accounts[0]);
}

#[tokio::test]
async fn a_statement_of_several_pages_is_read_to_its_end_newest_first() {
    let site = TestBank::start().await;
    site.book_transfers((1..=120).map(|number| format!("n{number}")))
        .await;
    let read = bank(&site.connectors())
        .statement(&login(), COLLECTOR_ACCOUNT, everything)
        .await
        .unwrap();
    assert_eq!(read.balance, Some(Amount::from_units(5_000_120_000)));
    let lines = read.lines;
    let references: Vec<&str> = lines.iter().map(|line| line.reference.as_str()).collect();
    let expected: Vec<String> = (1..=120).rev().map(|number| format!("n{number}")).collect();
    assert_eq!(references, expected);
    let first = &lines[0];
    assert_eq!(
        (first.id.as_str(), first.amount, first.currency),
        ("120", Amount::from_units(1_000), Currency::Clp)
    );
    assert_eq!(
        (first.payer_identifier.as_str(), first.payer_account.as_str()),
        (PAYER, "000000000000111111111")
    );
    assert_eq!(first.booked_at.as_millisecond(), 1_800_000_000_000);
    assert_eq!(first.operation_number, site.book()[119].operation);
    assert!(!first.payer_name.is_empty());
}

#[tokio::test]
async fn debits_are_negative_and_a_missing_comment_is_empty() {
    let site = TestBank::start().await;
    site.book_transfers([String::new()].into_iter()).await;
    let payer = BankLogin {
        rut: PAYER.to_owned(),
        password: "1234".to_owned(),
        coordinates: None,
    };
    let connectors = site.connectors();
    let lines = bank(&connectors)
        .statement(&payer, "000000000000111111111", everything)
        .await
        .unwrap()
        .lines;
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].amount, Amount::from_units(-1_000));
    assert_eq!(
        (lines[0].reference.as_str(), lines[0].payer_identifier.as_str()),
        ("", COLLECTOR)
    );
}

#[tokio::test]
async fn reading_stops_at_the_known_part() {
    let site = TestBank::start().await;
    site.book_transfers((1..=120).map(|number| format!("n{number}")))
        .await;
    let connectors = site.connectors();
    let mut pages = 0;
    let stop = |lines: &[StatementLine]| {
        pages += 1;
        lines.iter().any(|line| line.id == "60")
    };
    let read = bank(&connectors)
        .statement(&login(), COLLECTOR_ACCOUNT, stop)
        .await
        .unwrap();
    assert_eq!((pages, read.lines.len()), (2, 100));
    assert_eq!(read.balance, Some(Amount::from_units(5_000_120_000)));
}

#[tokio::test]
async fn an_account_without_movements_has_a_balance_too() {
    let site = TestBank::start().await;
    let read = bank(&site.connectors())
        .statement(&login(), COLLECTOR_ACCOUNT, everything)
        .await
        .unwrap();
    assert_eq!(
        (read.lines.len(), read.balance),
        (0, Some(Amount::from_units(5_000_000_000)))
    );
}

#[tokio::test]
async fn a_reading_that_does_not_reach_the_known_part_within_its_pages_fails() {
    let site = TestBank::start().await;
    site.book_transfers((1..=101).map(|number| format!("n{number}")))
        .await;
    let (_directory, settings) = site_file("pages_max = 4000", "pages_max = 2");
    let connectors = site.connectors_with(settings);
    let number = COLLECTOR_ACCOUNT;
    let far = bank(&connectors).statement(&login(), number, everything).await;
    assert!(
        matches!(far, Err(SiteError::TooManyPages { pages_max: 2 })),
        "{far:?}"
    );
    let known = |lines: &[StatementLine]| lines.iter().any(|line| line.id == "2");
    let near = bank(&connectors).statement(&login(), number, known).await;
    assert_eq!(near.unwrap().lines.len(), 100);
}

#[tokio::test]
async fn readings_share_one_login_until_the_bank_ends_it() {
    let site = TestBank::start().await;
    let connectors = site.connectors();
    for (minutes, logins) in [(0, 1), (14, 1), (14, 1), (16, 2), (0, 2)] {
        site.advance_minutes(minutes);
        bank(&connectors)
            .statement(&login(), COLLECTOR_ACCOUNT, everything)
            .await
            .unwrap();
        assert_eq!(site.count("POST /login"), logins, "after {minutes} more minutes");
    }
    bank(&connectors).accounts(&login()).await.unwrap();
    assert_eq!(site.count("POST /login"), 2);
}

#[tokio::test]
async fn a_wrong_login_or_anothers_account_is_told() {
    let site = TestBank::start().await;
    let connectors = site.connectors();
    bank(&connectors).accounts(&login()).await.unwrap();
    let wrong = BankLogin {
        rut: COLLECTOR.to_owned(),
        password: "nope".to_owned(),
        coordinates: None,
    };
    let refused = bank(&connectors)
        .statement(&wrong, COLLECTOR_ACCOUNT, everything)
        .await;
    assert!(matches!(refused, Err(SiteError::WrongLogin)), "{refused:?}");
    for number in ["000000000000111111111", "nothing", "../accounts", ""] {
        let missing = bank(&connectors).statement(&login(), number, everything).await;
        assert!(
            matches!(missing, Err(SiteError::NoSuchAccount)),
            "{number}: {missing:?}"
        );
    }
}
