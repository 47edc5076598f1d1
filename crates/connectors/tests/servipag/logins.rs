//! The login, its second factor and the services behind it.

use ayni_connectors::data::login::{LoggedIn, LoginSession, LoginStep};
use ayni_sandbox::portal::magic::SECOND_FACTOR_CODE;
use serde_json::json;

use crate::test_portal::{DRIVERS, TestPortal, accounts, data, log_in, login, outcome, run, rut};

const ONE_SERVICE: &str = "11.111.111-1";
const MANY_SERVICES: u32 = 10_000_030;
const NO_SERVICES: u32 = 10_000_010;
const SECOND_FACTOR: u32 = 10_001_030;

#[tokio::test]
async fn the_seeds_accounts_are_answered_byte_for_byte() {
    for driver in DRIVERS {
        let site = TestPortal::start().await;
        let reply = accounts(site.connector(*driver).as_ref(), &login(ONE_SERVICE))
            .await
            .unwrap();
        let expected = r#"{"ServiceAccount":[{"CompanyName":"Entel PCS Movil","ServiceType":"Telefonía Celular","ClientIdentifier":"221100111"}]}"#;
        assert_eq!(reply.data.unwrap().get(), expected, "{driver:?}");
        assert_eq!(reply.note, None);
    }
}

#[tokio::test]
async fn the_services_of_all_pages_come_in_their_order_and_none_are_an_empty_list() {
    for driver in DRIVERS {
        let site = TestPortal::start().await;
        let connector = site.connector(*driver);
        let reply = accounts(connector.as_ref(), &login(&rut(MANY_SERVICES)))
            .await
            .unwrap();
        let person = ayni_domain::rut::Rut::from_body(MANY_SERVICES).unwrap();
        let expected: Vec<_> = site
            .portal
            .services(person)
            .into_iter()
            .map(|service| {
                json!({"CompanyName": service.company, "ServiceType": service.kind,
                       "ClientIdentifier": service.identifier})
            })
            .collect();
        assert_eq!(expected.len(), 35);
        assert_eq!(data(&reply), json!({ "ServiceAccount": expected }));
        let reply = accounts(connector.as_ref(), &login(&rut(NO_SERVICES)))
            .await
            .unwrap();
        assert_eq!(data(&reply), json!({ "ServiceAccount": [] }));
    }
}

#[tokio::test]
async fn a_login_tells_the_accounts_found() {
    for driver in DRIVERS {
        let site = TestPortal::start().await;
        let LoggedIn::Done { accounts, login } = log_in(site.connector(*driver).as_ref(), login(ONE_SERVICE))
            .await
            .unwrap()
        else {
            panic!("a code was wanted")
        };
        assert_eq!(accounts.len(), 1);
        assert_eq!(
            (
                accounts[0].name.as_str(),
                accounts[0].kind.as_str(),
                accounts[0].identification.as_str()
            ),
            ("Entel PCS Movil", "Telefonía Celular", "221100111")
        );
        assert_eq!(login.device, None);
    }
}

#[tokio::test]
async fn the_second_factor_is_asked_once_and_later_visits_need_no_code() {
    for driver in DRIVERS {
        let site = TestPortal::start().await;
        let connector = site.connector(*driver);
        let person = login(&rut(SECOND_FACTOR));
        let (prompt, session) = wanted(log_in(connector.as_ref(), person).await.unwrap());
        assert!(prompt.contains("teléfono"), "{prompt}");
        // Another node goes on, and the first code is mistyped.
        let other = site.connector(*driver);
        let step = LoginStep::Code {
            session: stored(&session),
            code: "000000".to_owned(),
        };
        let (prompt, session) = wanted(other.log_in(step).await.unwrap());
        assert_eq!(prompt, "El código no es correcto.");
        let step = LoginStep::Code {
            session: stored(&session),
            code: SECOND_FACTOR_CODE.to_owned(),
        };
        let LoggedIn::Done {
            login,
            accounts: found,
        } = connector.log_in(step).await.unwrap()
        else {
            panic!("the code was wanted again")
        };
        assert!(login.device.is_some());
        let reply = accounts(connector.as_ref(), &login).await.unwrap();
        assert_eq!(
            data(&reply)["ServiceAccount"].as_array().unwrap().len(),
            found.len()
        );
        let LoggedIn::Done { login: again, .. } = log_in(connector.as_ref(), login.clone()).await.unwrap()
        else {
            panic!("the device was forgotten")
        };
        assert_eq!(again.device, login.device);
    }
}

#[tokio::test]
async fn a_second_factor_without_its_session_ends_with_a_code_of_its_own() {
    let site = TestPortal::start().await;
    let connector = site.connector(DRIVERS[0]);
    let (_, session) = wanted(
        log_in(connector.as_ref(), login(&rut(SECOND_FACTOR)))
            .await
            .unwrap(),
    );
    // The portal was restarted meanwhile: a new one listens, and knows nobody.
    let restarted = TestPortal::start().await;
    let mut session = serde_json::to_value(&session).unwrap();
    session["tab"]["url"] = json!(format!("{}/ingresar/codigo", restarted.url));
    let step = LoginStep::Code {
        session: serde_json::from_value(session).unwrap(),
        code: SECOND_FACTOR_CODE.to_owned(),
    };
    let result = restarted.connector(DRIVERS[0]).log_in(step).await;
    assert_eq!(outcome(&result), "E201");
}

#[tokio::test]
async fn nothing_is_done_without_a_login_or_for_an_operation_that_is_not_declared() {
    let site = TestPortal::start().await;
    let connector = site.connector(DRIVERS[0]);
    for (operation, code) in [
        ("service-accounts", "P001"),
        ("consult-debt", "P001"),
        ("token", "P004"),
    ] {
        let result = run(connector.as_ref(), operation, &[], None).await;
        assert_eq!(outcome(&result), code, "{operation}");
    }
    connector.probe().await.unwrap();
}

fn wanted(logged_in: LoggedIn) -> (String, LoginSession) {
    match logged_in {
        LoggedIn::CodeWanted { prompt, session } => (prompt, session),
        LoggedIn::Done { .. } => panic!("no code was wanted"),
    }
}

/// Sealed and opened again, as between two steps.
fn stored(session: &LoginSession) -> LoginSession {
    serde_json::from_slice(&serde_json::to_vec(&session).unwrap()).unwrap()
}
