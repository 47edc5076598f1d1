//! Listing payments, newest first, page by page: each page goes on where the last one ended, however many payments
//! were made meanwhile.

use ayni_domain::ids::PaymentId;
use ayni_domain::time::{self, TimeError};
use ayni_domain::violation::{Problem, Violation};
use ayni_store::error::StoreError;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use jiff::Timestamp;
use url::form_urlencoded;

use super::read;
use super::wire::{PageBody, PaymentBody};
use super::{Payment, sql};
use crate::app::App;
use crate::http::error::ApiError;
use crate::http::json;
use crate::merchants::Account;

/// Which payments, and where the page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Made at this instant or later, in Unix milliseconds.
    pub from_ms: i64,
    /// Made before this place.
    pub before: Cursor,
    /// In this status.
    pub status: Option<Status>,
    /// With this reference of the merchant's.
    pub transaction_id: Option<String>,
    /// At most so many.
    pub limit: usize,
}

/// `status` of the wire, as a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Not paid.
    Pending,
    /// Authorised or declared, its money not seen.
    Verifying,
    /// Come to an end.
    Done,
    /// Deleted by the merchant.
    Deleted,
}

/// A place between two payments of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    made_at_ms: i64,
    id: Option<PaymentId>,
}

impl Default for Wanted {
    fn default() -> Wanted {
        Wanted {
            from_ms: 0,
            before: Cursor {
                made_at_ms: i64::MAX,
                id: None,
            },
            status: None,
            transaction_id: None,
            limit: DEFAULT_LIMIT,
        }
    }
}

impl Wanted {
    /// Reads a query string, or tells everything that is wrong with it. Unknown names are ignored, empty values are
    /// not set.
    pub fn parse(query: &str) -> Result<Wanted, Vec<Violation>> {
        let mut wanted = Wanted::default();
        let mut violations = Vec::new();
        let mut cursor = None;
        for (name, value) in form_urlencoded::parse(query.as_bytes()).filter(|(_, value)| !value.is_empty()) {
            let taken = match name.as_ref() {
                "limit" => limit(&value).map(|limit| wanted.limit = limit),
                "cursor" => Cursor::parse(&value).map(|place| cursor = Some(place)),
                "status" => status(&value).map(|status| wanted.status = Some(status)),
                "transaction_id" if value.contains('\0') => {
                    Err(Violation::new("transaction_id", Problem::UnreadableText))
                }
                "transaction_id" => {
                    wanted.transaction_id = Some(value.into_owned());
                    Ok(())
                }
                "from" => instant("from", &value).map(|from| wanted.from_ms = time::to_ms(from)),
                "to" => instant("to", &value).map(|to| wanted.before = Cursor::before(to)),
                _ => Ok(()),
            };
            violations.extend(taken.err());
        }
        if let Some(cursor) = cursor
            && cursor.made_at_ms < wanted.before.made_at_ms
        {
            wanted.before = cursor;
        }
        if violations.is_empty() {
            Ok(wanted)
        } else {
            Err(violations)
        }
    }
}

impl Status {
    const ALL: [Status; 4] = [Status::Pending, Status::Verifying, Status::Done, Status::Deleted];

    /// As on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Pending => "pending",
            Status::Verifying => "verifying",
            Status::Done => "done",
            Status::Deleted => "deleted",
        }
    }

    /// The first four letters of every state of this status, as the index of lists has them.
    pub(super) fn prefix(self) -> &'static str {
        &self.as_str()[..4]
    }
}

impl Cursor {
    /// Reads what an earlier page told.
    pub fn parse(text: &str) -> Result<Cursor, Violation> {
        let read = || {
            let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
            let (made_at, id) = bytes.split_first_chunk::<8>()?;
            let id = PaymentId::parse(std::str::from_utf8(id).ok()?).ok()?;
            Some(Cursor {
                made_at_ms: i64::from_be_bytes(*made_at),
                id: Some(id),
            })
        };
        read().ok_or_else(|| Violation::new("cursor", Problem::BadCursor))
    }

    fn before(instant: Timestamp) -> Cursor {
        Cursor {
            made_at_ms: time::to_ms(instant),
            id: None,
        }
    }

    fn after(payment: &Payment) -> Cursor {
        Cursor {
            made_at_ms: time::to_ms(payment.created_at),
            id: Some(payment.id),
        }
    }

    fn text(self) -> String {
        let mut bytes = self.made_at_ms.to_be_bytes().to_vec();
        bytes.extend_from_slice(self.id.as_ref().map_or("", PaymentId::as_str).as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The key before which rows are taken; the empty text comes before every identifier.
    pub(super) fn key(&self) -> (i64, &str) {
        (self.made_at_ms, self.id.as_ref().map_or("", PaymentId::as_str))
    }
}

/// One page of an account's payments, as JSON.
pub(super) async fn page(app: &App, account: &Account, wanted: Wanted) -> Result<Bytes, ApiError> {
    let (id, limit) = (account.id, wanted.limit);
    let mut found = app
        .db
        .read("payments.list", move |tx| {
            let rows = sql::select_page(tx, id, &wanted, limit as i64 + 1)?;
            rows.into_iter()
                .map(|payment| read::complete(tx, payment, None))
                .collect::<Result<Vec<_>, StoreError>>()
        })
        .await?;
    let has_more = found.len() > limit;
    found.truncate(limit);
    let last = found.last().filter(|_| has_more);
    let next_cursor = last.map(|last| Cursor::after(&last.payment).text());
    let payments = found
        .iter()
        .map(|read| PaymentBody::of(app, account, read).in_a_list())
        .collect();
    json::text(&PageBody {
        payments,
        next_cursor,
    })
}

fn limit(text: &str) -> Result<usize, Violation> {
    let number = text
        .parse()
        .ok()
        .filter(|number| (1..=MAX_LIMIT).contains(number));
    number.ok_or_else(|| Violation::new("limit", Problem::OutOfRange(1, MAX_LIMIT as i64)))
}

fn status(text: &str) -> Result<Status, Violation> {
    Status::ALL
        .into_iter()
        .find(|status| status.as_str() == text)
        .ok_or_else(|| {
            Violation::new(
                "status",
                Problem::NotOneOf(Status::ALL.map(Status::as_str).to_vec()),
            )
        })
}

/// An instant; a `+` that was sent unescaped, and so arrives as a blank, is understood.
fn instant(field: &'static str, text: &str) -> Result<Timestamp, Violation> {
    time::parse(&text.replace(' ', "+")).map_err(|error| {
        let problem = match error {
            TimeError::NoOffset => Problem::NoOffset,
            TimeError::Shape => Problem::BadInstant,
        };
        Violation::new(field, problem)
    })
}

/// The most payments in a page.
pub const MAX_LIMIT: usize = 100;
const DEFAULT_LIMIT: usize = 20;
