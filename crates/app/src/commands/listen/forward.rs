//! Handing a notification to a server of one's own: the headers and bytes that the gateway sends, along the same way out.

use std::time::Duration;

use ayni_client::events::Notice;
use ayni_outbound::policy::Policy;
use ayni_outbound::{CallerRequest, Outbound};
use serde::Serialize;

use crate::config::Config;
use crate::gateway;
use crate::told::Told;

/// The way to one server.
pub struct Forwarder {
    outbound: Outbound,
    url: String,
}

/// What the server said.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// Its HTTP status, if it answered.
    pub status: Option<u16>,
    /// From connecting to the answer's end.
    pub latency_ms: u64,
    /// Why there was no answer.
    pub error: Option<String>,
}

impl Forwarder {
    /// Checks the address: this machine's, what `outbound_allow` permits, or public by https.
    pub fn to(config: &Config, url: &str) -> anyhow::Result<Forwarder> {
        let mut policy: Policy = gateway::policy(config)?;
        // Whoever types the address may call this machine: it is theirs.
        policy.allow.extend(
            LOOPBACK
                .iter()
                .filter_map(|network| network.parse::<ipnet::IpNet>().ok()),
        );
        let outbound = Outbound::new(policy)?;
        outbound.check_url(url).map_err(|refused| {
            let hint =
                "an address of this machine, as http://127.0.0.1:3000/notify, or a public one by https";
            Told::new(format!("{url} can't be called"), hint).because(refused)
        })?;
        Ok(Forwarder {
            outbound,
            url: url.to_owned(),
        })
    }

    /// Where it leads.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Hands it over, once.
    pub async fn forward(&self, notice: &Notice) -> Outcome {
        let headers = notice.headers.iter();
        let headers = headers.filter_map(|(name, value)| Some((known(name, &HEADERS)?, value.clone())));
        let request = CallerRequest {
            url: &self.url,
            content_type: known(&notice.content_type, &CONTENT_TYPES).unwrap_or(CONTENT_TYPES[0]),
            headers: headers.collect(),
            body: notice.body.clone().into_bytes().into(),
            max_answer_bytes: 0,
            timeout: FORWARD_MAX,
        };
        let start = std::time::Instant::now();
        let answered = self.outbound.post(request).await;
        let latency_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (status, error) = match answered {
            Ok(answer) => (Some(answer.status), None),
            Err(error) => (None, Some(error.to_string())),
        };
        Outcome {
            status,
            latency_ms,
            error,
        }
    }
}

/// The text if it is one of those that the gateway sends.
fn known(text: &str, all: &[&'static str]) -> Option<&'static str> {
    all.iter().find(|one| one.eq_ignore_ascii_case(text)).copied()
}

const LOOPBACK: [&str; 2] = ["127.0.0.0/8", "::1/128"];
const HEADERS: [&str; 2] = ["x-khipu-signature", "x-ayni-signature-next"];
const CONTENT_TYPES: [&str; 2] = ["application/json", "application/x-www-form-urlencoded"];
/// As long as the gateway waits for a merchant.
const FORWARD_MAX: Duration = Duration::from_secs(10);
