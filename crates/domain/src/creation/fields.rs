//! A request's fields as raw JSON text, because an amount must be read from its digits and a wrong type must be told.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use thiserror::Error;

use crate::lang::Lang;

/// A field of `POST /v3/payments`, in the order of its documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the field of the same name")]
pub enum Field {
    Amount,
    Currency,
    Subject,
    TransactionId,
    Custom,
    Body,
    BankId,
    ReturnUrl,
    CancelUrl,
    PictureUrl,
    NotifyUrl,
    ContractUrl,
    NotifyApiVersion,
    ExpiresDate,
    SendEmail,
    PayerName,
    PayerEmail,
    SendReminders,
    ResponsibleUserEmail,
    FixedPayerPersonalIdentifier,
    IntegratorFee,
    CollectAccountUuid,
    ConfirmTimeoutDate,
    MandatoryPaymentMethod,
    PspClientMerchantName,
}

const NAMES: [&str; 25] = [
    "amount",
    "currency",
    "subject",
    "transaction_id",
    "custom",
    "body",
    "bank_id",
    "return_url",
    "cancel_url",
    "picture_url",
    "notify_url",
    "contract_url",
    "notify_api_version",
    "expires_date",
    "send_email",
    "payer_name",
    "payer_email",
    "send_reminders",
    "responsible_user_email",
    "fixed_payer_personal_identifier",
    "integrator_fee",
    "collect_account_uuid",
    "confirm_timeout_date",
    "mandatory_payment_method",
    "psp_client_merchant_name",
];

impl Field {
    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        NAMES[self as usize]
    }
}

/// Where a field stands in the documentation, for the order of violations.
pub(super) fn place(name: &str) -> usize {
    NAMES
        .iter()
        .position(|known| *known == name)
        .unwrap_or(NAMES.len())
}

/// The fields of one request; of a name that occurs twice, the last one.
#[derive(Clone, Debug, Default)]
pub struct Fields<'a>([Option<&'a RawValue>; NAMES.len()]);

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

impl<'a> Fields<'a> {
    /// Reads a body; an empty one is taken as `{}`, unknown fields are ignored.
    pub fn from_json(body: &'a [u8]) -> Result<Fields<'a>, NotJson> {
        let text = std::str::from_utf8(body).map_err(|_| NotJson::Encoding)?;
        let text = text.trim_matches([' ', '\t', '\r', '\n']);
        if text.is_empty() {
            return Ok(Fields::default());
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
    pub fn is_set(&self, field: Field) -> bool {
        self.raw(field).is_some()
    }

    /// The text of a field, where it is a readable JSON string: to look up beforehand what the rules will ask for.
    pub fn text(&self, field: Field) -> Option<String> {
        serde_json::from_str(self.raw(field)?).ok()
    }

    /// The JSON text of a field that is set.
    pub(super) fn raw(&self, field: Field) -> Option<&'a str> {
        self.0[field as usize]
            .map(RawValue::get)
            .filter(|raw| !matches!(*raw, "null" | "\"\""))
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

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields<'de>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Fields::default();
        while let Some(Name(place)) = map.next_key()? {
            match place.and_then(|place| fields.0.get_mut(place)) {
                Some(value) => *value = Some(map.next_value()?),
                None => map.next_value::<IgnoredAny>().map(|_| ())?,
            }
        }
        Ok(fields)
    }
}

/// A key of the body as the place of the field that it names.
struct Name(Option<usize>);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_identifier(NameVisitor)
    }
}

struct NameVisitor;

impl Visitor<'_> for NameVisitor {
    type Value = Name;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a field's name")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Name, E> {
        Ok(Name(NAMES.iter().position(|known| *known == name)))
    }
}

/// The name at a place, so that tests can go through all of them.
#[cfg(test)]
pub(super) fn name_at(place: usize) -> &'static str {
    NAMES[place]
}
