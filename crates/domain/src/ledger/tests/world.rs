//! Any sequence of allowed operations, over two bank accounts, three merchants and an integrator.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{INTEGRATOR, payment, units};
use crate::currency::Currency;
use crate::fee::{self, FeeTerms};
use crate::ids::AccountId;
use crate::ledger::Transaction;
use crate::ledger::entry::{self, Belongs, Line};
use crate::ledger::purpose::{Kind, Purpose};
use crate::money::Amount;
use crate::sampled::cases;

/// A payment whose money was seen.
#[derive(Clone, Debug)]
struct Paid {
    collecting_id: i64,
    merchant: AccountId,
    left: i64,
    is_settled: bool,
}

/// Money on its way out: an order with what it carries, and where it goes back to if it fails.
#[derive(Clone, Debug)]
struct Ordered {
    collecting_id: i64,
    waiting: Purpose,
    back_to: Purpose,
    amount: i64,
    payment: Option<usize>,
}

/// The books of a small world, and the ledger that should tell the same.
#[derive(Default)]
struct World {
    sums: BTreeMap<(i64, Purpose), i64>,
    ids: BTreeSet<String>,
    /// What the bank itself says.
    banks: BTreeMap<i64, i64>,
    /// All that fees and integrators ever took of each merchant's payments.
    taken: BTreeMap<(i64, AccountId), i64>,
    paid: Vec<Paid>,
    orders: Vec<Ordered>,
    waiting: Vec<(i64, String, i64)>,
    counter: u32,
}

impl World {
    fn post(&mut self, transaction: &Transaction) {
        let sum: i64 = transaction
            .postings()
            .map(|(_, amount)| amount.ten_thousandths())
            .sum();
        assert_eq!(sum, 0, "{transaction:?}");
        assert!(
            self.ids.insert(transaction.id.clone()),
            "{} twice",
            transaction.id
        );
        for (purpose, amount) in transaction.postings() {
            *self.sums.entry((transaction.collecting_id, purpose)).or_default() += amount.ten_thousandths();
        }
    }

    /// What a ledger account owes.
    fn held(&self, collecting_id: i64, purpose: Purpose) -> i64 {
        -self.sums.get(&(collecting_id, purpose)).copied().unwrap_or(0)
    }

    fn next(&mut self) -> String {
        self.counter += 1;
        format!("n{}", self.counter)
    }

    /// The bank books a line.
    fn books(&mut self, collecting_id: i64, amount: i64) -> String {
        *self.banks.entry(collecting_id).or_default() += amount;
        self.next()
    }

    fn settles(&mut self, line: Line<'_>, from_review: bool, merchant: AccountId, integrator_fee: i64) {
        let terms = FeeTerms {
            rate: "1.49%".parse().unwrap(),
            minimum: units(100),
            vat: "19%".parse().unwrap(),
        };
        let promised = Amount::from_ten_thousandths(integrator_fee);
        let shares = fee::divide(terms, line.amount, Currency::Clp, promised);
        let belongs = Belongs::Shared {
            merchant,
            integrator: Some(INTEGRATOR),
            shares,
        };
        let transaction = match from_review {
            true => entry::assigned(line, payment(), belongs),
            false => entry::credited(line, payment(), belongs),
        };
        self.post(&transaction);
        let taken = shares.fee.ten_thousandths() + shares.integrator.ten_thousandths();
        *self.taken.entry((line.collecting_id, merchant)).or_default() += taken;
        self.paid.push(Paid {
            collecting_id: line.collecting_id,
            merchant,
            left: line.amount.ten_thousandths(),
            is_settled: false,
        });
    }

    fn refund(&mut self, which: usize, amount: i64, from_wallet: bool) {
        let Some(paid) = picked(&self.paid, which).cloned() else {
            return;
        };
        let from = match from_wallet {
            true => Purpose::wallet(paid.merchant),
            false => Purpose::collected(paid.merchant),
        };
        let amount = amount.min(paid.left);
        let is_allowed = match from_wallet {
            true => self.held(paid.collecting_id, from) >= amount,
            false => !paid.is_settled,
        };
        if amount == 0 || !is_allowed {
            return;
        }
        let id = self.next();
        let ten_thousandths = Amount::from_ten_thousandths(amount);
        self.post(&entry::refunded(
            paid.collecting_id,
            &id,
            payment(),
            from,
            ten_thousandths,
        ));
        let index = which % self.paid.len();
        self.paid[index].left -= amount;
        self.orders.push(Ordered {
            collecting_id: paid.collecting_id,
            waiting: Purpose::transit(paid.merchant),
            back_to: from,
            amount,
            payment: Some(index),
        });
    }

