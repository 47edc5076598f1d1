//! Money that leaves: one order is one bank transfer out of a collecting account, sent at most once.
//!
//! Whoever owes money places an order ([`place`]) in the unit of work of its cause. Where the collecting account has a
//! login, a job sends it through the bank's connector ([`jobs`]); elsewhere it waits for a file that a person hands to
//! the bank (`orders::file`). Before the request that moves money one unit of work marks the order `sending`; whoever
//! finds it there reads the statement instead, on which the order's id stands as the debit's comment
//! ([`statement::of_debit`]). Every change passes through `transition`, and its owner is told in the same unit of work.

pub mod commands;
pub mod file;
pub mod held;
pub mod jobs;

mod fill_in;
mod lapse;
mod owner;
mod send;
mod sql;
pub mod statement;

use ayni_connectors::transfer::{Destination, TransferOrder};
use ayni_domain::currency::Currency;
use ayni_domain::ids::{AccountId, OrderId};
use ayni_domain::ledger::purpose::Purpose;
use ayni_domain::money::Amount;
use ayni_domain::order::{Event, Kind, State, Unlisted, Via, apply};
use ayni_store::error::StoreError;
use ayni_store::queue::{self, NewJob};
use ayni_store::tx::Tx;
use jiff::Timestamp;
use thiserror::Error;

use crate::app::App;
use crate::merchants::collecting;
use crate::payments::TransitionError;
use crate::signals::JobKind;

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// Who is to receive the money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payee {
    /// The bank, as in `GET /v3/banks`.
    pub bank_id: String,
    /// The account's number there.
    pub number: String,
    /// Its holder's name.
    pub holder_name: String,
    /// Its holder's RUT, without dots and hyphen.
    pub holder_identifier: String,
    /// Where the bank may tell the holder; may be empty.
    pub holder_email: String,
}

/// A transfer to be ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOrder {
    /// Drawn before the unit of work ([`draw_id`]); stands in the transfer's comment.
    pub id: OrderId,
    /// What it is for.
    pub kind: Kind,
    /// The collecting account that the money leaves.
    pub collecting_id: i64,
    /// Whose money it is: an account's number; 0 for a return.
    pub owner: i64,
    /// The refund, the settlement or the movement that it is for.
    pub subject: String,
    /// In the collecting account's currency.
    pub amount: Amount,
    /// The collecting account's.
    pub currency: Currency,
    /// To whom.
    pub payee: Payee,
}

/// An order as its row tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// What was ordered.
    pub new: NewOrder,
    /// How it reaches the bank.
    pub via: Via,
    /// Where it stands.
    pub state: State,
    /// How many events it has lived through: the guard of its next transition.
    pub events: i64,
    /// How often the bank refused it.
    pub tries: i64,
    /// When it was placed.
    pub created_at: Timestamp,
    /// From when it may be sent.
    pub due_at: Timestamp,
    /// When the request that moves money was about to be sent, or its file was written.
    pub sent_at: Option<Timestamp>,
    /// The bank's number, from its receipt.
    pub operation_number: Option<String>,
    /// Why it was refused, is uncertain or could not be sent yet.
    pub reason: Option<String>,
    /// Its debit on the statement.
    pub movement_id: Option<String>,
    /// When nothing could happen to it any more.
    pub ended_at: Option<Timestamp>,
}

