//! What guards an attempt: its browser, its form's token, its time, its person, its logins.

use ayni_domain::attempt::{ATTEMPT_LIFE, Event as AttemptEvent};
use ayni_domain::payment::Event;

use super::browser::TestBrowser;
use super::house::House;
use super::{PAYER, RIGHT, choose_bank, give_coordinates, log_in, reach_coordinates};
use crate::clock::Clock;
use crate::payer::authorise;
use crate::payer::step::LOGINS_PER_PAYMENT_MAX;

#[tokio::test(flavor = "multi_thread")]
async fn another_browser_neither_sees_nor_answers_an_attempt() {
    let house = House::on_a_moved_clock().await;
    let id = house
        .create(r#","payer_email":"ana@example.com","payer_name":"Ana Pagadora""#)
        .await;
    let mut browser = TestBrowser::new(&house.router);
    let card = reach_coordinates(&mut browser, id, PAYER).await;
    let mut other = TestBrowser::new(&house.router);
    for page in ["info", "simplified", "manual", "end"] {
        let seen = other.get(&format!("/payment/{page}/{id}")).await;
        for secret in ["ana@example.com", "Ana Pagadora", "444444444", PAYER] {
            assert!(!seen.html.contains(secret), "{page} shows {secret}");
        }
        assert!(!seen.has("form#answer"));
    }
    let own = other
        .get(&format!("/payment/simplified/{id}"))
        .await
        .form("begin")
        .1["csrf"]
        .clone();
    let (action, mut fields) = card.form("answer");
    fields.extend([1, 2, 3].map(|at| (format!("coordinate_{at}"), RIGHT[at - 1].to_owned())));
    assert_eq!(other.post(&action, &fields).await.name(), "not-this-page");
    fields.insert("csrf".to_owned(), own);
    let refused = other.post(&action, &fields).await;
    assert_eq!(
        (refused.name().as_str(), refused.status.as_u16()),
        ("other-browser", 403)
    );
    assert_eq!(
        (house.state(id).await.as_str(), house.book().len()),
        ("pending", 0)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_its_token_does_nothing() {
    let house = House::on_a_moved_clock().await;
    let id = house.create("").await;
    let mut browser = TestBrowser::new(&house.router);
    for path in ["info", "simplified", "manual", "reject", "abuse"] {
        let asked = browser.get(&format!("/payment/{path}/{id}")).await;
        assert!(asked.status.is_success());
        let fields = [("bank".to_owned(), "Bawdf".to_owned())].into();
        let refused = browser.post(&format!("/payment/{path}/{id}"), &fields).await;
        assert_eq!(
            (refused.name().as_str(), refused.status.as_u16()),
            ("not-this-page", 403),
            "{path}"
        );
    }
    assert_eq!(house.state(id).await, "pending");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_lapses_after_three_hours_and_another_can_begin() {
    let house = House::on_a_moved_clock().await;
    let id = house.create("").await;
    let mut browser = TestBrowser::new(&house.router);
    let card = reach_coordinates(&mut browser, id, PAYER).await;
    house
        .clock
        .advance_ms(i64::try_from(ATTEMPT_LIFE.as_millis()).unwrap());
    let late = give_coordinates(&mut browser, &card, RIGHT).await;
    assert_eq!((late.name().as_str(), house.book().len()), ("lapsed", 0));
    house.work().await;
    let own = house.attempts(id).await.remove(0);
    assert_eq!((own.state.as_str(), own.waiting_sealed), ("lapsed", None));
    let login = choose_bank(&mut browser, id).await;
    assert_eq!(login.name(), "login");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_begun_before_the_expiry_may_finish_after_it_and_none_begins_later() {
    let house = House::on_a_moved_clock().await;
    let id = house.create(r#","expires_date":"2026-11-21T15:10:00Z""#).await;
    let mut browser = TestBrowser::new(&house.router);
    let card = reach_coordinates(&mut browser, id, PAYER).await;
    let mut late = TestBrowser::new(&house.router);
    let info = late.get(&format!("/payment/info/{id}")).await;
    house.clock.advance_ms(11 * 60 * 1000);
    let refused = late
        .submit(
            &info,
            "choose",
            &[("bank", "Bawdf"), ("method", "simplified_transfer")],
        )
        .await;
    assert_eq!(refused.name(), "expired");
    let result = give_coordinates(&mut browser, &card, RIGHT).await;
    assert_eq!(result.name(), "authorised");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_for_one_person_takes_no_other() {
    let house = House::on_a_moved_clock().await;
    let id = house
        .create(r#","fixed_payer_personal_identifier":"55555555-5""#)
        .await;
    let mut browser = TestBrowser::new(&house.router);
    let login = choose_bank(&mut browser, id).await;
    let refused = log_in(&mut browser, &login, PAYER).await;
    assert_eq!((refused.name().as_str(), refused.status.as_u16()), ("login", 422));
    assert!(
        !refused.html.contains("55.555.555-5"),
        "whose payment it is stays private"
    );
    assert_eq!(
        log_in(&mut browser, &login, "55.555.555-5").await.name(),
        "account"
    );
    let mut other = TestBrowser::new(&house.router);
    let form = other.get(&format!("/payment/manual/{id}")).await;
    let refused = other
        .submit(&form, "payer", &[("rut", PAYER), ("email", "ana@example.com")])
        .await;
    assert!(refused.has("#rut-problem"));
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_logins_are_limited_for_the_payment_and_right_ones_are_not() {
    let house = House::on_a_moved_clock().await;
    let id = house.create("").await;
    let mut sent = 0;
    loop {
        let mut browser = TestBrowser::new(&house.router);
        let login = choose_bank(&mut browser, id).await;
        let answer = browser
            .submit(&login, "answer", &[("rut", PAYER), ("password", "9999")])
            .await;
        if answer.name() == "too-many-logins" {
            assert_eq!(answer.status.as_u16(), 429);
            break;
        }
        sent += 1;
        assert!(sent <= LOGINS_PER_PAYMENT_MAX);
    }
    assert_eq!(sent, LOGINS_PER_PAYMENT_MAX);
    house
        .clock
        .advance_ms(i64::try_from(ATTEMPT_LIFE.as_millis()).unwrap());
    house.work().await;
    let mut later = TestBrowser::new(&house.router);
    let login = choose_bank(&mut later, id).await;
    assert_eq!(log_in(&mut later, &login, PAYER).await.name(), "account");

    let other = house.create("").await;
    for _ in 0..=LOGINS_PER_PAYMENT_MAX {
        let mut browser = TestBrowser::new(&house.router);
        let login = choose_bank(&mut browser, other).await;
        assert_eq!(log_in(&mut browser, &login, PAYER).await.name(), "account");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mandatory_method_is_the_only_one_offered_and_taken() {
    let house = House::on_a_moved_clock().await;
    let by_hand = house
        .create(r#","mandatory_payment_method":"regular_transfer""#)
        .await;
    let mut browser = TestBrowser::new(&house.router);
    let info = browser.get(&format!("/payment/info/{by_hand}")).await;
    let refused = browser
        .submit(
            &info,
            "choose",
            &[("bank", "Bawdf"), ("method", "simplified_transfer")],
        )
        .await;
    assert_eq!(refused.name(), "not-offered");
    assert_eq!(
        browser
            .get(&format!("/payment/simplified/{by_hand}"))
            .await
            .name(),
        "not-offered"
    );
    let driven = house
        .create(r#","mandatory_payment_method":"SIMPLIFIED_TRANSFER""#)
        .await;
    let info = browser.get(&format!("/payment/info/{driven}")).await;
    assert!(info.has("#go-on") && !info.has("#by-hand"));
    assert_eq!(
        browser.get(&format!("/payment/manual/{driven}")).await.name(),
        "not-offered"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payer_who_declines_closes_the_payment_for_every_browser() {
    let house = House::on_a_moved_clock().await;
    for (path, page, state) in [
        ("reject", "rejected", "done/rejected-by-payer"),
        ("abuse", "abuse", "done/marked-as-abuse"),
    ] {
        let id = house.create("").await;
        let mut payer = TestBrowser::new(&house.router);
        let card = reach_coordinates(&mut payer, id, PAYER).await;
        let asked = payer.get(&format!("/payment/{path}/{id}")).await;
        let done = payer.submit(&asked, "decline", &[]).await;
        assert_eq!(
            (done.name().as_str(), house.state(id).await.as_str()),
            (page, state)
        );
        assert_eq!(give_coordinates(&mut payer, &card, RIGHT).await.name(), page);
        assert!(house.book().is_empty());
        assert!(house.attempts(id).await[0].waiting_sealed.is_none());
        let mut browser = TestBrowser::new(&house.router);
        assert_eq!(browser.get(&format!("/payment/info/{id}")).await.name(), page);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_declines_a_payment_under_the_hands_of_who_pays_it() {
    let house = House::on_a_moved_clock().await;
    let id = house.create("").await;
    let mut other = TestBrowser::new(&house.router);
    let asked = other.get(&format!("/payment/reject/{id}")).await;
    let mut payer = TestBrowser::new(&house.router);
    let card = reach_coordinates(&mut payer, id, PAYER).await;
    let refused = other.submit(&asked, "decline", &[]).await;
    assert_eq!(
        (refused.name().as_str(), refused.status.as_u16()),
        ("being-paid", 409)
    );
    assert_eq!(house.state(id).await, "pending");
    assert_eq!(
        give_coordinates(&mut payer, &card, RIGHT).await.name(),
        "authorised"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_that_is_off_is_an_outcome_and_costs_no_login() {
    let house = House::on_a_moved_clock().await;
    let id = house.create("").await;
    let mut browser = TestBrowser::new(&house.router);
    let login = choose_bank(&mut browser, id).await;
    house.stop_bank().await;
    let result = log_in(&mut browser, &login, PAYER).await;
    assert_eq!(
        (result.name().as_str(), house.state(id).await.as_str()),
        ("bank-unavailable", "pending")
    );
    assert!(result.has("#try-again"));
}

#[tokio::test(flavor = "multi_thread")]
async fn over_https_the_cookies_are_secure() {
    let clock = Clock::manual("2026-11-21T15:00:00Z".parse().unwrap());
    let house = House::open("https", clock).await;
    let id = house.create("").await;
    let page = TestBrowser::new(&house.router)
        .get(&format!("/payment/info/{id}?lang=en"))
        .await;
    let cookies: Vec<_> = page
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|value| value.to_str().unwrap())
        .collect();
    assert_eq!(cookies.len(), 2);
    assert!(
        cookies
            .iter()
            .all(|cookie| cookie.contains("Secure") && cookie.contains("HttpOnly")),
        "{cookies:?}"
    );
    assert!(cookies[0].starts_with("__Host-"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_refused_after_other_money_settled_its_payment_ends_its_attempt() {
    let house = House::on_a_moved_clock().await;
    let id = house.create("").await;
    let mut browser = TestBrowser::new(&house.router);
    reach_coordinates(&mut browser, id, PAYER).await;
    let attempt = house.attempts(id).await.remove(0);
    authorise::mark(&house.app, &attempt, "").await.unwrap();
    let seen = Event::MoneySeen {
        collecting: attempt.collecting_id,
        movement: "1".to_owned(),
    };
    house.apply(id, vec![seen]).await;
    authorise::note_once(&house.app, &attempt, AttemptEvent::Refused)
        .await
        .unwrap();
    let ended = house.attempts(id).await.remove(0);
    assert_eq!(
        (ended.state.as_str(), house.state(id).await.as_str()),
        ("failed", "done/normal")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_is_taken_up_again_from_the_first_page_and_from_a_forms_own_address() {
    let house = House::on_a_moved_clock().await;
    let id = house.create("").await;
    let mut browser = TestBrowser::new(&house.router);
    let info = browser.get(&format!("/payment/info/{id}")).await;
    assert!(!info.has("#resume") && info.has("#expires"));
    let card = reach_coordinates(&mut browser, id, PAYER).await;
    assert!(browser.get(&format!("/payment/info/{id}")).await.has("#resume"));
    let mut other = TestBrowser::new(&house.router);
    assert!(!other.get(&format!("/payment/info/{id}")).await.has("#resume"));
    for form in ["simplified/{id}/begin", "simplified/{id}/leave"] {
        let path = format!("/payment/{}", form.replace("{id}", id.as_str()));
        assert_eq!(browser.get(&path).await.name(), "coordinates", "{path}");
    }
    let path = format!("/payment/manual/{id}/declare");
    assert_eq!(other.get(&path).await.name(), "manual-form");
    give_coordinates(&mut browser, &card, RIGHT).await;
    house.work().await;
    let done = browser.get(&format!("/payment/info/{id}")).await;
    assert_eq!(done.name(), "done");
    assert!(!done.has("#expires"), "there is nothing to pay any more");
}
