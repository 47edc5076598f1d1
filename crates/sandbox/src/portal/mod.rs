//! «Cuentas al Día»: a bill portal as a gateway's open-data side meets one, with every fault that such sites have, so
//! that what reads it can be tried out without touching anybody's real site. It knows nothing of any gateway.
//!
//! | Page | What | Form fields |
//! |---|---|---|
//! | `GET /` | the categories, `#categorias a` | |
//! | `GET /categorias/{category}` | its companies, `#empresas a` | |
//! | `GET /pagar/{company}` | `form#consulta`; sets the cookie `portal_visita`, valid for [`visit::VISIT_LIMIT`] | |
//! | `POST /pagar/{company}` | the bills, `#tabla-deuda tr.cuenta` (`td.vencimiento`, `td.monto`) and `#total`; `#sin-deuda`; or the form with `#error` | `_token`, `identificador` |
//! | `GET`, `POST /ingresar` | `form#ingreso`, with `#error` if refused; then 303 to `/mis-servicios` or `/ingresar/codigo`; cookie `portal_sesion` | `_token`, `rut`, `clave` |
//! | `GET`, `POST /ingresar/codigo` | `form#segundo-factor`; with `recordar` the cookie `portal_dispositivo` spares the code for a year | `_token`, `codigo`, `recordar` (`1`) |
//! | `GET /mis-servicios?pagina=N` | `#tabla-servicios tr.servicio` (`td.empresa`, `td.tipo`, `td.identificador`), ten a page, `nav.paginacion a[rel=next]`; or `#sin-servicios` | |
//! | `POST /salir` | ends the session | `_token` |
//! | `GET /pruebas` | every identifier and RUT that does something of its own | |
//! | `/app`, `/app/categorias/…`, `/app/pagar/…` | the same, but a script fills in the bills from `script#datos-deuda`: for a browser | the same |
//!
//! Other pages: `#sesion-expirada`, `#mantencion` (503, or 200), `#no-publicada`, `#mensaje-sitio` (its text in
//! `#mensaje`), `#problema` (400, 403, 404, 405, 413). An address is `/pagar/` and the company's name as in
//! [`biller::slug`]. Every page has one `main` with that id, one `h1`, and names itself in `<body data-page>`.
//!
//! Any valid RUT logs in with [`magic::PASSWORD`]. Bills and services follow from the identifier, so there is nothing to
//! store; sessions lie in memory.

pub mod biller;
pub mod counts;
pub mod debt;
pub mod derived;
pub mod effect;
pub mod format;
pub mod magic;
mod pages;
pub mod service;
mod serving;
pub mod visit;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use ayni_domain::rut::Rut;
use jiff::Timestamp;
use tokio::net::TcpListener;

use crate::bank::Clock;
use crate::csrf::CsrfKey;
use crate::error::SandboxError;
use crate::randomness::Randomness;
use crate::session::Sessions;
use biller::Directory;
use counts::{Counts, Visits};
use debt::Bill;
use effect::{DebtEffect, LoginEffect};
use service::Service;
use visit::VisitKey;

/// How a portal behaves.
#[derive(Clone, Copy, Debug)]
pub struct PortalSettings {
    /// How long its slow pages take.
    pub slow: Duration,
    /// How many visits a passing fault lasts.
    pub transient_failures: u32,
    /// Makes its tokens repeatable, for tests only.
    pub seed: Option<u64>,
}

impl Default for PortalSettings {
    fn default() -> PortalSettings {
        PortalSettings {
            slow: Duration::from_secs(90),
            transient_failures: 2,
            seed: None,
        }
    }
}

/// A portal; clones are the same portal.
#[derive(Clone)]
pub struct Portal(Arc<Inner>);

struct Inner {
    settings: PortalSettings,
    now: Clock,
    randomness: Randomness,
    directory: Directory,
    visit_key: VisitKey,
    csrf: CsrfKey,
    sessions: Sessions,
    /// People who gave their password and still owe the code.
    halfway: Sessions,
    counts: Counts,
}

impl Portal {
    /// A portal that nobody has visited yet.
    pub fn new(settings: PortalSettings, now: Clock) -> Result<Portal, SandboxError> {
        let randomness = Randomness::new(settings.seed)?;
        Ok(Portal(Arc::new(Inner {
            settings,
            now,
            directory: Directory::read()?,
            visit_key: VisitKey::new(randomness.bytes()),
            csrf: CsrfKey::new(randomness.bytes()),
            sessions: Sessions::default(),
            halfway: Sessions::default(),
            counts: Counts::default(),
            randomness,
        })))
    }

    /// The whole site.
    pub fn router(&self) -> Router {
        pages::router(self.clone())
    }

    /// Serves the site until `shutdown` is ready, and then until the requests under way are answered.
    pub async fn serve(
        &self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), SandboxError> {
        serving::serve(self.router(), listener, shutdown).await;
        Ok(())
    }

    /// How often it was visited.
    pub fn visits(&self) -> Visits {
        self.0.counts.visits()
    }

    /// The companies.
    pub fn directory(&self) -> &Directory {
        &self.0.directory
    }

    /// What the client owes, as a page without a fault shows it; `None` if there is no such company or client, or the
    /// identifier is not of the company's format.
    pub fn bills(&self, company: &str, identifier: &str) -> Option<Vec<Bill>> {
        let biller = self.0.directory.named(company)?;
        let identifier = biller.format.read(identifier)?;
        Some(match magic::debt_effect(&identifier) {
            Some(DebtEffect::NoDebt) => Vec::new(),
            Some(DebtEffect::ThreeBills) => debt::several(3, biller, &identifier),
            Some(DebtEffect::UnknownClient | DebtEffect::WrongFormat) => return None,
            Some(_) => vec![debt::example()],
            None => debt::bills(biller, &identifier),
        })
    }

    /// What the person has registered, as pages without a fault show it.
    pub fn services(&self, rut: Rut) -> Vec<Service> {
        let directory = &self.0.directory;
        match magic::login_effect(rut) {
            Some(LoginEffect::NoServices) => Vec::new(),
            Some(LoginEffect::ManyServices) => service::so_many(service::SERVICES_MAX, directory, rut),
            Some(_) => service::so_many(3, directory, rut),
            None => service::services(directory, rut),
        }
    }

    fn now(&self) -> Timestamp {
        (self.0.now)()
    }
}
