//! The queue of movements that no rule could match: a person looks at them, assigns them to a payment, or sends their
//! money back ([`super::giving_back`]).

use ayni_connectors::statement::StatementLine;
use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::ledger::entry;
use ayni_domain::matching::ids_in;
use ayni_domain::money::Amount;
use ayni_domain::payment::state::State;
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use jiff::Timestamp;
use thiserror::Error;

use super::settle::{self, Seen, SettleError};
use super::sql::{self, Verdict};
use super::storing;
use crate::app::Shared;
use crate::http::idempotent::NotKept;
use crate::ledger;
use crate::ledger::correct::CorrectionError;
use crate::merchants::collecting;
use crate::orders::{self, Order, OrderError};
use crate::payments::{self, Payment};
use crate::witness::Witness;

/// A movement that waits for a person.
#[derive(Clone, Debug)]
pub struct ReviewEntry {
    /// The collecting account's row.
    pub collecting_id: i64,
    /// Whose account it is.
    pub receiver_id: i64,
    /// The collecting account as commands name it.
    pub collect_account_uuid: String,
    /// Why it waits: a word of `ayni_domain::matching::reason::Reason`, after `not-settled: ` the error.
    pub reason: String,
    /// The movement.
    pub line: StatementLine,
    /// When it was first seen.
    pub seen_at: Timestamp,
    /// The payment that a part of it settled, where it was too much.
    pub settled: Option<PaymentId>,
    /// What of it settles nothing: all of it, unless a part did.
    pub left: Amount,
}

