//! What every page of a payment shows: frame and summary.

use askama::Template;
use axum::http::StatusCode;
use ayni_domain::currency::Currency;
use ayni_domain::lang::Lang;
use ayni_domain::money::Amount;
use ayni_domain::payment::state::State;
use ayni_domain::time::wire;

use url::form_urlencoded;

use super::assets;
use super::stop::Stop;
use super::viewed::Viewed;
use super::visitor::{Answer, Visitor};
use crate::texts::dates;
use crate::texts::pages::Common;

/// Everything around a page's own work.
pub(crate) struct Frame {
    pub(crate) lang: Lang,
    /// The page's name for tests and scripts.
    pub(crate) page: &'static str,
    pub(crate) title: String,
    pub(crate) common: &'static Common,
    pub(crate) live: Option<Live>,
    /// This page in the other language.
    pub(crate) other_language: Option<String>,
    pub(crate) summary: Option<Summary>,
}

/// How a page follows the payment's status.
pub(crate) struct Live {
    /// Where the events come from.
    pub(crate) events: String,
    /// The status that this page shows.
    pub(crate) mark: String,
    /// Whether there is nothing to do here but to wait: reloads itself without scripts.
    pub(crate) waits: bool,
}

/// The payment, as anyone with its address may see it.
pub(crate) struct Summary {
    pub(crate) id: String,
    pub(crate) amount: String,
    pub(crate) pesos: Option<String>,
    pub(crate) pesos_are_fixed: bool,
    pub(crate) payee: String,
    /// Through whom the payee collects.
    pub(crate) providers: Option<String>,
    pub(crate) subject: String,
    pub(crate) body: Option<String>,
    pub(crate) picture: Option<String>,
    pub(crate) expires: String,
    pub(crate) expires_machine: String,
    pub(crate) has_expired: bool,
    /// Whether there is something to pay still.
    pub(crate) is_open: bool,
}

impl Frame {
    /// The frame of a payment's page; it follows the status unless it is a form that must not vanish under the payer.
    pub(super) fn of(visitor: &Visitor, viewed: &Viewed, page: &'static str, title: &str) -> Frame {
        Frame {
            summary: Some(Summary::of(visitor, viewed)),
            other_language: Some(other_language(visitor)),
            ..Frame::alone(visitor.lang, page, title)
        }
    }

    /// The frame of a page that shows no payment.
    pub(crate) fn alone(lang: Lang, page: &'static str, title: &str) -> Frame {
        Frame {
            lang,
            page,
            title: title.to_owned(),
            common: Common::of(lang),
            live: None,
            other_language: None,
            summary: None,
        }
    }

    /// With the address of the same page in the other language.
    pub(crate) fn in_other_language(mut self, href: String) -> Frame {
        self.other_language = Some(href);
        self
    }

    /// Follows the payment's status.
    pub(super) fn live(mut self, visitor: &Visitor, viewed: &Viewed, waits: bool) -> Frame {
        self.live = Some(Live {
            events: visitor.to("events"),
            mark: viewed.mark(),
            waits,
        });
        self
    }

    /// The address of a file of ours.
    pub(crate) fn asset(&self, name: &str) -> String {
        assets::href(name)
    }

    /// The language of the header's link.
    pub(crate) fn other_lang(&self) -> Lang {
        self.lang.pick(Lang::En, Lang::Es)
    }
}

impl Summary {
    fn of(visitor: &Visitor, viewed: &Viewed) -> Summary {
        let (payment, lang) = (&viewed.payment, visitor.lang);
        let fixed = viewed
            .own
            .as_ref()
            .filter(|own| own.currency != payment.currency)
            .map(|own| own.amount);
        let pesos = match payment.currency {
            Currency::Clf => fixed.or_else(|| viewed.to_transfer(&visitor.app)),
            _ => None,
        };
        let picture = viewed.has_picture.then(|| visitor.to("picture"));
        Summary {
            id: payment.id.to_string(),
            amount: shown(payment.amount, payment.currency, lang),
            pesos: pesos.map(|pesos| shown(pesos, Currency::Clp, lang)),
            pesos_are_fixed: fixed.is_some(),
            payee: viewed.payee.clone(),
            providers: Some(viewed.providers.join(" → ")).filter(|names| !names.is_empty()),
            subject: payment.subject.clone(),
            body: payment.details.body.clone(),
            picture,
            expires: dates::shown(payment.expires_at, lang),
            expires_machine: wire(payment.expires_at),
            has_expired: viewed.now > payment.expires_at,
            is_open: payment.state == State::Pending,
        }
    }
}

/// An amount that does not break between its symbol and its digits.
pub(super) fn shown(amount: Amount, currency: Currency, lang: Lang) -> String {
    amount.shown(currency, lang).replace(' ', "\u{a0}")
}

/// A filled-in template as an answer.
pub(super) fn render(status: StatusCode, template: &impl Template) -> Result<Answer, Stop> {
    Ok(Answer::Page(status, template.render()?))
}

/// The same page in the other language. A page that answers a form is shown again by the address of the form's page.
fn other_language(visitor: &Visitor) -> String {
    let lang = visitor.lang.pick(Lang::En, Lang::Es);
    let page = visitor.path.split('/').nth(2).unwrap_or("info");
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(visitor.query.iter().filter(|(name, _)| *name != "lang"));
    let query = query.append_pair("lang", lang.tag()).finish();
    format!("{}?{query}", visitor.to(page))
}
