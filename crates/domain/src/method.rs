//! The two ways of paying, because the wire writes them in upper case in one place and in lower case in others.

use serde::{Deserialize, Serialize};

/// How a payer transfers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The gateway drives the bank's site with what the payer types.
    SimplifiedTransfer,
    /// The payer transfers by hand, outside of the gateway.
    RegularTransfer,
}

impl Method {
    /// Both, the simplified one first.
    pub const ALL: [Method; 2] = [Method::SimplifiedTransfer, Method::RegularTransfer];

    /// As in `payment_method` and in rows.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::SimplifiedTransfer => "simplified_transfer",
            Method::RegularTransfer => "regular_transfer",
        }
    }

    /// As in `paymentMethods[].id`; plugins compare it with case.
    pub fn id(self) -> &'static str {
        match self {
            Method::SimplifiedTransfer => "SIMPLIFIED_TRANSFER",
            Method::RegularTransfer => "REGULAR_TRANSFER",
        }
    }

    /// Reads either writing, in any case.
    pub fn parse(text: &str) -> Option<Method> {
        Method::ALL
            .into_iter()
            .find(|method| method.id().eq_ignore_ascii_case(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_reads_back_in_any_case() {
        for method in Method::ALL {
            assert_eq!(
                [method.id(), method.as_str(), "x"].map(Method::parse),
                [Some(method), Some(method), None]
            );
        }
    }
}
