//! The institutions whose sites we visit, and how gently: every visit to a site, from an operation, a consent page or a
//! probe, passes through here ([`visit`]), so that each site has one limit, one pace, one breaker and one record of how it
//! does in this process.

mod api;
mod cache;
pub mod commands;
mod flight;
pub mod pages;
pub mod refusals;
mod sql;
mod users;
pub mod visit;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::routing::get;
use ayni_connectors::Connectors;
use ayni_connectors::data::Connector;
use ayni_connectors::data::declaration::Declaration;
use ayni_domain::site::breaker::{self, Breaker};
use ayni_domain::site::hour::{LastHour, Summary, Verdict};
use ayni_domain::site::pace::Pace;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Semaphore;

use crate::app::Shared;
use cache::Cache;
use flight::Flights;
use users::Users;

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// The list of institutions; to be put behind the data side's authentication.
pub fn router() -> Router<Shared> {
    Router::new().route("/v1/institutions", get(api::list))
}

/// Every institution, by its path.
pub struct Sites {
    by_path: BTreeMap<String, Arc<Site>>,
}

/// One institution: its connector, and how its site is treated and does in this process.
pub struct Site {
    /// What drives it.
    pub connector: Arc<dyn Connector>,
    places: Semaphore,
    state: Mutex<State>,
    flights: Flights,
    cache: Cache,
    users: Users,
}

#[derive(Default)]
struct State {
    breaker: Breaker,
    pace: Pace,
    hour: LastHour,
}

/// A visit under the site's pace. Dropped before it is made, it is given back: who hangs up while waiting must not put
/// off everybody else.
struct Reserved<'a> {
    site: &'a Site,
    is_made: bool,
}

impl Reserved<'_> {
    fn made(mut self) {
        self.is_made = true;
    }
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        if !self.is_made {
            let limits = self.site.declaration().limits;
            let mut state = self.site.lock();
            state.pace = state.pace.give_back(limits.visits_per_minute);
        }
    }
}

impl Sites {
    /// Those that are driven.
    pub fn of(connectors: &Connectors) -> Sites {
        let site = |connector: &Arc<dyn Connector>| {
            let path = connector.declaration().path.clone();
            (path, Arc::new(Site::of(connector.clone())))
        };
        Sites {
            by_path: connectors.institutions().map(site).collect(),
        }
    }

    /// The institution at that path, e.g. `com/services/servipag.com`.
    pub fn at(&self, path: &str) -> Option<&Arc<Site>> {
        self.by_path.get(path)
    }

    /// The institution of that OAuth scope.
    pub fn of_scope(&self, scope: &str) -> Option<&Arc<Site>> {
        self.all().find(|site| site.declaration().scope == scope)
    }

    /// All of them, by path.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Site>> {
        self.by_path.values()
    }
}

impl Site {
    fn of(connector: Arc<dyn Connector>) -> Site {
        let limits = connector.declaration().limits;
        Site {
            connector,
            places: Semaphore::new(limits.concurrency.max(1)),
            state: Mutex::default(),
            flights: Flights::default(),
            cache: Cache::of(limits.cache_s),
            users: Users::default(),
        }
    }

    /// What it can do.
    pub fn declaration(&self) -> &Declaration {
        self.connector.declaration()
    }

    /// Its breaker, and its last hour, as this process knows them.
    pub fn health(&self, now: Timestamp) -> (Breaker, Summary) {
        let state = self.lock();
        (state.breaker, state.hour.summary(now))
    }

    /// Whether a visit may be made now.
    fn may_visit(&self, now: Timestamp) -> bool {
        self.tell(breaker::Event::Asked, now)
    }

    /// Whether nobody may visit now, without asking for a visit.
    fn turns_away(&self, now: Timestamp) -> bool {
        self.lock().breaker.turns_away(now)
    }

    /// Reserves the next visit, and says how long to wait before it.
    fn reserve(&self, now: Timestamp) -> (Reserved<'_>, SignedDuration) {
        let limits = self.declaration().limits;
        let burst = u32::try_from(limits.concurrency).unwrap_or(u32::MAX);
        let mut state = self.lock();
        let (pace, wait) = state.pace.reserve(now, limits.visits_per_minute, burst);
        state.pace = pace;
        let reserved = Reserved {
            site: self,
            is_made: false,
        };
        (reserved, wait)
    }

    fn count(&self, now: Timestamp, took_ms: u64, verdict: Verdict) {
        self.lock().hour.count(now, took_ms, verdict);
    }

    fn tell(&self, event: breaker::Event, now: Timestamp) -> bool {
        let limits = self.declaration().limits;
        let limits = breaker::Limits {
            failures: limits.failures_to_open.max(1),
            open_for: SignedDuration::from_secs(i64::try_from(limits.open_s).unwrap_or(i64::MAX)),
        };
        let mut state = self.lock();
        let (next, may) = state.breaker.after(event, now, limits);
        if std::mem::discriminant(&next) != std::mem::discriminant(&state.breaker) {
            tracing::info!(institution = %self.declaration().institution, breaker = ?next, "the site's state changed");
        }
        state.breaker = next;
        may
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
