//! A request's fields as raw JSON text, because an amount must be read from its digits and a wrong type must be told.
//!
//! Each body names its fields in an enum ([`FieldName`]), in the order of its documentation; `reading` reads
//! them one by one.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use thiserror::Error;

use crate::lang::Lang;

/// The fields of one kind of body, in the order of its documentation.
pub trait FieldName: Copy {
    /// Their names on the wire; at most [`FIELDS_MAX`].
    const NAMES: &'static [&'static str];

    /// Where it stands among [`FieldName::NAMES`].
    fn place(self) -> usize;

    /// Its name on the wire.
    fn name(self) -> &'static str {
        Self::NAMES[self.place()]
    }
}

/// Where a field stands in the documentation, for the order of violations.
pub fn place_of<F: FieldName>(name: &str) -> usize {
    let known = F::NAMES.iter().position(|known| *known == name);
    known.unwrap_or(F::NAMES.len())
}

/// The fields of one request; of a name that occurs twice, the last one.
#[derive(Clone, Debug)]
pub struct Fields<'a, F> {
    raw: [Option<&'a RawValue>; FIELDS_MAX],
    names: PhantomData<F>,
}

/// No body has more fields than this.
pub const FIELDS_MAX: usize = 32;

/// Why a body has no fields.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotJson {
    /// Its bytes are not UTF-8.
    #[error("the body is not UTF-8")]
    Encoding,
    /// It is JSON, but no object.
    #[error("the body is not a JSON object")]
    NotAnObject,
    /// It is no JSON; where it goes wrong, counted from 1.
    #[error("the body is not JSON (line {line}, column {column})")]
    Syntax {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
    },
}

impl<'a, F: FieldName> Fields<'a, F> {
    /// Reads a body; an empty one is taken as `{}`, unknown fields are ignored.
    pub fn from_json(body: &'a [u8]) -> Result<Fields<'a, F>, NotJson> {
        let text = std::str::from_utf8(body).map_err(|_| NotJson::Encoding)?;
        let text = text.trim_matches([' ', '\t', '\r', '\n']);
        if text.is_empty() {
            return Ok(Fields::none());
        }
        serde_json::from_str(text).map_err(|error| {
            let is_json = || serde_json::from_str::<IgnoredAny>(text).is_ok();
            if !text.starts_with('{') && is_json() {
                return NotJson::NotAnObject;
            }
            NotJson::Syntax {
                line: error.line(),
                column: error.column(),
            }
        })
    }

    /// Whether a field is there and neither `null` nor `""`.
    pub fn is_set(&self, field: F) -> bool {
        self.raw(field).is_some()
    }

    /// The text of a field, where it is a readable JSON string: to look up beforehand what the rules will ask for.
    pub fn text(&self, field: F) -> Option<String> {
        serde_json::from_str(self.raw(field)?).ok()
    }

    /// The JSON text of a field that is set.
    pub(crate) fn raw(&self, field: F) -> Option<&'a str> {
        self.raw[field.place()]
            .map(RawValue::get)
            .filter(|raw| !matches!(*raw, "null" | "\"\""))
    }

    fn none() -> Fields<'a, F> {
        const {
            assert!(
                F::NAMES.len() <= FIELDS_MAX,
                "a body has at most FIELDS_MAX fields"
            );
        };
        Fields {
            raw: [None; FIELDS_MAX],
            names: PhantomData,
        }
    }
}

impl NotJson {
    /// For the developer who reads the answer.
    pub fn text(&self, lang: Lang) -> String {
        match self {
            NotJson::Encoding => lang
                .pick("El cuerpo debe estar en UTF-8", "The body must be UTF-8")
                .into(),
            NotJson::NotAnObject => lang
                .pick(
                    "El cuerpo debe ser un objeto JSON",
                    "The body must be a JSON object",
                )
                .into(),
            NotJson::Syntax { line, column } => lang.pick(
                format!("El cuerpo no es JSON válido (línea {line}, columna {column})"),
                format!("The body is not valid JSON (line {line}, column {column})"),
            ),
        }
    }
}

impl<'de, F: FieldName> Deserialize<'de> for Fields<'de, F> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(FieldsVisitor(PhantomData))
    }
}

struct FieldsVisitor<F>(PhantomData<F>);

impl<'de, F: FieldName> Visitor<'de> for FieldsVisitor<F> {
    type Value = Fields<'de, F>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Fields::none();
        while let Some(name) = map.next_key::<Name<F>>()? {
            match fields.raw[..F::NAMES.len()].get_mut(name.place) {
                Some(value) => *value = Some(map.next_value()?),
                None => map.next_value::<IgnoredAny>().map(|_| ())?,
            }
        }
        Ok(fields)
    }
}

/// A key of the body as the place of the field that it names; beyond all places where it names none.
struct Name<F> {
    place: usize,
    names: PhantomData<F>,
}

impl<'de, F: FieldName> Deserialize<'de> for Name<F> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_identifier(NameVisitor(PhantomData))
    }
}

struct NameVisitor<F>(PhantomData<F>);

impl<F: FieldName> Visitor<'_> for NameVisitor<F> {
    type Value = Name<F>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a field's name")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Name<F>, E> {
        Ok(Name {
            place: place_of::<F>(name),
            names: PhantomData,
        })
    }
}
