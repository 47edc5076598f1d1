//! Identifiers of payments, orders and accounts, so that none is taken for other text.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::rut::dotted;

/// Characters in the identifier of a payment or an order.
pub const PAYMENT_ID_LENGTH: usize = 12;

/// Random bytes of which one is made.
pub const PAYMENT_ID_RANDOM_BYTES: usize = 16;

const ALPHABET: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// Defines an identifier of twelve lower-case letters and digits that nobody can guess.
macro_rules! twelve_letters {
    ($(#[$doc:meta])* $name:ident, $error:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(into = "String", try_from = "String")]
        pub struct $name([u8; PAYMENT_ID_LENGTH]);

        /// The text is not twelve lower-case letters and digits.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
        #[error("not {} identifier", $what)]
        pub struct $error;

        impl $name {
            /// Reads exactly twelve lower-case letters and digits.
            pub fn parse(text: &str) -> Result<$name, $error> {
                let bytes: [u8; PAYMENT_ID_LENGTH] = text.as_bytes().try_into().map_err(|_| $error)?;
                let known = bytes
                    .iter()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
                if known { Ok($name(bytes)) } else { Err($error) }
            }

            /// Makes one of 128 random bits: twelve digits in base 36 of a number so wide that the bias is below 2^-65.
            pub fn from_random_bytes(random: &[u8; PAYMENT_ID_RANDOM_BYTES]) -> $name {
                $name(letters(random))
            }

            /// Its text.
            pub fn as_str(&self) -> &str {
                std::str::from_utf8(&self.0).unwrap_or_default()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, "{}({})", stringify!($name), self.as_str())
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.as_str().to_owned()
            }
        }

        impl TryFrom<String> for $name {
            type Error = $error;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                $name::parse(&text)
            }
        }
    };
}

twelve_letters!(
    /// A payment's identifier (seed: "cadena alfanumérica de 12 caracteres").
    PaymentId,
    NotAPaymentId,
    "a payment"
);

twelve_letters!(
    /// The identifier of an order to transfer money, which stands in the transfer's comment; a refund has its order's.
    OrderId,
    NotAnOrderId,
    "an order"
);

twelve_letters!(
    /// What stands in the address of a reusable payment link.
    LinkCode,
    NotALinkCode,
    "a payment link"
);

fn letters(random: &[u8; PAYMENT_ID_RANDOM_BYTES]) -> [u8; PAYMENT_ID_LENGTH] {
    let mut number = u128::from_le_bytes(*random);
    let mut id = [0; PAYMENT_ID_LENGTH];
    for place in &mut id {
        let digit = usize::try_from(number % 36).unwrap_or_default();
        *place = ALPHABET[digit];
        number /= 36;
    }
    id
}

/// A merchant's account, the `receiver_id` of the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(pub i64);

impl AccountId {
    /// With dots between thousands, as in «Cobrador de desarrollo #990.939».
    pub fn dotted(self) -> String {
        dotted(self.0.unsigned_abs())
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_twelve_lower_case_letters_and_digits() {
        assert_eq!(PaymentId::parse("gqzdy6chjne9").unwrap().as_str(), "gqzdy6chjne9");
        for text in [
            "",
            "gqzdy6chjne",
            "gqzdy6chjne99",
            "GQZDY6CHJNE9",
            "gqzdy6chjn-9",
            "gqzdy6chjnñ",
        ] {
            assert_eq!(PaymentId::parse(text), Err(NotAPaymentId), "{text}");
        }
    }

    #[test]
    fn random_bytes_give_an_identifier_that_reads_back() {
        for byte in 0..=255_u8 {
            let mut random = [byte; PAYMENT_ID_RANDOM_BYTES];
            random[3] = byte.wrapping_mul(31);
            let id = PaymentId::from_random_bytes(&random);
            assert_eq!(PaymentId::parse(id.as_str()), Ok(id));
        }
        assert_eq!(PaymentId::from_random_bytes(&[0; 16]).as_str(), "aaaaaaaaaaaa");
    }

    #[test]
    fn an_account_is_shown_with_dots() {
        assert_eq!(AccountId(990_939).dotted(), "990.939");
        assert_eq!(AccountId(1_234_567).dotted(), "1.234.567");
        assert_eq!(AccountId(12).dotted(), "12");
    }
}
