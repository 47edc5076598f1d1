//! A site that answers anything but what it should: a typed error each time, within the time that it was given, and
//! never a number.

use std::time::Duration;

use ayni_connectors::data::Failed;
use ayni_domain::operation::code::Code;

use crate::disturbance::What;
use crate::test_portal::{DRIVERS, IMPATIENCE, TestPortal, WATER, accounts, consult, login, outcome};

const ANSWER: &str = "POST /pagar/";
const CLIENT: &str = "25252525";

/// Nothing that a site does takes longer: a page for each of two visits' requests.
const BUDGET: Duration = Duration::from_secs(90);

/// What a consultation came to, with each driver.
async fn consulted(request: &'static str, what: What) -> Vec<Failed> {
    let mut all = Vec::new();
    for driver in DRIVERS {
        let site = TestPortal::on_a_wire().await;
        let connector = match what {
            What::HangAfter => site.connector_with(*driver, None, IMPATIENCE),
            _ => site.connector(*driver),
        };
        site.disturb(request, what);
        let answer = tokio::time::timeout(BUDGET, consult(connector.as_ref(), WATER, CLIENT)).await;
        let failed = answer
            .expect("past the budget")
            .expect_err(&format!("{driver:?}: {what:?} was read"));
        all.push(failed);
    }
    all
}

#[tokio::test]
async fn amounts_dates_and_sums_in_other_writings_are_never_a_number() {
    for (from, to, code) in [
        ("$15.340", "$15,340", Code::UnknownPage),
        ("$15.340", "$15340", Code::UnknownPage),
        ("$15.340", "15.340", Code::UnknownPage),
        ("$15.340", "US$15.340", Code::UnknownPage),
        ("$15.340", "$-15.340", Code::UnknownPage),
        ("$15.340", "$15.340,00", Code::UnknownPage),
        ("$15.340", "$<s>99</s>15.340", Code::UnknownPage),
        ("$15.340", "gratis", Code::DataUnfit),
        ("$15.340", "", Code::DataMissing),
        ("31/05/2025", "05/31/2025", Code::UnknownPage),
        ("31/05/2025", "2025-05-31", Code::UnknownPage),
        ("31/05/2025", "31/02/2025", Code::UnknownPage),
        ("31/05/2025", "mañana", Code::DataUnfit),
        ("31/05/2025", "", Code::DataMissing),
        (
            "<strong id=\"total\">$15.340",
            "<strong id=\"total\">$15.341",
            Code::UnknownPage,
        ),
        (
            "<strong id=\"total\">$15.340",
            "<strong id=\"total\">",
            Code::UnknownPage,
        ),
    ] {
        for failed in consulted(ANSWER, What::Reword(from, to)).await {
            assert_eq!(failed.fault.code, code, "{from} → {to}");
            assert!(failed.page.is_some(), "{from} → {to}: the operator sees nothing");
        }
    }
}

#[tokio::test]
async fn a_page_whose_markup_changed_or_that_is_about_somebody_else_is_not_read() {
    for (from, to) in [
        ("data-page=\"debt\"", "data-page=\"deuda\""),
        ("<main id=\"deuda\"", "<main id=\"deuda2\""),
        ("id=\"tabla-deuda\"", "id=\"tabla\""),
        ("class=\"cuenta\"", "class=\"fila\""),
        ("class=\"monto\"", "class=\"importe\""),
        ("class=\"vencimiento\"", "class=\"emision\""),
        ("id=\"empresa\">Aguas Andinas", "id=\"empresa\">Aguas del Valle"),
        ("id=\"cliente\">25252525", "id=\"cliente\">25252526"),
        ("id=\"cliente\"", "id=\"cliente2\""),
        (
            "<td class=\"monto\"",
            "<td class=\"monto\">$1</td><td class=\"monto\"",
        ),
        (
            "</main>",
            "</main><main id=\"sin-deuda\"></main><p id=\"total\">$1</p>",
        ),
        (
            "<table id=\"tabla-deuda\"",
            "<p id=\"cargando\"></p><table id=\"tabla-deuda\"",
        ),
    ] {
        for failed in consulted(ANSWER, What::Reword(from, to)).await {
            assert_eq!(failed.fault.code, Code::UnknownPage, "{from} → {to}");
            let page = failed.page.unwrap();
            assert!(page.markup.contains("<table") && page.status == 200, "{page:?}");
            for theirs in ["15.340", CLIENT, "4102338", "Andinas"] {
                assert!(!page.markup.contains(theirs), "{theirs}: {}", page.markup);
            }
        }
    }
}

