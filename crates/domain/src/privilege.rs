//! What an account may do beyond collecting, and whether its money is real.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Something an operator grants to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Privilege {
    /// Classic refunds of a payment.
    Refunds,
    /// Refunds out of a wallet.
    Wallet,
    /// Confirming payments held with `confirm_timeout_date`.
    Confirm,
    /// Contracts signed by paying (`contract_url`).
    Contracts,
    /// Creating receivers for others.
    Integrator,
    /// Collecting for others as a payment service provider (`psp_client_merchant_name`).
    Psp,
}

impl Privilege {
    /// All of them, in the order in which they are written.
    pub const ALL: [Privilege; 6] = [
        Privilege::Refunds,
        Privilege::Wallet,
        Privilege::Confirm,
        Privilege::Contracts,
        Privilege::Integrator,
        Privilege::Psp,
    ];

    /// Its word in rows and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Privilege::Refunds => "refunds",
            Privilege::Wallet => "wallet",
            Privilege::Confirm => "confirm",
            Privilege::Contracts => "contracts",
            Privilege::Integrator => "integrator",
            Privilege::Psp => "psp",
        }
    }
}

/// The word is no privilege.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("unknown privilege {0:?}: use refunds, wallet, confirm, contracts, integrator or psp")]
pub struct UnknownPrivilege(pub String);

impl FromStr for Privilege {
    type Err = UnknownPrivilege;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let known = Privilege::ALL
            .into_iter()
            .find(|privilege| privilege.as_str() == word);
        known.ok_or_else(|| UnknownPrivilege(word.to_owned()))
    }
}

/// The set of an account, written as words joined by commas. Every request of the API reads one, so it is a number:
/// one bit for each privilege.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Privileges(u8);

impl Privileges {
    /// What a developer account has from its start.
    pub fn of_a_developer() -> Privileges {
        Privileges::from_iter([Privilege::Refunds, Privilege::Wallet, Privilege::Confirm])
    }

    /// Whether it holds this one.
    pub fn has(&self, privilege: Privilege) -> bool {
        self.0 & bit(privilege) != 0
    }

    /// The set with this one too.
    #[must_use]
    pub fn with(mut self, privilege: Privilege) -> Privileges {
        self.0 |= bit(privilege);
        self
    }
}

fn bit(privilege: Privilege) -> u8 {
    1 << privilege as u8
}

impl FromIterator<Privilege> for Privileges {
    fn from_iter<I: IntoIterator<Item = Privilege>>(privileges: I) -> Self {
        let none = Privileges::default();
        privileges.into_iter().fold(none, Privileges::with)
    }
}

impl fmt::Display for Privileges {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held = Privilege::ALL
            .into_iter()
            .filter(|privilege| self.has(*privilege));
        for (index, privilege) in held.enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(out, "{comma}{}", privilege.as_str())?;
        }
        Ok(())
    }
}

impl FromStr for Privileges {
    type Err = UnknownPrivilege;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(str::parse)
            .collect()
    }
}

/// Whether an account plays with DemoBank or collects real money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Sees DemoBank only.
    Developer,
    /// Never sees DemoBank.
    Live,
}

impl Mode {
    /// Its word in rows.
    pub fn as_str(self) -> &'static str {
        match self {
            Mode::Developer => "developer",
            Mode::Live => "live",
        }
    }
}

/// The word is no mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("unknown mode: use developer or live")]
pub struct UnknownMode;

impl FromStr for Mode {
    type Err = UnknownMode;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "developer" => Ok(Mode::Developer),
            "live" => Ok(Mode::Live),
            _ => Err(UnknownMode),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_reads_back_from_its_text() {
        let all = Privileges::from_iter(Privilege::ALL);
        assert_eq!(all.to_string(), "refunds,wallet,confirm,contracts,integrator,psp");
        assert_eq!(all.to_string().parse(), Ok(all));
        assert_eq!("".parse(), Ok(Privileges::default()));
        assert_eq!(
            " psp , psp".parse(),
            Ok(Privileges::default().with(Privilege::Psp))
        );
    }

    #[test]
    fn an_unknown_word_is_refused() {
        assert_eq!(
            "refunds,admin".parse::<Privileges>(),
            Err(UnknownPrivilege("admin".into()))
        );
        assert_eq!("test".parse::<Mode>(), Err(UnknownMode));
    }

    #[test]
    fn a_developer_has_refunds_wallet_and_confirm() {
        assert_eq!(Privileges::of_a_developer().to_string(), "refunds,wallet,confirm");
    }
}
