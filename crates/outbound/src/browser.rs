//! Headless Chromium, for the operator's sites that show nothing without their scripts.
//!
//! One process serves all visits: it is started when the first one needs it, started anew when it died, and ended with
//! [`Chromium::close`]. Each visit has a browser context of its own, so that no cookie of one is seen by another.
//!
//! We speak the DevTools protocol over a pair of pipes and not over a port: nobody else on the machine can take part,
//! and when this process dies, however it dies, the pipe closes and Chromium ends by itself. It is few messages, so we
//! speak it ourselves: chromiumoxide 0.9 waits 30 s or for ever where a page never finishes loading (its issues 13,
//! 191 and 228), needs a debugging port, and shows neither redirects nor bytes while they come.
//!
//! Where a page may lead is enforced twice. Each context has a proxy that does not exist for every origin but the
//! visit's site, which also holds for frames, workers and sockets; and each request of the page is looked at before it
//! is sent (`watch`), so that leaving the site is a clear error. Chromium itself has only that proxy: it calls nobody.

pub mod error;
pub mod visit;

mod answer;
mod event;
mod process;
mod script;
mod watch;
mod wire;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{Mutex, Semaphore};
use url::Url;

use error::BrowserError;
use process::Running;
use visit::{PageLimits, SiteCookie, Visit};

/// Visits at once in one process; each is a renderer of some 50 MB.
pub const VISITS_MAX: usize = 4;

/// The variable that names the program, where it is not found by itself.
pub const PROGRAM_VARIABLE: &str = "AYNI_CHROMIUM";

/// What the program is called, in the order in which it is looked for on the `PATH`.
const PROGRAM_NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
];

/// One Chromium for all who hold a clone; there is no process before the first visit.
#[derive(Clone)]
pub struct Chromium(Arc<Inner>);

struct Inner {
    program: Option<PathBuf>,
    is_expected: AtomicBool,
    running: Mutex<Option<Arc<Running>>>,
    places: Arc<Semaphore>,
}

impl Default for Chromium {
    fn default() -> Chromium {
        Chromium::with_program(None)
    }
}

impl std::fmt::Debug for Chromium {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Chromium(…)")
    }
}

impl Chromium {
    /// This program; else the one that [`PROGRAM_VARIABLE`] names; else the first one on the `PATH`.
    #[must_use]
    pub fn with_program(program: Option<PathBuf>) -> Chromium {
        Chromium(Arc::new(Inner {
            program,
            is_expected: AtomicBool::new(false),
            running: Mutex::new(None),
            places: Arc::new(Semaphore::new(VISITS_MAX)),
        }))
    }

    /// Says that a site will be visited, so that [`Chromium::program`] is worth looking at.
    pub fn expect_visits(&self) {
        self.0.is_expected.store(true, Ordering::Relaxed);
    }

    /// Whether somebody said so.
    #[must_use]
    pub fn expects_visits(&self) -> bool {
        self.0.is_expected.load(Ordering::Relaxed)
    }

    /// The program that a visit starts.
    ///
    /// # Errors
    /// [`BrowserError::Missing`], which says how to provide it.
    pub fn program(&self) -> Result<PathBuf, BrowserError> {
        match &self.0.program {
            None => find_program(),
            Some(named) if named.is_file() => Ok(named.clone()),
            Some(named) => Err(missing(&format!("{} is no file", named.display()))),
        }
    }

    /// Begins a visit to the site at `site` with these cookies; no other origin is loaded in it.
    ///
    /// # Errors
    /// When there is no Chromium, it does not start, or no place is free within the limits' time.
    pub async fn visit(
        &self,
        site: &Url,
        cookies: Vec<SiteCookie>,
        limits: PageLimits,
    ) -> Result<Visit, BrowserError> {
        let (chromium, site) = (self.clone(), site.clone());
        // A task of its own: who stops waiting leaves neither half a process nor half a visit behind.
        let beginning = tokio::spawn(async move { chromium.begin(&site, &cookies, limits).await });
        beginning
            .await
            .map_err(|_| BrowserError::failed("the visit could not begin"))?
    }

    /// Ends the process, if there is one, and removes what it kept on disk. A later visit starts it anew.
    pub async fn close(&self) {
        if let Some(running) = self.0.running.lock().await.take() {
            running.end().await;
        }
    }

    /// The process that serves now; none before the first visit.
    pub async fn process_id(&self) -> Option<u32> {
        let running = self.0.running.lock().await;
        running
            .as_ref()
            .filter(|running| running.is_alive())
            .map(|running| running.process_id())
    }

    async fn begin(
        &self,
        site: &Url,
        cookies: &[SiteCookie],
        limits: PageLimits,
    ) -> Result<Visit, BrowserError> {
        let waiting = tokio::time::timeout(limits.timeout, Arc::clone(&self.0.places).acquire_owned());
        let Ok(Ok(place)) = waiting.await else {
            return Err(BrowserError::Busy);
        };
        let running = self.running().await?;
        let beginning = Visit::begin(running, place, site, cookies, limits);
        tokio::time::timeout(BEGIN_TIMEOUT, beginning)
            .await
            .map_err(|_| BrowserError::failed("it gave no page in time"))?
    }

    async fn running(&self) -> Result<Arc<Running>, BrowserError> {
        let mut running = self.0.running.lock().await;
        if let Some(alive) = running.as_ref().filter(|running| running.is_alive()) {
            return Ok(Arc::clone(alive));
        }
        if let Some(dead) = running.take() {
            dead.end().await;
        }
        let started = Arc::new(start(&self.program()?).await?);
        *running = Some(Arc::clone(&started));
        Ok(started)
    }
}

/// On a machine that is under load it happens that Chromium ends when it is started, or does not come up: so it is tried once
/// more, and its second failure is told.
async fn start(program: &Path) -> Result<Running, BrowserError> {
    for _ in 1..STARTS_MAX {
        if let Ok(running) = Running::start(program).await {
            return Ok(running);
        }
    }
    Running::start(program).await
}

fn find_program() -> Result<PathBuf, BrowserError> {
    if let Some(named) = std::env::var_os(PROGRAM_VARIABLE).map(PathBuf::from) {
        let is_there = named.is_file();
        let refused = || {
            missing(&format!(
                "{PROGRAM_VARIABLE} names {}, which is no file",
                named.display()
            ))
        };
        return if is_there { Ok(named) } else { Err(refused()) };
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut places = PROGRAM_NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    places
        .find(|place| place.is_file())
        .ok_or_else(|| missing("there is no Chromium on the PATH"))
}

fn missing(what: &str) -> BrowserError {
    BrowserError::Missing {
        reason: format!(
            "{what}; install Chromium (Debian: apt-get install chromium) or name its program in {PROGRAM_VARIABLE}"
        ),
    }
}

/// How often it is started for a visit before that is given up.
const STARTS_MAX: u32 = 2;

/// Time in which a running Chromium must give a new page.
const BEGIN_TIMEOUT: Duration = Duration::from_secs(20);

#[cfg(test)]
mod tests;
