//! The sums of days, added up behind the payments: so a page reads thirty days of a million payments in a few hundred rows,
//! and creating or settling a payment writes nothing for it.
//!
//! Two feeds are followed, each by a cursor of its own: attempts that began, and money that was seen. A portion of a feed is
//! read, added up, and written together with its cursor in one unit of work that only goes on from where the portion was
//! read. So whoever dies, and however many nodes do it at once, each row is in the sums once.
//!
//! A row may be committed a little after the instant that it carries; the sums stay a minute behind (`SETTLES_WITHIN`), and
//! a page adds what is newer itself (`days`), in the snapshot in which it reads the cursor.

use ayni_domain::daily::{Happening, Sums};
use ayni_domain::ids::AccountId;
use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::sql;
use crate::app::App;

/// What is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Feed {
    /// First attempts, as they began.
    Begun,
    /// Payments, as their money was seen.
    Paid,
}

impl Feed {
    const ALL: [Feed; 2] = [Feed::Begun, Feed::Paid];

    /// Its name in rows.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Feed::Begun => "begun",
            Feed::Paid => "paid",
        }
    }
}

/// A place in a feed: after the row of this instant and payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    pub(super) at_ms: i64,
    pub(super) payment: String,
}

/// Before everything.
impl Default for Cursor {
    fn default() -> Cursor {
        Cursor {
            at_ms: i64::MIN,
            payment: String::new(),
        }
    }
}

/// A part of a feed, and where it goes on.
pub(super) struct Portion {
    pub(super) happenings: Vec<Happening>,
    pub(super) next: Cursor,
}

/// What an account's days came to.
pub(super) struct Days {
    pub(super) sums: Sums,
    /// Everything until then is in them.
    pub(super) until: Timestamp,
}

/// Adds what happened since the last call, at most two hundred thousand rows of each feed; true where there may be more.
///
/// # Errors
/// The database's; what was added before stays.
pub async fn catch_up(app: &App) -> Result<bool, StoreError> {
    let mut has_more = false;
    for feed in Feed::ALL {
        has_more |= add_portions(app, feed).await?;
    }
    Ok(has_more)
}

/// Adds up to [`PORTIONS_MAX`] portions of a feed; false where its end was reached.
async fn add_portions(app: &App, feed: Feed) -> Result<bool, StoreError> {
    for _ in 0..PORTIONS_MAX {
        if !add_portion(app, feed, PORTION_ROWS).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Adds one portion; false where there was nothing more to add, or another process added it.
pub(super) async fn add_portion(app: &App, feed: Feed, rows: i64) -> Result<bool, StoreError> {
    let until = earlier(app.clock.now(), SETTLES_WITHIN);
    let (from, portion) = app
        .db
        .read("console.read-feed", move |tx| {
            let from = sql::select_cursor(tx, feed)?;
            let portion = sql::select_portion(tx, feed, &from, until, rows)?;
            Ok::<_, StoreError>((from, portion))
        })
        .await?;
    if portion.happenings.is_empty() {
        return Ok(false);
    }
    let mut sums = Sums::default();
    for happening in &portion.happenings {
        sums.count(happening);
    }
    app.db
        .append("console.add-days", move |tx| {
            if !sql::move_cursor(tx, feed, &from, &portion.next)? {
                return Ok(false);
            }
            for (key, value) in sums.iter() {
                sql::add_to_sum(tx, key, value)?;
            }
            Ok(true)
        })
        .await
}

/// An account's days from one on, up to now.
pub(super) fn days(
    tx: &mut Tx<'_>,
    account: AccountId,
    from: Date,
    now: Timestamp,
) -> Result<Days, StoreError> {
    let (mut sums, mut until) = (sql::select_sums(tx, account, from)?, now);
    for feed in Feed::ALL {
        let cursor = sql::select_cursor(tx, feed)?;
        let tail = sql::select_portion(tx, feed, &cursor, now, TAIL_ROWS)?;
        if tail.happenings.len() as i64 == TAIL_ROWS {
            until = until.min(time::from_ms(tail.next.at_ms));
        }
        let its = |happening: &&Happening| happening.account() == account;
        tail.happenings
            .iter()
            .filter(its)
            .for_each(|happening| sums.count(happening));
    }
    Ok(Days { sums, until })
}

fn earlier(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.saturating_sub(by).unwrap_or(Timestamp::MIN)
}

/// A unit of work is committed within this time of the instant that its rows carry, or not at all: the store gives up
/// far earlier, and clocks of nodes differ by less.
pub(super) const SETTLES_WITHIN: SignedDuration = SignedDuration::from_secs(60);
/// Rows of a feed that are added in one unit of work.
const PORTION_ROWS: i64 = 1_000;
/// Portions of a feed that one round of housekeeping adds, so that what else is kept in order does not wait for long.
const PORTIONS_MAX: usize = 200;
/// Rows of a feed that a page adds itself; where more is not in the sums yet, it says until when they are.
const TAIL_ROWS: i64 = 1_000;
