//! The registered services, page by page.

use ayni_domain::rut::Rut;

use super::{TestPortal, cells, log_in};

const MANY: &str = "10.000.030-K";
const NONE: &str = "10.000.010-5";

#[tokio::test]
async fn services_come_ten_to_a_page_and_every_one_once() {
    let test = TestPortal::open();
    let mut person = test.browser();
    let mut page = log_in(&mut person, MANY).await;
    let mut seen = Vec::new();
    let mut sizes = Vec::new();
    loop {
        let rows = cells(&page, "empresa")
            .into_iter()
            .zip(cells(&page, "identificador"));
        let before = seen.len();
        seen.extend(rows);
        sizes.push(seen.len() - before);
        if !page.html.contains("rel=\"next\"") {
            break;
        }
        let next = page.after("rel=\"next\" href=\"").to_owned();
        page = person.get(&next).await;
    }
    assert_eq!(sizes, [10, 10, 10, 5]);
    let truth = test.portal.services(Rut::parse(MANY).unwrap());
    let truth: Vec<_> = truth
        .into_iter()
        .map(|service| (service.company, service.identifier))
        .collect();
    assert_eq!(seen, truth);
    for odd in ["0", "5", "x", "-1", "99999999999999999999"] {
        let page = person.get(&format!("/mis-servicios?pagina={odd}")).await;
        assert_eq!(
            page.after("id=\"conteo\" class=\"tenue\">"),
            "Mostrando 1 a 10 de 35",
            "{odd}"
        );
    }
}

#[tokio::test]
async fn a_person_without_services_is_told_so() {
    let test = TestPortal::open();
    let page = log_in(&mut test.browser(), NONE).await;
    assert_eq!(page.page(), "services");
    assert!(page.html.contains("id=\"sin-servicios\"") && !page.html.contains("<table"));
}

#[tokio::test]
async fn faults_on_the_page_of_services() {
    let test = TestPortal::open();
    for (rut, shown) in [
        ("10.002.014-9", "login"),
        ("10.003.010-1", "not-published"),
        ("10.002.010-6", "maintenance"),
        ("10.002.020-3", "v2"),
        ("10.009.990-K", "site-message"),
        ("10.008.000-1", "services"),
    ] {
        assert_eq!(log_in(&mut test.browser(), rut).await.page(), shown, "{rut}");
    }
    let page = log_in(&mut test.browser(), "10.006.000-0").await;
    assert_eq!(cells(&page, "identificador").last().map(String::as_str), Some(""));
    let page = log_in(&mut test.browser(), "10.007.000-6").await;
    assert_eq!(cells(&page, "identificador").last().map(String::len), Some(60));
}
