//! A statement that can't be trusted is not read at all.

use ayni_connectors::failure::SiteError;

use crate::disturbance::What;
use crate::test_bank::{COLLECTOR_ACCOUNT, TestBank, bank, login};

const STATEMENT: &str = "GET /accounts/";

async fn read(what: What) -> SiteError {
    let site = TestBank::start().await;
    site.book_transfers((1..=3).map(|number| format!("n{number}")))
        .await;
    let connectors = site.connectors();
    site.disturb(STATEMENT, what);
    let result = bank(&connectors)
        .statement(&login(), COLLECTOR_ACCOUNT, |_| false)
        .await;
    result.expect_err(&format!("{what:?} was read"))
}

#[tokio::test]
async fn no_line_that_is_not_understood_is_passed_over() {
    for (from, to) in [
        ("value=\"1000.0000\"", "value=\"1.000,00\""),
        ("value=\"1000.0000\"", "value=\"0\""),
        ("value=\"1000.0000\"", "value=\"-5\""),
        ("value=\"1000.0000\"", ""),
        ("data-name=\"credit\"", "data-name=\"abono\""),
        ("datetime=\"20", "datetime=\"soon"),
        ("data-movement=\"3\"", "data-movement=\"\""),
        ("data-movement=\"3\"", "data-movement=\"0\""),
        ("data-movement=\"3\"", "data-movement=\"2\""),
        ("data-name=\"operation\"", ""),
        ("data-name=\"balance\"", "data-name=\"saldo\""),
        ("data-currency=\"CLP\"", "data-currency=\"XXX\""),
        ("data-account=\"0", "data-account=\"1"),
        ("data-table=\"movements\"", "data-table=\"movimientos\""),
    ] {
        let error = read(What::Reword(from, to)).await;
        assert!(
            matches!(error, SiteError::Unreadable { .. }),
            "{from} → {to}: {error:?}"
        );
    }
}

#[tokio::test]
async fn pages_without_end_redirects_without_end_and_strange_pages_are_errors() {
    assert!(matches!(read(What::Endless).await, SiteError::TooLarge { .. }));
    let around = What::RedirectTo(302, "/accounts/000000000000444444444");
    assert!(matches!(read(around).await, SiteError::TooManyRedirects));
    let away = What::RedirectTo(302, "https://other.example/accounts");
    assert!(matches!(read(away).await, SiteError::OffSite));
    assert!(matches!(read(What::HangAfter).await, SiteError::Unreachable(_)));
    assert!(matches!(
        read(What::BreakOffAfter).await,
        SiteError::Unreachable(_)
    ));
    assert!(matches!(
        read(What::AnswerAfter(200, "\u{0}ÿ{}")).await,
        SiteError::UnknownPage { .. }
    ));
    assert!(matches!(
        read(What::AnswerAfter(503, "")).await,
        SiteError::UnknownPage { .. }
    ));
    let renamed = What::Reword("data-page=\"statement\"", "data-page=\"cartola\"");
    let SiteError::UnknownPage { excerpt, .. } = read(renamed).await else {
        panic!("read")
    };
    assert!(excerpt.starts_with("cartola: Cartola"), "{excerpt}");
}
