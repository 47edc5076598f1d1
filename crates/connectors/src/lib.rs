//! Banks and portals, driven as a browser would.
//!
//! A bank offers people a web site and programs nothing. So a connector does what a person does: it opens pages, keeps
//! cookies, fills in forms, and reads what the bank shows, one step at a time, asking the payer whatever the bank
//! asks. Two rules stand above all others. A page that is not recognised is an error, never a guess. And the request
//! that moves money is sent once: after it, only a receipt or a refusal that we know is an answer, everything else is
//! [`transfer::Authorised::Unclear`].
//!
//! # The life of a transfer
//!
//! [`bank::Bank::begin`] asks for the login; each [`bank::Bank::answer`] gives what was typed and gets the next
//! question; when all is filled in, [`transfer::Next::Authorise`] comes back and the caller records, durably, that
//! it will authorise; then [`bank::Bank::authorise`] sends the one request. Between two steps the whole state is a
//! [`transfer::Session`], a value to be sealed and stored, so that a restarted process or another node goes on.
//!
//! # Adding a bank
//!
//! 1. `sites/<site>.toml`: everything that can change without changing the steps: paths, how pages are recognised,
//!    selectors, the meaning of the bank's reasons. An operator replaces it at run time by a file of the same name in the sites directory.
//! 2. `sites/<site>.rs`: the steps. Open pages with a [`session::Browser`], recognise each one before reading it
//!    ([`session::page::Parsed`]), and parse into the types of [`statement`] strictly.
//! 3. A variant of `Driver` in `bank.rs` and a line in [`Connectors::load`]; the compiler names the rest.
//! 4. Tests against the site itself or a recording of it: see `tests/`. At least: the whole transfer, the bank
//!    stopped at each step, changed markup, and a count of the money request, which must be one.
//!
//! # Adding an institution whose data can be asked for
//!
//! `cargo xtask new-connector NAME` writes one that compiles, with its site file and its test, from `skeleton/`; it
//! implements [`data::Connector`]. A program in another language is one behind [`remote`].
//!
//! Limits are named constants. Credentials are in the [`transfer::Session`] of their step only, never in an error, a
//! log or a URL.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

#[cfg(feature = "browser")]
use ayni_outbound::browser::Chromium;
use ayni_outbound::site::SiteLimits;
use jiff::Timestamp;

use crate::bank::{Bank, Driver};
use crate::data::Connector;
use crate::session::visitor::SiteDriver;
use crate::sites::demo_bank::DemoBank;
use crate::sites::demo_bank::data::DemoBankData;
use crate::sites::servipag::Servipag;

pub mod bank;
pub mod data;
pub mod extract;
pub mod failure;
pub mod prompt;
pub mod remote;
pub mod session;
pub mod sites;
pub mod statement;
pub mod transfer;

/// Where the time comes from: cookies expire.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Where the sites are.
#[derive(Clone, Debug, Default)]
pub struct SiteSettings {
    /// Site files here replace the built-in ones of the same name.
    pub directory: Option<PathBuf>,
    /// Connector name to the site's address, e.g. `demo-bank` → `http://127.0.0.1:8081`; wins over the site file's.
    pub base_urls: BTreeMap<String, String>,
    /// Connector name to how its site is visited; wins over the site file's `driver`.
    pub drivers: BTreeMap<String, SiteDriver>,
    /// What one exchange with a site may cost.
    pub limits: SiteLimits,
    /// The browser of the sites that need their scripts; one for the whole process.
    #[cfg(feature = "browser")]
    pub chromium: Chromium,
}

/// Every bank that can be driven, by its connector's name.
pub struct Connectors {
    banks: BTreeMap<String, Bank>,
    institutions: BTreeMap<String, Arc<dyn Connector>>,
    #[cfg(feature = "browser")]
    chromium: Chromium,
}

/// Whether the sites that need a browser can have one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BrowserState {
    /// No site needs one.
    NotNeeded,
    /// This program will be started.
    Found(PathBuf),
    /// There is none.
    Missing {
        /// What is missing and how to provide it.
        reason: String,
    },
}

impl Connectors {
    /// Reads the site files. A site without an address, neither in its file nor in the settings, is not driven.
    pub fn load(settings: &SiteSettings, clock: Clock) -> Result<Connectors, sites::SiteFileError> {
        let mut banks = BTreeMap::new();
        let mut institutions: BTreeMap<String, Arc<dyn Connector>> = BTreeMap::new();
        if let Some(site) = Servipag::load(settings, Clock::clone(&clock))? {
            institutions.insert(site.declaration().path.clone(), Arc::new(site));
        }
        if let Some(site) = DemoBank::load(settings, Clock::clone(&clock))? {
            let (name, site) = (sites::demo_bank::NAME.to_owned(), Arc::new(site));
            let data = DemoBankData::new(Arc::clone(&site), clock);
            institutions.insert(data.declaration().path.clone(), Arc::new(data));
            banks.insert(name, Bank::new(Driver::DemoBank(site)));
        }
        Ok(Connectors {
            banks,
            institutions,
            #[cfg(feature = "browser")]
            chromium: settings.chromium.clone(),
        })
    }

    /// Whether there is a browser for the sites that need one.
    pub fn browser(&self) -> BrowserState {
        #[cfg(feature = "browser")]
        if self.chromium.expects_visits() {
            return match self.chromium.program() {
                Ok(program) => BrowserState::Found(program),
                Err(error) => BrowserState::Missing {
                    reason: error.to_string(),
                },
            };
        }
        BrowserState::NotNeeded
    }

    /// Ends what runs for the sites, when nobody visits them any more. A later visit starts it anew.
    pub async fn close(&self) {
        #[cfg(feature = "browser")]
        self.chromium.close().await;
    }

    /// Puts an institution in, instead of one with the same path.
    pub fn add_institution(&mut self, connector: Arc<dyn Connector>) {
        self.institutions
            .insert(connector.declaration().path.clone(), connector);
    }

    /// The institution at that path, e.g. `com/services/servipag.com`.
    pub fn institution(&self, path: &str) -> Option<&Arc<dyn Connector>> {
        self.institutions.get(path)
    }

    /// Every institution, by path.
    pub fn institutions(&self) -> impl Iterator<Item = &Arc<dyn Connector>> {
        self.institutions.values()
    }

    /// The bank whose row in `banks/*.toml` names this connector.
    pub fn for_bank(&self, connector: &str) -> Option<&Bank> {
        self.banks.get(connector)
    }
}
