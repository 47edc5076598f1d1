//! Who did what, when, to what, and from where. An act and its line commit together, so that there is no act without its
//! line. Lines are only ever added.

mod csv;
mod pages;
mod sql;

use axum::Router;
use axum::routing::get;
use ayni_domain::audit::Action;
use ayni_domain::ids::AccountId;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;
use uuid::Uuid;

use super::seat::Seat;
use crate::app::{App, Shared};

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/console/audit", get(pages::list))
        .route("/console/audit.csv", get(csv::export))
}

/// Who acts in an account.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The person; empty for the operator at the command line.
    pub email: String,
    /// In which account.
    pub account: AccountId,
    /// From where; empty where that is not known.
    pub address: String,
    /// The request, or the command's run.
    pub request: Uuid,
}

impl Actor {
    /// The operator at the command line.
    pub fn operator(app: &App, account: AccountId) -> Actor {
        Actor {
            email: String::new(),
            account,
            address: String::new(),
            request: app.entropy.uuid(),
        }
    }

    /// A person of the console.
    pub(crate) fn of(seat: &Seat) -> Actor {
        Actor {
            email: seat.email.clone(),
            account: seat.account,
            address: seat
                .address
                .map(|address| address.to_string())
                .unwrap_or_default(),
            request: seat.request,
        }
    }
}

/// Writes down an act of a person of the console, in the unit of work that does it. The subject is what was acted upon: an
/// id, an alias, an e-mail; never a secret or a RUT.
pub(crate) fn note(
    tx: &mut Tx<'_>,
    seat: &Seat,
    action: Action,
    subject: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    note_by(tx, &Actor::of(seat), action, subject, now)
}

/// The same for anybody, such as the operator at the command line.
pub fn note_by(
    tx: &mut Tx<'_>,
    actor: &Actor,
    action: Action,
    subject: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    sql::insert_entry(tx, actor, action, subject, now)
}

/// A line of the log.
#[derive(Clone, Debug)]
struct Entry {
    place: Place,
    email: String,
    address: String,
    action: String,
    subject: String,
}

/// Where a line stands, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    at: Timestamp,
    request: String,
    number: i64,
}
