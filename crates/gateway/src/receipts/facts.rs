//! What is known of a paid payment, read in one snapshot.

use ayni_domain::currency::Currency;
use ayni_domain::ids::PaymentId;
use ayni_domain::money::Amount;
use ayni_domain::psp;
use ayni_store::tx::Tx;

use super::ReceiptError;
use crate::app::App;
use crate::contracts::{self, Acceptance, Paper};
use crate::merchants::accounts;
use crate::payer::attempt::Attempt;
use crate::payer::settle;
use crate::payments::{self, Payment};
use crate::reconciliation::{self, Reconciliation};
use crate::refunds::told::{self, GivenBack};

/// Everything that a receipt or its verification tells.
#[derive(Clone)]
pub(super) struct Facts {
    pub(super) payment: Payment,
    pub(super) payee: String,
    /// The payment service providers between the payer and the payee, the nearest to the payer first.
    pub(super) providers: Vec<String>,
    pub(super) settled: Reconciliation,
    /// What of its money went back since.
    pub(super) given_back: Vec<GivenBack>,
    /// What was transferred for a payment in UF: pesos.
    pub(super) pesos: Option<Amount>,
    pub(super) contract: Option<Signed>,
}

/// A payment's contract, and its acceptance. The latter is missing only where somebody sent the money past our pages.
#[derive(Clone)]
pub(super) struct Signed {
    pub(super) paper: Paper,
    pub(super) acceptance: Option<Acceptance>,
}

/// The facts of a payment whose money was seen.
pub(super) async fn load(app: &App, id: PaymentId) -> Result<Option<Facts>, ReceiptError> {
    app.db.read("receipts.load", move |tx| read(tx, id)).await
}

fn read(tx: &mut Tx<'_>, id: PaymentId) -> Result<Option<Facts>, ReceiptError> {
    let Some(payment) = payments::find(tx, id)? else {
        return Ok(None);
    };
    let Some(settled) = reconciliation::find(tx, id)? else {
        return Ok(None);
    };
    let account = accounts::read(tx, payment.account)?;
    let (payee, providers) = match &payment.details.psp_client_merchant_name {
        Some(names) => psp::payee(&account.name, names),
        None => (account.name, Vec::new()),
    };
    let attempt = settle::settled_attempt(tx, id)?;
    let is_converted = payment.currency != payment.currency.paid_in();
    let pesos = attempt
        .as_ref()
        .filter(|attempt| is_converted && attempt.currency == Currency::Clp)
        .map(|attempt| attempt.amount);
    Ok(Some(Facts {
        payee,
        providers,
        pesos,
        contract: signed(tx, &payment, attempt.as_ref())?,
        given_back: told::given_back(tx, &settled)?,
        settled,
        payment,
    }))
}

/// The acceptance in the attempt that paid; where that has none, the latest one of the same document.
fn signed(
    tx: &mut Tx<'_>,
    payment: &Payment,
    attempt: Option<&Attempt>,
) -> Result<Option<Signed>, ReceiptError> {
    let Some(paper) = contracts::find(tx, payment)? else {
        return Ok(None);
    };
    let all = contracts::acceptances(tx, payment.id)?;
    let is_of_attempt = |one: &&Acceptance| attempt.is_some_and(|attempt| attempt.id == one.attempt);
    let acceptance = all.iter().find(is_of_attempt).or(all.first()).cloned();
    Ok(Some(Signed { paper, acceptance }))
}
