//! The fields of the form, and the body of the API that they become.

use ayni_domain::currency::Currency;
use ayni_domain::lang::Lang;
use ayni_domain::violation::Violation;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::http::pages::Form;
use crate::texts::console::acts::Creating;

/// How a field is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One line; the word is the input's type.
    Line(&'static str),
    /// Several lines.
    Area,
    /// One of the currencies.
    Currency,
    /// Yes or no.
    Tick,
}

/// A field as it is shown.
pub(super) struct FieldView {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
    pub(super) length_max: usize,
    pub(super) is_required: bool,
    pub(super) value: String,
    pub(super) problem: Option<String>,
    pub(super) choices: Vec<&'static str>,
}

/// The fields that the form has, named as the API names them.
pub(super) const NAMES: [&str; 13] = [
    "amount",
    "currency",
    "subject",
    "body",
    "transaction_id",
    "expires_date",
    "payer_name",
    "payer_email",
    "send_email",
    "send_reminders",
    "fixed_payer_personal_identifier",
    "notify_url",
    "return_url",
];

/// The form with what was typed, and what is wrong with it.
pub(super) fn views(t: &Creating, form: &Form, violations: &[Violation], lang: Lang) -> Vec<FieldView> {
    let described = [
        (Kind::Line("text"), t.amount, t.amount_hint, 20),
        (Kind::Currency, t.currency, "", 3),
        (Kind::Line("text"), t.subject, t.subject_hint, 255),
        (Kind::Area, t.body, t.body_hint, 5120),
        (Kind::Line("text"), t.transaction_id, t.transaction_id_hint, 255),
        (Kind::Line("datetime-local"), t.expires, t.expires_hint, 40),
        (Kind::Line("text"), t.payer_name, "", 255),
        (Kind::Line("email"), t.payer_email, t.payer_email_hint, 255),
        (Kind::Tick, t.send_email, t.send_email_hint, 0),
        (Kind::Tick, t.send_reminders, t.send_reminders_hint, 0),
        (Kind::Line("text"), t.fixed_payer, t.fixed_payer_hint, 255),
        (Kind::Line("url"), t.notify_url, t.notify_url_hint, 1024),
        (Kind::Line("url"), t.return_url, t.return_url_hint, 1024),
    ];
    let named = NAMES.into_iter().zip(described);
    let view = |(name, (kind, label, hint, length_max))| {
        let problems: Vec<String> = violations
            .iter()
            .filter(|violation| violation.field == name)
            .map(|violation| violation.problem.text(lang))
            .collect();
        FieldView {
            name,
            kind,
            label,
            hint,
            length_max,
            is_required: matches!(name, "amount" | "currency" | "subject"),
            value: form.text(name).to_owned(),
            problem: (!problems.is_empty()).then(|| problems.join(". ")),
            choices: match kind {
                Kind::Currency => Currency::ALL.into_iter().map(Currency::code).collect(),
                _ => Vec::new(),
            },
        }
    };
    named.map(view).collect()
}

impl FieldView {
    /// What an input's `type` says.
    pub(super) fn line(&self) -> &'static str {
        match self.kind {
            Kind::Line(word) => word,
            _ => "text",
        }
    }

    /// The elements that describe it to who can't see it.
    pub(super) fn described_by(&self) -> String {
        let mut ids = Vec::new();
        if !self.hint.is_empty() {
            ids.push(format!("{}-hint", self.name));
        }
        if self.problem.is_some() {
            ids.push(format!("{}-problem", self.name));
        }
        ids.join(" ")
    }

    /// Whether a tick is set.
    pub(super) fn is_ticked(&self) -> bool {
        self.value == "on"
    }
}

/// The body of `POST /v3/payments`: what was left empty is left out.
pub(super) fn body(form: &Form) -> Value {
    let mut body = Map::new();
    for name in NAMES {
        let text = form.text(name);
        let value = match name {
            "send_email" | "send_reminders" => Value::Bool(text == "on"),
            _ if text.is_empty() => continue,
            "amount" => Value::from(amount(text, form.text("currency"))),
            "expires_date" => Value::from(instant(text)),
            _ => Value::from(text),
        };
        body.insert(name.to_owned(), value);
    }
    Value::Object(body)
}

/// An amount as people in Chile write it, `1.500` or `1.500,50`, as the API reads it. Where the currency could have three
/// decimals a dot stays what it is.
pub(in super::super) fn amount(text: &str, currency: &str) -> String {
    let decimals = currency.parse().map_or(0, Currency::decimals);
    let text: String = text
        .chars()
        .filter(|letter| !matches!(letter, ' ' | '$' | '\u{a0}'))
        .collect();
    let (whole, part) = match text.split_once(',') {
        Some((whole, part)) => (whole, Some(part)),
        None => (text.as_str(), None),
    };
    let mut groups = whole.split('.');
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    let is_grouped = !rest.is_empty()
        && (1..=3).contains(&first.len())
        && rest.iter().all(|group| group.len() == 3)
        && (decimals < 3 || part.is_some());
    match (is_grouped, part) {
        (true, Some(part)) => format!("{first}{}.{part}", rest.concat()),
        (true, None) => format!("{first}{}", rest.concat()),
        (false, Some(part)) if rest.is_empty() && !part.contains('.') => format!("{whole}.{part}"),
        _ => text,
    }
}

/// A date and time in Chile, as browsers send them, with its offset. What is none is left for the rules to refuse.
fn instant(text: &str) -> String {
    let at = text.parse::<DateTime>().ok();
    let zone = TimeZone::get(CHILE).ok();
    let at = at.zip(zone).and_then(|(at, zone)| at.to_zoned(zone).ok());
    at.map_or_else(|| text.to_owned(), |at| at.timestamp().to_string())
}

const CHILE: &str = "America/Santiago";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_as_it_is_written_in_chile_and_never_as_a_thousandth_of_it() {
        for (typed, currency, sent) in [
            ("1000", "CLP", "1000"),
            ("1.000", "CLP", "1000"),
            ("$ 1.234.567", "CLP", "1234567"),
            ("1.000", "USD", "1000"),
            ("1.000,50", "USD", "1000.50"),
            ("10,5", "USD", "10.5"),
            ("10.5", "USD", "10.5"),
            ("1.500", "CLF", "1.500"),
            ("1.500,25", "CLF", "1500.25"),
            ("1,000.50", "USD", "1,000.50"),
            ("mil", "CLP", "mil"),
        ] {
            assert_eq!(amount(typed, currency), sent, "{typed} {currency}");
        }
    }

    #[test]
    fn a_date_without_offset_is_one_in_chile() {
        assert_eq!(instant("2026-03-02T12:00"), "2026-03-02T15:00:00Z");
        assert_eq!(instant("2026-07-02T12:00"), "2026-07-02T16:00:00Z");
        assert_eq!(instant("mañana"), "mañana");
    }

    #[test]
    fn what_is_empty_is_left_out_of_the_body() {
        let form = Form::read(b"amount=1.500&currency=CLP&subject=Pan&payer_email=&send_email=on&csrf=x");
        assert_eq!(
            body(&form),
            serde_json::json!({"amount": "1500", "currency": "CLP", "subject": "Pan", "send_email": true, "send_reminders": false})
        );
    }
}
