//! The bank gone, slow, broken or changed, at every step: before the money request a failure, after it never one.

use std::sync::Arc;

use ayni_connectors::failure::Failure;
use ayni_connectors::transfer::{Authorised, Next};
use ayni_connectors::{Clock, Connectors, SiteSettings};
use jiff::Timestamp;

use crate::disturbance::What;
use crate::test_bank::{PAYER, TestBank, asked, bank, first_choice, order, payer, site_file};

const MONEY_REQUEST: &str = "POST /transfer/";

#[tokio::test]
async fn a_bank_that_stopped_fails_the_transfer_at_every_step() {
    for step in ["login", "account", "card", "authorise"] {
        let mut site = TestBank::start().await;
        let connectors = site.connectors();
        let payer = payer(&connectors);
        let failed = match step {
            "login" => {
                let (_, session) = asked(bank(&connectors).begin(order()));
                site.stop().await;
                payer
                    .answer(session, &[("rut", PAYER), ("password", "1234")])
                    .await
            }
            "account" => {
                let (prompt, session) = payer.at_account().await;
                site.stop().await;
                payer
                    .answer(session, &[("account", &first_choice(&prompt))])
                    .await
            }
            "card" => {
                let (prompt, session) = payer.at_card().await;
                site.stop().await;
                payer.give_coordinates(&prompt, session, ["11", "22", "33"]).await
            }
            _ => {
                let session = payer.ready(["11", "22", "33"]).await;
                site.stop().await;
                let outcome = bank(&connectors).authorise(session).await;
                assert_eq!(outcome, Authorised::Refused(Failure::Unreachable));
                Next::Failed(Failure::Unreachable)
            }
        };
        assert!(matches!(failed, Next::Failed(Failure::Unreachable)), "{step}");
        assert_eq!(site.book().len(), 0, "{step}");
    }
}

#[tokio::test]
async fn once_the_money_request_is_sent_anything_but_a_known_answer_is_unclear() {
    const STRANGE: &str = "<body data-page='maintenance'>";
    const HALF_A_RECEIPT: &str = "<body data-page='receipt'>Gracias";
    const UNKNOWN_REASON: &str = "<body data-page='refused' data-reason='mood'>";
    for (what, debits) in [
        (What::HangAfter, 1),
        (What::BreakOffAfter, 1),
        (What::Endless, 0),
        (What::AnswerAfter(500, "<body data-page='receipt'>"), 1),
        (What::AnswerAfter(200, STRANGE), 1),
        (What::AnswerAfter(200, HALF_A_RECEIPT), 1),
        (What::AnswerAfter(200, UNKNOWN_REASON), 1),
        (What::AnswerAfter(200, ""), 1),
        (What::AnswerAfter(401, "<body data-page='login'>"), 1),
        (What::RedirectTo(303, "/login"), 0),
        (What::RedirectTo(303, "https://other.example/"), 0),
        (What::RedirectTo(303, "/accounts"), 0),
        (What::RedirectTo(307, "/transfer/again"), 0),
        (What::RedirectTo(308, "/transfer/again"), 0),
        (What::Reword("25000.0000", "2500.0000"), 1),
    ] {
        let site = TestBank::start().await;
        let connectors = site.connectors();
        let session = payer(&connectors).ready(["11", "22", "33"]).await;
        site.disturb(MONEY_REQUEST, what);
        let outcome = bank(&connectors).authorise(session).await;
        assert!(matches!(outcome, Authorised::Unclear(_)), "{what:?}: {outcome:?}");
        assert_eq!(
            (site.count(MONEY_REQUEST), site.book().len()),
            (1, debits),
            "{what:?}"
        );
    }
}

