//! The form of a link: what people type becomes the JSON that the rules read, and back.

use std::collections::BTreeMap;

use ayni_domain::currency::Currency;
use ayni_domain::lang::Lang;
use ayni_domain::payment_link::terms::{Price, Terms};
use ayni_domain::payment_link::typed;
use ayni_domain::violation::Violation;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::http::pages::Form;
use crate::texts::console::links::{GROUPS, Texts};

/// A part of the form.
pub(super) struct Group {
    pub(super) legend: &'static str,
    pub(super) hint: &'static str,
    pub(super) fields: Vec<Field>,
}

/// One field as it is shown.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
    /// `text`, `number`, `url`, `datetime-local`, `area`, `check` or `currency`.
    pub(super) kind: &'static str,
    pub(super) value: String,
    pub(super) problem: Option<String>,
    pub(super) is_required: bool,
}

impl Field {
    /// Whether a box is ticked.
    pub(super) fn is_checked(&self) -> bool {
        self.value == "yes"
    }
}

/// What was typed, or what a link asks now.
pub(super) type Typed = BTreeMap<&'static str, String>;

/// The fields of a form that was sent.
pub(super) fn typed(form: &Form) -> Typed {
    let names = GROUPS.iter().flat_map(|(_, fields)| fields.iter());
    names
        .map(|(name, _)| (*name, form.text(name).to_owned()))
        .collect()
}

/// The fields of a link as it is.
pub(super) fn of_terms(terms: &Terms) -> Typed {
    let mut typed = Typed::new();
    let mut put = |name, value: Option<String>| typed.insert(name, value.unwrap_or_default());
    match terms.price {
        Price::Fixed { unit, quantity_max } => {
            put("amount", Some(unit.plain()));
            put(
                "quantity_max",
                (quantity_max > 1).then(|| quantity_max.to_string()),
            );
        }
        Price::Free { minimum, maximum } => {
            put("minimum_amount", Some(minimum.plain()));
            put("maximum_amount", Some(maximum.plain()));
        }
    }
    let check = |is_set: bool| is_set.then(|| "yes".to_owned());
    put("currency", Some(terms.currency.code().to_owned()));
    put("subject", Some(terms.subject.clone()));
    put("body", terms.body.clone());
    put("asks_payer_name", check(terms.asks_name));
    put("asks_payer_email", check(terms.asks_email));
    let local = terms.expires_at.map(|end| end.to_zoned(chile()).datetime());
    put(
        "expires_date",
        local.map(|local| local.strftime("%Y-%m-%dT%H:%M").to_string()),
    );
    put("uses_max", terms.uses_max.map(|most| most.to_string()));
    put("return_url", terms.return_url.clone());
    put("cancel_url", terms.cancel_url.clone());
    put("notify_url", terms.notify_url.clone());
    put("psp_client_merchant_name", terms.psp_client_merchant_name.clone());
    typed
}

/// The JSON that the rules read. Amounts are read as people of the language write them, the last day is Chile's; what
/// can't be read is passed on for the rules to refuse.
pub(super) fn json(typed: &Typed, lang: Lang) -> Vec<u8> {
    let currency = typed
        .get("currency")
        .and_then(|code| code.parse().ok())
        .unwrap_or(Currency::Clp);
    let mut body = Map::new();
    for (name, text) in typed {
        let value = match *name {
            "asks_payer_name" | "asks_payer_email" => Value::from(text == "yes"),
            _ if text.is_empty() => continue,
            "amount" | "minimum_amount" | "maximum_amount" => match typed::amount(text, currency, lang) {
                Ok(amount) => Value::from(amount.plain()),
                Err(_) => Value::from(text.as_str()),
            },
            "expires_date" => Value::from(instant(text).unwrap_or_else(|| text.clone())),
            _ => Value::from(text.as_str()),
        };
        body.insert((*name).to_owned(), value);
    }
    Value::Object(body).to_string().into_bytes()
}

/// The form with what was typed and what is wrong with it.
pub(super) fn groups(typed: &Typed, problems: &[Violation], lang: Lang, is_psp: bool) -> Vec<Group> {
    let t = Texts::of(lang);
    let field = |(name, kind): &(&'static str, &'static str)| {
        let (label, hint) = t.field(name);
        let wrong = problems.iter().find(|problem| problem.field == *name);
        Field {
            name,
            label,
            hint,
            kind,
            value: typed.get(name).cloned().unwrap_or_default(),
            problem: wrong.map(|problem| problem.problem.text(lang)),
            is_required: matches!(*name, "subject"),
        }
    };
    let group = |(name, fields): &(&'static str, &[(&'static str, &'static str)])| {
        let (legend, hint) = t.group(name);
        let asked = fields
            .iter()
            .filter(|(name, _)| is_psp || *name != "psp_client_merchant_name");
        Group {
            legend,
            hint,
            fields: asked.map(field).collect(),
        }
    };
    GROUPS.iter().map(group).collect()
}

fn instant(text: &str) -> Option<String> {
    let local: DateTime = text.parse().ok()?;
    Some(local.to_zoned(chile()).ok()?.timestamp().to_string())
}

fn chile() -> TimeZone {
    TimeZone::get("America/Santiago").unwrap_or(TimeZone::UTC)
}
