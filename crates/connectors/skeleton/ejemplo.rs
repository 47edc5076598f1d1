//! Ejemplo: a form and the page that answers it. Say here what the site is and what is odd about it.

use ayni_domain::operation::Fault;
use ayni_domain::operation::code::Code;
use serde::Deserialize;
use serde_json::json;
use serde_json::value::to_raw_value;

use crate::data::declaration::{Declaration, OperationSpec, Parameter, ParameterKind, VisitLimits};
use crate::data::login::{LoggedIn, LoginStep};
use crate::data::stopped::{Stopped, visited};
use crate::data::{Answering, Connector, Reply, Visit};
use crate::extract::pesos;
use crate::session::Tab;
use crate::session::form::Form;
use crate::session::page::{Page, Parsed, text_of};
use crate::session::visitor::{SiteDriver, Visits};
use crate::sites::watched::Watched;
use crate::sites::{Css, SiteFileError, read_site_file, site_address};
use crate::{Clock, SiteSettings};

/// The connector's name in the settings.
pub(crate) const NAME: &str = "ejemplo";

const SITE_FILE: &str = "ejemplo.toml";

const CONSULT_DEBT: &str = "consult-debt";
const CLIENT_IDENTIFIER: &str = "ClientIdentifier";

/// Ejemplo at one address.
pub(crate) struct Ejemplo {
    declaration: Declaration,
    file: Watched<Site>,
}

/// The site as its file describes it now.
struct Site {
    hooks: Hooks,
    visits: Visits,
}

/// The site file, read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hooks {
    base_url: Option<String>,
    #[serde(default)]
    driver: SiteDriver,
    pages: Pages,
    form: FormHooks,
    answer: AnswerHooks,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pages {
    form: Css,
    answer: Css,
    maintenance: Css,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormHooks {
    path: String,
    form: Css,
    identifier: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerHooks {
    client: Css,
    amount: Css,
}

impl Ejemplo {
    /// Reads the site file; `None` if nobody says where the site is.
    pub(crate) fn load(settings: &SiteSettings, clock: Clock) -> Result<Option<Ejemplo>, SiteFileError> {
        let path = settings
            .directory
            .as_ref()
            .map(|directory| directory.join(SITE_FILE));
        let settings = settings.clone();
        match Watched::new(path, move || Site::read(&settings, Clock::clone(&clock))) {
            Err(SiteFileError::NoAddress { .. }) => Ok(None),
            Err(error) => Err(error),
            Ok(file) => Ok(Some(Ejemplo {
                declaration: declaration(),
                file,
            })),
        }
    }
}

impl Connector for Ejemplo {
    fn declaration(&self) -> &Declaration {
        &self.declaration
    }

    fn run<'a>(&'a self, visit: Visit<'a>) -> Answering<'a, Reply> {
        let site = self.file.current();
        Box::pin(async move {
            let client = visit.arguments.get(CLIENT_IDENTIFIER);
            let client =
                client.ok_or_else(|| Fault::with_detail(Code::ParameterMissing, CLIENT_IDENTIFIER))?;
            match visit.operation {
                CONSULT_DEBT => visited(|| site.consult_debt(client)).await,
                _ => Err(Code::NoSuchPath.into()),
            }
        })
    }

    fn log_in(&self, _: LoginStep) -> Answering<'_, LoggedIn> {
        // No operation needs a login.
        Box::pin(async { Err(Code::NoSuchPath.into()) })
    }

    fn probe(&self) -> Answering<'_, ()> {
        let site = self.file.current();
        Box::pin(async move { visited(|| site.open_form()).await })
    }
}

impl Site {
    fn read(settings: &SiteSettings, clock: Clock) -> Result<Site, SiteFileError> {
        let hooks: Hooks = read_site_file(settings, SITE_FILE, include_str!("ejemplo.toml"))?;
        let base = site_address(settings, NAME, hooks.base_url.as_ref())?;
        let driver = settings.drivers.get(NAME).copied().unwrap_or(hooks.driver);
        Ok(Site {
            visits: Visits::new(driver, base, settings, clock)?,
            hooks,
        })
    }

    async fn open_form(&self) -> Result<(), Stopped> {
        let page = self
            .visits
            .begin(Tab::default())
            .open(&self.hooks.form.path)
            .await?;
        self.expect(&page.parsed(), &self.hooks.pages.form, "the form")
    }

    async fn consult_debt(&self, client: &str) -> Result<Reply, Stopped> {
        let mut visitor = self.visits.begin(Tab::default());
        let page = visitor.open(&self.hooks.form.path).await?;
        let answer = visitor.submit(&self.filled(&page, client)?).await?;
        self.read_answer(&answer.parsed(), client)
    }

