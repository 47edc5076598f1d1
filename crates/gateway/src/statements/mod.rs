//! Statements that come as files, because not every bank has a site that can be read: ISO 20022 camt.053 and CSV.
//!
//! A file is read as a stream, line by line ([`camt`], [`delimited`]); each line gets an id that is the same whenever
//! the file, or one that overlaps it, is read again (`identity`); what is new is stored and matched exactly as lines
//! that a connector read ([`import`]). A line that is not understood to its last field is named with its reason and
//! left out: a guessed amount would settle the wrong payment.

pub mod camt;
mod counted;
pub mod delimited;
mod identity;
pub mod import;
pub mod mapping;

use std::io;

use ayni_domain::calendar;
use ayni_domain::currency::Currency;
use ayni_domain::money::Amount;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use thiserror::Error;

/// A line of a statement as a file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileLine {
    /// The line of the file on which it is read, counted from 1.
    pub line: u64,
    /// The bank's id of the movement, where the file has one.
    pub bank_id: Option<String>,
    /// When the bank booked it.
    pub booked: Booked,
    /// Above zero for a credit, below for a debit.
    pub amount: Amount,
    /// Its currency, where the file says one.
    pub currency: Option<Currency>,
    /// The other side's RUT; may be empty, like all that follow.
    pub payer_identifier: String,
    /// The other side's name.
    pub payer_name: String,
    /// The other side's account.
    pub payer_account: String,
    /// What was written with the transfer.
    pub reference: String,
    /// The bank's number of the transfer.
    pub operation_number: String,
}

/// When a line was booked: many banks say only the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Booked {
    /// To the second.
    At(Timestamp),
    /// Some time of this day in Chile.
    On(Date),
}

impl Booked {
    /// The instant that is stored: of a day its end, or now while it lasts, since money never comes before its payment
    /// was made.
    pub fn instant(self, now: Timestamp) -> Timestamp {
        match self {
            Booked::At(at) => at,
            Booked::On(day) => {
                let next = calendar::start_of_day(day.saturating_add(1.day()));
                let end = next.checked_sub(1.millisecond()).unwrap_or(next);
                let begin = calendar::start_of_day(day);
                if now < begin { begin } else { end.min(now) }
            }
        }
    }
}

/// Why a line was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The line of the file on which it is read, counted from 1.
    pub line: u64,
    /// What is wrong with it.
    pub reason: String,
}

/// Why a file can't be read any further.
#[derive(Debug, Error)]
pub enum FileError {
    /// The file could not be read.
    #[error("the file could not be read")]
    Read(#[from] io::Error),
    /// It is no XML, or ends in the middle.
    #[error("line {line}: the file is no XML: {problem}")]
    Xml {
        /// About where.
        line: u64,
        /// What the parser says.
        problem: String,
    },
    /// It is XML, but no statement.
    #[error("line {line}: {problem}")]
    NotAStatement {
        /// Where.
        line: u64,
        /// What it is instead.
        problem: String,
    },
    /// It is no CSV.
    #[error("line {line}: the file is no CSV: {problem}")]
    Csv {
        /// Where.
        line: u64,
        /// What the parser says.
        problem: String,
    },
    /// A column that the mapping names is not in the header.
    #[error("the file has no column «{column}»; its header has: {header}")]
    NoColumn {
        /// The column.
        column: String,
        /// What the header has.
        header: String,
    },
    /// The file is another account's.
    #[error("the file is of account {found}, not of {expected}")]
    OtherAccount {
        /// As in the file.
        found: String,
        /// The collecting account's number.
        expected: String,
    },
}

/// What a file's reader finds next.
#[derive(Debug)]
pub enum Found {
    /// A line that is understood.
    Line(Box<FileLine>),
    /// A line that is not.
    Rejected(Rejected),
    /// A line that is not booked yet, and may change: it is passed over.
    Pending,
}

/// Reads a file, one line after the other; after an error nothing more.
pub type Reading = Box<dyn Iterator<Item = Result<Found, FileError>> + Send>;

/// The longest text of one field that is kept; a longer one is no statement's.
const FIELD_CHARS_MAX: usize = 4_000;
