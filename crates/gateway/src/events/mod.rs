//! What happens to an account, told as it happens over a connection that the listener opens: for developers whose own
//! server nobody can reach, and for programs behind a firewall.
//!
//! An event is a row, written in the unit of work of what happened, and only while somebody listens: [`record`] is one
//! statement, which finds no listener for nearly every account. Nodes share the rows and nothing else, so any node tells
//! what happened on any other ([`follow`]). Rows are kept for a day, so that who comes back within it has missed nothing.

pub(crate) mod api;
pub mod follow;
mod sql;

use axum::Router;
use axum::routing::get;
use ayni_domain::creation::details::NotifyVersion;
use ayni_domain::ids::AccountId;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::{SignedDuration, Timestamp};

use crate::app::{App, Shared};
use crate::http::auth::Authentication;

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// What developers' programs call: ours, not Khipu's.
pub fn router(app: &Shared) -> Router<Shared> {
    Router::new()
        .route("/ayni/v1/events", get(api::stream))
        .route("/ayni/v1/events/{id}", get(api::show))
        .layer(Authentication::of(app))
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A payment's money was seen; a notification tells of it.
    PaymentDone,
    /// Its payer declared not to pay.
    PaymentRejected,
    /// Its payer reported it as abuse.
    PaymentAbuse,
    /// Its merchant deleted it.
    PaymentDeleted,
    /// Its merchant was paid in another way.
    PaymentMarkedPaid,
    /// A refund was seen leaving.
    RefundPaid,
    /// A refund could not be executed.
    RefundExpired,
    /// A settlement was made; a notification tells of it.
    SettlementDone,
    /// An operation is over; its callback tells of it.
    OperationCallback,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 9] = [
        Kind::PaymentDone,
        Kind::PaymentRejected,
        Kind::PaymentAbuse,
        Kind::PaymentDeleted,
        Kind::PaymentMarkedPaid,
        Kind::RefundPaid,
        Kind::RefundExpired,
        Kind::SettlementDone,
        Kind::OperationCallback,
    ];

    /// Its name in rows and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::PaymentDone => "payment.done",
            Kind::PaymentRejected => "payment.rejected",
            Kind::PaymentAbuse => "payment.abuse",
            Kind::PaymentDeleted => "payment.deleted",
            Kind::PaymentMarkedPaid => "payment.marked-paid",
            Kind::RefundPaid => "refund.paid",
            Kind::RefundExpired => "refund.expired",
            Kind::SettlementDone => "settlement.done",
            Kind::OperationCallback => "operation.callback",
        }
    }
}

/// Something that happened to an account.
#[derive(Clone, Copy, Debug)]
pub struct NewEvent<'a> {
    /// Whose it is.
    pub account: AccountId,
    /// What.
    pub kind: Kind,
    /// The payment, refund, operation or settlement.
    pub subject: &'a str,
    /// What is sent of it.
    pub notice: Told<'a>,
}

/// What is sent of an event.
#[derive(Clone, Copy, Debug)]
pub enum Told<'a> {
    /// Nothing: those who listen are told all the same.
    Nothing,
    /// A notice of this id.
    Notice(&'a str),
    /// A notification that has no address: those who listen get it. Its id was drawn before the unit of work.
    Unsent {
        /// What would have been the notice's.
        id: &'a str,
        /// Its form.
        version: NotifyVersion,
        /// Its body.
        body: &'a str,
    },
}

/// Records what happened, if somebody listens to the account; in the unit of work in which it happens.
pub fn record(tx: &mut Tx<'_>, event: &NewEvent<'_>, now: Timestamp) -> Result<(), StoreError> {
    let own;
    let (id, unsent) = match event.notice {
        Told::Notice(id) => (id, None),
        Told::Unsent { id, version, body } => (id, Some((version, body))),
        Told::Nothing => {
            own = format!("{}:{}", event.kind.as_str(), event.subject);
            (own.as_str(), None)
        }
    };
    sql::insert_event(tx, id, event, unsent, now)
}

/// Whether somebody listens, or did within a day: what is sent nowhere is worth writing then.
pub fn is_listened(tx: &mut Tx<'_>, account: AccountId, now: Timestamp) -> Result<bool, StoreError> {
    sql::is_listened(tx, account, now)
}

/// Deletes what was kept for a day.
pub(crate) async fn forget_old(app: &App) -> Result<(), StoreError> {
    let now = app.clock.now();
    let before = now.saturating_sub(KEPT_FOR).unwrap_or(Timestamp::MIN);
    app.db
        .append("events.forget", move |tx| {
            sql::delete_events(tx, before)?;
            sql::delete_listeners(tx, now)
        })
        .await
}

/// How long an event is kept, and how long events are recorded after somebody listened last.
pub const KEPT_FOR: SignedDuration = SignedDuration::from_hours(24);