    fn filled(&self, page: &Page, client: &str) -> Result<Form, Stopped> {
        const WHAT: &str = "the form";
        let (page, hooks) = (&page.parsed(), &self.hooks.form);
        self.expect(page, &self.hooks.pages.form, WHAT)?;
        let mut form = page
            .form(&hooks.form.0)
            .map_err(|error| Stopped::at(page, &error, WHAT))?;
        form.set(&hooks.identifier, client)
            .map_err(|_| Stopped::with_page(page, Code::UnknownPage, WHAT))?;
        Ok(form)
    }

    fn read_answer(&self, page: &Parsed<'_>, client: &str) -> Result<Reply, Stopped> {
        const WHAT: &str = "the client's debt";
        self.expect(page, &self.hooks.pages.answer, WHAT)?;
        let text = |css: &Css| {
            let element = page.one(&css.0, WHAT);
            element
                .map(text_of)
                .map_err(|error| Stopped::at(page, &error, WHAT))
        };
        if text(&self.hooks.answer.client)? != client {
            return Err(Stopped::with_page(
                page,
                Code::UnknownPage,
                "the debt of who was asked for",
            ));
        }
        let amount = pesos(&text(&self.hooks.answer.amount)?);
        let amount = amount.map_err(|unread| Stopped::with_page(page, unread.code(), WHAT))?;
        let data = to_raw_value(&json!({ "Debt": { "PendingDebt": amount } })).map_err(|_| Code::Internal)?;
        Ok(Reply {
            data: Some(data),
            note: None,
        })
    }

    /// Nothing is read from a page before this.
    fn expect(&self, page: &Parsed<'_>, wanted: &Css, what: &'static str) -> Result<(), Stopped> {
        match page.has(&wanted.0) && page.status() == 200 {
            true => Ok(()),
            false if page.has(&self.hooks.pages.maintenance.0) => Err(Code::SiteUnreachable.into()),
            false => Err(Stopped::at(page, &page.unknown(what), what)),
        }
    }
}

fn declaration() -> Declaration {
    Declaration {
        institution: "ejemplo.example".to_owned(),
        path: "cl/services/ejemplo.example".to_owned(),
        scope: "cl_services_ejemplo".to_owned(),
        name: "Ejemplo".to_owned(),
        operations: vec![OperationSpec {
            name: CONSULT_DEBT.to_owned(),
            needs_login: false,
            parameters: vec![Parameter {
                name: CLIENT_IDENTIFIER.to_owned(),
                kind: ParameterKind::Text { max_chars: 20 },
                required: true,
            }],
        }],
        login_fields: Vec::new(),
        limits: VisitLimits::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use axum::Router;
    use axum::response::Html;
    use axum::routing::get;
    use jiff::Timestamp;
    use tokio::net::TcpListener;

    const FORM: &str =
        "<main id=consulta><form method=post action=/consulta><input name=cliente></form></main>";
    const ANSWER: &str = "<main id=deuda><b id=cliente>1234</b> debe <b id=monto>$15.340</b></main>";

    /// What comes of a visit to a site that answers the form with this page. Put pages here as the real site shows them,
    /// with names and numbers replaced.
    async fn outcome(answer: &'static str) -> String {
        let site = get(async || Html(FORM)).post(async move || Html(answer));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/consulta", site)).await });
        let settings = SiteSettings {
            base_urls: [(NAME.to_owned(), url)].into(),
            ..SiteSettings::default()
        };
        let clock: Clock = Arc::new(|| Timestamp::UNIX_EPOCH);
        let connector = Ejemplo::load(&settings, clock).unwrap().unwrap();
        connector.probe().await.unwrap();
        let arguments = BTreeMap::from([(CLIENT_IDENTIFIER.to_owned(), "1234".to_owned())]);
        let visit = Visit {
            operation: CONSULT_DEBT,
            arguments: &arguments,
            login: None,
        };
        match connector.run(visit).await {
            Ok(reply) => reply.data.unwrap().get().to_owned(),
            Err(failed) => failed.fault.code.as_str().to_owned(),
        }
    }

    #[tokio::test]
    async fn a_debt_is_read_and_whatever_is_not_understood_is_not() {
        assert_eq!(outcome(ANSWER).await, r#"{"Debt":{"PendingDebt":15340}}"#);
        for (page, code) in [
            (
                "<main id=deuda><b id=cliente>1234</b> debe <b id=monto>$15,340</b></main>",
                "E202",
            ),
            (
                "<main id=deuda><b id=cliente>1234</b> debe <b id=monto></b></main>",
                "D000",
            ),
            (
                "<main id=deuda><b id=cliente>9999</b> debe <b id=monto>$15.340</b></main>",
                "E202",
            ),
            ("<main id=nueva><b id=monto>$15.340</b></main>", "E202"),
            ("<main id=mantencion></main>", "E201"),
        ] {
            assert_eq!(outcome(page).await, code, "{page}");
        }
    }
}
