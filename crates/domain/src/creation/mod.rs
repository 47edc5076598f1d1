//! The rules of `POST /v3/payments`: a request becomes a payment, or the list of everything that is wrong with it.

use jiff::{SignedDuration, Timestamp};

use crate::creation::details::PaymentDetails;
use crate::creation::fields::Field;
use crate::currency::Currency;
use crate::fee::FeeTerms;
use crate::fields::Fields;
use crate::lang::Lang;
use crate::method::Method;
use crate::money::Amount;
use crate::payment::LIFE_DEFAULT_HOURS;
use crate::privilege::Privileges;
use crate::reading::{Reading, TEXT_LENGTH_MAX};
use crate::violation::Violation;

mod asked;
pub mod details;
pub mod fields;
mod rules;

/// A bank account on which the account may collect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CollectingChoice {
    /// Its row.
    pub id: i64,
    /// `collect_account_uuid`.
    pub uuid: String,
    /// Its currency.
    pub currency: Currency,
}

/// What the rules need to know beside the request.
pub struct CreationContext<'a> {
    /// Now.
    pub now: Timestamp,
    /// The request's language, which the payment's mails will speak.
    pub lang: Lang,
    /// What the account was granted.
    pub privileges: &'a Privileges,
    /// Whether the account has an integrator.
    pub has_integrator: bool,
    /// What the account pays for a payment in this currency; needed only with `integrator_fee`.
    pub fee: FeeTerms,
    /// Pesos per UF as they are now.
    pub uf_value: Amount,
    /// The account's bank accounts; the first of a currency is the one where none is chosen.
    pub collecting: &'a [CollectingChoice],
    /// Lower-case addresses of users who may collect; needed only with `responsible_user_email`.
    pub collecting_users: &'a [String],
    /// The methods that the account offers.
    pub methods: &'a [Method],
    /// Whether a bank has this id among those that the account sees.
    pub is_bank: &'a dyn Fn(&str) -> bool,
    /// Whether the outgoing-address policy lets us call this URL.
    pub may_call: &'a dyn Fn(&str) -> bool,
}

/// A payment to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPayment {
    /// What is asked.
    pub amount: Amount,
    /// Its currency.
    pub currency: Currency,
    /// What it is for.
    pub subject: String,
    /// The merchant's own reference.
    pub transaction_id: Option<String>,
    /// To be echoed; in a row of its own.
    pub custom: Option<String>,
    /// The bank account where it is to arrive.
    pub collecting_id: i64,
    /// When it can't be paid any more.
    pub expires_at: Timestamp,
    /// All other optional fields.
    pub details: PaymentDetails,
}

/// The payment that a request asks for, or all its violations in the documentation's order.
pub fn create(
    fields: &Fields<'_, Field>,
    context: &CreationContext<'_>,
) -> Result<NewPayment, Vec<Violation>> {
    let mut reading = Reading::of(fields);
    let asked = asked::money(&mut reading, context);
    let subject = reading.required_text(Field::Subject, TEXT_LENGTH_MAX);
    let transaction_id = reading.text(Field::TransactionId, TEXT_LENGTH_MAX);
    let custom = reading.text(Field::Custom, rules::CUSTOM_LENGTH_MAX);
    let expires_at = rules::future(&mut reading, Field::ExpiresDate, context.now);
    let details = rules::details(&mut reading, context, &asked);
    let violations = reading.into_violations();
    let (Some(amount), Some(currency), Some(subject), Some(collecting_id), true) = (
        asked.amount,
        asked.currency,
        subject,
        asked.collecting_id,
        violations.is_empty(),
    ) else {
        return Err(violations);
    };
    let by_default = || {
        context
            .now
            .saturating_add(SignedDuration::from_hours(LIFE_DEFAULT_HOURS))
    };
    Ok(NewPayment {
        amount,
        currency,
        subject,
        transaction_id,
        custom,
        collecting_id,
        expires_at: expires_at.or_else(|| by_default().ok()).unwrap_or(Timestamp::MAX),
        details,
    })
}

#[cfg(test)]
mod tests;
