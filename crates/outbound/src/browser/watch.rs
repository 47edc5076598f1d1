//! What happens in a visit's page, followed event by event: where it is led, what it loads, when it has come to rest.
//! Everything here is a decision over values; [`super::visit`] carries it out.

use std::collections::HashMap;

use tokio::time::Instant;
use url::{Origin, Url};

use super::error::BrowserError;
use super::event::{Event, RequestPaused};
use crate::error::SendError;

/// Files that one page may ask for.
pub(super) const REQUESTS_MAX: usize = 500;

/// All files of a page together may be so many times as long as a page.
const FILES_PER_PAGE: usize = 8;

/// What is not worth loading for somebody who reads only the markup; `Other` are icons and the like.
const NOT_LOADED: [&str; 9] = [
    "Image",
    "Media",
    "Font",
    "TextTrack",
    "Manifest",
    "Prefetch",
    "Ping",
    "CSPViolationReport",
    "Other",
];

/// What never comes to an end of itself, so that nobody waits for it.
const NEVER_ENDING: [&str; 2] = ["EventSource", "WebSocket"];

/// What is to be done about an event.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Do {
    /// Nothing.
    Nothing,
    /// Let the request with this pause go on.
    Allow(String),
    /// Refuse it.
    Refuse(String),
    /// Close the dialog; accept it if true.
    Close(bool),
}

/// A page's main frame and what it loads.
pub(super) struct Watch {
    site: Origin,
    main_frame: String,
    page_bytes_max: usize,
    redirects_max: u32,
    navigation: Navigation,
    is_announced: bool,
    is_loading: bool,
    in_flight: HashMap<String, String>,
    requests: usize,
    received_bytes: usize,
    last_change: Instant,
    stopped: Option<BrowserError>,
}

/// The last time that the main frame was led to another document.
#[derive(Default)]
struct Navigation {
    loader: String,
    url: Option<Url>,
    requests: u32,
    status: u16,
    document_bytes: usize,
    failed: Option<String>,
    is_committed: bool,
}

impl Watch {
    /// For a new, empty page.
    pub(super) fn new(
        site: &Url,
        main_frame: String,
        page_bytes_max: usize,
        redirects_max: u32,
        now: Instant,
    ) -> Watch {
        Watch {
            site: site.origin(),
            main_frame,
            page_bytes_max,
            redirects_max,
            navigation: Navigation::default(),
            is_announced: false,
            is_loading: false,
            in_flight: HashMap::new(),
            requests: 0,
            received_bytes: 0,
            last_change: now,
            stopped: None,
        }
    }

    /// Forgets what the last page cost, and why it was stopped.
    pub(super) fn begin(&mut self, now: Instant) {
        self.requests = 0;
        self.received_bytes = 0;
        self.stopped = None;
        self.last_change = now;
    }

    /// The last navigation's loader: another one means that the page was left.
    pub(super) fn loader(&self) -> &str {
        &self.navigation.loader
    }

    /// The HTTP status of the document that is shown.
    pub(super) fn status(&self) -> u16 {
        self.navigation.status
    }

    /// Where the main frame was led last.
    pub(super) fn url(&self) -> Option<&Url> {
        self.navigation.url.as_ref()
    }

    /// Why nothing more is to be expected: what the page did, or the network's reason.
    pub(super) fn stopped(&self) -> Option<BrowserError> {
        self.stopped.clone()
    }

    /// Why the document did not come, and whether a status came.
    pub(super) fn failure(&self) -> Option<&str> {
        self.navigation.failed.as_deref()
    }

    /// Since when nothing has happened and nothing is awaited.
    pub(super) fn at_rest_since(&self) -> Option<Instant> {
        let is_there = self.is_shown() && !self.is_loading;
        (is_there && self.in_flight.is_empty()).then_some(self.last_change)
    }

    /// Whether the document is shown, though it may still load files.
    pub(super) fn is_shown(&self) -> bool {
        self.navigation.is_committed && !self.is_announced
    }