/// Why a decision was not taken.
#[derive(Debug, Error)]
pub enum ReviewError {
    /// The database refused or failed.
    #[error("the database could not do it")]
    Store(#[from] StoreError),
    /// Whoever decides could not be recorded, or decided this before.
    #[error("who decides could not be recorded")]
    NotSigned(#[from] NotKept),
    /// No such movement waits.
    #[error(
        "no movement {movement} of account {account} waits for review: `ayni review list` shows those that do"
    )]
    NotWaiting {
        /// The collecting account's uuid.
        account: String,
        /// The bank's id of the movement.
        movement: String,
    },
    /// No such payment.
    #[error("there is no payment {0}")]
    NoPayment(PaymentId),
    /// The payment is closed.
    #[error("payment {id} is {state}: only one that is pending or verifying can take money")]
    Closed {
        /// The payment.
        id: PaymentId,
        /// Its state.
        state: State,
    },
    /// Amount, currency or account differ.
    #[error(
        "the movement does not fit payment {0}: it must be of the same collecting account, currency and amount"
    )]
    DoesNotFit(PaymentId),
    /// It is no payment on this bank account that asks for less.
    #[error(
        "the movement is not too much for payment {0}: it must be of the same collecting account and currency, and \
         of more than the payment asks"
    )]
    NotTooMuch(PaymentId),
    /// There is no such movement.
    #[error("account {account} has no movement {movement}")]
    NoMovement {
        /// The collecting account's uuid.
        account: String,
        /// The bank's id of the movement.
        movement: String,
    },
    /// It is a debit.
    #[error("movement {0} brought no money that could be returned")]
    NothingToReturn(String),
    /// The money is the merchant's own.
    #[error(
        "collecting account {0} is the merchant's own: the merchant returns the money there; then note it with --by-hand"
    )]
    OwnAccount(String),
    /// Nobody knows where it came from.
    #[error(
        "the bank does not say from which account movement {0} came: name it with --bank, --number, --holder-name and \
         --holder-rut, or return the money at the bank and note it with --by-hand"
    )]
    UnknownPayer(String),
    /// It is a credit.
    #[error("movement {0} brought money: assign it, accept a part of it or return it")]
    NotADebit(String),
    /// What the bank holds is what the line changed already.
    #[error("say whose money left, as collected:990939 or fees, not that it left the bank")]
    NotFromTheBank,
    /// The correction was refused.
    #[error("the money that left could not be taken from there")]
    Correction(#[from] CorrectionError),
    /// The order that sends it back could not be placed.
    #[error("the money could not be ordered back")]
    Order(#[from] OrderError),
    /// The settling failed.
    #[error("the payment could not be settled")]
    Settle(#[from] SettleError),
}

/// The movements that wait, oldest first.
pub async fn list(db: &Db, limit: u32) -> Result<Vec<ReviewEntry>, ReviewError> {
    Ok(db
        .read("review.list", move |tx| sql::select_review(tx, limit.into()))
        .await?)
}

/// Those on an account's own collecting accounts, oldest first. Each bank account is asked by itself: in one list of all
/// of them the engines would walk what waits for others.
pub async fn list_of(db: &Db, account: AccountId, limit: u32) -> Result<Vec<ReviewEntry>, ReviewError> {
    Ok(db
        .read("review.list-of", move |tx| {
            let mut found = Vec::new();
            for own in collecting::all(tx, account)? {
                found.extend(sql::select_review_on(tx, own.id, limit.into())?);
            }
            found.sort_by(|one, other| place(one).cmp(&place(other)));
            found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            Ok::<_, StoreError>(found)
        })
        .await?)
}

/// What the list is ordered by.
fn place(entry: &ReviewEntry) -> (Timestamp, i64, &str) {
    (entry.seen_at, entry.collecting_id, &entry.line.id)
}

/// Settles a payment with a movement that waits: the same effects as a match, its notification included.
pub async fn assign(
    app: &Shared,
    account_uuid: &str,
    movement: &str,
    payment: PaymentId,
    by: &Witness,
) -> Result<(), ReviewError> {
    let (uuid, id, settler, by) = (
        account_uuid.to_owned(),
        movement.to_owned(),
        app.clone(),
        by.clone(),
    );
    let (notice_id, now) = (app.entropy.uuid(), app.clock.now());
    app.db
        .write("review.assign", move |tx| {
            by.sign(tx, &id)?;
            let entry = waiting(tx, &uuid, &id)?;
            let payment = payments::find(tx, payment)?.ok_or(ReviewError::NoPayment(payment))?;
            if !matches!(payment.state, State::Pending | State::Verifying) {
                return Err(ReviewError::Closed {
                    id: payment.id,
                    state: payment.state,
                });
            }
            if entry.settled.is_some() {
                return Err(ReviewError::DoesNotFit(payment.id));
            }
            if !settle::fits(tx, entry.collecting_id, &entry.line, &payment)? {
                return Err(ReviewError::DoesNotFit(payment.id));
            }
            let collecting =
                collecting::find(tx, entry.collecting_id)?.ok_or(ReviewError::DoesNotFit(payment.id))?;
            let seen = Seen {
                collecting: &collecting,
                line: &entry.line,
                notice_id,
                now,
            };
            let belongs = settle::settle(tx, &settler, &seen, &payment, None)?;
            ledger::post(tx, &entry::assigned(seen.ledger_line(), payment.id, belongs), now)?;
            let reason = Some("assigned-by-operator".into());
            let verdict = Verdict {
                state: "assigned",
                payment: Some(payment.id),
                reason,
            };
            decided(tx, &entry, &verdict, now)
        })
        .await?;
    storing::tell(app, vec![payment]);
    Ok(())
}

/// A movement in whatever state, what it names, and what was ordered back of it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The movement.
    pub entry: ReviewEntry,
    /// `matched`, `review`, `debit`, `assigned` or `returned`.
    pub state: String,
    /// When a person decided.
    pub decided_at: Option<Timestamp>,
    /// The payments whose ids its text has.
    pub named: Vec<Payment>,
    /// The orders that send its money back.
    pub returns: Vec<Order>,
}

/// Everything that is known of a movement, for the person who decides.
pub async fn show(db: &Db, account_uuid: &str, movement: &str) -> Result<Shown, ReviewError> {
    let (uuid, id) = (account_uuid.to_owned(), movement.to_owned());
    db.read("review.show", move |tx| {
        let found = sql::select_seen(tx, &uuid, &id)?;
        let (entry, state, decided_at) = found.ok_or_else(|| ReviewError::NoMovement {
            account: uuid.clone(),
            movement: id.clone(),
        })?;
        let mut named = Vec::new();
        for id in ids_in(&entry.line.reference).into_iter().take(NAMED_MAX) {
            named.extend(payments::find(tx, id)?);
        }
        Ok(Shown {
            returns: orders::returns_of(tx, entry.collecting_id, &entry.line.id)?,
            entry,
            state,
            decided_at,
            named,
        })
    })
    .await
}

pub(super) fn waiting(
    tx: &mut ayni_store::tx::Tx<'_>,
    account: &str,
    movement: &str,
) -> Result<ReviewEntry, ReviewError> {
    sql::select_review_entry(tx, account, movement)?.ok_or_else(|| not_waiting(account, movement))
}

pub(super) fn decided(
    tx: &mut ayni_store::tx::Tx<'_>,
    entry: &ReviewEntry,
    verdict: &Verdict,
    now: Timestamp,
) -> Result<(), ReviewError> {
    match sql::decide_movement(tx, entry.collecting_id, &entry.line.id, verdict, now)? {
        true => Ok(()),
        false => Err(not_waiting(&entry.collect_account_uuid, &entry.line.id)),
    }
}

fn not_waiting(account: &str, movement: &str) -> ReviewError {
    ReviewError::NotWaiting {
        account: account.to_owned(),
        movement: movement.to_owned(),
    }
}

/// Payments that are looked up for one movement's text.
const NAMED_MAX: usize = 20;