/// Why an order did not change. Whoever gets one lets the whole unit of work fail, unless it wrote nothing else.
#[derive(Debug, Error)]
pub enum OrderError {
    /// The order's state does not list the event.
    #[error(transparent)]
    Unlisted(#[from] Unlisted),
    /// Another transition came first: read the order again and decide anew.
    #[error("another transition of the order came first")]
    Raced,
    /// There is no such order.
    #[error("there is no order {0}")]
    NoOrder(String),
    /// There is no such collecting account.
    #[error("there is no collecting account {0}")]
    NoCollecting(i64),
    /// The database was restored, and nobody has said yet that money may leave.
    #[error("money that leaves is held since the database was restored: `ayni orders held` says what to do")]
    Held,
    /// What it is for could not take the news.
    #[error("what the order is for could not take the news")]
    Payment(#[from] TransitionError),
    /// The database refused or failed.
    #[error("the database could not record the order")]
    Store(#[from] StoreError),
}

/// What changes with an event beside the state.
#[derive(Clone, Debug, Default)]
pub(crate) struct Change {
    /// Why; kept in the order and in the event.
    pub(crate) reason: Option<String>,
    /// From the bank's receipt.
    pub(crate) operation_number: Option<String>,
    /// The debit that was seen.
    pub(crate) movement_id: Option<String>,
    /// When it may be tried again.
    pub(crate) due_at: Option<Timestamp>,
}

/// An identifier for a new order; draw it before the unit of work.
pub fn draw_id(app: &App) -> OrderId {
    OrderId::from_random_bytes(&app.entropy.bytes())
}

/// Places an order in the unit of work of its cause, with the job that sends it; tells how it will reach the bank. After
/// the commit of one that goes by connector, the caller wakes [`JobKind::Order`].
pub fn place(tx: &mut Tx<'_>, new: &NewOrder, now: Timestamp) -> Result<Via, OrderError> {
    place_within(tx, new, Amount::MAX, now)
}

/// The same; one above the limit of what the bank transfers at once goes by file in any case.
pub fn place_within(
    tx: &mut Tx<'_>,
    new: &NewOrder,
    limit: Amount,
    now: Timestamp,
) -> Result<Via, OrderError> {
    let from = collecting::find(tx, new.collecting_id)?.ok_or(OrderError::NoCollecting(new.collecting_id))?;
    let via = match from.has_login && new.amount <= limit {
        true => Via::Connector,
        false => Via::File,
    };
    sql::insert_order(tx, new, via, now)?;
    if via == Via::Connector {
        enqueue_sending(tx, new.collecting_id, &from.bank_id, now, now)?;
    }
    Ok(via)
}

/// The order of this identifier.
pub fn find(tx: &mut Tx<'_>, id: OrderId) -> Result<Option<Order>, StoreError> {
    sql::select_order(tx, id)
}

/// The orders that sent, or were to send, a movement's money back, the first one first.
pub fn returns_of(tx: &mut Tx<'_>, collecting_id: i64, movement: &str) -> Result<Vec<Order>, StoreError> {
    sql::select_of_subject(tx, Kind::Return, movement, collecting_id)
}

/// Applies an event to an order as it was read: the guarded update, the event's row, and the news to what it is for.
pub(crate) fn transition(
    tx: &mut Tx<'_>,
    order: &Order,
    event: Event,
    change: Change,
    now: Timestamp,
) -> Result<Order, OrderError> {
    let mut changed = order.clone();
    changed.state = apply(order.state, event)?;
    changed.events += 1;
    changed.reason = change.reason;
    changed.operation_number = change.operation_number.or(changed.operation_number);
    changed.movement_id = change.movement_id.or(changed.movement_id);
    changed.due_at = change.due_at.unwrap_or(changed.due_at);
    if matches!(event, Event::Sending | Event::Filed) {
        changed.sent_at = Some(now);
    }
    if event == Event::Refused {
        changed.tries += 1;
    }
    changed.ended_at = changed.state.is_ended().then_some(now);
    if !sql::update_order(tx, &changed, order.events)? {
        return Err(OrderError::Raced);
    }
    sql::insert_event(tx, &changed, event, now)?;
    owner::tell(tx, &changed, now)?;
    Ok(changed)
}

/// Sends what is waiting on a collecting account, from `due_at` on.
fn enqueue_sending(
    tx: &mut Tx<'_>,
    collecting_id: i64,
    bank_id: &str,
    due_at: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    let key = collecting_id.to_string();
    let job = NewJob {
        kind: JobKind::Order.as_str(),
        key: &key,
        lane: bank_id,
        payload: "",
        due_at,
    };
    queue::enqueue(tx, &job, now)
}

impl NewOrder {
    /// The ledger account on which its money lies while it is on its way.
    pub fn purpose(&self) -> Purpose {
        match self.kind {
            Kind::Refund => Purpose::transit(AccountId(self.owner)),
            Kind::Payout => Purpose::payouts(AccountId(self.owner)),
            Kind::Return => Purpose::RETURNS,
        }
    }
}

impl Change {
    /// Nothing but this reason.
    fn because(reason: &str) -> Change {
        Change {
            reason: Some(reason.to_owned()),
            ..Change::default()
        }
    }
}

impl OrderError {
    /// Whether the same may well succeed a little later, without anybody mending anything.
    pub fn is_temporary(&self) -> bool {
        match self {
            OrderError::Raced | OrderError::Payment(TransitionError::Raced) => true,
            OrderError::Store(error) | OrderError::Payment(TransitionError::Store(error)) => {
                error.is_temporary()
            }
            _ => false,
        }
    }
}

impl Order {
    /// The transfer as the bank's form takes it; `bank_name` is the payee's bank's.
    fn transfer(&self, bank_name: String) -> TransferOrder {
        let NewOrder {
            id,
            amount,
            currency,
            payee,
            ..
        } = &self.new;
        TransferOrder {
            amount: *amount,
            currency: *currency,
            destination: Destination {
                bank_name,
                number: payee.number.clone(),
                holder_name: payee.holder_name.clone(),
                holder_identifier: payee.holder_identifier.clone(),
                email: payee.holder_email.clone(),
            },
            comment: id.to_string(),
        }
    }
}
