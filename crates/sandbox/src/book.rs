//! Every transfer that moved money, for whoever checks the gateway against what really happened.

use std::path::Path;

use ayni_domain::currency::Currency;
use ayni_domain::money::Amount;
use ayni_domain::time::wire;
use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::error::SandboxError;
use crate::sql;
use crate::statement::read_operation;
use crate::storage::connect_to_read;

/// One transfer: its amount was debited from one account and credited to another, in one transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BookEntry {
    /// The operation number that receipt and statements show.
    pub operation: String,
    /// When the money moved.
    #[serde(serialize_with = "as_wire")]
    pub at: Timestamp,
    /// Account number of the payer.
    pub origin: String,
    /// Account number of the payee.
    pub destination: String,
    /// How much.
    pub amount: Amount,
    /// Of which currency.
    pub currency: Currency,
    /// What the payer wrote.
    pub comment: String,
    /// `completed`, or `unconfirmed` where the payer got no clear answer; the money moved in both.
    pub state: String,
}

/// Reads the whole book of a bank's file, oldest first; the bank may be running.
pub fn read(path: &Path) -> Result<Vec<BookEntry>, SandboxError> {
    let connection = connect_to_read(path)?;
    sql::list_operations(&connection)?
        .into_iter()
        .map(|row| read_operation(row).map(entry))
        .collect()
}

fn entry(operation: crate::statement::Operation) -> BookEntry {
    BookEntry {
        operation: operation.number.to_string(),
        at: operation.at,
        origin: operation.origin.to_string(),
        destination: operation.destination.to_string(),
        amount: operation.amount,
        currency: operation.origin.currency(),
        comment: operation.comment,
        state: operation.state,
    }
}

fn as_wire<S: Serializer>(at: &Timestamp, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(&wire(*at))
}
