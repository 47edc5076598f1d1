//! Debts, as a caller asks for them.

use std::time::Duration;

use ayni_connectors::session::visitor::SiteDriver;
use ayni_domain::lang::Lang;
use ayni_domain::operation::code::Code;
use ayni_domain::operation::note::Note;

use crate::test_portal::{DRIVERS, TestPortal, WATER, consult, data};

#[tokio::test]
async fn the_seeds_debt_is_answered_byte_for_byte() {
    for driver in DRIVERS {
        let site = TestPortal::start().await;
        let connector = site.connector(*driver);
        for name in [WATER, "AGUAS ANDINAS S.A.", "aguas  andinas"] {
            let reply = consult(connector.as_ref(), name, "25252525").await.unwrap();
            let json = reply.data.unwrap();
            assert_eq!(
                json.get(),
                r#"{"Debt":{"DueDate":"2025-05-31","PendingDebt":15340}}"#,
                "{driver:?} {name}"
            );
            assert_eq!(reply.note, None);
        }
    }
}

#[tokio::test]
async fn no_debt_is_no_data_and_a_note() {
    for driver in DRIVERS {
        let site = TestPortal::start().await;
        let reply = consult(site.connector(*driver).as_ref(), WATER, "90000010")
            .await
            .unwrap();
        assert!(reply.data.is_none());
        assert_eq!(reply.note, Some(Note::NoDebt));
    }
}

#[tokio::test]
async fn several_bills_are_summed_and_told_with_their_dates() {
    for driver in DRIVERS {
        let site = TestPortal::start().await;
        let reply = consult(site.connector(*driver).as_ref(), WATER, "90000030")
            .await
            .unwrap();
        let bills = site.portal.bills(WATER, "90000030").unwrap();
        let mut due: Vec<_> = bills.iter().map(|bill| bill.due).collect();
        due.sort();
        let sum: u64 = bills.iter().map(|bill| bill.pesos).sum();
        assert_eq!(
            data(&reply),
            serde_json::json!({"Debt": {"DueDate": due[0].to_string(), "PendingDebt": sum}})
        );
        assert_eq!(reply.note.as_ref(), Some(&Note::SeveralBills(due.clone())));
        let told = reply.note.unwrap().text(Lang::Es);
        assert!(told.contains('3') && told.contains(&due[2].to_string()), "{told}");
    }
}

#[tokio::test]
async fn every_company_of_the_portal_is_in_the_site_file_with_all_its_names() {
    let site = TestPortal::start().await;
    let connector = site.connector(DRIVERS[0]);
    for biller in site.portal.directory().billers() {
        for name in std::iter::once(&biller.name).chain(&biller.aliases) {
            // No company takes this identifier, so each one's form says so.
            let failed = consult(connector.as_ref(), name, "?").await.unwrap_err();
            assert_eq!(failed.fault.code.as_str(), "E403", "{name}");
        }
    }
}

#[tokio::test]
async fn identifiers_of_every_shape_come_back_as_the_portal_knows_them() {
    let site = TestPortal::start().await;
    let connector = site.connector(DRIVERS[0]);
    for (company, client) in [
        ("Fonasa", "12.345.678-5"),
        ("Fonasa", "123456785"),
        ("Fonasa", "012.345.678-5"),
        ("Pase Diario", "bbcl-23"),
        ("TGR", "12345-678"),
        ("Chilectra", "1234567-k"),
        ("Saesa", "0012345678"),
    ] {
        let reply = consult(connector.as_ref(), company, client).await;
        let reply = reply.unwrap_or_else(|failed| panic!("{company} {client}: {failed:?}"));
        assert_eq!(reply.data.is_none(), reply.note == Some(Note::NoDebt));
    }
}

/// The portal's pages whose bills a script fills in.
const SCRIPTED: (&str, &str) = ("path = \"/pagar/{company}\"", "path = \"/app/pagar/{company}\"");

#[tokio::test]
async fn what_a_script_fills_in_is_read_with_chromium_and_is_no_debt_without() {
    let built_in = include_str!("../../src/sites/servipag.com.toml");
    assert!(built_in.contains(SCRIPTED.0));
    let folder = tempfile::tempdir().unwrap();
    let file = built_in.replace(SCRIPTED.0, SCRIPTED.1);
    std::fs::write(folder.path().join("servipag.com.toml"), file).unwrap();
    let site = TestPortal::start().await;
    let asked = async |driver| {
        let connector = site.connector_with(driver, Some(folder.path()), Duration::from_secs(10));
        consult(connector.as_ref(), WATER, "25252525").await
    };
    let read = asked(SiteDriver::Chromium).await.unwrap();
    let expected = serde_json::json!({"Debt": {"DueDate": "2025-05-31", "PendingDebt": 15340}});
    assert_eq!(data(&read), expected);
    let failed = asked(SiteDriver::Http).await.unwrap_err();
    assert_eq!(failed.fault.code, Code::UnknownPage);
}
