//! What is wrong with a request, field by field, said so completely that the developer need not look anything up.

mod code;

use crate::currency::Currency;
use crate::lang::Lang;
use crate::money::Amount;
use crate::refund::objection::Objection;
use crate::settlement::NotConfirmable;

/// One entry of `errors`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The field of the wire.
    pub field: &'static str,
    /// What is wrong with it.
    pub problem: Problem,
}

/// The JSON type that a field should have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A string.
    Text,
    /// `true` or `false`.
    Flag,
    /// A number, or a string with one.
    Number,
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It is not there, or empty.
    Required,
    /// It is not there, and another field needs it.
    RequiredWith(&'static str),
    /// It is of another JSON type.
    WrongType(Expected),
    /// It has characters that can't be stored: NUL, or half of a surrogate pair.
    UnreadableText,
    /// It has more characters than that.
    TooLong(usize),
    /// It has fewer characters than that.
    TooShort(usize),
    /// It is none of these.
    NotOneOf(Vec<&'static str>),
    /// It is not a decimal number.
    NotANumber,
    /// It is zero or below.
    NotPositive,
    /// It is below zero.
    Negative,
    /// It is above this.
    TooLarge(Amount),
    /// It is below this.
    TooSmall(Amount),
    /// So many of the unit price are together more than this.
    TooManyOf(Amount),
    /// It can't be used together with this other field.
    NotWith(&'static str),
    /// It has more than four decimals.
    TooManyDecimals,
    /// It has more decimals than this currency.
    TooManyDecimalsFor(Currency),
    /// It is not a whole number between these.
    OutOfRange(i64, i64),
    /// It is no absolute http or https URL.
    BadUrl(String),
    /// It is a URL that the outgoing-address policy does not let us call.
    AddressRefused(String),
    /// There is no PDF of a permitted size to be had at this URL.
    ContractUnreadable(String),
    /// It is no e-mail address.
    BadEmail,
    /// It is no RUT, or its check digit is wrong.
    NotARut,
    /// It is no bank account's number.
    NotAnAccountNumber,
    /// It is no ISO 8601 instant.
    BadInstant,
    /// It is an instant without an offset from UTC.
    NoOffset,
    /// It is not in the future.
    NotInTheFuture,
    /// There is no such bank.
    UnknownBank,
    /// The account has no collecting account in this currency.
    NotCollectedIn(Currency),
    /// The account has no such collecting account.
    UnknownCollectingAccount,
    /// The collecting account is in this other currency.
    CollectingAccountIsIn(Currency),
    /// No user of the account who may collect has this address.
    NotACollectingUser,
    /// The account may not use this field.
    NotGranted,
    /// The account has no integrator.
    NoIntegrator,
    /// It is more than the payment's amount.
    AboveTheAmount,
    /// With the account's fee it is more than the payment's amount.
    NoRoomBesideTheFee,
    /// One of the names between `->` is empty.
    EmptyName,
    /// It is against a refund.
    Refund(Objection),
    /// The payment is not pending; the value is its `status`.
    NotDeletable(&'static str),
    /// The payment can't be confirmed.
    NotConfirmable(NotConfirmable),
    /// It is not a cursor that a list gave.
    BadCursor,
    /// It is no text of 1 to 255 characters.
    BadIdempotencyKey,
}

impl Violation {
    /// This problem of this field.
    pub fn new(field: &'static str, problem: Problem) -> Violation {
        Violation { field, problem }
    }
}

impl Problem {
    /// For the developer who reads the answer.
    pub fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::Es => self.spanish(),
            Lang::En => self.english(),
        }
    }

    fn spanish(&self) -> String {
        match self {
            Problem::Required => "Este campo es obligatorio".into(),
            Problem::RequiredWith(other) => format!("Este campo es obligatorio cuando se usa {other}"),
            Problem::WrongType(expected) => expected.text(Lang::Es).into(),
            Problem::UnreadableText => "Contiene caracteres no permitidos".into(),
            Problem::TooLong(max) => format!("Debe tener como máximo {max} caracteres"),
            Problem::TooShort(min) => format!("Debe tener al menos {min} caracteres"),
            Problem::NotOneOf(values) => {
                format!("Valor no válido. Los valores posibles son: {}", values.join(", "))
            }
            Problem::NotANumber => {
                "No es un número válido: use solo dígitos, con punto como separador decimal".into()
            }
            Problem::NotPositive => "Debe ser mayor que cero".into(),
            Problem::Negative => "No puede ser negativo".into(),
            Problem::TooLarge(max) => format!("No puede ser mayor que {}", max.plain()),
            Problem::TooSmall(_) | Problem::TooManyOf(_) | Problem::NotWith(_) => self.about_price(Lang::Es),
            Problem::TooManyDecimals => "No puede tener más de 4 decimales".into(),
            Problem::TooManyDecimalsFor(currency) => too_many_decimals(*currency, Lang::Es),
            Problem::OutOfRange(min, max) => format!("Debe ser un número entero entre {min} y {max}"),
            Problem::BadUrl(url) | Problem::AddressRefused(url) | Problem::ContractUnreadable(url) => {
                format!("La URL {url} no es válida{}", self.about_url(Lang::Es))
            }
            Problem::BadEmail => "No es un correo electrónico válido".into(),
            Problem::NotARut => "No es un RUT válido: revise sus dígitos y su dígito verificador".into(),
            Problem::NotAnAccountNumber => "Use solo dígitos y guiones, 34 como máximo".into(),
            Problem::BadInstant => {
                "No es una fecha válida: use el formato ISO-8601, por ejemplo 2030-12-31T15:45:00-04:00"
                    .into()
            }
            Problem::NoOffset => {
                "A la fecha le falta la zona horaria: agregue Z o un desfase como -04:00".into()
            }
            Problem::NotInTheFuture => "La fecha debe ser futura".into(),
            Problem::UnknownBank => "El banco no existe: use un bank_id de GET /v3/banks".into(),
            Problem::NotCollectedIn(currency) => {
                format!("La cuenta de cobro no tiene una cuenta bancaria para recibir pagos en {currency}")
            }
            Problem::UnknownCollectingAccount => {
                "La cuenta de cobro no tiene una cuenta bancaria con este identificador".into()
            }
            Problem::CollectingAccountIsIn(currency) => {
                format!("Esta cuenta bancaria recibe pagos en {currency}, no en la moneda del cobro")
            }
            Problem::NotACollectingUser => {
                "No corresponde a un usuario con permisos para cobrar usando esta cuenta de cobro".into()
            }
            Problem::NotGranted => "La cuenta de cobro no está habilitada para usar este campo".into(),
            Problem::NoIntegrator => "La cuenta de cobro no tiene una cuenta de integrador asociada".into(),
            Problem::AboveTheAmount => "No puede ser mayor que el monto del cobro".into(),
            Problem::NoRoomBesideTheFee => {
                "Junto con la comisión de la cuenta de cobro no puede superar el monto del cobro".into()
            }
            Problem::EmptyName => "Ninguno de los nombres separados por -> puede estar vacío".into(),
            Problem::Refund(objection) => objection.text(Lang::Es),
            Problem::NotDeletable(status) => not_deletable(status, Lang::Es),
            Problem::NotConfirmable(why) => why.text(Lang::Es),
            Problem::BadIdempotencyKey => "Debe tener entre 1 y 255 caracteres".into(),
            Problem::BadCursor => "No es un cursor válido: use el next_cursor de la página anterior".into(),
        }
    }

    fn english(&self) -> String {
        match self {
            Problem::Required => "This field is required".into(),
            Problem::RequiredWith(other) => format!("This field is required when {other} is used"),
            Problem::WrongType(expected) => expected.text(Lang::En).into(),
            Problem::UnreadableText => "Contains characters that are not allowed".into(),
            Problem::TooLong(max) => format!("Must have at most {max} characters"),
            Problem::TooShort(min) => format!("Must have at least {min} characters"),
            Problem::NotOneOf(values) => format!("Not a valid value. Allowed values: {}", values.join(", ")),
            Problem::NotANumber => "Not a valid number: use digits only, with a dot before decimals".into(),
            Problem::NotPositive => "Must be greater than zero".into(),
            Problem::Negative => "Must not be negative".into(),
            Problem::TooLarge(max) => format!("Must not be greater than {}", max.plain()),
            Problem::TooSmall(_) | Problem::TooManyOf(_) | Problem::NotWith(_) => self.about_price(Lang::En),
            Problem::TooManyDecimals => "Must not have more than 4 decimals".into(),
            Problem::TooManyDecimalsFor(currency) => too_many_decimals(*currency, Lang::En),
            Problem::OutOfRange(min, max) => format!("Must be a whole number between {min} and {max}"),
            Problem::BadUrl(url) | Problem::AddressRefused(url) | Problem::ContractUnreadable(url) => {
                format!("The URL {url} is not valid{}", self.about_url(Lang::En))
            }
            Problem::BadEmail => "Not a valid e-mail address".into(),
            Problem::NotARut => "Not a valid RUT: check its digits and its check digit".into(),
            Problem::NotAnAccountNumber => "Use digits and hyphens only, at most 34".into(),
            Problem::BadInstant => {
                "Not a valid date: use ISO 8601, for example 2030-12-31T15:45:00-04:00".into()
            }
            Problem::NoOffset => "The date lacks its time zone: add Z or an offset such as -04:00".into(),
            Problem::NotInTheFuture => "The date must be in the future".into(),
            Problem::UnknownBank => "There is no such bank: use a bank_id of GET /v3/banks".into(),
            Problem::NotCollectedIn(currency) => {
                format!("The account has no bank account that collects in {currency}")
            }
            Problem::UnknownCollectingAccount => {
                "The account has no bank account with this identifier".into()
            }
            Problem::CollectingAccountIsIn(currency) => {
                format!("This bank account collects in {currency}, not in the payment's currency")
            }
            Problem::NotACollectingUser => "Not a user who may collect with this account".into(),
            Problem::NotGranted => "The account may not use this field".into(),
            Problem::NoIntegrator => "The account has no integrator".into(),
            Problem::AboveTheAmount => "Must not be greater than the payment's amount".into(),
            Problem::NoRoomBesideTheFee => {
                "Together with the account's fee it must not be greater than the payment's amount".into()
            }
            Problem::EmptyName => "None of the names joined by -> may be empty".into(),
            Problem::Refund(objection) => objection.text(Lang::En),
            Problem::NotDeletable(status) => not_deletable(status, Lang::En),
            Problem::NotConfirmable(why) => why.text(Lang::En),
            Problem::BadIdempotencyKey => "Must have 1 to 255 characters".into(),
            Problem::BadCursor => "Not a valid cursor: use next_cursor of the page before".into(),
        }
    }
}

impl Problem {
    /// What is said of a price that does not fit.
    fn about_price(&self, lang: Lang) -> String {
        let (es, en, limit) = match self {
            Problem::TooSmall(min) => ("No puede ser menor que", "Must not be less than", min.plain()),
            Problem::TooManyOf(max) => (
                "El precio por esta cantidad no puede ser mayor que",
                "The price of so many must not be greater than",
                max.plain(),
            ),
            Problem::NotWith(other) => (
                "No se puede usar junto con",
                "Can't be used together with",
                (*other).to_owned(),
            ),
            _ => ("", "", String::new()),
        };
        format!("{} {limit}", lang.pick(es, en))
    }

    /// What else is said of a URL that is not valid.
    fn about_url(&self, lang: Lang) -> &'static str {
        match self {
            Problem::AddressRefused(_) => lang.pick(
                ": debe ser https y apuntar a una dirección pública",
                ": it must be https and lead to a public address",
            ),
            Problem::ContractUnreadable(_) => lang.pick(
                ": no se pudo descargar un PDF de hasta 10 MB desde ella",
                ": no PDF of at most 10 MB could be fetched from it",
            ),
            _ => "",
        }
    }
}

