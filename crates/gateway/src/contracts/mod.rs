//! The contract that a payer signs by paying (`contract_url`), and the proof that it was accepted.
//!
//! The document is fetched before the payment is made and its bytes are kept: what the payer reads, what is accepted and
//! what a receipt names is this one copy, whatever the merchant puts at its address later. Its acceptance is a row that
//! is only ever added, in the unit of work from which on money may move: the one that marks a transfer as about to be
//! sent, and for a transfer by hand the one after which its destination is shown. Without it neither is done.

pub(crate) mod fetch;
mod serve;
mod sql;

use axum::Router;
use axum::routing::get;
use ayni_crypto::digest::{SHA256_BYTES, hex};
use ayni_domain::contract::document_name;
use ayni_domain::ids::PaymentId;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use bytes::Bytes;
use jiff::Timestamp;
use thiserror::Error;

use crate::app::Shared;
use crate::payments::Payment;

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// The documents, as payers' browsers fetch them.
pub fn public_router() -> Router<Shared> {
    Router::new().route("/payment/contract/{id}", get(serve::serve))
}

/// A contract as it was when its payment was made.
#[derive(Clone)]
pub(crate) struct Contract {
    pub(crate) sha256: [u8; SHA256_BYTES],
    pub(crate) bytes: Bytes,
}

/// What is told of a payment's contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// What it is called.
    pub name: String,
    /// How long it is.
    pub size_bytes: i64,
    /// SHA-256 of its bytes, 64 hexadecimal digits.
    pub sha256: String,
}

/// That somebody accepted a contract.
#[derive(Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// In which attempt.
    pub attempt: String,
    /// SHA-256 of what was accepted, 64 hexadecimal digits.
    pub sha256: String,
    /// Who: a RUT without dots and hyphen.
    pub payer_identifier: String,
    /// When.
    pub accepted_at: Timestamp,
}

/// Why an attempt at a payment with a contract does not go on.
#[derive(Debug, Error)]
pub enum NotAccepted {
    /// Its payer did not accept the document, or accepted another one.
    #[error("the payment's contract was not accepted")]
    Missing,
    /// The database.
    #[error("the acceptance could not be recorded")]
    Store(#[from] StoreError),
}

/// Keeps a payment's contract, in the unit of work that makes the payment.
pub(crate) fn keep(tx: &mut Tx<'_>, payment: PaymentId, contract: &Contract) -> Result<(), StoreError> {
    sql::insert_contract(tx, payment, contract)
}

/// What is told of a payment's contract; `None` where it has none.
pub fn find(tx: &mut Tx<'_>, payment: &Payment) -> Result<Option<Paper>, StoreError> {
    let Some(url) = payment.details.contract_url.as_deref() else {
        return Ok(None);
    };
    let kept = sql::select_contract(tx, payment.id)?;
    Ok(kept.map(|(sha256, size_bytes)| Paper {
        name: document_name(url),
        size_bytes,
        sha256: hex(&sha256),
    }))
}

/// Records that an attempt's payer accepted the document whose SHA-256 a form named (`accepted`), in the unit of work
/// from which on money may move. Nothing is to be accepted of a payment without a contract.
///
/// # Errors
/// [`NotAccepted::Missing`] where the form named no document, or another one than the payment's.
pub fn accept(
    tx: &mut Tx<'_>,
    payment: &Payment,
    attempt: &str,
    payer_identifier: Option<&str>,
    accepted: &str,
    now: Timestamp,
) -> Result<(), NotAccepted> {
    if payment.details.contract_url.is_none() {
        return Ok(());
    }
    let (kept, _) = sql::select_contract(tx, payment.id)?.ok_or(NotAccepted::Missing)?;
    let payer_identifier = payer_identifier.ok_or(NotAccepted::Missing)?;
    if accepted != hex(&kept) {
        return Err(NotAccepted::Missing);
    }
    let acceptance = Acceptance {
        attempt: attempt.to_owned(),
        sha256: accepted.to_owned(),
        payer_identifier: payer_identifier.to_owned(),
        accepted_at: now,
    };
    Ok(sql::insert_acceptance(tx, payment.id, &acceptance, &kept)?)
}

/// Whether an attempt may go on as far as the payment's contract is concerned: there is none, or it was accepted.
pub fn is_accepted(tx: &mut Tx<'_>, payment: &Payment, attempt: &str) -> Result<bool, StoreError> {
    match payment.details.contract_url {
        None => Ok(true),
        Some(_) => sql::is_accepted(tx, payment.id, attempt),
    }
}

/// Every acceptance of a payment's contract, the latest first; at most [`ACCEPTANCES_MAX`].
pub fn acceptances(tx: &mut Tx<'_>, payment: PaymentId) -> Result<Vec<Acceptance>, StoreError> {
    sql::select_acceptances(tx, payment, ACCEPTANCES_MAX)
}

/// As many as a payment may have attempts.
pub const ACCEPTANCES_MAX: i64 = 1000;
