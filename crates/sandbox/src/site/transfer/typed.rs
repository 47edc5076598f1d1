//! The transfer form as typed, and what about it can't be read.

use ayni_domain::money::Amount;
use ayni_domain::rut::Rut;
use serde::Deserialize;

use crate::site::accounts::own_account;
use crate::site::form::Signed;
use crate::site::visitor::Visitor;
use crate::transfer::{Order, holder_or_own_name};

/// Characters of a holder's name or an e-mail address.
const TEXT_MAX: usize = 255;

/// Characters of a comment.
const COMMENT_MAX: usize = 100;

/// The fields of the form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct TransferForm {
    pub csrf: String,
    pub origin: String,
    pub bank: String,
    pub number: String,
    pub holder: String,
    pub rut: String,
    pub email: String,
    pub amount: String,
    pub comment: String,
}

/// What to say below each field; empty where there is nothing to say.
#[derive(Default)]
pub struct Problems {
    pub origin: &'static str,
    pub number: &'static str,
    pub holder: &'static str,
    pub rut: &'static str,
    pub email: &'static str,
    pub amount: &'static str,
    pub comment: &'static str,
}

impl Problems {
    /// Whether there is anything to say.
    pub fn any(&self) -> bool {
        [
            self.origin,
            self.number,
            self.holder,
            self.rut,
            self.email,
            self.amount,
            self.comment,
        ]
        .iter()
        .any(|text| !text.is_empty())
    }
}

impl Signed for TransferForm {
    fn csrf(&self) -> &str {
        &self.csrf
    }
}

impl TransferForm {
    /// The order, or everything that can't be read.
    pub fn read(&self, visitor: &Visitor) -> Result<Order, Problems> {
        let origin = own_account(&self.origin, visitor);
        let amount = read_amount(self.amount.trim());
        let problems = Problems {
            origin: unless(origin.is_some(), "Elige una de tus cuentas."),
            number: unless(!self.number.trim().is_empty(), "Escribe el número de cuenta."),
            holder: unless(
                self.holder.chars().count() <= TEXT_MAX,
                "El nombre es demasiado largo.",
            ),
            rut: unless(
                Rut::parse(&self.rut).is_ok(),
                "Escribe un RUT válido, como 11.111.111-1.",
            ),
            email: unless(
                is_email_or_empty(self.email.trim()),
                "Escribe un correo válido o déjalo en blanco.",
            ),
            amount: unless(
                amount.is_some(),
                "Escribe solo cifras, sin puntos de miles: 25000 o 25.50.",
            ),
            comment: unless(
                self.comment.chars().count() <= COMMENT_MAX,
                "Usa 100 caracteres o menos.",
            ),
        };
        match (origin, amount) {
            (Some(origin), Some(amount)) if !problems.any() => Ok(Order {
                origin,
                bank: self.bank.clone(),
                destination: self.number.clone(),
                destination_rut: self.rut.clone(),
                holder: holder_or_own_name(&self.holder, &self.number),
                amount,
                comment: self.comment.trim().to_owned(),
            }),
            _ => Err(problems),
        }
    }
}

fn unless(right: bool, problem: &'static str) -> &'static str {
    if right { "" } else { problem }
}

/// `1.000` is refused rather than guessed at: a person means a thousand, a program one.
fn read_amount(text: &str) -> Option<Amount> {
    let like_thousands = text
        .rsplit_once('.')
        .is_some_and(|(_, fraction)| fraction.len() == 3);
    let amount = Amount::parse(text, false).ok()?;
    (!like_thousands && amount >= Amount::ZERO).then_some(amount)
}

fn is_email_or_empty(text: &str) -> bool {
    let parts = text.split_once('@');
    let looks_right =
        parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    text.is_empty()
        || (looks_right && text.chars().count() <= TEXT_MAX && !text.contains(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_that_people_and_programs_read_differently_are_asked_again() {
        assert_eq!(read_amount("25000"), Some(Amount::from_units(25_000)));
        assert_eq!(read_amount("25000.0000"), Some(Amount::from_units(25_000)));
        assert_eq!(read_amount("10.5").map(Amount::plain), Some("10.5".into()));
        for text in ["1.000", "1.000.000", "1,5", "-5", "", "mil", "1e3"] {
            assert_eq!(read_amount(text), None, "{text}");
        }
    }
}