    /// Everything that is left for a merchant is ordered to be paid out, and no payment of it can be refunded any more.
    fn settle(&mut self, collecting_id: i64, merchant: AccountId) {
        let share = |world: &World, purpose| (purpose, world.held(collecting_id, purpose));
        let parts = [
            share(self, Purpose::collected(merchant)),
            share(self, Purpose::integrator(INTEGRATOR)),
        ];
        let parts: Vec<_> = parts.into_iter().filter(|(_, amount)| *amount > 0).collect();
        let amounts: Vec<_> = parts
            .iter()
            .map(|(purpose, amount)| (*purpose, Amount::from_ten_thousandths(*amount)))
            .collect();
        let id = self.next();
        self.post(&entry::settled(collecting_id, &id, &amounts));
        for paid in &mut self.paid {
            paid.is_settled |= paid.collecting_id == collecting_id && paid.merchant == merchant;
        }
        self.orders
            .extend(parts.into_iter().map(|(from, amount)| Ordered {
                collecting_id,
                waiting: from.in_payouts(),
                back_to: from,
                amount,
                payment: None,
            }));
    }

    fn end_order(&mut self, which: usize, is_seen: bool) {
        if self.orders.is_empty() {
            return;
        }
        let order = self.orders.swap_remove(which % self.orders.len());
        let Ordered {
            collecting_id,
            waiting,
            back_to,
            amount,
            ..
        } = order;
        let ten_thousandths = Amount::from_ten_thousandths(amount);
        if is_seen {
            let movement = self.books(collecting_id, -amount);
            let amount = Amount::from_ten_thousandths(-amount);
            self.post(&entry::left(
                Line {
                    collecting_id,
                    movement: &movement,
                    amount,
                },
                waiting,
            ));
            return;
        }
        let id = self.next();
        match (back_to.kind, order.payment) {
            (Kind::Suspense, _) => {
                self.orders.push(Ordered {
                    payment: None,
                    ..order
                });
            }
            (_, Some(paid)) => {
                self.paid[paid].left += amount;
                self.post(&entry::refund_expired(
                    collecting_id,
                    &id,
                    payment(),
                    back_to,
                    ten_thousandths,
                ));
            }
            (_, None) => self.post(&entry::payout_failed(
                collecting_id,
                &id,
                back_to,
                ten_thousandths,
            )),
        }
    }

    fn holds(&self) -> Result<(), TestCaseError> {
        for (collecting_id, stated) in &self.banks {
            let of_account = self
                .sums
                .range((*collecting_id, Purpose::BANK)..)
                .take_while(|((id, _), _)| id == collecting_id);
            let others: i64 = of_account
                .filter(|((_, purpose), _)| *purpose != Purpose::BANK)
                .map(|(_, sum)| sum)
                .sum();
            prop_assert_eq!(-self.held(*collecting_id, Purpose::BANK), *stated);
            prop_assert_eq!(*stated, -others);
        }
        for ((collecting_id, purpose), sum) in &self.sums {
            let below = match purpose.kind {
                Kind::Bank | Kind::Suspense => continue,
                Kind::Collected => self
                    .taken
                    .get(&(*collecting_id, AccountId(purpose.owner)))
                    .copied()
                    .unwrap_or(0),
                _ => 0,
            };
            prop_assert!(-sum >= -below, "{purpose} of {collecting_id} holds {}", -sum);
        }
        Ok(())
    }
}

fn line(collecting_id: i64, movement: &str, amount: i64) -> Line<'_> {
    Line {
        collecting_id,
        movement,
        amount: Amount::from_ten_thousandths(amount),
    }
}

fn picked<T>(of: &[T], which: usize) -> Option<&T> {
    of.get(which.checked_rem(of.len())?)
}

