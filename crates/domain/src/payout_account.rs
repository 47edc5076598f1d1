//! The bank account to which a merchant's settled money is paid.

use std::str::FromStr;

use thiserror::Error;

use crate::currency::Currency;

/// A merchant's bank account, as a bank transfer names its destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayoutAccount {
    /// Its one currency.
    pub currency: Currency,
    /// The bank, as in `GET /v3/banks`.
    pub bank_id: String,
    /// What kind of account it is.
    pub account_type: AccountType,
    /// Its number: digits and hyphens.
    pub number: String,
    /// The holder's name.
    pub holder_name: String,
    /// The holder's RUT without dots and hyphen, or the tax number of another country.
    pub holder_identifier: String,
    /// Where the bank may tell the holder of a transfer.
    pub holder_email: String,
}

/// The kinds of bank accounts to which Chilean banks transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccountType {
    /// «Cuenta corriente».
    Checking,
    /// «Cuenta vista», which has no overdraft; the simple accounts that go by a person's RUT are such.
    Sight,
    /// «Cuenta de ahorro».
    Savings,
}

/// The word is no type of account.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("unknown type of bank account {0:?}: use checking, sight or savings")]
pub struct UnknownAccountType(pub String);

impl AccountType {
    /// All of them.
    pub const ALL: [AccountType; 3] = [AccountType::Checking, AccountType::Sight, AccountType::Savings];

    /// Its word in rows and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            AccountType::Checking => "checking",
            AccountType::Sight => "sight",
            AccountType::Savings => "savings",
        }
    }

    /// Its word on the wire.
    pub fn wire(self) -> &'static str {
        match self {
            AccountType::Checking => "CORRIENTE",
            AccountType::Sight => "VISTA",
            AccountType::Savings => "AHORRO",
        }
    }
}

/// Reads either word, in any case.
impl FromStr for AccountType {
    type Err = UnknownAccountType;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let is_it = |known: &AccountType| {
            known.as_str().eq_ignore_ascii_case(word) || known.wire().eq_ignore_ascii_case(word)
        };
        let known = AccountType::ALL.into_iter().find(is_it);
        known.ok_or_else(|| UnknownAccountType(word.to_owned()))
    }
}

/// Whether a bank account's number is of digits, with hyphens perhaps, and short enough for ISO 20022 (`Max34Text`).
pub fn is_account_number(text: &str) -> bool {
    let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    has_digit && is_plain && text.len() <= ACCOUNT_NUMBER_LENGTH_MAX
}

/// Characters of a bank account's number.
pub const ACCOUNT_NUMBER_LENGTH_MAX: usize = 34;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_reads_back_from_both_of_its_words() {
        for known in AccountType::ALL {
            assert_eq!(known.as_str().parse(), Ok(known));
            assert_eq!(known.wire().to_lowercase().parse(), Ok(known));
        }
        assert_eq!(
            "cash".parse::<AccountType>(),
            Err(UnknownAccountType("cash".into()))
        );
    }

    #[test]
    fn a_number_has_digits_and_nothing_that_a_file_could_stumble_over() {
        for text in ["1", "000000000000444444444", "12-345-6"] {
            assert!(is_account_number(text), "{text}");
        }
        let long = "1".repeat(35);
        for text in ["", "-", "12 3", "12,3", "1\n2", "=1", "１２", long.as_str()] {
            assert!(!is_account_number(text), "{text}");
        }
    }
}
