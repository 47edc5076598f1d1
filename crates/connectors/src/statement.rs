//! What a bank's site says about an account: the accounts of a login and the lines of a statement. A line is either
//! understood to the last field or the whole reading fails: a guessed amount would settle the wrong payment.

use ayni_domain::currency::Currency;
use ayni_domain::money::Amount;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The login of a collecting account's owner; the caller keeps it sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct BankLogin {
    /// The owner's RUT, in any writing that the bank takes.
    pub rut: String,
    /// The site's password.
    pub password: String,
    /// What the matrix card answers when this login sends money, e.g. `11 22 33`; without it none is sent.
    #[serde(default)]
    pub coordinates: Option<String>,
}

impl std::fmt::Debug for BankLogin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BankLogin(…)")
    }
}

/// One account of a login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankAccount {
    /// As the bank writes it.
    pub number: String,
    /// The account's only currency.
    pub currency: Currency,
    /// The bank's own name for it, e.g. «Cuenta Corriente».
    pub name: String,
    /// What is available now; may be negative.
    pub balance: Amount,
}

/// What a reading of a statement found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// Newest first, each once.
    pub lines: Vec<StatementLine>,
    /// What the account held right after the newest of these lines, as the bank says; without lines, what it held when
    /// it was read. Absent where a bank does not say it together with the lines: a balance of another moment proves
    /// nothing.
    pub balance: Option<Amount>,
}

/// One movement of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementLine {
    /// The bank's id of the movement: unique in the account, never used again.
    pub id: String,
    /// When the bank booked it.
    pub booked_at: Timestamp,
    /// Positive for a credit, negative for a debit.
    pub amount: Amount,
    /// The account's currency.
    pub currency: Currency,
    /// The other side's RUT as the bank writes it; empty if it does not show one.
    pub payer_identifier: String,
    /// The other side's name; may be empty.
    pub payer_name: String,
    /// The other side's account; may be empty.
    pub payer_account: String,
    /// What the payer wrote: the transfer's comment; may be empty.
    pub reference: String,
    /// The bank's number of the transfer; may be empty.
    pub operation_number: String,
}
