//! Paying, from the payment's page to its result, against the real DemoBank.

use ayni_domain::time::from_ms;

use super::browser::TestBrowser;
use super::house::House;
use super::{PAYER, REFUSED, RIGHT, UNCLEAR, choose_bank, give_coordinates, log_in, reach_coordinates};
use crate::clock::Clock;

#[tokio::test(flavor = "multi_thread")]
async fn a_payer_pays_and_the_payment_is_done_only_when_the_statement_shows_the_money() {
    let house = House::on_a_moved_clock().await;
    let id = house
        .create(r#","return_url":"https://tienda.example/gracias""#)
        .await;
    let mut browser = TestBrowser::new(&house.router);
    let card = reach_coordinates(&mut browser, id, PAYER).await;
    assert_eq!(card.name(), "coordinates");

    let result = give_coordinates(&mut browser, &card, RIGHT).await;
    assert_eq!(
        (result.name().as_str(), house.state(id).await.as_str()),
        ("authorised", "verifying")
    );
    assert!(!result.text("#operation-number").is_empty());

    house.work().await;
    let result = browser.get(&format!("/payment/end/{id}")).await;
    assert_eq!(
        (result.name().as_str(), house.state(id).await.as_str()),
        ("done", "done/normal")
    );
    assert_eq!(
        result.attribute("#return", "href"),
        "https://tienda.example/gracias"
    );
    assert_eq!(result.text("#operation-account"), "•••• 4444");
    assert_eq!(house.book().len(), 1);
    assert_eq!(house.book()[0].comment, format!("{id}-1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_coordinates_leave_the_payment_pending_and_a_second_attempt_pays_it() {
    let house = House::on_a_moved_clock().await;
    let id = house.create("").await;
    let mut browser = TestBrowser::new(&house.router);
    let card = reach_coordinates(&mut browser, id, PAYER).await;
    let result = give_coordinates(&mut browser, &card, REFUSED).await;
    assert_eq!(
        (result.name().as_str(), house.state(id).await.as_str()),
        ("failed", "pending")
    );
    assert!(!result.text("#why").is_empty());

    let card = reach_coordinates(&mut browser, id, PAYER).await;
    give_coordinates(&mut browser, &card, RIGHT).await;
    house.work().await;
    assert_eq!(house.state(id).await, "done/normal");
    assert_eq!(
        house
            .book()
            .iter()
            .map(|entry| entry.comment.clone())
            .collect::<Vec<_>>(),
        [format!("{id}-2")]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unclear_answer_waits_for_the_statement_and_nobody_may_pay_again_meanwhile() {
    let house = House::on_a_moved_clock().await;
    let id = house.create("").await;
    let mut browser = TestBrowser::new(&house.router);
    let card = reach_coordinates(&mut browser, id, PAYER).await;
    let result = give_coordinates(&mut browser, &card, UNCLEAR).await;
    house.work().await;
    assert_eq!(
        (result.name().as_str(), house.state(id).await.as_str()),
        ("uncertain", "verifying")
    );
    let mut other = TestBrowser::new(&house.router);
    assert_eq!(
        other.get(&format!("/payment/simplified/{id}")).await.name(),
        "verifying"
    );

    let odd = house.create("").await;
    let card = reach_coordinates(&mut browser, odd, "55.555.555-5").await;
    give_coordinates(&mut browser, &card, UNCLEAR).await;
    house.work().await;
    assert_eq!(house.state(odd).await, "done/normal");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_that_authorise_at_once_make_one_transfer() {
    let house = House::on_a_moved_clock().await;
    let id = house.create("").await;
    let mut browser = TestBrowser::new(&house.router);
    let card = reach_coordinates(&mut browser, id, PAYER).await;
    let mut tabs = [browser.clone(), browser.clone(), browser.clone()];
    let [one, two, three] = &mut tabs;
    let pages = tokio::join!(
        give_coordinates(one, &card, RIGHT),
        give_coordinates(two, &card, RIGHT),
        give_coordinates(three, &card, RIGHT)
    );
    for page in [&pages.0, &pages.1, &pages.2] {
        assert!(
            ["authorising", "authorised"].contains(&page.name().as_str()),
            "{}",
            page.name()
        );
    }
    house.work().await;
    assert_eq!(
        (house.book().len(), house.state(id).await.as_str()),
        (1, "done/normal")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_browsers_that_authorise_at_once_make_one_transfer() {
    let house = House::on_a_moved_clock().await;
    let id = house.create("").await;
    let (mut one, mut two) = (TestBrowser::new(&house.router), TestBrowser::new(&house.router));
    let first = reach_coordinates(&mut one, id, PAYER).await;
    let second = reach_coordinates(&mut two, id, "55.555.555-5").await;
    tokio::join!(
        give_coordinates(&mut one, &first, RIGHT),
        give_coordinates(&mut two, &second, RIGHT)
    );
    house.work().await;
    assert_eq!(
        (house.book().len(), house.state(id).await.as_str()),
        (1, "done/normal")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manual_transfer_is_declared_by_the_browser_that_asked_for_the_destination() {
    let house = House::on_a_moved_clock().await;
    let id = house.create("").await;
    let mut browser = TestBrowser::new(&house.router);
    let form = browser.get(&format!("/payment/manual/{id}")).await;
    let wrong = browser
        .submit(&form, "payer", &[("rut", "44.444.444-5"), ("email", "ana")])
        .await;
    assert_eq!(wrong.status.as_u16(), 422);
    assert!(wrong.has("#rut-problem") && wrong.has("#email-problem"));
    let data = browser
        .submit(&form, "payer", &[("rut", PAYER), ("email", "ana@example.com")])
        .await;
    assert_eq!(
        (data.name().as_str(), data.text("#reference")),
        ("manual-transfer", id.to_string())
    );
    assert_eq!(
        (data.text("#account"), data.text("#transfer-amount")),
        ("000000000000111111111".into(), "$1.000".into())
    );

    let mut other = TestBrowser::new(&house.router);
    assert_eq!(
        other.get(&format!("/payment/manual/{id}")).await.name(),
        "manual-form"
    );
    let declared = browser.submit(&data, "declare", &[]).await;
    assert_eq!(
        (declared.name().as_str(), house.state(id).await.as_str()),
        ("declared", "verifying")
    );
    assert_eq!(other.get(&format!("/payment/end/{id}")).await.name(), "verifying");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_in_uf_is_transferred_in_the_pesos_that_its_page_shows() {
    let house = House::on_a_moved_clock().await;
    let id = house
        .create_json(r#"{"amount":2.5,"currency":"CLF","subject":"Arriendo"}"#)
        .await;
    let mut browser = TestBrowser::new(&house.router);
    let card = reach_coordinates(&mut browser, id, PAYER).await;
    assert!(card.text("#pesos").contains("$98.750"), "{}", card.text("#pesos"));
    give_coordinates(&mut browser, &card, RIGHT).await;
    house.work().await;
    assert_eq!(
        (
            house.state(id).await.as_str(),
            house.book()[0].amount.plain().as_str()
        ),
        ("done/normal", "98750")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_process_continues_an_attempt_that_this_one_began() {
    let clock = Clock::manual(from_ms(1_795_000_000_000));
    let house = House::open("http", clock).await;
    let id = house.create("").await;
    let mut browser = TestBrowser::new(&house.router);
    let login = choose_bank(&mut browser, id).await;
    let restarted = house.restarted().await;
    browser.move_to(&restarted);
    let accounts = log_in(&mut browser, &login, PAYER).await;
    assert_eq!(accounts.name(), "account");
}
