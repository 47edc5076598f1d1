//! Reading single fields out of their JSON text, noting what is wrong instead of stopping at it.

use jiff::Timestamp;

use crate::creation::fields::{Field, Fields, place};
use crate::money::{Amount, AmountError};
use crate::time::{self, TimeError};
use crate::violation::{Expected, Problem, Violation};

/// A request being read, and what was found wrong with it so far.
pub(super) struct Reading<'f> {
    fields: &'f Fields<'f>,
    violations: Vec<Violation>,
}

impl<'f> Reading<'f> {
    pub(super) fn of(fields: &'f Fields<'f>) -> Reading<'f> {
        Reading {
            fields,
            violations: Vec::new(),
        }
    }

    pub(super) fn refuse(&mut self, field: Field, problem: Problem) {
        self.violations.push(Violation::new(field.name(), problem));
    }

    pub(super) fn is_set(&self, field: Field) -> bool {
        self.fields.is_set(field)
    }

    pub(super) fn text(&mut self, field: Field, length_max: usize) -> Option<String> {
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

    pub(super) fn required_text(&mut self, field: Field, length_max: usize) -> Option<String> {
        if !self.is_set(field) {
            self.refuse(field, Problem::Required);
        }
        self.text(field, length_max)
    }

    pub(super) fn flag(&mut self, field: Field) -> bool {
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
    pub(super) fn required_amount(&mut self, field: Field) -> Option<Amount> {
        let Some(raw) = self.fields.raw(field) else {
            self.refuse(field, Problem::Required);
            return None;
        };
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

    /// A string with a number.
    pub(super) fn amount_in_text(&mut self, field: Field, length_max: usize) -> Option<Amount> {
        let text = self.text(field, length_max)?;
        self.taken(field, Amount::parse(&text, false))
    }

    pub(super) fn instant(&mut self, field: Field, length_max: usize) -> Option<Timestamp> {
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

    /// What was found wrong, in the documentation's order.
    pub(super) fn into_violations(mut self) -> Vec<Violation> {
        self.violations.sort_by_key(|violation| place(violation.field));
        self.violations
    }

    fn taken(&mut self, field: Field, parsed: Result<Amount, AmountError>) -> Option<Amount> {
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