impl Expected {
    fn text(self, lang: Lang) -> &'static str {
        match self {
            Expected::Text => lang.pick("Debe ser un texto (string JSON)", "Must be a JSON string"),
            Expected::Flag => lang.pick(
                "Debe ser true o false, sin comillas",
                "Must be true or false, without quotes",
            ),
            Expected::Number => lang.pick(
                "Debe ser un número, o un texto que contenga solo un número",
                "Must be a number, or a string with only a number",
            ),
        }
    }
}

fn not_deletable(status: &str, lang: Lang) -> String {
    let (es, en) = (
        "Solo se puede eliminar un pago pendiente, y este tiene estado",
        "Only a pending payment can be deleted, and this one is",
    );
    format!("{} {status}", lang.pick(es, en))
}

fn too_many_decimals(currency: Currency, lang: Lang) -> String {
    match currency.decimals() {
        0 => lang.pick(
            format!("Los montos en {currency} no llevan decimales"),
            format!("Amounts in {currency} have no decimals"),
        ),
        most => lang.pick(
            format!("Los montos en {currency} pueden tener como máximo {most} decimales"),
            format!("Amounts in {currency} have at most {most} decimals"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_what_is_allowed_in_both_languages() {
        for (problem, es, en) in [
            (
                Problem::BadUrl("x".into()),
                "La URL x no es válida",
                "The URL x is not valid",
            ),
            (
                Problem::TooLong(255),
                "Debe tener como máximo 255 caracteres",
                "Must have at most 255 characters",
            ),
            (
                Problem::NotOneOf(vec!["3.0", "1.3"]),
                "Valor no válido. Los valores posibles son: 3.0, 1.3",
                "Not a valid value. Allowed values: 3.0, 1.3",
            ),
            (
                Problem::TooLarge(Amount::MAX),
                "No puede ser mayor que 10000000000000",
                "Must not be greater than 10000000000000",
            ),
            (
                Problem::TooManyDecimalsFor(Currency::Clp),
                "Los montos en CLP no llevan decimales",
                "Amounts in CLP have no decimals",
            ),
            (
                Problem::TooManyDecimalsFor(Currency::Usd),
                "Los montos en USD pueden tener como máximo 2 decimales",
                "Amounts in USD have at most 2 decimals",
            ),
        ] {
            assert_eq!(
                (problem.text(Lang::Es), problem.text(Lang::En)),
                (es.into(), en.into())
            );
        }
    }
}
