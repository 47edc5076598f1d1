//! Sites that misbehave give the same errors with both drivers, and soon.

use ayni_connectors::failure::SiteError;
use ayni_outbound::error::SendError;
use tokio::net::TcpListener;
use url::Url;

use crate::site::{DRIVERS, Guests, HASTY, PATIENT, Site, form, said};

#[tokio::test]
async fn what_a_site_must_not_do_is_the_same_error_with_both_drivers() {
    type Expected = fn(&SiteError) -> bool;
    let cases: [(&str, Expected); 8] = [
        ("/half", |error| {
            matches!(error, SiteError::Unreachable(SendError::Broken(_)))
        }),
        ("/around", |error| matches!(error, SiteError::TooManyRedirects)),
        ("/away", |error| matches!(error, SiteError::OffSite)),
        ("/gush", |error| matches!(error, SiteError::TooLarge { .. })),
        ("/long", |error| matches!(error, SiteError::TooLarge { .. })),
        ("/latin", |error| matches!(error, SiteError::Unreadable { .. })),
        ("/latin-said-utf-8", |error| {
            matches!(error, SiteError::Unreadable { .. })
        }),
        ("/binary", |error| matches!(error, SiteError::Unreadable { .. })),
    ];
    for driver in DRIVERS {
        let site = Site::start().await;
        let guests = Guests::of(&site.url, driver, PATIENT);
        for (address, is_expected) in cases {
            let error = guests
                .open(address)
                .await
                .map(|page| said(&page))
                .expect_err(address);
            assert!(is_expected(&error), "{driver:?} {address}: {error:?}");
        }
        assert_eq!(said(&guests.open("/five").await.unwrap()).0, "in", "{driver:?}");
        guests.chromium.close().await;
    }
}

#[tokio::test]
async fn what_comes_too_slowly_or_not_at_all_ends_at_the_limit() {
    for driver in DRIVERS {
        let site = Site::start().await;
        let patient = Guests::of(&site.url, driver, PATIENT);
        let guests = Guests::sharing(patient.chromium.clone(), &site.url, driver, HASTY);
        // Chromium's own start is not the site's time.
        patient.open("/in").await.unwrap();
        for address in ["/drip", "/never"] {
            let error = guests
                .open(address)
                .await
                .map(|page| said(&page))
                .expect_err(address);
            assert!(
                matches!(error, SiteError::Unreachable(SendError::Timeout)),
                "{driver:?} {address}: {error:?}"
            );
        }
        guests.chromium.close().await;
    }
}

#[tokio::test]
async fn a_site_that_is_not_there_was_certainly_not_reached() {
    let nobody = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap()
    };
    for driver in DRIVERS {
        let guests = Guests::of(&nobody, driver, PATIENT);
        let error = guests.open("/in").await.map(|page| said(&page)).unwrap_err();
        assert!(
            matches!(error, SiteError::Unreachable(_)) && error.was_never_sent(),
            "{driver:?}: {error:?}"
        );
        guests.chromium.close().await;
    }
}

#[tokio::test]
async fn an_answer_with_an_error_status_is_a_page_with_that_status() {
    for driver in DRIVERS {
        let site = Site::start().await;
        let guests = Guests::of(&site.url, driver, PATIENT);
        for (address, status, name) in [
            ("/maintenance", 503, "maintenance"),
            ("/broken", 500, ""),
            ("/empty", 204, ""),
            ("/nowhere", 404, ""),
        ] {
            let page = guests.open(address).await.unwrap();
            assert_eq!(
                (page.status(), said(&page).0.as_str()),
                (status, name),
                "{driver:?} {address}"
            );
        }
        guests.chromium.close().await;
    }
}

#[tokio::test]
async fn a_form_is_not_sent_twice_because_the_site_wants_it() {
    for driver in DRIVERS {
        let site = Site::start().await;
        let guests = Guests::of(&site.url, driver, PATIENT);
        let mut visitor = guests.visitor();
        let again = form(&visitor.open("/again").await.unwrap());
        let error = visitor.submit(&again).await.map(|page| said(&page)).unwrap_err();
        assert!(
            matches!(error, SiteError::FormWantedAgain),
            "{driver:?}: {error:?}"
        );
        assert_eq!(site.seen(), ["GET /again", "POST /again a=1"], "{driver:?}");
        guests.chromium.close().await;
    }
}

#[tokio::test]
async fn another_origin_is_not_opened() {
    for driver in DRIVERS {
        let site = Site::start().await;
        let guests = Guests::of(&site.url, driver, PATIENT);
        let opened = guests.open("http://127.0.0.2:9/in").await.map(|page| said(&page));
        assert!(opened.is_err(), "{driver:?}: {opened:?}");
        assert_eq!(site.seen(), [""; 0], "{driver:?}");
        guests.chromium.close().await;
    }
}
