//! What Chromium answers to a visit's commands, as far as the visit uses it.

use serde::Deserialize;

use super::visit::SiteCookie;

#[derive(Deserialize)]
pub(super) struct OfContext {
    #[serde(rename = "browserContextId")]
    pub(super) context: String,
}

#[derive(Deserialize)]
pub(super) struct OfTarget {
    #[serde(rename = "targetId")]
    pub(super) target: String,
}

#[derive(Deserialize)]
pub(super) struct OfSession {
    #[serde(rename = "sessionId")]
    pub(super) session: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OfWorld {
    pub(super) execution_context_id: i64,
}

#[derive(Deserialize)]
pub(super) struct OfCall<A> {
    pub(super) result: OfValue<A>,
}

#[derive(Deserialize)]
pub(super) struct OfValue<A> {
    pub(super) value: Option<A>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AsRead {
    pub(super) url: String,
    pub(super) encoding: String,
    pub(super) is_too_long: bool,
    pub(super) markup: String,
}

#[derive(Deserialize)]
pub(super) struct Kept {
    pub(super) cookies: Vec<KeptCookie>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct KeptCookie {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) path: String,
    pub(super) expires: serde_json::Number,
    pub(super) secure: bool,
    pub(super) http_only: bool,
}

impl From<KeptCookie> for SiteCookie {
    fn from(kept: KeptCookie) -> SiteCookie {
        // A session's cookie says -1, others a fraction of a second.
        let text = kept.expires.to_string();
        let seconds = text.split('.').next().and_then(|whole| whole.parse::<i64>().ok());
        SiteCookie {
            name: kept.name,
            value: kept.value,
            path: kept.path,
            expires_at_s: seconds.filter(|seconds| *seconds >= 0),
            secure: kept.secure,
            http_only: kept.http_only,
        }
    }
}
