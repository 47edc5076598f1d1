//! The part of a receipt's address that nobody guesses: the payment's id, and 128 bits that only the keyring derives.

use ayni_crypto::digest::sha256;
use ayni_domain::ids::PaymentId;

use crate::app::App;

/// A payment's token, the same for ever.
pub(super) fn of(app: &App, payment: PaymentId) -> String {
    let derived = app.keyring.derive_hex("receipt", payment.as_str().as_bytes());
    format!("{payment}-{}", &derived[..DIGITS])
}

/// The payment of a token, if it is one of ours. Digests are compared, so that the time taken tells nothing.
pub(super) fn open(app: &App, token: &str) -> Option<PaymentId> {
    let (id, _) = token.split_once('-')?;
    let payment = PaymentId::parse(id).ok()?;
    (sha256(token.as_bytes()) == sha256(of(app, payment).as_bytes())).then_some(payment)
}

const DIGITS: usize = 32;
