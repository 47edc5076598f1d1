//! Every page, with samples, in both languages; and what all of them have in common.

use ayni_domain::lang::Lang;
use ayni_domain::payment::Event;
use scraper::{Html, Selector};

use super::browser::{Page, TestBrowser};
use super::house::House;
use super::{PAYER, RIGHT, choose_bank, give_coordinates, log_in, reach_coordinates};
use crate::payer::refusals;
use crate::texts::pages::refusals::Refusal;
use crate::texts::pages::status::{Outcome, why};

fn browsers(house: &House) -> [TestBrowser; 2] {
    [
        TestBrowser::new(&house.router),
        TestBrowser::in_english(&house.router),
    ]
}

/// What holds for every page.
fn check(page: &Page) {
    let html = Html::parse_document(&page.html);
    let all = |selector: &str| {
        let selector = Selector::parse(selector).unwrap();
        html.select(&selector)
            .map(|element| element.text().collect::<String>())
            .collect::<Vec<_>>()
    };
    let name = format!("{} ({})", page.path, page.name());
    assert_eq!(all("h1").len(), 1, "{name} has one h1");
    assert_eq!(all("main").len(), 1, "{name}");
    for said in all("h1, h2, p:not(#announcement), dt, dd, label, legend, button, a, b, small, title") {
        assert!(!said.trim().is_empty(), "{name} has an empty text: {}", page.html);
    }
    let lang = page.attribute("html", "lang");
    assert_eq!(page.headers["content-language"].to_str().unwrap(), lang);
    assert_eq!(page.headers["cache-control"], "no-store", "{name}");
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
        "{name}"
    );
    assert!(
        !page.html.contains("style=") && !page.html.contains("<script>"),
        "{name} has inline code"
    );
    for input in html.select(&Selector::parse("input:not([type=hidden]):not([type=radio])").unwrap()) {
        let id = input.attr("id").unwrap();
        assert!(
            !all(&format!("label[for={id}]")).is_empty(),
            "{name}: {id} has no label"
        );
    }
    for link in html.select(&Selector::parse(".note a[href^='#']").unwrap()) {
        let target = link.attr("href").unwrap();
        assert!(
            !all(target).is_empty() || page.has(target),
            "{name}: {target} leads nowhere"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_a_simplified_transfer_is_rendered_in_both_languages() {
    let house = House::on_a_moved_clock().await;
    for mut browser in browsers(&house) {
        let id = house.create(r#","body":"Talla 42\nAzul","cancel_url":"https://tienda.example/c","return_url":"https://tienda.example/r""#).await;
        let info = browser.get(&format!("/payment/info/{id}")).await;
        check(&info);
        assert!(info.has("#qr path") && info.has("#cancel"));
        check(
            &browser
                .submit(&info, "choose", &[("method", "simplified_transfer")])
                .await,
        );
        check(&browser.get(&format!("/payment/simplified/{id}")).await);
        let login = choose_bank(&mut browser, id).await;
        check(&login);
        check(
            &browser
                .submit(&login, "answer", &[("rut", "1-2"), ("password", "x")])
                .await,
        );
        let accounts = log_in(&mut browser, &login, PAYER).await;
        check(&accounts);
        let card = reach_coordinates(&mut browser, id, PAYER).await;
        check(&card);
        check(&browser.submit(&card, "stop", &[]).await);
        let card = reach_coordinates(&mut browser, id, PAYER).await;
        let result = give_coordinates(&mut browser, &card, RIGHT).await;
        check(&result);
        assert!(
            result.has("noscript"),
            "a page that waits reloads itself without scripts"
        );
        house.work().await;
        check(&browser.get(&format!("/payment/info/{id}")).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_other_page_is_rendered_in_both_languages() {
    let house = House::on_a_moved_clock().await;
    for mut browser in browsers(&house) {
        let id = house.create("").await;
        for page in ["manual", "reject", "abuse"] {
            check(&browser.get(&format!("/payment/{page}/{id}")).await);
        }
        let form = browser.get(&format!("/payment/manual/{id}")).await;
        check(
            &browser
                .submit(&form, "payer", &[("rut", "x"), ("email", "x")])
                .await,
        );
        let data = browser
            .submit(&form, "payer", &[("rut", PAYER), ("email", "a@example.com")])
            .await;
        check(&data);
        check(&browser.submit(&data, "declare", &[]).await);
        let missing = browser.get("/payment/info/zzzzzzzzzzzz").await;
        assert_eq!(
            (missing.status.as_u16(), missing.name().as_str()),
            (404, "not-found")
        );
        check(&missing);
        check(&browser.get("/payment/info/not-an-id").await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_state_of_a_payment_has_its_page_and_nothing_to_pay_with() {
    let house = House::on_a_moved_clock().await;
    let money = Event::MoneySeen {
        collecting: 1,
        movement: "m".to_owned(),
    };
    let refund = || "r".to_owned();
    let amount = ayni_domain::money::Amount::from_units(1);
    let lives: [(&str, Vec<Event>); 8] = [
        ("deleted", vec![Event::Deleted]),
        ("rejected", vec![Event::RejectedByPayer]),
        ("abuse", vec![Event::ReportedAsAbuse]),
        ("marked-paid", vec![Event::MarkedPaidByReceiver]),
        ("done", vec![money.clone()]),
        (
            "reversed",
            vec![money.clone(), Event::Reversed { refund: refund() }],
        ),
        (
            "partially-refunded",
            vec![
                money.clone(),
                Event::PartiallyRefunded {
                    refund: refund(),
                    amount,
                },
            ],
        ),
        (
            "refunded",
            vec![
                money,
                Event::FullyRefunded {
                    refund: refund(),
                    amount,
                },
            ],
        ),
    ];
    for (name, events) in lives {
        let id = house.create("").await;
        house.apply(id, events).await;
        for mut browser in browsers(&house) {
            for page in ["info", "simplified", "manual", "end", "reject"] {
                let seen = browser.get(&format!("/payment/{page}/{id}")).await;
                assert_eq!(seen.name(), name);
                assert!(!seen.has("form"), "{name}");
                check(&seen);
            }
        }
    }
    let id = house.create("").await;
    house.clock.advance_ms(25 * 3600 * 1000);
    let page = TestBrowser::new(&house.router)
        .get(&format!("/payment/simplified/{id}"))
        .await;
    assert_eq!(
        (page.name().as_str(), house.state(id).await.as_str()),
        ("expired", "pending")
    );
    check(&page);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_language_is_the_browsers_until_the_page_is_asked_for_another() {
    let house = House::on_a_moved_clock().await;
    let id = house.create("").await;
    let mut browser = TestBrowser::new(&house.router);
    let page = browser.get(&format!("/payment/info/{id}")).await;
    assert_eq!(page.text("h1"), "Elija cómo pagar");
    let asked = browser.get(&page.attribute("#language", "href")).await;
    assert_eq!(asked.text("h1"), "Choose how to pay");
    assert_eq!(
        browser
            .get(&format!("/payment/info/{id}"))
            .await
            .attribute("html", "lang"),
        "en"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merchants_text_is_never_markup() {
    let house = House::on_a_moved_clock().await;
    let id = house
        .create(r#","body":"<img src=x onerror=alert(1)>","cancel_url":"https://a.example/?a=%22&b=\"><b>""#)
        .await;
    let page = TestBrowser::new(&house.router)
        .get(&format!("/payment/info/{id}"))
        .await;
    assert!(
        !page.html.contains("<img src=x") && !page.html.contains("><b>\""),
        "{}",
        page.html
    );
    assert_eq!(page.text("#body"), "<img src=x onerror=alert(1)>");
}

#[test]
fn no_result_refusal_or_reason_lacks_a_text() {
    for lang in [Lang::Es, Lang::En] {
        for outcome in Outcome::ALL {
            let text = outcome.text(lang);
            assert!(!text.heading.is_empty() && !text.meaning.is_empty());
        }
        for refusal in Refusal::ALL {
            let html = refusals::html(refusal, lang, None);
            assert!(html.contains(&format!("data-page=\"{}\"", refusal.name())));
        }
        assert!(why("wrong-coordinates", lang).is_some() && why("unclear", lang).is_none());
    }
}
