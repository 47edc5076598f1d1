//! What payers are told by mail: what they are asked to pay, that they still owe it, that they paid it.
//!
//! A mail is a row, made in the unit of work that causes it: the creation of its payment, a reminder that fell due, money
//! that was seen. Its id says both, so that no cause makes two. A job sends it, from the queue, with two days of tries.
//! What it says is written at each try from its payment, which does not change; that it is no longer wanted (paid,
//! deleted, expired, declined) is looked at at each try too.
//!
//! At least once: a process that dies between the server's «250» and the row that says so leaves the mail to be sent
//! again, byte for byte with the same `Message-ID`, by which clients know it.

pub mod commands;
mod compose;
mod deliver;
mod letter;
pub(crate) mod log;
mod readers;
mod remind;
mod sql;
mod unsubscribe;

use std::fmt;

use axum::Router;
use axum::middleware::map_response;
use axum::routing::get;
use ayni_domain::creation::NewPayment;
use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::lang::Lang;
use ayni_store::error::StoreError;
use ayni_store::queue::{self, NewJob};
use ayni_store::tx::Tx;
use jiff::Timestamp;

use crate::app::{App, Shared};
use crate::http::pages::page_headers;
use crate::payments::Payment;
use crate::signals::JobKind;
use crate::worker::Pump;

pub use deliver::deliver;
pub use remind::remind;

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// How mails are sent: few at once, in places of their own, so that a slow server delays nothing else and is not
/// overrun.
pub const MAILS: Pump = Pump {
    kind: JobKind::Mail,
    concurrency: MAILS_AT_ONCE,
    per_lane: MAILS_AT_ONCE,
};

/// How reminders that fall due are made.
pub const REMINDERS: Pump = Pump {
    kind: JobKind::Reminder,
    concurrency: 4,
    per_lane: 4,
};

/// The page on which a reader says that no reminders are wanted.
pub fn router() -> Router<Shared> {
    let page = get(unsubscribe::show).post(unsubscribe::choose);
    Router::new()
        .route("/mails/unsubscribe/{token}", page)
        .layer(map_response(page_headers))
}

/// What a mail is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Asks for a payment (`send_email`).
    Request,
    /// Asks again (`send_reminders`): the first or the second time.
    Reminder(u8),
    /// Says that the money was seen.
    Receipt,
}

impl Kind {
    /// Its word in rows and ids.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Request => "request",
            Kind::Reminder(1) => "reminder-1",
            Kind::Reminder(_) => "reminder-2",
            Kind::Receipt => "receipt",
        }
    }

    /// The kind of that word.
    pub fn parse(word: &str) -> Option<Kind> {
        [Kind::Request, Kind::Reminder(1), Kind::Reminder(2), Kind::Receipt]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}

/// Which mail: one of each kind for a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MailId {
    payment: PaymentId,
    kind: Kind,
}

impl fmt::Display for MailId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.payment, self.kind.as_str())
    }
}

/// A mail that is to be made.
#[derive(Clone, Debug)]
struct NewMail<'a> {
    id: MailId,
    account: AccountId,
    address: &'a str,
    name: &'a str,
    lang: Lang,
}

/// A payment that was just created: asks for it, and arranges for its reminders, as far as its merchant wants that.
/// `can_send` tells whether there is a mail server.
///
/// In the unit of work of the creation. The caller wakes [`JobKind::Mail`] after the commit.
pub fn payment_created(
    tx: &mut Tx<'_>,
    (id, account): (PaymentId, AccountId),
    new: &NewPayment,
    can_send: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let details = &new.details;
    let Some(address) = &details.payer_email else {
        return Ok(());
    };
    if details.send_email {
        let mail = NewMail {
            id: MailId {
                payment: id,
                kind: Kind::Request,
            },
            account,
            address,
            name: details.payer_name.as_deref().unwrap_or_default(),
            lang: details.lang,
        };
        make(tx, &mail, can_send, now)?;
    }
    if details.send_reminders {
        remind::arrange(tx, id, 1, new.expires_at, now)?;
    }
    Ok(())
}

/// Sends the payer the receipt of a payment whose money was just seen; nothing where no mail server is set.
///
/// In the unit of work that settles it. The caller wakes [`JobKind::Mail`] after the commit.
pub fn payment_settled(
    tx: &mut Tx<'_>,
    app: &App,
    payment: &Payment,
    payer: (&str, &str),
    now: Timestamp,
) -> Result<(), StoreError> {
    let (name, address) = payer;
    if app.mailer.is_none() || address.is_empty() {
        return Ok(());
    }
    let new = NewMail {
        id: MailId {
            payment: payment.id,
            kind: Kind::Receipt,
        },
        account: payment.account,
        address,
        name,
        lang: payment.details.lang,
    };
    make(tx, &new, true, now)
}

/// Makes a mail and its job; one that is there already stays as it is. Without a mail server it is held, for an operator
/// to see and to send later.
fn make(tx: &mut Tx<'_>, new: &NewMail<'_>, can_send: bool, now: Timestamp) -> Result<(), StoreError> {
    let state = match can_send {
        true => State::Pending,
        false => State::Held,
    };
    if sql::insert_mail(tx, new, state, now)? && state == State::Pending {
        enqueue(tx, &new.id.to_string(), now)?;
    }
    Ok(())
}

fn enqueue(tx: &mut Tx<'_>, id: &str, now: Timestamp) -> Result<(), StoreError> {
    let job = NewJob {
        kind: JobKind::Mail.as_str(),
        key: id,
        lane: "",
        payload: "",
        due_at: now,
    };
    queue::enqueue(tx, &job, now)
}

/// Where a mail stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// To be sent.
    Pending,
    /// The server took it.
    Sent,
    /// Refused for good, or two days of tries are over.
    Failed,
    /// Not wanted any more before it was sent.
    Dropped,
    /// Made while no mail server was set.
    Held,
}

impl State {
    /// Its word in rows.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Pending => "pending",
            State::Sent => "sent",
            State::Failed => "failed",
            State::Dropped => "dropped",
            State::Held => "held",
        }
    }
}

/// How many of this process's mails are under way at once.
const MAILS_AT_ONCE: usize = 4;
