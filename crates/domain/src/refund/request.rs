//! What the bodies of refunds say.

use super::Asked;
use super::objection::Objection;
use crate::fields::{FieldName, Fields};
use crate::reading::Reading;
use crate::violation::{Problem, Violation};

/// A field of `POST /v3/refunds`, in the order of its documentation; the classic refund has the amount only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the field of the same name")]
pub enum Field {
    Type,
    PaymentId,
    Amount,
}

impl FieldName for Field {
    const NAMES: &'static [&'static str] = &["type", "payment_id", "amount"];

    fn place(self) -> usize {
        self as usize
    }
}

/// A refund out of the wallet, as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalletRequest {
    /// Of which payment, as it was sent.
    pub payment: String,
    /// How much.
    pub asked: Asked,
}

/// Reads `POST /v3/payments/{id}/refunds`: without an amount, all that is left.
pub fn classic(fields: &Fields<'_, Field>) -> Result<Asked, Vec<Violation>> {
    let mut reading = Reading::of(fields);
    let amount = match reading.is_set(Field::Amount) {
        true => reading.required_amount(Field::Amount),
        false => None,
    };
    let violations = reading.into_violations();
    match violations.is_empty() {
        true => Ok(amount.map_or(Asked::Full, Asked::Partial)),
        false => Err(violations),
    }
}

/// Reads `POST /v3/refunds`, or tells everything that is wrong with it.
pub fn wallet(fields: &Fields<'_, Field>) -> Result<WalletRequest, Vec<Violation>> {
    let mut reading = Reading::of(fields);
    let kind = reading.required_text(Field::Type, LENGTH_MAX);
    let payment = reading.required_text(Field::PaymentId, LENGTH_MAX);
    let asked = match kind.as_deref() {
        Some("full") => {
            if reading.is_set(Field::Amount) {
                reading.refuse(Field::Amount, Problem::Refund(Objection::AmountOfFull));
            }
            Some(Asked::Full)
        }
        Some("partial") => reading.required_amount(Field::Amount).map(Asked::Partial),
        Some(_) => {
            reading.refuse(Field::Type, Problem::NotOneOf(vec!["full", "partial"]));
            None
        }
        None => None,
    };
    let violations = reading.into_violations();
    match (payment, asked) {
        (Some(payment), Some(asked)) if violations.is_empty() => Ok(WalletRequest { payment, asked }),
        _ => Err(violations),
    }
}

const LENGTH_MAX: usize = 255;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Amount;

    fn wallet_of(body: &str) -> Result<WalletRequest, Vec<&'static str>> {
        let fields = Fields::from_json(body.as_bytes()).unwrap();
        wallet(&fields).map_err(|violations| violations.iter().map(|violation| violation.field).collect())
    }

    #[test]
    fn a_wallet_refund_says_of_what_and_how_much_and_everything_wrong_is_told() {
        let part = WalletRequest {
            payment: "gqzdy6chjne9".into(),
            asked: Asked::Partial(Amount::from_units(10)),
        };
        for amount in ["\"10.0000\"", "10", "1e1"] {
            let body = format!(r#"{{"type":"partial","payment_id":"gqzdy6chjne9","amount":{amount}}}"#);
            assert_eq!(wallet_of(&body), Ok(part.clone()), "{amount}");
        }
        let full = wallet_of(r#"{"type":"full","payment_id":"gqzdy6chjne9","amount":null}"#);
        assert_eq!(full.unwrap().asked, Asked::Full);
        for (body, fields) in [
            ("", vec!["type", "payment_id"]),
            (r#"{"type":"all","payment_id":"a"}"#, vec!["type"]),
            (r#"{"type":"full","payment_id":"a","amount":"1"}"#, vec!["amount"]),
            (r#"{"type":"partial","payment_id":"a"}"#, vec!["amount"]),
            (
                r#"{"type":"partial","payment_id":7,"amount":"x"}"#,
                vec!["payment_id", "amount"],
            ),
            (
                r#"{"type":"partial","payment_id":"a","amount":true}"#,
                vec!["amount"],
            ),
        ] {
            assert_eq!(wallet_of(body), Err(fields), "{body}");
        }
    }

    #[test]
    fn a_classic_refund_without_an_amount_is_of_all_that_is_left() {
        let of = |body: &str| classic(&Fields::from_json(body.as_bytes()).unwrap());
        for body in ["", "{}", r#"{"amount":null}"#, r#"{"amount":""}"#] {
            assert_eq!(of(body), Ok(Asked::Full), "{body}");
        }
        for body in [r#"{"amount":100}"#, r#"{"amount":"100.0000"}"#] {
            assert_eq!(of(body), Ok(Asked::Partial(Amount::from_units(100))), "{body}");
        }
        assert!(of(r#"{"amount":"mil"}"#).is_err());
    }
}
