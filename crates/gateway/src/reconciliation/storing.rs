//! Storing what a reading found, oldest first, so that whatever is stored has no gap below it and a reading that dies
//! midway is continued by the next one.
//!
//! A bounded number of lines is stored in each unit of work. Where one fails for a reason that no later try would mend,
//! its lines are stored one by one, and the line that can't be settled waits for a person: it must not keep the money
//! above it from being seen.

use std::sync::Arc;

use ayni_connectors::statement::StatementLine;
use ayni_domain::ids::PaymentId;
use ayni_store::tx::Tx;
use jiff::Timestamp;
use uuid::Uuid;

use super::settle::{self, Seen, SettleError};
use super::sql::Verdict;
use crate::app::Shared;
use crate::merchants::collecting::CollectingAccount;
use crate::signals::JobKind;

/// A line and the notice's id, should it settle a payment.
type Drawn = (StatementLine, Uuid);

/// Stores lines, oldest first, and wakes who waits for what they settled.
pub(super) async fn store_lines(
    app: &Shared,
    account: &CollectingAccount,
    lines: Vec<StatementLine>,
) -> Result<(), SettleError> {
    let storing = Storing {
        app: app.clone(),
        account: Arc::new(account.clone()),
        now: app.clock.now(),
    };
    for chunk in lines.chunks(LINES_IN_A_UNIT) {
        let chunk = chunk.iter().map(|line| (line.clone(), app.entropy.uuid()));
        let chunk: Arc<[Drawn]> = chunk.collect();
        match storing.store(chunk.clone()).await {
            Err(error) if !error.is_temporary() => storing.store_one_by_one(&chunk).await?,
            stored => stored?,
        }
    }
    Ok(())
}

/// Wakes who waits for these payments: the merchant's notices and the payer's page.
pub(super) fn tell(app: &Shared, settled: Vec<PaymentId>) {
    if settled.is_empty() {
        return;
    }
    app.signals.wake(JobKind::Notice);
    for payment in settled {
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
    /// All of them in one unit of work, or none.
    async fn store(&self, lines: Arc<[Drawn]>) -> Result<(), SettleError> {
        let storing = self.clone();
        let stored: Vec<Verdict> = self
            .app
            .db
            .write("reconciliation.store", move |tx| {
                let mut stored = Vec::new();
                for drawn in lines.iter() {
                    stored.extend(storing.settle(tx, drawn)?);
                }
                Ok::<_, SettleError>(stored)
            })
            .await?;
        self.account_for(stored);
        Ok(())
    }

    /// Each in a unit of work of its own; one that can't be settled is put before a person, with the reason.
    async fn store_one_by_one(&self, lines: &[Drawn]) -> Result<(), SettleError> {
        for drawn in lines {
            match self.store(Arc::from([drawn.clone()])).await {
                Err(error) if !error.is_temporary() => self.leave_to_a_person(drawn, &error).await?,
                stored => stored?,
            }
        }
        Ok(())
    }

    async fn leave_to_a_person(&self, drawn: &Drawn, error: &SettleError) -> Result<(), SettleError> {
        let reason = super::chain(error);
        tracing::error!(
            bank = %self.account.bank_id, movement = %drawn.0.id, %reason,
            "a movement could not be settled: `ayni review list` shows it"
        );
        let (storing, line) = (self.clone(), drawn.0.clone());
        let left = self
            .app
            .db
            .write("reconciliation.leave", move |tx| {
                let drawn = (line.clone(), Uuid::nil());
                settle::leave(tx, &storing.seen(&drawn), &reason)
            })
            .await?;
        self.account_for(left.into_iter().collect());
        Ok(())
    }

    fn settle(&self, tx: &mut Tx<'_>, drawn: &Drawn) -> Result<Option<Verdict>, SettleError> {
        settle::store(tx, &self.app, &self.seen(drawn))
    }

    fn seen<'a>(&'a self, (line, notice_id): &'a Drawn) -> Seen<'a> {
        Seen {
            collecting: &self.account,
            line,
            notice_id: *notice_id,
            now: self.now,
        }
    }

    /// Counts what became of lines and tells of it: after the commit, since the unit of work may run more than once.
    fn account_for(&self, stored: Vec<Verdict>) {
        for verdict in &stored {
            metrics::counter!("ayni_movements_total", "state" => verdict.state).increment(1);
        }
        let settled = stored.into_iter().filter_map(|verdict| verdict.payment);
        tell(&self.app, settled.collect());
    }
}

/// Movements stored in one unit of work.
const LINES_IN_A_UNIT: usize = 200;
