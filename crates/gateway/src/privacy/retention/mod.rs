//! What is kept has an end: once a day one node takes out what is older than the operator's settings say.

mod account;
pub(crate) mod jobs;
mod sql;

use jiff::{SignedDuration, Timestamp};

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// Days for which each kind of data is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Payers of payments, from the payment's making: what can be claimed in court is claimed by then.
    pub payers_days: u32,
    /// To whom mails went.
    pub mails_days: u32,
    /// What merchants answered to notifications.
    pub answers_days: u32,
    /// What was asked of institutions.
    pub operations_days: u32,
    /// Consents and their tokens, from their end.
    pub consents_days: u32,
    /// Who did what in the console.
    pub audit_days: u32,
}

impl Default for Retention {
    /// Six years for what the books rest on, as tax law keeps them; less for the rest.
    fn default() -> Retention {
        Retention {
            payers_days: 6 * 365,
            mails_days: 365,
            answers_days: 90,
            operations_days: 365,
            consents_days: 2 * 365,
            audit_days: 6 * 365,
        }
    }
}

/// The instant before which something is too old that is kept for so many days.
fn before(now: Timestamp, days: u32) -> Timestamp {
    let kept = SignedDuration::from_hours(24 * i64::from(days));
    now.saturating_sub(kept).unwrap_or(Timestamp::MIN)
}
