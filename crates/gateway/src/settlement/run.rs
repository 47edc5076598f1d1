//! The run of a day: one settlement after the other, for every account to which something is owed.

use ayni_domain::calendar::day_in_chile;
use ayni_domain::ids::AccountId;
use ayni_domain::money::Amount;
use ayni_domain::settlement::{NotADay, cutoff};
use ayni_store::error::StoreError;
use jiff::Timestamp;
use jiff::civil::Date;
use thiserror::Error;

use super::make::{self, Making, NotMade};
use super::sql::made;
use crate::app::Shared;
use crate::signals::JobKind;

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ran {
    /// Settlements that were made.
    pub made: u64,
    /// Accounts whose money waits, with the reason: the first [`WAITING_MAX`].
    pub waiting: Vec<Waiting>,
}

/// Money that could not be settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Whose.
    pub account: AccountId,
    /// On which collecting account.
    pub collecting_id: i64,
    /// Why.
    pub reason: String,
    /// Whether the next run may do it though nobody mends anything.
    pub is_temporary: bool,
}

/// Why a run was not begun, or not brought to its end; what was made stays, and the next run goes on.
#[derive(Debug, Error)]
pub enum RunError {
    /// Settlements can't be made for this day.
    #[error(transparent)]
    Day(#[from] NotADay),
    /// The database refused or failed.
    #[error("the database could not be read")]
    Store(#[from] StoreError),
}

/// Settles everything that was released by the run of this day. Run again, or on two nodes at once, it finds nothing
/// left to do.
pub async fn run(app: &Shared, day: Option<Date>) -> Result<Ran, RunError> {
    let now = app.clock.now();
    let day = day.unwrap_or_else(|| day_in_chile(now));
    let settings = &app.settings;
    let released_by = cutoff(&settings.calendar, day, settings.settlement_hour, now)?;
    let day = day.to_string();
    let mut ran = Ran::default();
    let mut after = (i64::MIN, i64::MIN);
    loop {
        let owed = app
            .db
            .read("settlement.owed", move |tx| {
                made::select_owed(tx, after, ACCOUNTS_IN_A_PAGE)
            })
            .await?;
        let Some(last) = owed.last() else { break };
        after = *last;
        for (collecting_id, owner) in owed {
            let pair = (collecting_id, AccountId(owner));
            match settle(app, pair, &day, released_by).await {
                Ok(made) => ran.made += made,
                Err((made, reason)) => {
                    ran.made += made;
                    ran.wait(pair, &reason);
                }
            }
        }
    }
    if ran.made > 0 {
        wake(app);
    }
    Ok(ran)
}

/// Says that there is something to be paid and told.
pub(super) fn wake(app: &Shared) {
    app.signals.wake(JobKind::Order);
    app.signals.wake(JobKind::Notice);
}

/// Settles one account until nothing more is released; how many settlements were made, also where one was not.
pub(super) async fn settle(
    app: &Shared,
    pair: (i64, AccountId),
    day: &str,
    released_by: Timestamp,
) -> Result<u64, (u64, NotMade)> {
    let mut made = 0;
    let besides = app
        .db
        .read("settlement.carried", move |tx| make::carried(tx, pair))
        .await;
    let mut carries = besides.map_err(|error| (made, error.into()))? != Amount::ZERO;
    loop {
        let making = Making::new(app, pair, day, released_by, carries);
        let done = app
            .db
            .write("settlement.make", move |tx| make::make(tx, &making))
            .await;
        match done {
            Ok(settlement) => {
                made += 1;
                metrics::counter!("ayni_settlements_total").increment(1);
                tracing::info!(
                    settlement = %settlement.id, payments = settlement.totals.payments, "a settlement was made"
                );
                carries = false;
            }
            Err(NotMade::Nothing) => return Ok(made),
            Err(error) => return Err((made, error)),
        }
    }
}

impl Ran {
    fn wait(&mut self, (collecting_id, account): (i64, AccountId), why: &NotMade) {
        let is_temporary = match why {
            NotMade::Store(error) => error.is_temporary(),
            NotMade::Order(error) => error.is_temporary(),
            _ => false,
        };
        tracing::warn!(%account, error = %why, "an account's money could not be settled");
        if self.waiting.len() < WAITING_MAX {
            self.waiting.push(Waiting {
                account,
                collecting_id,
                reason: why.to_string(),
                is_temporary,
            });
        }
    }
}

/// Accounts that are looked up at once.
const ACCOUNTS_IN_A_PAGE: i64 = 200;
/// Accounts whose money waits that a run names.
pub const WAITING_MAX: usize = 1_000;
