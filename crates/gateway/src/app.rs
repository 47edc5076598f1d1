//! What all capabilities share: one value, made once, passed to every handler and job.

use std::sync::Arc;

use ayni_connectors::Connectors;
use ayni_crypto::entropy::Entropy;
use ayni_crypto::keyring::Keyring;
use ayni_crypto::master::MasterKey;
use ayni_outbound::Outbound;
use ayni_outbound::mail::Mailer;
use ayni_store::db::Db;
use metrics_exporter_prometheus::PrometheusHandle;
use thiserror::Error;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::banks::Banks;
use crate::clock::Clock;
use crate::consents::ConsentId;
use crate::console::seat::passwords::Passwords;
use crate::events::follow::Places;
use crate::http::counts::Counts;
use crate::http::idempotent::Running;
use crate::http::limits::Limits;
use crate::institutions::Sites;
use crate::keys::{self, KeysError};
use crate::merchants::keys::KeyHash;
use crate::payer::limits::PayerLimits;
use crate::payer::live::Streams;
use crate::requests::tail::Tail;
use crate::settings::Settings;
use crate::signals::Signals;
use crate::uses::Uses;

/// The running gateway: its database, its keys, its way out, its settings.
pub struct App {
    /// One unit of work over either engine.
    pub db: Db,
    /// What time it is.
    pub clock: Clock,
    /// Where random bytes come from.
    pub entropy: Entropy,
    /// Seals and opens what lies sealed in the database.
    pub keyring: Keyring,
    /// Opens the keys that other processes add.
    pub master: MasterKey,
    /// The only way out to callers' addresses.
    pub outbound: Outbound,
    /// Sends mails; absent where the operator set no way to send them.
    pub mailer: Option<Mailer>,
    /// The bank sites we can drive.
    pub connectors: Connectors,
    /// The banks payers can choose.
    pub banks: Banks,
    /// The institutions whose data can be asked for, and how each of them does.
    pub sites: Sites,
    /// The operator's settings.
    pub settings: Settings,
    /// Rates per API key.
    pub limits: Limits,
    /// The request metrics.
    pub counts: Counts,
    /// Idempotency keys at work in this process.
    pub running: Running,
    /// Uses of keys not yet written.
    pub key_uses: Uses<KeyHash>,
    /// Uses of consents not yet written.
    pub consent_uses: Uses<ConsentId>,
    /// Wakes workers and live pages of this process after a commit.
    pub signals: Signals,
    /// Set when the process was asked to stop: no new work is begun.
    pub draining: CancellationToken,
    /// What must be finished before the process ends, whether or not anybody still waits for it: steps at a bank.
    pub tasks: TaskTracker,
    /// What one address may do at the payer's pages.
    pub payer_limits: PayerLimits,
    /// Where people's passwords are computed.
    pub passwords: Passwords,
    /// The live pages.
    pub streams: Streams,
    /// The streams of developers' programs.
    pub places: Places,
    /// The lines of requests that somebody tails.
    pub tail: Tail,
    /// Renders `/metrics` on the gateway's own listener; absent where there is none, or another listener has it.
    pub metrics: Option<PrometheusHandle>,
}

/// The gateway as handlers and jobs hold it.
pub type Shared = Arc<App>;

/// What [`App::open`] is made of.
pub struct Parts {
    /// An open, migrated database.
    pub db: Db,
    /// Opens the database's keys.
    pub master: MasterKey,
    /// The clock.
    pub clock: Clock,
    /// Randomness.
    pub entropy: Entropy,
    /// The outgoing policy and its client.
    pub outbound: Outbound,
    /// Sends mails, if the operator set a way.
    pub mailer: Option<Mailer>,
    /// The bank sites.
    pub connectors: Connectors,
    /// The banks.
    pub banks: Banks,
    /// The operator's settings.
    pub settings: Settings,
    /// The recorder behind `/metrics` on the gateway's own listener.
    pub metrics: Option<PrometheusHandle>,
}

/// Why the gateway could not be put together.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The keys.
    #[error("the data keys could not be opened")]
    Keys(#[from] KeysError),
}

impl App {
    /// Puts the gateway together: opens the keyring (making the first key on a new database).
    pub async fn open(parts: Parts) -> Result<Shared, OpenError> {
        let keyring = keys::open(&parts.db, &parts.master, &parts.entropy, parts.clock.now()).await?;
        Ok(Arc::new(App {
            limits: Limits::per_second(parts.settings.rate_limit_per_s),
            counts: Counts::default(),
            db: parts.db,
            clock: parts.clock,
            entropy: parts.entropy,
            keyring,
            master: parts.master,
            outbound: parts.outbound,
            mailer: parts.mailer,
            sites: Sites::of(&parts.connectors),
            connectors: parts.connectors,
            banks: parts.banks,
            settings: parts.settings,
            running: Running::default(),
            key_uses: Uses::default(),
            consent_uses: Uses::default(),
            signals: Signals::default(),
            draining: CancellationToken::new(),
            tasks: TaskTracker::new(),
            payer_limits: PayerLimits::default(),
            passwords: Passwords::default(),
            streams: Streams::default(),
            places: Places::default(),
            tail: Tail::default(),
            metrics: parts.metrics,
        }))
    }
}
