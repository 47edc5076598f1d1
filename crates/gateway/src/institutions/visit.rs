//! A visit to a site, under its limits: a place, the pace, the breaker; shared where it may be; never for a user whom the
//! site has refused three times. Whoever waits bounds the waiting; a visit itself is bounded here.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ayni_connectors::data::login::{LoggedIn, Login, LoginStep};
use ayni_connectors::data::{Failed, Reply, Visit};
use ayni_crypto::digest::sha256;
use ayni_domain::operation::Fault;
use ayni_domain::operation::code::Code;
use ayni_domain::operation::note::Note;
use ayni_domain::site::breaker::Event;
use ayni_domain::site::hour::Verdict;
use ayni_store::error::StoreError;
use serde_json::value::RawValue;
use tracing::Instrument as _;
use zeroize::Zeroizing;

use super::{Site, pages, refusals};
use crate::app::{App, Shared};
use crate::traces;

/// What is asked of a site.
#[derive(Clone, Debug)]
pub struct Errand {
    /// The operation's name.
    pub operation: String,
    /// Its checked arguments.
    pub arguments: BTreeMap<String, String>,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// What the site shows.
    pub reply: Reply,
    /// How old it is, where it was kept.
    pub age_s: Option<u64>,
}

impl Found {
    /// What was not read off a page.
    pub fn of_data(data: Box<RawValue>) -> Found {
        Found {
            reply: Reply {
                data: Some(data),
                note: None,
            },
            age_s: None,
        }
    }

    /// What the caller should know about it.
    pub fn notes(&self) -> Vec<Note> {
        let cached = self.age_s.map(|age_s| Note::Cached { age_s });
        self.reply.note.iter().cloned().chain(cached).collect()
    }
}

/// Runs an operation without a person's login; callers who ask the same at once share the visit.
pub async fn ask(app: &Shared, site: &Arc<Site>, errand: Errand) -> Result<Found, Fault> {
    let text = serde_json::to_vec(&(&errand.operation, &errand.arguments));
    let key = sha256(&text.map_err(|_| Code::Internal)?);
    if let Some((reply, age_s)) = site.cache.get(&key, app.clock.now()) {
        return Ok(Found {
            reply,
            age_s: Some(age_s),
        });
    }
    let visit = || {
        let (app, site) = (app.clone(), site.clone());
        async move {
            let visit = site.connector.run(Visit {
                operation: &errand.operation,
                arguments: &errand.arguments,
                login: None,
            });
            let reply = within_limits(&app, &site, &errand.operation, visit).await?;
            site.cache.put(key, &reply, app.clock.now());
            Ok(reply)
        }
        .instrument(traces::here())
    };
    let reply = site.flights.join(key, visit).await?;
    Ok(Found { reply, age_s: None })
}

/// Runs an operation with a person's login.
pub async fn ask_as(app: &Shared, site: &Arc<Site>, errand: &Errand, login: &Login) -> Result<Found, Fault> {
    let (visitor, at, errand, login) = (app.clone(), site.clone(), errand.clone(), login.clone());
    let username = Zeroizing::new(login.username.clone());
    let visit = async move {
        let visit = at.connector.run(Visit {
            operation: &errand.operation,
            arguments: &errand.arguments,
            login: Some(&login),
        });
        within_limits(&visitor, &at, &errand.operation, visit).await
    };
    let reply = as_user(app, site, &username, visit).await?;
    Ok(Found { reply, age_s: None })
}

/// Takes one step of a person's login.
pub async fn log_in(app: &Shared, site: &Arc<Site>, step: LoginStep) -> Result<LoggedIn, Fault> {
    let username = Zeroizing::new(match &step {
        LoginStep::Credentials(login) => login.username.clone(),
        LoginStep::Code { session, .. } => session.login.username.clone(),
    });
    let (visitor, at) = (app.clone(), site.clone());
    let visit = async move { within_limits(&visitor, &at, LOG_IN, at.connector.log_in(step)).await };
    as_user(app, site, &username, visit).await
}

/// Opens the site's first page, whatever its breaker says, and tells the breaker.
pub async fn probe(app: &App, site: &Site) -> Result<(), Fault> {
    timed(app, site, PROBE, site.connector.probe()).await
}

