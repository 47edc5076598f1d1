//! Storing what a reading found, oldest first, so that whatever is stored has no gap below it and a reading that dies
//! midway is continued by the next one.
//!
//! A bounded number of lines is stored in each unit of work, with what the account held after the last of them: the
//! bank says it of the newest line, and of each older one it follows. Where a unit fails for a reason that no later try
//! would mend, its lines are stored one by one, and the line that can't be settled waits for a person: it must not keep
//! the money above it from being seen.

use std::sync::Arc;

use ayni_connectors::statement::StatementLine;
use ayni_domain::ids::PaymentId;
use ayni_domain::money::Amount;
use ayni_store::tx::Tx;
use jiff::Timestamp;
use uuid::Uuid;

use super::settle::{self, Seen, SettleError, Stored};
use super::sql::Verdict;
use crate::app::Shared;
use crate::ledger;
use crate::ledger::statement::{self, Known};
use crate::merchants::collecting::CollectingAccount;
use crate::signals::JobKind;
use crate::traces;

/// What a reading of a statement found beyond what is stored.
#[derive(Clone, Debug)]
pub struct Reading {
    /// What was known of the statement before it.
    pub before: Known,
    /// The new lines, oldest first; those that are stored already are passed over.
    pub lines: Vec<StatementLine>,
    /// What the account held after the newest of them, if the bank says it.
    pub balance: Option<Amount>,
}

/// A line, with the notice's id should it settle a payment, and what the account held after it.
#[derive(Clone)]
struct Drawn {
    line: StatementLine,
    notice_id: Uuid,
    balance: Option<Amount>,
}

/// Stores lines, oldest first, and wakes who waits for what they settled.
pub async fn store(app: &Shared, account: &CollectingAccount, reading: Reading) -> Result<(), SettleError> {
    let storing = Storing {
        app: app.clone(),
        account: Arc::new(account.clone()),
        now: app.clock.now(),
    };
    let Known { mut lines, .. } = reading.before;
    if reading.lines.is_empty() {
        return storing.state(&reading).await;
    }
    for chunk in drawn(app, &reading).chunks(LINES_IN_A_UNIT) {
        lines += storing.store_chunk(chunk.into(), lines).await?;
    }
    Ok(())
}

/// Each line with what the account held after it, from the newest backwards.
fn drawn(app: &Shared, reading: &Reading) -> Vec<Drawn> {
    let mut balance = reading.balance;
    let mut drawn = Vec::with_capacity(reading.lines.len());
    for line in reading.lines.iter().rev() {
        drawn.push(Drawn {
            line: line.clone(),
            notice_id: app.entropy.uuid(),
            balance,
        });
        balance = balance.and_then(|after| after.checked_sub(line.amount));
    }
    drawn.reverse();
    drawn
}

/// Wakes who waits for these payments: the merchant's notices and the payer's page.
pub(super) fn tell(app: &Shared, settled: Vec<PaymentId>) {
    if settled.is_empty() {
        return;
    }
    app.signals.wake(JobKind::Notice);
    app.signals.wake(JobKind::Mail);
    for payment in settled {
        traces::settled(payment);
        app.signals.payment_changed(payment);
    }
}

#[derive(Clone)]
struct Storing {
    app: Shared,
    account: Arc<CollectingAccount>,
    now: Timestamp,
}

impl Storing {
    /// All of them in one unit of work. Where others change the same balances all the time, a long unit of work would
    /// never come to its end: then in shorter and shorter ones, at last one line in each.
    async fn store_chunk(&self, chunk: Arc<[Drawn]>, before: i64) -> Result<i64, SettleError> {
        match self.store(chunk.clone(), before).await {
            Err(error) if error.is_contention() && chunk.len() > 1 => {
                let mut stored = 0;
                for part in chunk.chunks(chunk.len().div_ceil(SHORTER_WHEN_CONTENDED)) {
                    stored += Box::pin(self.store_chunk(part.into(), before + stored)).await?;
                }
                Ok(stored)
            }
            Err(error) if !error.is_temporary() => self.store_one_by_one(&chunk, before).await,
            stored => stored,
        }
    }