#[tokio::test]
async fn answers_without_end_without_sense_or_without_leave_are_errors() {
    for (what, code) in [
        (What::Endless, Code::UnknownPage),
        (What::HangAfter, Code::OutOfTime),
        (What::BreakOffAfter, Code::SiteUnreachable),
        (What::RedirectTo(302, "/vuelta/1"), Code::UnknownPage),
        (What::RedirectTo(302, "https://other.example/"), Code::UnknownPage),
        (
            What::RedirectTo(302, "http://169.254.169.254/"),
            Code::UnknownPage,
        ),
        (What::RedirectTo(302, "javascript:alert(1)"), Code::UnknownPage),
        (What::RedirectTo(307, "/pagar/aguas-andinas"), Code::UnknownPage),
        (What::RedirectTo(302, "/ingresar"), Code::UnknownPage),
        (What::RedirectTo(302, "/"), Code::UnknownPage),
        (What::AnswerAfter(200, ""), Code::UnknownPage),
        (What::AnswerAfter(200, "\u{0}ÿ{}"), Code::UnknownPage),
        (What::AnswerAfter(200, "{\"Debt\":15340}"), Code::UnknownPage),
        (What::AnswerAfter(404, "no"), Code::UnknownPage),
        (
            What::AnswerAfter(403, "<title>Just a moment…</title>"),
            Code::UnknownPage,
        ),
        (What::AnswerAfter(429, "slower"), Code::SiteUnreachable),
        (What::AnswerAfter(500, "oops"), Code::SiteUnreachable),
        (What::AnswerAfter(502, ""), Code::SiteUnreachable),
    ] {
        for request in [ANSWER, "GET /pagar/"] {
            // A GET follows any redirect; to the form itself that is a loop.
            let codes: Vec<Code> = consulted(request, what)
                .await
                .iter()
                .map(|failed| failed.fault.code)
                .collect();
            assert_eq!(codes, vec![code; DRIVERS.len()], "{request} {what:?}");
        }
    }
}

#[tokio::test]
async fn a_page_of_a_debt_with_another_status_is_none() {
    let page = "<body data-page=debt><main id=deuda>";
    for (status, code) in [
        (206, Code::UnknownPage),
        (404, Code::UnknownPage),
        (503, Code::SiteUnreachable),
    ] {
        for failed in consulted(ANSWER, What::AnswerAfter(status, page)).await {
            assert_eq!(failed.fault.code, code, "{status}");
        }
    }
}

/// What is spoilt on the way to a person's services, and what comes of it.
const SERVICES: &[(&str, What, &str)] = &[
    (
        "GET /mis-servicios",
        What::Reword("class=\"identificador\"", "class=\"id\""),
        "E202",
    ),
    (
        "GET /mis-servicios",
        What::Reword("class=\"servicio\"", "class=\"fila\""),
        "E202",
    ),
    (
        "GET /mis-servicios",
        What::Reword("id=\"tabla-servicios\"", "id=\"t\""),
        "E202",
    ),
    ("GET /mis-servicios", What::Reword("221100111", ""), "D000"),
    ("GET /mis-servicios", What::Reword("Entel PCS Movil", ""), "D000"),
    (
        "GET /mis-servicios",
        What::Reword("221100111", "221100111221100111221"),
        "F000",
    ),
    (
        "GET /mis-servicios",
        What::Reword("</table>", "</table><p id=\"sin-servicios\">"),
        "E202",
    ),
    (
        "GET /mis-servicios",
        What::Reword(
            "</table>",
            "</table><nav class=\"paginacion\"><a rel=\"next\" href=\"/mis-servicios\">x</a></nav>",
        ),
        "E202",
    ),
    (
        "GET /mis-servicios",
        What::Reword(
            "</table>",
            "</table><nav class=\"paginacion\"><a rel=\"next\" href=\"https://other.example/\">x</a></nav>",
        ),
        "E202",
    ),
    ("GET /mis-servicios", What::Endless, "E202"),
    ("POST /ingresar", What::AnswerAfter(200, "<p>Bienvenido"), "E202"),
    (
        "POST /ingresar",
        What::RedirectTo(302, "https://other.example/"),
        "E202",
    ),
    (
        "GET /ingresar",
        What::Reword("name=\"clave\"", "name=\"pin\""),
        "E202",
    ),
    (
        "GET /ingresar",
        What::Reword("action=\"/ingresar\"", "action=\"https://other.example/\""),
        "E202",
    ),
];

#[tokio::test]
async fn services_that_are_not_understood_are_none_at_all() {
    for (request, what, code) in SERVICES.iter().copied() {
        for driver in DRIVERS {
            let site = TestPortal::on_a_wire().await;
            site.disturb(request, what);
            let (connector, person) = (site.connector(*driver), login("11.111.111-1"));
            let answer = tokio::time::timeout(BUDGET, accounts(connector.as_ref(), &person)).await;
            let outcome = outcome(&answer.expect("past the budget"));
            assert_eq!(outcome, code, "{driver:?} {request} {what:?}");
        }
    }
}

#[tokio::test]
async fn the_sites_own_words_are_told_without_what_was_typed() {
    let said = What::Reword(
        "El RUT o la clave no son correctos.",
        "La persona 11.111.111-1 debe cambiar su clave mala-clave.",
    );
    let mut person = login("11.111.111-1");
    person.password = "mala-clave".to_owned();
    for driver in DRIVERS {
        let site = TestPortal::on_a_wire().await;
        site.disturb("POST /ingresar", said);
        let failed = accounts(site.connector(*driver).as_ref(), &person)
            .await
            .unwrap_err();
        assert_eq!(failed.fault.code, Code::SiteMessage);
        let told = failed.fault.detail.as_deref();
        assert_eq!(told, Some("La persona … debe cambiar su clave …."));
        assert_eq!(site.count("POST /ingresar"), 1, "{driver:?}");
    }
}