    /// Takes an event in.
    pub(super) fn see(&mut self, event: Event, now: Instant) -> Do {
        match event {
            Event::RequestPaused(request) => return self.judge(request, now),
            Event::Dialog { before_leaving } => return Do::Close(before_leaving),
            Event::Crashed => self.stop(BrowserError::failed("the page's process died")),
            Event::RequestBegun { id, loader, kind } => self.request_begun(id, loader, &kind, now),
            Event::Document { id, status } if id == self.navigation.loader => self.navigation.status = status,
            Event::Data { id, bytes } => self.data(&id, bytes),
            Event::Finished { id } => self.request_ended(&id, now),
            Event::Failed { id, reason } => {
                self.request_ended(&id, now);
                // A page that is shown may stop itself; one whose document broke off is a part of a page, and none.
                let stopped_itself = self.navigation.is_committed && reason == "net::ERR_ABORTED";
                if id == self.navigation.loader && !stopped_itself {
                    self.navigation.failed.get_or_insert(reason);
                }
            }
            Event::NavigationAnnounced { frame } if frame == self.main_frame => {
                self.is_announced = true;
                self.last_change = now;
            }
            Event::NavigationBegun { frame, loader } if frame == self.main_frame => {
                self.is_announced = false;
                self.is_loading = true;
                self.last_change = now;
                self.navigation = Navigation {
                    loader,
                    ..Navigation::default()
                };
            }
            Event::Committed {
                loader,
                is_main: true,
            } => {
                self.navigation.is_committed |= loader == self.navigation.loader;
                self.in_flight.retain(|_, of| *of == loader);
                self.last_change = now;
            }
            Event::LoadingBegun { frame } if frame == self.main_frame => {
                self.is_loading = true;
                self.last_change = now;
            }
            Event::LoadingEnded { frame } if frame == self.main_frame => {
                (self.is_loading, self.is_announced) = (false, false);
                self.last_change = now;
            }
            _ => {}
        }
        Do::Nothing
    }

    fn judge(&mut self, paused: RequestPaused, now: Instant) -> Do {
        let is_main_document = paused.resource_type == "Document" && paused.frame_id == self.main_frame;
        let url = Url::parse(&paused.request.url).ok();
        let is_ours = url
            .as_ref()
            .is_some_and(|url| url.origin() == self.site || matches!(url.scheme(), "data" | "blob"));
        if !is_main_document {
            let is_wanted = is_ours && !NOT_LOADED.contains(&paused.resource_type.as_str());
            return if is_wanted {
                Do::Allow(paused.pause)
            } else {
                Do::Refuse(paused.pause)
            };
        }
        self.last_change = now;
        self.navigation.url = url;
        self.navigation.requests += 1;
        let redirects = self.navigation.requests - 1;
        let refused = match () {
            () if !is_ours => Some(BrowserError::OffSite),
            () if redirects > 0 && paused.request.method == "POST" => Some(BrowserError::FormWantedAgain),
            () if redirects > self.redirects_max => Some(BrowserError::TooManyRedirects),
            () => None,
        };
        match refused {
            None => Do::Allow(paused.pause),
            Some(why) => {
                self.stop(why);
                Do::Refuse(paused.pause)
            }
        }
    }

    fn request_begun(&mut self, id: String, loader: String, kind: &str, now: Instant) {
        if NEVER_ENDING.contains(&kind) || self.in_flight.insert(id, loader).is_some() {
            return;
        }
        self.last_change = now;
        self.requests += 1;
        if self.requests > REQUESTS_MAX {
            self.stop(BrowserError::TooManyRequests);
        }
    }

    fn request_ended(&mut self, id: &str, now: Instant) {
        if self.in_flight.remove(id).is_some() {
            self.last_change = now;
        }
    }

    fn data(&mut self, id: &str, bytes: usize) {
        if self.navigation.failed.is_some() {
            // Chromium's own page about the failure.
            return;
        }
        self.received_bytes = self.received_bytes.saturating_add(bytes);
        if id == self.navigation.loader {
            self.navigation.document_bytes = self.navigation.document_bytes.saturating_add(bytes);
        }
        let is_too_long = self.navigation.document_bytes > self.page_bytes_max
            || self.received_bytes > self.page_bytes_max.saturating_mul(FILES_PER_PAGE);
        if is_too_long {
            let limit_bytes = self.page_bytes_max;
            self.stop(SendError::TooLarge { limit_bytes }.into());
        }
    }

    /// The first reason is the one that is told.
    fn stop(&mut self, why: BrowserError) {
        self.stopped.get_or_insert(why);
    }
}
