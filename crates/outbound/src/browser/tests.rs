//! Decisions about a page's events, and finding the program; what the browser itself does is tested with the
//! connectors, on both drivers.

use tokio::time::Instant;

use super::error::BrowserError;
use super::event::{Event, RequestPaused, Requested};
use super::watch::{Do, REQUESTS_MAX, Watch};
use super::*;
use crate::error::SendError;

const LIMIT_BYTES: usize = 1000;

struct Page {
    watch: Watch,
    now: Instant,
}

impl Page {
    /// Shown and at rest at `http://bank.example/`.
    fn shown() -> Page {
        let now = Instant::now();
        let site = Url::parse("http://bank.example/").unwrap();
        let mut page = Page {
            watch: Watch::new(&site, "main".to_owned(), LIMIT_BYTES, 2, now),
            now,
        };
        page.begin("l1");
        page.see(Event::Committed {
            loader: "l1".to_owned(),
            is_main: true,
        });
        page.see(Event::LoadingEnded {
            frame: "main".to_owned(),
        });
        page
    }

    fn see(&mut self, event: Event) -> Do {
        self.watch.see(event, self.now)
    }

    fn begin(&mut self, loader: &str) {
        self.see(Event::NavigationBegun {
            frame: "main".to_owned(),
            loader: loader.to_owned(),
        });
    }

    fn ask(&mut self, url: &str, kind: &str, frame: &str, method: &str) -> Do {
        self.see(Event::RequestPaused(RequestPaused {
            pause: "p".to_owned(),
            frame_id: frame.to_owned(),
            resource_type: kind.to_owned(),
            request: Requested {
                url: url.to_owned(),
                method: method.to_owned(),
            },
        }))
    }

    fn request(&mut self, id: &str) {
        self.see(Event::RequestBegun {
            id: id.to_owned(),
            loader: "l1".to_owned(),
            kind: "Fetch".to_owned(),
        });
    }
}

#[tokio::test]
async fn a_page_is_at_rest_when_it_is_shown_and_nothing_is_awaited() {
    let mut page = Page::shown();
    assert!(page.watch.at_rest_since().is_some());
    page.request("r1");
    assert!(page.watch.at_rest_since().is_none());
    page.see(Event::Finished { id: "r1".to_owned() });
    assert!(page.watch.at_rest_since().is_some());
    page.see(Event::NavigationAnnounced {
        frame: "main".to_owned(),
    });
    assert!(page.watch.at_rest_since().is_none() && !page.watch.is_shown());
    page.begin("l2");
    assert_eq!(page.watch.loader(), "l2");
    assert!(page.watch.at_rest_since().is_none() && !page.watch.is_shown());
}

#[tokio::test]
async fn only_the_site_is_asked_and_only_for_what_is_read() {
    let allow = Do::Allow("p".to_owned());
    let refuse = Do::Refuse("p".to_owned());
    for (url, kind, expected) in [
        ("http://bank.example/app.js", "Script", &allow),
        ("http://bank.example/data", "Fetch", &allow),
        ("http://bank.example/style.css", "Stylesheet", &allow),
        ("http://bank.example/a.png", "Image", &refuse),
        ("http://bank.example/favicon.ico", "Other", &refuse),
        ("https://bank.example/app.js", "Script", &refuse),
        ("http://bank.example:81/app.js", "Script", &refuse),
        ("http://user@evil.example/bank.example/app.js", "Script", &refuse),
        ("file:///etc/passwd", "Fetch", &refuse),
        ("data:text/html,x", "Document", &allow),
        ("not an address", "Fetch", &refuse),
    ] {
        let mut page = Page::shown();
        assert_eq!(page.ask(url, kind, "inner", "GET"), *expected, "{kind} {url}");
        assert_eq!(page.watch.stopped(), None, "{url}");
    }
}

#[tokio::test]
async fn the_page_itself_may_be_redirected_so_often_and_nowhere_else() {
    let mut page = Page::shown();
    page.begin("l2");
    for _ in 0..3 {
        assert_eq!(
            page.ask("http://bank.example/a", "Document", "main", "GET"),
            Do::Allow("p".to_owned())
        );
    }
    page.ask("http://bank.example/a", "Document", "main", "GET");
    assert_eq!(page.watch.stopped(), Some(BrowserError::TooManyRedirects));

    let mut page = Page::shown();
    page.begin("l2");
    page.ask("http://bank.example/a", "Document", "main", "POST");
    page.ask("http://bank.example/b", "Document", "main", "POST");
    assert_eq!(page.watch.stopped(), Some(BrowserError::FormWantedAgain));

    let mut page = Page::shown();
    page.begin("l2");
    page.ask("http://evil.example/", "Document", "main", "GET");
    assert_eq!(page.watch.stopped(), Some(BrowserError::OffSite));
}

#[tokio::test]
async fn bytes_and_requests_have_limits() {
    let data = |id: &str, bytes| Event::Data {
        id: id.to_owned(),
        bytes,
    };
    let too_large = || {
        Some(BrowserError::Site(SendError::TooLarge {
            limit_bytes: LIMIT_BYTES,
        }))
    };
    let mut page = Page::shown();
    page.see(data("l1", LIMIT_BYTES));
    assert_eq!(page.watch.stopped(), None);
    page.see(data("l1", 1));
    assert_eq!(page.watch.stopped(), too_large());

    let mut page = Page::shown();
    page.see(data("r1", 8 * LIMIT_BYTES));
    assert_eq!(page.watch.stopped(), None);
    page.see(data("r2", 1));
    assert_eq!(page.watch.stopped(), too_large());

    let mut page = Page::shown();
    for number in 0..REQUESTS_MAX {
        page.request(&number.to_string());
    }
    assert_eq!(page.watch.stopped(), None);
    page.request("one more");
    assert_eq!(page.watch.stopped(), Some(BrowserError::TooManyRequests));
    page.watch.begin(page.now);
    assert_eq!(page.watch.stopped(), None);
}

#[test]
fn only_what_certainly_was_not_sent_is_told_so() {
    for (name, was_sent) in [
        ("net::ERR_CONNECTION_REFUSED", false),
        ("net::ERR_NAME_NOT_RESOLVED", false),
        ("net::ERR_CERT_DATE_INVALID", false),
        ("net::ERR_EMPTY_RESPONSE", true),
        ("net::ERR_CONNECTION_RESET", true),
        ("net::ERR_TIMED_OUT", true),
        ("net::ERR_SOMETHING_NEW", true),
    ] {
        let BrowserError::Site(error) = BrowserError::from_network(name) else {
            panic!("{name}")
        };
        assert_eq!(error.may_have_arrived(), was_sent, "{name}");
    }
    let elsewhere = BrowserError::from_network("net::ERR_PROXY_CONNECTION_FAILED");
    assert_eq!(elsewhere, BrowserError::OffSite);
}