    /// All of them in one unit of work on top of so many, or none; answers how many were new.
    async fn store(&self, lines: Arc<[Drawn]>, before: i64) -> Result<i64, SettleError> {
        let storing = self.clone();
        let stored = self
            .app
            .db
            .write("reconciliation.store", move |tx| {
                let mut stored = Vec::with_capacity(lines.len());
                for drawn in lines.iter() {
                    stored.extend(settle::store(tx, &storing.app, &storing.seen(drawn))?);
                }
                storing.post(tx, stored, before, lines.last().and_then(|last| last.balance))
            })
            .await?;
        Ok(self.account_for(stored))
    }

    /// Each in a unit of work of its own; one that can't be settled is put before a person, with the reason.
    async fn store_one_by_one(&self, lines: &[Drawn], before: i64) -> Result<i64, SettleError> {
        let mut stored = 0;
        for drawn in lines {
            stored += match self.store(Arc::from([drawn.clone()]), before + stored).await {
                Err(error) if !error.is_temporary() => {
                    self.leave_to_a_person(drawn, before + stored, &error).await?
                }
                one => one?,
            };
        }
        Ok(stored)
    }

    async fn leave_to_a_person(
        &self,
        drawn: &Drawn,
        before: i64,
        error: &SettleError,
    ) -> Result<i64, SettleError> {
        let reason = super::chain(error);
        tracing::error!(
            bank = %self.account.bank_id, movement = %drawn.line.id, %reason,
            "a movement could not be settled: `ayni review list` shows it"
        );
        let (storing, drawn) = (self.clone(), drawn.clone());
        let left = self
            .app
            .db
            .write("reconciliation.leave", move |tx| {
                let left = settle::leave(tx, &storing.seen(&drawn), &reason)?;
                storing.post(tx, left.into_iter().collect(), before, drawn.balance)
            })
            .await?;
        Ok(self.account_for(left))
    }

    /// A reading without lines: what the account holds may still be news.
    async fn state(&self, reading: &Reading) -> Result<(), SettleError> {
        let (before, stated) = (reading.before, reading.balance);
        if before.balance == stated && (before.is_open || stated.is_none()) {
            return Ok(());
        }
        let storing = self.clone();
        self.app
            .db
            .write("reconciliation.state", move |tx| {
                storing.post(tx, Vec::new(), before.lines, stated).map(drop)
            })
            .await
    }

    /// Posts what was stored on top of so many lines, and what the account held after it.
    fn post(
        &self,
        tx: &mut Tx<'_>,
        stored: Vec<Stored>,
        before: i64,
        stated: Option<Amount>,
    ) -> Result<Vec<Verdict>, SettleError> {
        let (verdicts, transactions): (Vec<_>, Vec<_>) = stored
            .into_iter()
            .map(|stored| (stored.verdict, stored.transaction))
            .unzip();
        ledger::post_all(tx, &transactions, self.now)?;
        let counted = (before, count(&verdicts));
        match statement::advance(tx, self.account.id, counted, stated, self.now)? {
            true => Ok(verdicts),
            false => Err(SettleError::Overtaken),
        }
    }

    fn seen<'a>(&'a self, drawn: &'a Drawn) -> Seen<'a> {
        Seen {
            collecting: &self.account,
            line: &drawn.line,
            notice_id: drawn.notice_id,
            now: self.now,
        }
    }

    /// Counts what became of lines and tells of it: after the commit, since the unit of work may run more than once.
    fn account_for(&self, stored: Vec<Verdict>) -> i64 {
        let new = count(&stored);
        for verdict in &stored {
            metrics::counter!("ayni_movements_total", "state" => verdict.state).increment(1);
        }
        let settled = stored.into_iter().filter_map(|verdict| verdict.payment);
        tell(&self.app, settled.collect());
        new
    }
}

fn count(stored: &[Verdict]) -> i64 {
    i64::try_from(stored.len()).unwrap_or(i64::MAX)
}

/// Movements stored in one unit of work.
const LINES_IN_A_UNIT: usize = 200;
/// Into so many parts a unit of work is divided where others stand in its way.
const SHORTER_WHEN_CONTENDED: usize = 20;