/// One thing that may happen; the numbers choose on what.
#[derive(Clone, Copy, Debug)]
enum Operation {
    Credit { matched: bool, integrator_fee: i64 },
    Assign { integrator_fee: i64 },
    TopUp,
    Refund { from_wallet: bool },
    Settle,
    EndOrder { is_seen: bool },
    SendBack,
    StrangeDebit,
    Correct,
}

fn any_operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        4 => (any::<bool>(), 0..40_000_000_i64)
            .prop_map(|(matched, integrator_fee)| Operation::Credit { matched, integrator_fee }),
        1 => (0..40_000_000_i64).prop_map(|integrator_fee| Operation::Assign { integrator_fee }),
        1 => Just(Operation::TopUp),
        3 => any::<bool>().prop_map(|from_wallet| Operation::Refund { from_wallet }),
        1 => Just(Operation::Settle),
        3 => any::<bool>().prop_map(|is_seen| Operation::EndOrder { is_seen }),
        1 => Just(Operation::SendBack),
        1 => Just(Operation::StrangeDebit),
        1 => Just(Operation::Correct),
    ]
}

impl World {
    fn happen(&mut self, operation: Operation, amount: i64, which: usize) {
        let (collecting_id, merchant) = (7 + (which % 2) as i64, AccountId(100_001 + (which % 3) as i64));
        match operation {
            Operation::Credit {
                matched,
                integrator_fee,
            } => {
                let movement = self.books(collecting_id, amount);
                if matched {
                    return self.settles(
                        line(collecting_id, &movement, amount),
                        false,
                        merchant,
                        integrator_fee,
                    );
                }
                self.post(&entry::unexplained(line(collecting_id, &movement, amount)));
                self.waiting.push((collecting_id, movement, amount));
            }
            Operation::Assign { integrator_fee } => {
                if let Some((collecting_id, movement, amount)) = self.waiting.pop() {
                    self.settles(
                        line(collecting_id, &movement, amount),
                        true,
                        merchant,
                        integrator_fee,
                    );
                }
            }
            Operation::TopUp => {
                let movement = self.books(collecting_id, amount);
                self.post(&entry::topped_up(
                    line(collecting_id, &movement, amount),
                    merchant,
                ));
            }
            Operation::Refund { from_wallet } => self.refund(which, amount, from_wallet),
            Operation::Settle => self.settle(collecting_id, merchant),
            Operation::EndOrder { is_seen } => self.end_order(which, is_seen),
            Operation::SendBack => self.send_back(),
            Operation::StrangeDebit => {
                let movement = self.books(collecting_id, -amount);
                self.post(&entry::unexplained(line(collecting_id, &movement, -amount)));
            }
            Operation::Correct => self.correct(collecting_id, amount),
        }
    }

    fn correct(&mut self, collecting_id: i64, amount: i64) {
        let (id, amount) = (self.next(), Amount::from_ten_thousandths(amount));
        let sides = (Purpose::SUSPENSE, Purpose::FEES);
        self.post(&entry::corrected(
            collecting_id,
            &id,
            sides,
            amount,
            "a person says so",
        ));
    }

    fn send_back(&mut self) {
        if let Some((collecting_id, _, amount)) = self.waiting.pop() {
            let id = self.next();
            self.post(&entry::returned(
                collecting_id,
                &id,
                Amount::from_ten_thousandths(amount),
            ));
            self.orders.push(Ordered {
                collecting_id,
                waiting: Purpose::RETURNS,
                back_to: Purpose::SUSPENSE,
                amount,
                payment: None,
            });
        }
    }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn any_sequence_of_operations_keeps_the_books(
        opening in -1_000_000_000_i64..1_000_000_000,
        happened in prop::collection::vec((any_operation(), 1..100_000_000_i64, any::<usize>()), 1..80),
    ) {
        let mut world = World::default();
        for collecting_id in [7, 8] {
            world.banks.insert(collecting_id, opening);
            world.post(&entry::opened(collecting_id, Amount::from_ten_thousandths(opening)));
        }
        world.holds()?;
        for (operation, amount, which) in happened {
            world.happen(operation, amount, which);
            world.holds()?;
        }
    }
}
