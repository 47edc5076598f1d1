//! One transfer at a bank, step by step: the order, what comes after each answer, and how it ended.
//! The types keep the one rule that matters: money moves only in [`crate::bank::Bank::authorise`], and what that
//! returns tells apart "certainly not", "certainly" and "nobody knows".

use ayni_domain::currency::Currency;
use ayni_domain::money::Amount;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::failure::Failure;
use crate::prompt::{Choice, Prompt};
use crate::session::Tab;
use crate::session::form::Form;

/// What is to be paid, and to whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferOrder {
    /// In [`TransferOrder::currency`].
    pub amount: Amount,
    /// A bank's account has exactly one; CLF is paid in CLP, so it never stands here.
    pub currency: Currency,
    /// The collecting account.
    pub destination: Destination,
    /// Stands on both statements; carries the payment's id, by which the money is recognised.
    pub comment: String,
}

/// The account that receives the money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destination {
    /// As the paying bank's form names it, e.g. `DemoBank`.
    pub bank_name: String,
    /// The account's number.
    pub number: String,
    /// The holder's name.
    pub holder_name: String,
    /// The holder's RUT.
    pub holder_identifier: String,
    /// Where the paying bank sends its notice; may be empty.
    pub email: String,
}

/// What comes after a step.
pub enum Next {
    /// The bank asks the payer something; the session waits, sealed, for the answer.
    Ask(Prompt, Session),
    /// Everything is filled in and nothing is sent: the next request, and only that one, moves money.
    Authorise(Session),
    /// It ended, and no money moved.
    Failed(Failure),
}

/// How the one request that moves money ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authorised {
    /// The bank showed its receipt.
    Accepted(Receipt),
    /// The bank said no, or it is certain that the request never reached it.
    Refused(Failure),
    /// Anything else. Only the collecting account's statement can tell; the text says what was seen, for the operator.
    Unclear(String),
}

/// What the bank's receipt says; a field that it does not show is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The bank's own number for the transfer.
    pub operation_number: String,
    /// The payer's RUT, as the bank writes it.
    pub payer_identifier: String,
    /// The payer's name.
    pub payer_name: String,
    /// The account that was debited.
    pub payer_account: String,
}

/// A transfer between two steps: cookies, the bank's form with its hidden fields, and what the payer typed into it.
/// It is the caller's to seal and store, and any node may continue it. Passwords are not in it: they are sent in the
/// step in which they are typed.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Session {
    #[zeroize(skip)]
    pub(crate) order: TransferOrder,
    pub(crate) step: Step,
    pub(crate) tab: Tab,
    pub(crate) wrong_logins: u32,
    pub(crate) payer_identifier: String,
    pub(crate) payer_account: String,
}

/// Where a session stands.
#[derive(Serialize, Deserialize, Zeroize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Step {
    /// The login is asked.
    Login,
    /// The account to pay from is asked; the transfer's form waits for it.
    Account { form: Form, offered: Vec<Choice> },
    /// The card's coordinates are asked: field and position of each.
    Card { cells: Vec<(String, String)> },
    /// The form that moves money, filled in.
    Ready { form: Form },
}

impl Session {
    pub(crate) fn begin(order: TransferOrder) -> Session {
        Session {
            order,
            step: Step::Login,
            tab: Tab::default(),
            wrong_logins: 0,
            payer_identifier: String::new(),
            payer_account: String::new(),
        }
    }

    /// Back to the login; how often it was wrong stays counted.
    pub(crate) fn start_over(&mut self) {
        self.step = Step::Login;
        self.tab = Tab::default();
        self.payer_identifier.zeroize();
        self.payer_account.zeroize();
    }

    /// The RUT with which the payer logged in; none before the bank accepted it.
    pub fn payer_identifier(&self) -> Option<&str> {
        Some(self.payer_identifier.as_str()).filter(|identifier| !identifier.is_empty())
    }

    /// The account that the payer chose to pay from; none before the choice.
    pub fn payer_account(&self) -> Option<&str> {
        Some(self.payer_account.as_str()).filter(|account| !account.is_empty())
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Session(…)")
    }
}