#[tokio::test]
async fn a_receipt_behind_a_redirect_is_read_with_get() {
    let site = TestBank::start().await;
    let connectors = site.connectors();
    let payer = payer(&connectors);
    let session = payer.ready(["11", "22", "33"]).await;
    let paid = bank(&connectors).authorise(session).await;
    let Authorised::Accepted(first) = paid else {
        panic!("{paid:?}")
    };

    let session = payer.ready(["11", "22", "33"]).await;
    // The first transfer's receipt fits this order too: DemoBank numbers its operations, so its address is known.
    let address: &'static str = format!("/receipt/{}", first.operation_number).leak();
    site.disturb(MONEY_REQUEST, What::RedirectTo(303, address));
    assert_eq!(
        bank(&connectors).authorise(session).await,
        Authorised::Accepted(first)
    );
    assert_eq!(site.count(MONEY_REQUEST), 2);
}

#[tokio::test]
async fn changed_markup_is_an_unknown_page_at_every_step() {
    for (request, from, to, step) in [
        (
            "GET /login",
            "data-page=\"login\"",
            "data-page=\"entrar\"",
            "login",
        ),
        ("GET /login", "name=\"password\"", "name=\"clave\"", "login"),
        (
            "GET /accounts",
            "data-page=\"accounts\"",
            "data-page=\"resumen\"",
            "login",
        ),
        ("GET /transfer", "data-page=\"transfer\"", "", "login"),
        ("GET /transfer", "name=\"amount\"", "name=\"monto\"", "account"),
        (
            "GET /transfer/",
            "data-page=\"coordinates\"",
            "data-page=\"token\"",
            "account",
        ),
        (
            "GET /transfer/",
            "value=\"25000.0000\"",
            "value=\"2500.0000\"",
            "account",
        ),
        (
            "GET /transfer/",
            "000000000000444444444",
            "000000000000555555555",
            "account",
        ),
        ("GET /transfer/", "data-position=", "data-place=", "account"),
    ] {
        let site = TestBank::start().await;
        let connectors = site.connectors();
        let payer = payer(&connectors);
        site.disturb(request, What::Reword(from, to));
        let (_, session) = asked(bank(&connectors).begin(order()));
        let mut next = payer
            .answer(session, &[("rut", PAYER), ("password", "1234")])
            .await;
        if step == "account" {
            let (prompt, session) = asked(next);
            next = payer
                .answer(session, &[("account", &first_choice(&prompt))])
                .await;
        }
        assert!(
            matches!(next, Next::Failed(Failure::UnknownPage)),
            "{request}: {from}"
        );
        assert_eq!(site.count(MONEY_REQUEST), 0);
    }
}

#[tokio::test]
async fn an_operators_site_file_follows_the_changed_markup() {
    let site = TestBank::start().await;
    let (_directory, settings) = site_file("data-page=\"login\"", "data-page=\"entrar\"");
    let connectors = site.connectors_with(settings);
    site.disturb(
        "GET /login",
        What::Reword("data-page=\"login\"", "data-page=\"entrar\""),
    );
    payer(&connectors).at_card().await;
}

#[tokio::test]
async fn a_site_file_that_can_not_be_used_says_where_it_is_wrong() {
    for (from, to, expected) in [
        ("form.card", "form[", "form["),
        ("pages_max", "pages_most", "pages_most"),
        ("path = \"/login\"", "", "path"),
        (
            "rejected = \"refused-by-bank\"",
            "rejected = \"bad-mood\"",
            "bad-mood",
        ),
    ] {
        let (directory, settings) = site_file(from, to);
        let error = Connectors::load(&settings, Arc::new(|| Timestamp::UNIX_EPOCH))
            .err()
            .unwrap()
            .to_string();
        assert!(
            error.contains(expected) && error.contains(directory.path().to_str().unwrap()),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_bank_without_an_address_is_not_driven() {
    let clock: Clock = Arc::new(|| Timestamp::UNIX_EPOCH);
    let nowhere = Connectors::load(&SiteSettings::default(), Arc::clone(&clock)).unwrap();
    assert!(nowhere.for_bank("demo-bank").is_none());
    let base_urls = [("demo-bank".to_owned(), "ftp://bank.example".to_owned())].into();
    let refused = Connectors::load(
        &SiteSettings {
            base_urls,
            ..SiteSettings::default()
        },
        clock,
    );
    assert!(refused.is_err());
}
