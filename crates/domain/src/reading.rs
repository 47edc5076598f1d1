//! Reading single fields out of their JSON text, noting what is wrong instead of stopping at it.

use jiff::Timestamp;
use url::Url;

use crate::email;
use crate::fields::{FieldName, Fields, place_of};
use crate::money::{Amount, AmountError};
use crate::time::{self, TimeError};
use crate::violation::{Expected, Problem, Violation};

/// A request being read, and what was found wrong with it so far.
pub(crate) struct Reading<'f, F> {
    fields: &'f Fields<'f, F>,
    violations: Vec<Violation>,
}

impl<'f, F: FieldName> Reading<'f, F> {
    pub(crate) fn of(fields: &'f Fields<'f, F>) -> Reading<'f, F> {
        Reading {
            fields,
            violations: Vec::new(),
        }
    }

    pub(crate) fn refuse(&mut self, field: F, problem: Problem) {
        self.violations.push(Violation::new(field.name(), problem));
    }

    pub(crate) fn is_set(&self, field: F) -> bool {
        self.fields.is_set(field)
    }

    pub(crate) fn text(&mut self, field: F, length_max: usize) -> Option<String> {
        let raw = self.fields.raw(field)?;
        if !raw.starts_with('"') {
            self.refuse(field, Problem::WrongType(Expected::Text));
            return None;
        }
        let Ok(text) = serde_json::from_str::<String>(raw) else {
            self.refuse(field, Problem::UnreadableText);
            return None;
        };
        if text.contains('\0') {
            self.refuse(field, Problem::UnreadableText);
            return None;
        }
        if text.len() > length_max && text.chars().count() > length_max {
            self.refuse(field, Problem::TooLong(length_max));
            return None;
        }
        Some(text)
    }

    pub(crate) fn required_text(&mut self, field: F, length_max: usize) -> Option<String> {
        if !self.is_set(field) {
            self.refuse(field, Problem::Required);
        }
        self.text(field, length_max)
    }

    /// A text of at least and at most so many characters.
    pub(crate) fn required_between(&mut self, field: F, min: usize, max: usize) -> Option<String> {
        let text = self.required_text(field, max)?;
        self.accepted(field, text, |text| {
            (text.chars().count() < min).then_some(Problem::TooShort(min))
        })
    }

    pub(crate) fn required_email(&mut self, field: F) -> Option<String> {
        if !self.is_set(field) {
            self.refuse(field, Problem::Required);
        }
        self.email(field)
    }

    pub(crate) fn flag(&mut self, field: F) -> bool {
        match self.fields.raw(field) {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => {
                self.refuse(field, Problem::WrongType(Expected::Flag));
                false
            }
        }
    }

    /// A JSON number, with an exponent or without, or a string with a number.
    pub(crate) fn required_amount(&mut self, field: F) -> Option<Amount> {
        if !self.is_set(field) {
            self.refuse(field, Problem::Required);
        }
        self.amount(field)
    }

    /// The same, where it may be left out.
    pub(crate) fn amount(&mut self, field: F) -> Option<Amount> {
        let raw = self.fields.raw(field)?;
        let parsed = match raw.as_bytes() {
            [b'"', ..] => {
                let text = serde_json::from_str::<String>(raw).unwrap_or_default();
                Amount::parse(&text, false)
            }
            [b'-' | b'0'..=b'9', ..] => Amount::parse(raw, true),
            _ => {
                self.refuse(field, Problem::WrongType(Expected::Number));
                return None;
            }
        };
        self.taken(field, parsed)
    }

    /// A whole number between these, or a string with one.
    pub(crate) fn whole(&mut self, field: F, min: i64, max: i64) -> Option<i64> {
        let raw = self.fields.raw(field)?;
        let read = raw.trim_matches('"').parse().ok();
        let number = read.filter(|number| (min..=max).contains(number));
        if number.is_none() {
            self.refuse(field, Problem::OutOfRange(min, max));
        }
        number
    }

    /// A string with a number.
    pub(crate) fn amount_in_text(&mut self, field: F, length_max: usize) -> Option<Amount> {
        let text = self.text(field, length_max)?;
        self.taken(field, Amount::parse(&text, false))
    }

    pub(crate) fn instant(&mut self, field: F, length_max: usize) -> Option<Timestamp> {
        let text = self.text(field, length_max)?;
        match time::parse(&text) {
            Ok(instant) => Some(instant),
            Err(TimeError::NoOffset) => {
                self.refuse(field, Problem::NoOffset);
                None
            }
            Err(TimeError::Shape) => {
                self.refuse(field, Problem::BadInstant);
                None
            }
        }
    }

    /// An absolute http or https URL.
    pub(crate) fn url(&mut self, field: F) -> Option<String> {
        let url = self.text(field, URL_LENGTH_MAX)?;
        self.accepted(field, url, |url| {
            (!is_absolute_http(url)).then(|| Problem::BadUrl(url.clone()))
        })
    }

    /// A URL that the gateway itself connects to, where the outgoing-address policy lets it.
    pub(crate) fn called_url(&mut self, field: F, may_call: &dyn Fn(&str) -> bool) -> Option<String> {
        let url = self.url(field)?;
        self.accepted(field, url, |url| {
            (!may_call(url)).then(|| Problem::AddressRefused(url.clone()))
        })
    }

    /// An e-mail address.
    pub(crate) fn email(&mut self, field: F) -> Option<String> {
        let address = self.text(field, TEXT_LENGTH_MAX)?;
        self.accepted(field, address, |address| {
            (!email::is_valid(address)).then_some(Problem::BadEmail)
        })
    }

    /// The value, unless something is wrong with it.
    pub(crate) fn accepted<T>(
        &mut self,
        field: F,
        value: T,
        wrong: impl FnOnce(&T) -> Option<Problem>,
    ) -> Option<T> {
        match wrong(&value) {
            Some(problem) => {
                self.refuse(field, problem);
                None
            }
            None => Some(value),
        }
    }

    /// What was found wrong, in the documentation's order.
    pub(crate) fn into_violations(mut self) -> Vec<Violation> {
        self.violations
            .sort_by_key(|violation| place_of::<F>(violation.field));
        self.violations
    }

    fn taken(&mut self, field: F, parsed: Result<Amount, AmountError>) -> Option<Amount> {
        let problem = match parsed {
            Ok(amount) => return Some(amount),
            Err(AmountError::Shape) => Problem::NotANumber,
            Err(AmountError::TooManyDecimals) => Problem::TooManyDecimals,
            Err(AmountError::TooLarge) => Problem::TooLarge(Amount::MAX),
        };
        self.refuse(field, problem);
        None
    }
}

/// Whether it is written in full, with a host and without blanks: a browser's leniency would let other texts pass.
fn is_absolute_http(text: &str) -> bool {
    let (scheme, rest) = text.split_once("://").unwrap_or_default();
    let is_http = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let is_plain = !text
        .chars()
        .any(|c| c.is_whitespace() || c.is_control() || c == '\\');
    let has_host = !rest.starts_with('/') && Url::parse(text).is_ok_and(|url| url.has_host());
    is_http && is_plain && has_host
}

/// Characters of a field that says nothing else.
pub(crate) const TEXT_LENGTH_MAX: usize = 255;
const URL_LENGTH_MAX: usize = 1024;
