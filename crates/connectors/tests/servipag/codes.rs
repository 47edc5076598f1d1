//! Every identifier and RUT of the portal's own tables, and the code that each must lead to.

use ayni_sandbox::portal::magic::{DEBT_CASES, LOGIN_CASES};

use crate::test_portal::{DRIVERS, IMPATIENCE, TestPortal, WATER, accounts, consult, data, login, outcome};

#[tokio::test]
async fn every_identifier_of_the_table_leads_to_its_code_and_never_to_a_wrong_number() {
    for driver in DRIVERS {
        let site = TestPortal::start().await;
        let (patient, hasty) = (
            site.connector(*driver),
            site.connector_with(*driver, None, IMPATIENCE),
        );
        for case in DEBT_CASES {
            for code in case.code.split(", ") {
                let connector = if code == "T000" { &hasty } else { &patient };
                let answer = consult(connector.as_ref(), WATER, case.identifier).await;
                assert_eq!(
                    outcome(&answer),
                    code,
                    "{driver:?} {}: {}",
                    case.identifier,
                    case.told
                );
                check_number(&site, case.identifier, &answer);
            }
        }
    }
}

#[tokio::test]
async fn every_rut_of_the_table_leads_to_its_code() {
    for driver in DRIVERS {
        let site = TestPortal::start().await;
        let (patient, hasty) = (
            site.connector(*driver),
            site.connector_with(*driver, None, IMPATIENCE),
        );
        for case in LOGIN_CASES {
            let connector = if case.code == "T000" { &hasty } else { &patient };
            let answer = accounts(connector.as_ref(), &login(&case.rut())).await;
            assert_eq!(
                outcome(&answer),
                case.code,
                "{driver:?} {}: {}",
                case.rut(),
                case.told
            );
        }
        let mut wrong = login("11.111.111-1");
        wrong.password = "otra".to_owned();
        let before = site.portal.visits().logins;
        assert_eq!(outcome(&accounts(patient.as_ref(), &wrong).await), "E101");
        assert_eq!(
            site.portal.visits().logins - before,
            1,
            "a refused login is not tried again"
        );
    }
}

#[tokio::test]
async fn names_and_formats_that_are_wrong_have_their_codes() {
    let site = TestPortal::start().await;
    let connector = site.connector(DRIVERS[0]);
    for (company, client, code, detail) in [
        ("Movistr", "25252525", "E401", Some("¿Movistar?")),
        ("Zapatería", "25252525", "E401", None),
        (WATER, "abc", "E403", None),
        ("Fonasa", "11.111.111-2", "E403", None),
    ] {
        let answer = consult(connector.as_ref(), company, client).await;
        assert_eq!(outcome(&answer), code, "{company} {client}");
        assert_eq!(answer.unwrap_err().fault.detail.as_deref(), detail, "{company}");
    }
}

/// A page with a fault is about the example's debt, so that a number read from it could only be that one.
fn check_number(
    site: &TestPortal,
    identifier: &str,
    answer: &Result<ayni_connectors::data::Reply, ayni_connectors::data::Failed>,
) {
    let Ok(reply) = answer else { return };
    let bills = site.portal.bills(WATER, identifier).unwrap();
    let owed: u64 = bills.iter().map(|bill| bill.pesos).sum();
    match bills.iter().map(|bill| bill.due.to_string()).min() {
        None => assert!(reply.data.is_none()),
        Some(due) => assert_eq!(
            data(reply),
            serde_json::json!({"Debt": {"DueDate": due, "PendingDebt": owed}})
        ),
    }
}
