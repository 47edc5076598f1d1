//! `service-accounts`: the services that a person has registered, over all their pages.

use std::collections::HashSet;

use ayni_domain::operation::code::Code;
use scraper::ElementRef;
use serde::Serialize;
use serde_json::value::to_raw_value;

use super::hooks::Known;
use super::login::Landing;
use super::{IDENTIFIER_CHARS_MAX, NAME_CHARS_MAX, Site};
use crate::data::Reply;
use crate::data::login::{AccountFound, Login};
use crate::data::stopped::Stopped;
use crate::failure::SiteError;
use crate::session::page::{Page, Parsed, one_in, text_of};
use crate::session::visitor::Visitor;
use crate::sites::Css;

/// A registered service.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ServiceAccount {
    company_name: String,
    service_type: String,
    client_identifier: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Data {
    service_account: Vec<ServiceAccount>,
}

/// One page of services.
struct ServicesPage {
    services: Vec<ServiceAccount>,
    /// Where the next page is.
    next: Option<String>,
}

impl From<ServiceAccount> for AccountFound {
    fn from(service: ServiceAccount) -> AccountFound {
        AccountFound {
            name: service.company_name,
            kind: service.service_type,
            identification: service.client_identifier,
        }
    }
}

impl Site {
    pub(super) async fn service_accounts(&self, login: &Login) -> Result<Reply, Stopped> {
        let mut visitor = self.visitor(login);
        let Landing::In(first) = self.enter(&mut visitor, login).await? else {
            return Err(Code::SecondFactorNeeded.into());
        };
        let (_, service_account) = self.all_services(visitor, first).await?;
        let data = to_raw_value(&Data { service_account }).map_err(|_| Code::Internal)?;
        Ok(Reply {
            data: Some(data),
            note: None,
        })
    }

    /// The services of this page and of all that follow it.
    pub(super) async fn all_services(
        &self,
        mut visitor: Visitor,
        first: Page,
    ) -> Result<(Visitor, Vec<ServiceAccount>), Stopped> {
        let pages_max = self.hooks.services.pages_max;
        let (mut services, mut seen, mut page) = (Vec::new(), HashSet::new(), first);
        for _ in 0..pages_max {
            let read = self.read_services(&page.parsed())?;
            services.extend(read.services);
            let Some(next) = read.next else {
                return Ok((visitor, services));
            };
            if !seen.insert(next.clone()) {
                return Err(Code::UnknownPage.into());
            }
            page = visitor.open(&next).await?;
        }
        Err(SiteError::TooManyPages { pages_max }.into())
    }

    fn read_services(&self, page: &Parsed<'_>) -> Result<ServicesPage, Stopped> {
        const WHAT: &str = "the registered services";
        let hooks = &self.hooks.services;
        match self.hooks.pages.recognise(page) {
            Some(Known::Services) => {}
            Some(Known::Login) => return Err(Stopped::Expired),
            shown => return Err(self.instead(page, shown, WHAT)),
        }
        let rows = page.all(&hooks.row.0);
        // Either services or the words that there are none: an empty table is neither.
        if page.has(&hooks.table.0) == page.has(&hooks.none.0) || page.has(&hooks.table.0) == rows.is_empty()
        {
            return Err(Stopped::with_page(page, Code::UnknownPage, WHAT));
        }
        let services = rows.into_iter().map(|row| self.read_service(page, row));
        let next = match page.all(&hooks.next.0).as_slice() {
            [] => None,
            [next] => Some(
                page.link(*next)
                    .map_err(|error| Stopped::at(page, &error, WHAT))?,
            ),
            _ => {
                return Err(Stopped::with_page(
                    page,
                    Code::UnknownPage,
                    "one link to the next page",
                ));
            }
        };
        Ok(ServicesPage {
            services: services.collect::<Result<_, _>>()?,
            next: next.map(String::from),
        })
    }

    fn read_service(&self, page: &Parsed<'_>, row: ElementRef<'_>) -> Result<ServiceAccount, Stopped> {
        let hooks = &self.hooks.services;
        let cell = |css: &Css, what, chars_max| {
            let element = one_in(row, &css.0, what).map_err(|error| Stopped::at(page, &error, what))?;
            match text_of(element) {
                text if text.is_empty() => Err(Stopped::with_page(page, Code::DataMissing, what)),
                text if text.chars().count() > chars_max => {
                    Err(Stopped::with_page(page, Code::DataUnfit, what))
                }
                text => Ok(text),
            }
        };
        Ok(ServiceAccount {
            company_name: cell(&hooks.company, "a service's company", NAME_CHARS_MAX)?,
            service_type: cell(&hooks.kind, "a service's kind", NAME_CHARS_MAX)?,
            client_identifier: cell(&hooks.identifier, "a service's identifier", IDENTIFIER_CHARS_MAX)?,
        })
    }
}