/// One visit of a user at a time, none for a barred one; a refusal is remembered.
///
/// A visit that has begun is carried to its end, also when its caller hangs up: else a caller who hangs up in time could
/// try one password after another, and none of the site's refusals would count.
async fn as_user<T: Send + 'static>(
    app: &Shared,
    site: &Site,
    username: &str,
    visit: impl Future<Output = Result<T, Fault>> + Send + 'static,
) -> Result<T, Fault> {
    let user = refusals::user_hash(app, &site.declaration().path, username);
    let turn = site.users.turn(&user).await;
    if refusals::is_barred(app, &user)
        .await
        .map_err(|error| stored(&error))?
    {
        return Err(Code::AccountBlocked.into());
    }
    let visitor = app.clone();
    let carrying = async move {
        let _turn = turn;
        let outcome = visit.await;
        if matches!(&outcome, Err(fault) if fault.code == Code::LoginRefused) {
            refusals::record(&visitor, &user)
                .await
                .map_err(|error| stored(&error))?;
        }
        outcome
    };
    let carried = app.tasks.spawn(carrying.instrument(traces::here()));
    carried.await.map_err(|_| Fault::new(Code::Internal))?
}

async fn within_limits<T>(
    app: &App,
    site: &Site,
    operation: &str,
    visit: impl Future<Output = Result<T, Failed>>,
) -> Result<T, Fault> {
    if site.turns_away(app.clock.now()) {
        return Err(Code::SiteUnreachable.into());
    }
    let _place = site.places.acquire().await.map_err(|_| Code::Internal)?;
    let (reserved, wait) = site.reserve(app.clock.now());
    let wait = Duration::try_from(wait).unwrap_or_default();
    if !wait.is_zero() {
        tokio::time::sleep(wait).await;
    }
    if !site.may_visit(app.clock.now()) {
        return Err(Code::SiteUnreachable.into());
    }
    reserved.made();
    timed(app, site, operation, visit).await
}

async fn timed<T>(
    app: &App,
    site: &Site,
    operation: &str,
    visit: impl Future<Output = Result<T, Failed>>,
) -> Result<T, Fault> {
    let mut watch = Watch {
        app,
        site,
        begun: Instant::now(),
        is_over: false,
    };
    let span = traces::visit(&site.declaration().path, operation);
    let visit = visit.instrument(span.clone());
    let outcome = match tokio::time::timeout(app.settings.operation_budget, visit).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Code::OutOfTime.into()),
    };
    watch.end(outcome.as_ref().err().map(|failed| failed.fault.code));
    match outcome {
        Ok(found) => Ok(found),
        Err(Failed { fault, page }) => {
            traces::failed(&span);
            if let Some(page) = page {
                pages::keep(app, &site.declaration().path, operation, page).await;
            }
            Err(fault)
        }
    }
}

/// Sees how a visit ends, also where it is dropped.
struct Watch<'a> {
    app: &'a App,
    site: &'a Site,
    begun: Instant,
    is_over: bool,
}

impl Watch<'_> {
    fn end(&mut self, code: Option<Code>) {
        self.is_over = true;
        let (now, verdict) = (self.app.clock.now(), verdict_of(code));
        let took = self.begun.elapsed();
        self.site
            .count(now, u64::try_from(took.as_millis()).unwrap_or(u64::MAX), verdict);
        match code {
            Some(Code::SiteUnreachable | Code::OutOfTime) => self.site.tell(Event::Failed, now),
            _ if verdict == Verdict::OurFault => true,
            _ => self.site.tell(Event::Worked, now),
        };
        let labels = [
            ("institution", self.site.declaration().path.clone()),
            ("code", code.map_or("", Code::as_str).to_owned()),
        ];
        metrics::counter!("ayni_visits_total", &labels).increment(1);
        metrics::histogram!("ayni_visit_seconds", &labels[..1]).record(took.as_secs_f64());
    }
}

impl Drop for Watch<'_> {
    /// Dropped unfinished: whoever waited has gone. A site that had most of an answer's time by then is too slow.
    fn drop(&mut self) {
        if !self.is_over && self.begun.elapsed() * 2 >= self.app.settings.operation_budget {
            self.end(Some(Code::OutOfTime));
        }
    }
}

/// Whose fault a code is.
fn verdict_of(code: Option<Code>) -> Verdict {
    match code {
        Some(Code::SiteUnreachable | Code::UnknownPage | Code::OutOfTime) => Verdict::SiteFault,
        Some(
            Code::DataUnfit
            | Code::DataMissing
            | Code::ComponentMissing
            | Code::ComponentAnswerInvalid
            | Code::Internal,
        ) => Verdict::OurFault,
        _ => Verdict::Answered,
    }
}

fn stored(error: &StoreError) -> Fault {
    tracing::warn!(%error, "a user's refused logins could not be looked up or written");
    Code::ComponentMissing.into()
}

const LOG_IN: &str = "log-in";
const PROBE: &str = "probe";
