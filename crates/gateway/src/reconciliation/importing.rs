//! Lines of a statement that came as a file: stored and matched as those that a connector read, each once.

use ayni_connectors::statement::StatementLine;
use ayni_domain::money::Amount;
use ayni_store::error::StoreError;
use thiserror::Error;

use super::settle::SettleError;
use super::sql;
use super::storing::{self, Reading};
use crate::app::Shared;
use crate::ledger::statement;
use crate::merchants::collecting::CollectingAccount;

/// Why lines were not stored.
#[derive(Debug, Error)]
pub enum NotStored {
    /// The database refused or failed.
    #[error("the database could not store the lines")]
    Store(#[from] StoreError),
    /// What a line causes could not be done.
    #[error("a line could not be stored")]
    Settle(#[from] SettleError),
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is new, and stored with what it causes.
    Stored,
    /// It was there before.
    Known,
    /// Its id was there before, with this other amount: it is not stored.
    Contradicts(Amount),
}

/// Stores the lines that are not there yet, in their order; tells what became of each.
pub async fn store(
    app: &Shared,
    account: &CollectingAccount,
    lines: Vec<StatementLine>,
) -> Result<Vec<Fate>, NotStored> {
    let (collecting_id, asked) = (account.id, lines.clone());
    let (fates, before) = app
        .db
        .read("reconciliation.known-lines", move |tx| {
            let fate = |line: &StatementLine| {
                let stored = sql::select_amount(tx, collecting_id, &line.id)?;
                Ok(match stored {
                    None => Fate::Stored,
                    Some(amount) if amount == line.amount => Fate::Known,
                    Some(amount) => Fate::Contradicts(amount),
                })
            };
            let fates = asked
                .iter()
                .map(fate)
                .collect::<Result<Vec<Fate>, StoreError>>()?;
            Ok::<_, StoreError>((fates, statement::known(tx, collecting_id)?))
        })
        .await?;
    let new = lines
        .into_iter()
        .zip(&fates)
        .filter(|(_, fate)| **fate == Fate::Stored)
        .map(|(line, _)| line);
    let lines: Vec<StatementLine> = new.collect();
    if !lines.is_empty() {
        let reading = Reading {
            before,
            lines,
            balance: None,
        };
        storing::store(app, account, reading).await?;
    }
    Ok(fates)
}

/// Records what the bank says that the account holds after the lines that are stored, against which the ledger is
/// proved; the next lines that come without a balance make it unknown again.
pub async fn state(app: &Shared, account: &CollectingAccount, balance: Amount) -> Result<(), NotStored> {
    let collecting_id = account.id;
    let before = app
        .db
        .point("reconciliation.stated", move |tx| {
            statement::known(tx, collecting_id)
        })
        .await?;
    let reading = Reading {
        before,
        lines: Vec::new(),
        balance: Some(balance),
    };
    Ok(storing::store(app, account, reading).await?)
}
