//! Whose bank account the money lies on, because only what the operator holds can be given back, charged or paid out.

use std::str::FromStr;

use thiserror::Error;

/// Whose a collecting bank account is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Custody {
    /// The operator's: it holds the merchants' money until it is settled.
    Gateway,
    /// The merchant's own: the money is the merchant's from the start, and only recorded here.
    #[default]
    Own,
}

/// The word is no custody.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("unknown custody {0:?}: use gateway or own")]
pub struct UnknownCustody(pub String);

impl Custody {
    /// Both.
    pub const ALL: [Custody; 2] = [Custody::Gateway, Custody::Own];

    /// Its word in rows and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Custody::Gateway => "gateway",
            Custody::Own => "own",
        }
    }
}

impl FromStr for Custody {
    type Err = UnknownCustody;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let known = Custody::ALL.into_iter().find(|custody| custody.as_str() == word);
        known.ok_or_else(|| UnknownCustody(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_custody_reads_back_and_another_word_is_named() {
        for custody in Custody::ALL {
            assert_eq!(custody.as_str().parse(), Ok(custody));
        }
        let error = "bank".parse::<Custody>().unwrap_err();
        assert_eq!(error.to_string(), "unknown custody \"bank\": use gateway or own");
    }
}
