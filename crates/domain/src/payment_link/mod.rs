//! Reusable payment links: one address, printed on a wall or sent to many, at which each payer gets a payment of their
//! own. What a link asks, when it may be used, and what payment an order at it makes.

pub mod order;
pub mod terms;
pub mod typed;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::creation::fields::Field;
use crate::fields::FieldName as _;
use crate::ids::{AccountId, LinkCode};
use order::Order;
use terms::Terms;

/// A reusable payment link as its row tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentLink {
    /// What stands in its address; the `transaction_id` of every payment made through it.
    pub code: LinkCode,
    /// Who collects.
    pub account: AccountId,
    /// When it was made.
    pub created_at: Timestamp,
    /// How often it was changed: an order is for the terms that its payer saw.
    pub version: i64,
    /// What it asks.
    pub terms: Terms,
    /// Payments made through it.
    pub uses: i64,
    /// Since when its merchant lets nobody use it.
    pub deactivated_at: Option<Timestamp>,
}

/// Whether a link may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It may.
    Open,
    /// Its merchant has switched it off.
    Inactive,
    /// Its last day is over.
    Expired,
    /// It was used as often as it may be.
    Exhausted,
}

impl Standing {
    /// Its word in answers of commands and in the names of pages.
    pub fn as_str(self) -> &'static str {
        match self {
            Standing::Open => "active",
            Standing::Inactive => "inactive",
            Standing::Expired => "expired",
            Standing::Exhausted => "exhausted",
        }
    }
}

impl PaymentLink {
    /// Whether it may be used now.
    pub fn standing(&self, now: Timestamp) -> Standing {
        if self.deactivated_at.is_some() {
            Standing::Inactive
        } else if self.terms.expires_at.is_some_and(|end| now >= end) {
            Standing::Expired
        } else if self.terms.uses_max.is_some_and(|most| self.uses >= most) {
            Standing::Exhausted
        } else {
            Standing::Open
        }
    }

    /// The body of `POST /v3/payments` for an order. The link's code is the `transaction_id`, so that lists can be
    /// filtered by it; `custom` tells code and quantity, also in notifications.
    pub fn request(&self, order: &Order) -> Map<String, Value> {
        let (terms, code) = (&self.terms, self.code.as_str());
        let subject = match order.quantity {
            1 => terms.subject.clone(),
            several => format!("{several} × {}", terms.subject),
        };
        let custom = json!({ "payment_link": code, "quantity": order.quantity }).to_string();
        let fields = [
            (Field::Amount, Some(order.amount.plain())),
            (Field::Currency, Some(terms.currency.code().to_owned())),
            (Field::Subject, Some(subject)),
            (Field::TransactionId, Some(code.to_owned())),
            (Field::Custom, Some(custom)),
            (Field::Body, terms.body.clone()),
            (Field::ReturnUrl, terms.return_url.clone()),
            (Field::CancelUrl, terms.cancel_url.clone()),
            (Field::NotifyUrl, terms.notify_url.clone()),
            (Field::PayerName, order.name.clone()),
            (Field::PayerEmail, order.email.clone()),
            (
                Field::PspClientMerchantName,
                terms.psp_client_merchant_name.clone(),
            ),
        ];
        let set = fields
            .into_iter()
            .filter_map(|(field, value)| Some((field, value?)));
        set.map(|(field, value)| (field.name().to_owned(), Value::from(value)))
            .collect()
    }
}

#[cfg(test)]
mod tests;
