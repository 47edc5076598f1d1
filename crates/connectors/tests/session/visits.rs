//! What a well-behaved site shows.

use ayni_connectors::session::Tab;
use ayni_connectors::session::visitor::SiteDriver;

use crate::site::{DRIVERS, Guests, PATIENT, Site, form, named, said};

#[tokio::test]
async fn a_form_is_filled_in_and_sent_and_leads_to_its_page() {
    for driver in DRIVERS {
        let site = Site::start().await;
        let guests = Guests::of(&site.url, driver, PATIENT);
        let mut visitor = guests.visitor();
        let page = visitor.open("/login").await.unwrap();
        let mut login = form(&page);
        for (name, value) in [
            ("rut", "11.111.111-1"),
            ("password", "wxyz \"'&<ñ"),
            ("bank", "2"),
            ("stay", "on"),
        ] {
            login.set(name, value).unwrap();
        }
        let page = visitor.submit(&login).await.unwrap();
        assert_eq!((page.status(), page.url().path()), (200, "/in"), "{driver:?}");
        assert_eq!(said(&page), named("in", "Hola, Ñandú €"), "{driver:?}");
        let sent =
            "POST /login csrf=t%261&rut=11.111.111-1&password=wxyz+%22%27%26%3C%C3%B1&bank=2&stay=on&note=";
        assert_eq!(site.seen(), ["GET /login", sent, "GET /in"], "{driver:?}");
        guests.chromium.close().await;
    }
}

#[tokio::test]
async fn a_form_for_looking_up_goes_into_the_address() {
    for driver in DRIVERS {
        let site = Site::start().await;
        let guests = Guests::of(&site.url, driver, PATIENT);
        let mut visitor = guests.visitor();
        let mut find = form(&visitor.open("/find").await.unwrap());
        find.set("q", "agua & luz").unwrap();
        let page = visitor.submit(&find).await.unwrap();
        assert_eq!(said(&page), named("found", "q=agua+%26+luz"), "{driver:?}");
        guests.chromium.close().await;
    }
}

#[tokio::test]
async fn the_form_and_the_button_that_were_chosen_are_the_ones_that_are_sent() {
    for driver in DRIVERS {
        let site = Site::start().await;
        let guests = Guests::of(&site.url, driver, PATIENT);
        let mut visitor = guests.visitor();
        let page = visitor.open("/two-forms").await.unwrap();
        let mut second = page.parsed().form(&crate::site::select("#second")).unwrap();
        assert_eq!(second.value("a"), Some("2"));
        second.set("a", "3").unwrap();
        assert_eq!(
            said(&visitor.submit(&second).await.unwrap()),
            named("which", "a=3"),
            "{driver:?}"
        );
        let mut buttons = form(&visitor.open("/buttons").await.unwrap());
        buttons.set("do2", "leave").unwrap();
        assert_eq!(
            said(&visitor.submit(&buttons).await.unwrap()),
            named("which", "do2=leave"),
            "{driver:?}"
        );
        guests.chromium.close().await;
    }
}

#[tokio::test]
async fn a_visit_goes_on_from_its_tab_with_either_driver() {
    for (first, second) in [
        (SiteDriver::Http, SiteDriver::Chromium),
        (SiteDriver::Chromium, SiteDriver::Http),
        (SiteDriver::Chromium, SiteDriver::Chromium),
    ] {
        let site = Site::start().await;
        let (here, there) = (
            Guests::of(&site.url, first, PATIENT),
            Guests::of(&site.url, second, PATIENT),
        );
        let mut visitor = here.visitor();
        let login = form(&visitor.open("/login").await.unwrap());
        visitor.submit(&login).await.unwrap();
        let sealed = serde_json::to_string(&visitor.into_tab().await.unwrap()).unwrap();
        let tab: Tab = serde_json::from_str(&sealed).unwrap();
        let mut visitor = there.visitor_with(tab);
        assert_eq!(
            said(&visitor.reload().await.unwrap()).0,
            "in",
            "{first:?} → {second:?}"
        );
        let page = visitor.open("/cookies").await.unwrap();
        assert_eq!(
            said(&page),
            named("cookies", "in=yes plain=b2 sid=a1"),
            "{first:?} → {second:?}"
        );
        here.chromium.close().await;
        there.chromium.close().await;
    }
}

#[tokio::test]
async fn no_visit_sees_another_ones_cookies() {
    for driver in DRIVERS {
        let site = Site::start().await;
        let guests = Guests::of(&site.url, driver, PATIENT);
        let (mut one, mut other) = (guests.visitor(), guests.visitor());
        one.open("/login").await.unwrap();
        assert_eq!(said(&other.open("/cookies").await.unwrap()).1, "", "{driver:?}");
        assert_eq!(
            said(&one.open("/cookies").await.unwrap()).1,
            "plain=b2 sid=a1",
            "{driver:?}"
        );
        guests.chromium.close().await;
    }
}
