//! One try of a payer to pay, as its row says.

use ayni_domain::attempt::State;
use ayni_domain::currency::Currency;
use ayni_domain::ids::PaymentId;
use ayni_domain::method::Method;
use ayni_domain::money::Amount;
use jiff::Timestamp;

/// A row of `attempts`. It has no `Debug` text: it names a person and that person's account.
#[derive(Clone)]
pub struct Attempt {
    /// Its UUID.
    pub id: String,
    /// The payment it is for.
    pub payment: PaymentId,
    /// 1, 2, … of its payment; stands in the transfer's comment.
    pub number: i64,
    /// The collecting account that is to receive the money.
    pub collecting_id: i64,
    /// The payer's bank; empty for a manual transfer from a bank that was not said.
    pub bank_id: String,
    /// Through the bank's site, or by hand.
    pub method: Method,
    /// Where it stands.
    pub state: State,
    /// The guard of every step.
    pub version: i64,
    /// SHA-256 of the token of the browser that began it.
    pub browser_hash: Vec<u8>,
    /// What is transferred.
    pub amount: Amount,
    /// In which currency it is transferred: pesos for a payment in UF.
    pub currency: Currency,
    /// The payer's RUT without dots and hyphen, once known.
    pub payer_identifier: Option<String>,
    /// The payer's name, from the bank's receipt.
    pub payer_name: Option<String>,
    /// The payer's e-mail, from the manual form.
    pub payer_email: Option<String>,
    /// The account the payer chose.
    pub payer_account: Option<String>,
    /// The bank's number, from its receipt.
    pub operation_number: Option<String>,
    /// Why it failed or is uncertain: a word of [`ayni_connectors::failure::Failure`] or of ours.
    pub reason: Option<String>,
    /// What the bank asks and the session that waits for the answer, sealed.
    pub waiting_sealed: Option<Vec<u8>>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ends unless the payer authorises.
    pub lapses_at: Timestamp,
    /// When the request that moves money was about to be sent, or the payer declared the transfer.
    pub authorising_at: Option<Timestamp>,
}

impl Attempt {
    /// The comment of its transfer, by which the money is recognised: `gqzdy6chjne9-2`.
    pub fn comment(&self) -> String {
        comment(self.payment, self.number)
    }

    /// Whether it waits for this browser's payer at this instant.
    pub(super) fn is_asking_at(&self, now: Timestamp) -> bool {
        self.state == State::Asking && now < self.lapses_at
    }
}

/// The comment of a payment's transfer in its attempt of this number.
pub(super) fn comment(payment: PaymentId, number: i64) -> String {
    format!("{payment}-{number}")
}
