//! What the gateway acknowledged to its clients: afterwards all of it must be there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::load::Dice;
use crate::refunders::Asked;

/// A creation as a merchant's program asks for it.
#[derive(Clone, Debug)]
pub struct Order {
    /// The merchant's own reference: no two orders have the same.
    pub transaction: String,
    /// `Idempotency-Key`, for an order that is sent until it is acknowledged.
    pub key: Option<String>,
    /// The request's body.
    pub body: Value,
}

/// What was acknowledged, by all clients together.
#[derive(Default)]
pub struct Ledger(Mutex<Known>);

/// Its content.
#[derive(Default)]
pub struct Known {
    /// Payments whose creation was answered with 200, by id.
    pub created: BTreeMap<String, Order>,
    /// Orders that were sent, answered or not.
    pub sent: u64,
    /// Payments whose DELETE was answered with 200.
    pub deleted: BTreeSet<String>,
    /// How often each page ended a payer's walk.
    pub walks: BTreeMap<String, u64>,
    /// How often each status answered a creation or a deletion; 0: no answer.
    pub answers: BTreeMap<u16, u64>,
    /// Answers that no client should ever get.
    pub surprises: Vec<String>,
    /// Refunds that were answered for good.
    pub refunds: Vec<Asked>,
    /// Payments that wait for a payer.
    pub payable: Vec<String>,
}

impl Ledger {
    /// What is known.
    pub fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A creation was answered with 200: a payment for each second one finds a payer.
    pub fn created(&self, id: &str, order: &Order) {
        let mut known = self.lock();
        known.created.insert(id.to_owned(), order.clone());
        if known.created.len().is_multiple_of(PAYMENTS_PER_PAYER) {
            known.payable.push(id.to_owned());
        }
    }

    /// Counts an answer.
    pub fn answered(&self, status: u16) {
        *self.lock().answers.entry(status).or_default() += 1;
    }

    /// A payment that was created, if there is one.
    pub fn any_created(&self, dice: &Dice) -> Option<String> {
        let known = self.lock();
        let place = dice.below(known.created.len() as u64);
        known
            .created
            .keys()
            .nth(usize::try_from(place).unwrap_or(0))
            .cloned()
    }
}

impl Order {
    /// A random order.
    pub fn random(dice: &Dice, transaction: String, notify_url: &str) -> Order {
        let mut body = json!({
            "amount": 1000 + dice.below(9000), "currency": "CLP", "subject": "Pedido",
            "transaction_id": transaction,
        });
        if !dice.one_in(5) {
            body["notify_url"] = notify_url.into();
        }
        if dice.one_in(4) {
            body["custom"] = "<xml>á</xml>".into();
        }
        let key = (!dice.one_in(3)).then(|| format!("key-{transaction}"));
        Order {
            transaction,
            key,
            body,
        }
    }
}

/// So that some payments stay as they were created.
const PAYMENTS_PER_PAYER: usize = 3;
