//! The few of Chromium's events that a visit follows, read where they arrive: what they carry besides, such as the body
//! of a sent form with its password, is never copied.

use serde::Deserialize;
use serde_json::value::RawValue;

/// Something that happened in a visit's page.
#[derive(Debug)]
pub(super) enum Event {
    /// A request waits for permission.
    RequestPaused(RequestPaused),
    /// A request is under way.
    RequestBegun {
        id: String,
        loader: String,
        kind: String,
    },
    /// A document's status is here.
    Document { id: String, status: u16 },
    /// Bytes of a body came.
    Data { id: String, bytes: usize },
    /// A request ended well.
    Finished { id: String },
    /// A request failed, for this reason of the network stack's.
    Failed { id: String, reason: String },
    /// A frame will be led elsewhere.
    NavigationAnnounced { frame: String },
    /// A frame is on its way to another document.
    NavigationBegun { frame: String, loader: String },
    /// A frame shows another document; `is_main` if nothing is around it.
    Committed { loader: String, is_main: bool },
    /// A frame loads.
    LoadingBegun { frame: String },
    /// A frame has loaded, or gave up.
    LoadingEnded { frame: String },
    /// The page speaks to somebody who is not there; `before_leaving` if it asks whether to go.
    Dialog { before_leaving: bool },
    /// The page's process died.
    Crashed,
}

/// A request that waits for permission.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RequestPaused {
    /// What permission is given to.
    #[serde(rename = "requestId")]
    pub(super) pause: String,
    /// Whose it is.
    pub(super) frame_id: String,
    /// `Document`, `Script`, `Image`, …
    pub(super) resource_type: String,
    /// What is asked for.
    pub(super) request: Requested,
}

/// What is asked for.
#[derive(Debug, Deserialize)]
pub(super) struct Requested {
    /// Where.
    pub(super) url: String,
    /// How.
    pub(super) method: String,
}

impl Event {
    /// The event, if it is one that we follow.
    pub(super) fn read(method: &str, params: &RawValue) -> Option<Event> {
        let of_request = || read::<OfRequest>(params);
        let frame = || read::<OfFrame>(params).map(|of| of.frame_id);
        match method {
            "Fetch.requestPaused" => read(params).map(Event::RequestPaused),
            "Network.requestWillBeSent" => of_request().map(|of| Event::RequestBegun {
                id: of.request_id,
                loader: of.loader_id,
                kind: of.kind,
            }),
            "Network.responseReceived" => {
                of_request()
                    .filter(|of| of.kind == "Document")
                    .map(|of| Event::Document {
                        id: of.request_id,
                        status: of.response.map_or(0, |response| response.status),
                    })
            }
            "Network.dataReceived" => of_request().map(|of| Event::Data {
                id: of.request_id,
                bytes: of.data_length,
            }),
            "Network.loadingFinished" => of_request().map(|of| Event::Finished { id: of.request_id }),
            "Network.loadingFailed" => of_request().map(|of| Event::Failed {
                id: of.request_id,
                reason: of.error_text,
            }),
            "Page.frameRequestedNavigation" => frame().map(|frame| Event::NavigationAnnounced { frame }),
            "Page.frameStartedNavigating" => read::<OfNavigation>(params)
                .filter(|of| !of.navigation_type.contains("ameDocument"))
                .map(|of| Event::NavigationBegun {
                    frame: of.frame_id,
                    loader: of.loader_id,
                }),
            "Page.frameNavigated" => read::<OfCommit>(params).map(|of| Event::Committed {
                loader: of.frame.loader_id,
                is_main: of.frame.parent_id.is_none(),
            }),
            "Page.frameStartedLoading" => frame().map(|frame| Event::LoadingBegun { frame }),
            "Page.frameStoppedLoading" => frame().map(|frame| Event::LoadingEnded { frame }),
            "Page.javascriptDialogOpening" => read::<OfDialog>(params).map(|of| Event::Dialog {
                before_leaving: of.kind == "beforeunload",
            }),
            "Inspector.targetCrashed" | "Inspector.detached" => Some(Event::Crashed),
            _ => None,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfRequest {
    request_id: String,
    #[serde(default)]
    loader_id: String,
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    data_length: usize,
    #[serde(default)]
    error_text: String,
    response: Option<OfResponse>,
}

#[derive(Deserialize)]
struct OfResponse {
    status: u16,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfFrame {
    frame_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfNavigation {
    frame_id: String,
    loader_id: String,
    #[serde(default)]
    navigation_type: String,
}

#[derive(Deserialize)]
struct OfCommit {
    frame: Committed,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Committed {
    loader_id: String,
    parent_id: Option<String>,
}

#[derive(Deserialize)]
struct OfDialog {
    #[serde(rename = "type")]
    kind: String,
}

fn read<'a, T: Deserialize<'a>>(params: &'a RawValue) -> Option<T> {
    serde_json::from_str(params.get()).ok()
}
