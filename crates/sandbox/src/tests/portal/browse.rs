//! From the front page to a company, and what holds for every page.

use axum::http::{StatusCode, header};

use super::{TestPortal, WATER};

#[tokio::test]
async fn every_company_is_found_from_the_front_page() {
    let test = TestPortal::open();
    let mut person = test.browser();
    let home = person.get("/").await;
    let mut companies = Vec::new();
    for link in home.html.split("href=\"/categorias/").skip(1) {
        let category = link.split('"').next().unwrap();
        let page = person.get(&format!("/categorias/{category}")).await;
        assert_eq!(page.page(), "category");
        for link in page.html.split("href=\"/pagar/").skip(1) {
            let company = person
                .get(&format!("/pagar/{}", link.split('"').next().unwrap()))
                .await;
            assert_eq!(company.page(), "consult");
            companies.push(company.after("<h1>").to_owned());
        }
    }
    companies.sort();
    let mut listed: Vec<_> = test
        .portal
        .directory()
        .billers()
        .iter()
        .map(|biller| biller.name.clone())
        .collect();
    listed.sort();
    assert_eq!(companies, listed);
}

#[tokio::test]
async fn pages_allow_no_script_but_the_sites_own_and_are_not_kept() {
    let test = TestPortal::open();
    for path in [
        "/",
        "/categorias/agua",
        WATER,
        "/ingresar",
        "/pruebas",
        "/app/",
        "/nada",
    ] {
        let answer = test.browser().get(path).await;
        let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
            "{path}"
        );
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
        assert!(
            !answer.html.contains("<script") && !answer.html.contains(" style="),
            "{path}"
        );
    }
}

#[tokio::test]
async fn what_is_not_there_is_said_and_a_form_has_a_limit() {
    let test = TestPortal::open();
    for path in [
        "/nada",
        "/categorias/nada",
        "/pagar/nada",
        "/app",
        "/estaticos/nada",
    ] {
        assert_eq!(
            test.browser().get(path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    let wrong = test.browser().post("/", &[]).await;
    assert_eq!(
        (wrong.status, wrong.page()),
        (StatusCode::METHOD_NOT_ALLOWED, "problem")
    );
    let large = test
        .browser()
        .post(WATER, &[("identificador", &"1".repeat(20_000))])
        .await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn visits_are_counted_and_the_page_of_cases_shows_every_case() {
    let test = TestPortal::open();
    let mut person = test.browser();
    let page = person.get("/pruebas").await;
    for case in crate::portal::magic::DEBT_CASES {
        assert!(page.html.contains(case.identifier) && page.html.contains(case.told));
    }
    for case in crate::portal::magic::LOGIN_CASES {
        assert!(page.html.contains(&case.rut()) && page.html.contains(case.told));
    }
    super::ask(&mut person, WATER, "25252525").await;
    super::log_in(&mut person, "11.111.111-1").await;
    let visits = test.portal.visits();
    assert_eq!((visits.pages, visits.debts, visits.logins), (6, 1, 1));
}
