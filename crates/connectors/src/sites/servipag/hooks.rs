//! Servipag's site file, read: see `servipag.com.toml` for what each key means.

use ayni_domain::company::normalised;
use ayni_domain::operation::code::Code;
use serde::Deserialize;

use super::companies::CompanyRow;
use crate::data::declaration::VisitLimits;
use crate::session::page::Parsed;
use crate::session::visitor::SiteDriver;
use crate::sites::Css;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Hooks {
    pub(super) base_url: Option<String>,
    #[serde(default)]
    pub(super) driver: SiteDriver,
    pub(super) pages: Pages,
    pub(super) home: Home,
    pub(super) company: Company,
    pub(super) debt: Debt,
    pub(super) no_debt: NoDebt,
    pub(super) login: Login,
    pub(super) code: SecondFactor,
    pub(super) services: Services,
    pub(super) message: Message,
    #[serde(default)]
    pub(super) limits: VisitLimits,
    pub(super) companies: Vec<CompanyRow>,
}

/// The pages that this connector knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Known {
    Home,
    Company,
    Debt,
    NoDebt,
    Login,
    Code,
    Services,
    Expired,
    Maintenance,
    NotPublished,
    Message,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pages {
    home: Css,
    company: Css,
    debt: Css,
    no_debt: Css,
    login: Css,
    code: Css,
    services: Css,
    expired: Css,
    maintenance: Css,
    not_published: Css,
    message: Css,
}

impl Pages {
    /// Which page it is; none, or more than one, is no page that we know. Only maintenance has other statuses than 200.
    pub(super) fn recognise(&self, page: &Parsed<'_>) -> Option<Known> {
        let all = [
            (&self.home, Known::Home),
            (&self.company, Known::Company),
            (&self.debt, Known::Debt),
            (&self.no_debt, Known::NoDebt),
            (&self.login, Known::Login),
            (&self.code, Known::Code),
            (&self.services, Known::Services),
            (&self.expired, Known::Expired),
            (&self.maintenance, Known::Maintenance),
            (&self.not_published, Known::NotPublished),
            (&self.message, Known::Message),
        ];
        let mut fitting = all.iter().filter(|(css, _)| page.has(&css.0));
        match (fitting.next(), fitting.next()) {
            (Some((_, Known::Maintenance)), None) => Some(Known::Maintenance),
            (Some((_, known)), None) if page.status() == 200 => Some(*known),
            _ => None,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Home {
    pub(super) path: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Company {
    pub(super) path: String,
    pub(super) form: Css,
    pub(super) identifier: String,
    pub(super) problem: Css,
    pub(super) problems: Vec<Meaning>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Debt {
    pub(super) company: Css,
    pub(super) client: Css,
    pub(super) row: Css,
    pub(super) due: Css,
    pub(super) amount: Css,
    pub(super) total: Css,
    pub(super) loading: Css,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoDebt {
    pub(super) company: Css,
    pub(super) client: Css,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Login {
    pub(super) path: String,
    pub(super) form: Css,
    pub(super) username: String,
    pub(super) password: String,
    pub(super) problem: Css,
    pub(super) ended: Css,
    pub(super) problems: Vec<Meaning>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SecondFactor {
    pub(super) form: Css,
    pub(super) code: String,
    pub(super) problem: Css,
    pub(super) prompt: Css,
    pub(super) remember: String,
    pub(super) remember_value: String,
    pub(super) device_cookie: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Services {
    pub(super) pages_max: u32,
    pub(super) table: Css,
    pub(super) none: Css,
    pub(super) row: Css,
    pub(super) company: Css,
    pub(super) kind: Css,
    pub(super) identifier: Css,
    pub(super) next: Css,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Message {
    pub(super) text: Css,
}

/// What words of the site's mean.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Meaning {
    text: String,
    code: Code,
}

/// What a text of the site's means, if it has words that the file knows.
pub(super) fn meaning(known: &[Meaning], text: &str) -> Option<Code> {
    let text = normalised(text);
    let said = |meaning: &&Meaning| {
        let words = normalised(&meaning.text);
        !words.is_empty() && text.contains(&words)
    };
    known.iter().find(said).map(|meaning| meaning.code)
}
