//! The ledger accounts of a collecting bank account: what money on it is for, and whose it is.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::ids::AccountId;

/// What the money is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// What the bank holds, as its statement says.
    Bank,
    /// A merchant's, on the merchant's own bank account.
    Own,
    /// Collected for a merchant, and not yet settled.
    Collected,
    /// A merchant's wallet, out of which refunds are paid.
    Wallet,
    /// On its way out of the bank account as a refund or a return, not yet seen leaving.
    Transit,
    /// The operator's fees.
    Fees,
    /// An integrator's share.
    Integrator,
    /// Nobody's yet: a person has to look.
    Suspense,
    /// Settled and ordered to be paid out, not yet seen leaving.
    Payouts,
}

/// One ledger account of a collecting account: a kind, and whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Purpose {
    /// What the money is for.
    pub kind: Kind,
    /// The account (`receiver_id`) that it belongs to; 0 where it belongs to no merchant.
    pub owner: i64,
}

/// The word is no kind of ledger account.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "unknown kind of ledger account {0:?}: use bank, own, collected, wallet, transit, fees, integrator, suspense or payouts"
)]
pub struct UnknownKind(pub String);

impl Kind {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Kind; 9] = [
        Kind::Bank,
        Kind::Own,
        Kind::Collected,
        Kind::Wallet,
        Kind::Transit,
        Kind::Fees,
        Kind::Integrator,
        Kind::Suspense,
        Kind::Payouts,
    ];

    /// Its word in rows, on the command line and in exports.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Bank => "bank",
            Kind::Own => "own",
            Kind::Collected => "collected",
            Kind::Wallet => "wallet",
            Kind::Transit => "transit",
            Kind::Fees => "fees",
            Kind::Integrator => "integrator",
            Kind::Suspense => "suspense",
            Kind::Payouts => "payouts",
        }
    }
}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let known = Kind::ALL.into_iter().find(|kind| kind.as_str() == word);
        known.ok_or_else(|| UnknownKind(word.to_owned()))
    }
}

impl Purpose {
    /// What the bank holds.
    pub const BANK: Purpose = Purpose::of_nobody(Kind::Bank);
    /// The operator's fees.
    pub const FEES: Purpose = Purpose::of_nobody(Kind::Fees);
    /// Money that a person has to look at.
    pub const SUSPENSE: Purpose = Purpose::of_nobody(Kind::Suspense);
    /// Money of no merchant that is being sent back.
    pub const RETURNS: Purpose = Purpose::of_nobody(Kind::Transit);

    /// Money on the merchant's own bank account.
    pub fn own(merchant: AccountId) -> Purpose {
        Purpose::of(Kind::Own, merchant)
    }

    /// Money collected for a merchant.
    pub fn collected(merchant: AccountId) -> Purpose {
        Purpose::of(Kind::Collected, merchant)
    }

    /// A merchant's wallet.
    pub fn wallet(merchant: AccountId) -> Purpose {
        Purpose::of(Kind::Wallet, merchant)
    }

    /// A merchant's refunds on their way.
    pub fn transit(merchant: AccountId) -> Purpose {
        Purpose::of(Kind::Transit, merchant)
    }

    /// An integrator's share.
    pub fn integrator(integrator: AccountId) -> Purpose {
        Purpose::of(Kind::Integrator, integrator)
    }

    /// What is being paid out to a merchant or an integrator.
    pub fn payouts(receiver: AccountId) -> Purpose {
        Purpose::of(Kind::Payouts, receiver)
    }

    /// Money of the same owner that was ordered to leave as a refund.
    #[must_use]
    pub fn in_transit(self) -> Purpose {
        Purpose {
            kind: Kind::Transit,
            ..self
        }
    }

    /// Money of the same owner that was ordered to be paid out.
    #[must_use]
    pub fn in_payouts(self) -> Purpose {
        Purpose {
            kind: Kind::Payouts,
            ..self
        }
    }

    fn of(kind: Kind, owner: AccountId) -> Purpose {
        Purpose { kind, owner: owner.0 }
    }

    const fn of_nobody(kind: Kind) -> Purpose {
        Purpose { kind, owner: 0 }
    }
}

/// `fees`, or with an owner `collected:990939`.
impl fmt::Display for Purpose {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.owner {
            0 => out.write_str(self.kind.as_str()),
            owner => write!(out, "{}:{owner}", self.kind.as_str()),
        }
    }
}

/// Reads what it is written as.
impl FromStr for Purpose {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (kind, owner) = text.split_once(':').unwrap_or((text, "0"));
        Ok(Purpose {
            kind: kind.parse()?,
            owner: owner.parse().map_err(|_| UnknownKind(text.to_owned()))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_account_reads_back() {
        for text in ["bank", "collected:990939", "transit"] {
            assert_eq!(text.parse::<Purpose>().unwrap().to_string(), text);
        }
        for text in ["", "cash", "collected:", "collected:x", "collected:1:2"] {
            assert!(text.parse::<Purpose>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_kind_reads_back_and_another_word_is_named() {
        for kind in Kind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        assert!(
            "cash"
                .parse::<Kind>()
                .unwrap_err()
                .to_string()
                .contains("\"cash\"")
        );
    }
}
