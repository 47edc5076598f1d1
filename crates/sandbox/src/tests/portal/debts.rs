//! What a client is shown.

use axum::http::StatusCode;

use super::{TestPortal, WATER, ask, cells, token};

#[tokio::test]
async fn the_example_client_owes_what_the_example_says() {
    let test = TestPortal::open();
    let page = ask(&mut test.browser(), WATER, " 25252525 ").await;
    assert_eq!((page.status, page.page()), (StatusCode::OK, "debt"));
    assert_eq!(cells(&page, "monto"), ["$15.340"]);
    assert_eq!(cells(&page, "vencimiento"), ["31/05/2025"]);
    assert_eq!(page.after("id=\"total\">"), "$15.340");
    assert_eq!(page.after("id=\"empresa\">"), "Aguas Andinas");
    assert_eq!(page.after("id=\"cliente\">"), "25252525");
}

#[tokio::test]
async fn each_bill_has_a_row_and_the_total_is_their_sum() {
    let test = TestPortal::open();
    let page = ask(&mut test.browser(), WATER, "90000030").await;
    let pesos = |shown: &str| shown.replace(['$', '.'], "").parse::<u64>().unwrap();
    let amounts: Vec<u64> = cells(&page, "monto").iter().map(|shown| pesos(shown)).collect();
    let bills = test.portal.bills("Aguas Andinas", "90000030").unwrap();
    assert_eq!(amounts, bills.iter().map(|bill| bill.pesos).collect::<Vec<_>>());
    assert_eq!(amounts.len(), 3);
    let sum: u64 = amounts.iter().sum();
    assert_eq!(pesos(page.after("id=\"total\">")), sum);
}

#[tokio::test]
async fn every_company_answers_its_own_clients_and_refuses_other_identifiers() {
    let test = TestPortal::open();
    for biller in test.portal.directory().billers() {
        let path = format!("/pagar/{}", biller.slug);
        let mut person = test.browser();
        for seed in ["a", "b", "c"] {
            let sample = biller
                .format
                .sample(&mut crate::portal::derived::Derived::of(&[seed]));
            let owed = test.portal.bills(&biller.name, &sample).unwrap();
            let page = ask(&mut person, &path, &sample).await;
            assert_eq!(cells(&page, "monto").len(), owed.len(), "{path} {sample}");
            assert_eq!(page.page(), if owed.is_empty() { "no-debt" } else { "debt" });
        }
        let page = ask(&mut person, &path, "<b>no</b>").await;
        assert_eq!(page.page(), "consult");
        assert_eq!(
            page.after("role=\"alert\">"),
            "El identificador no corresponde al formato de la empresa."
        );
        assert!(!page.html.contains("<b>no"));
    }
}

#[tokio::test]
async fn the_form_says_when_there_is_no_such_client_and_can_be_sent_again() {
    let test = TestPortal::open();
    let mut person = test.browser();
    let page = ask(&mut person, WATER, "90004020").await;
    assert_eq!(page.page(), "consult");
    assert_eq!(
        page.after("role=\"alert\">"),
        "Cliente no encontrado. Revise el identificador."
    );
    let fields = [("_token", token(&page)), ("identificador", "25252525")];
    assert_eq!(person.post(WATER, &fields).await.page(), "debt");
}

#[tokio::test]
async fn a_form_expires_with_its_visit_and_serves_no_other_browser() {
    let test = TestPortal::open();
    let mut person = test.browser();
    let form = person.get(WATER).await;
    let fields = [("_token", token(&form)), ("identificador", "25252525")];
    assert_eq!(test.browser().post(WATER, &fields).await.page(), "expired");
    let mut visited = test.browser();
    visited.get(WATER).await;
    assert_eq!(visited.post(WATER, &fields).await.status, StatusCode::FORBIDDEN);
    test.move_clock_minutes(10);
    assert_eq!(person.post(WATER, &fields).await.page(), "debt");
    test.move_clock_minutes(1);
    let late = person.post(WATER, &fields).await;
    assert_eq!((late.status, late.page()), (StatusCode::OK, "expired"));
    assert_eq!(ask(&mut person, WATER, "25252525").await.page(), "debt");
}
