//! Taking a file's lines in: read on a thread of its own, stored in bounded portions as they come.

use ayni_connectors::statement::StatementLine;
use thiserror::Error;
use tokio::sync::mpsc;

use super::identity::Identities;
use super::{FileError, Found, Reading, Rejected};
use crate::app::Shared;
use crate::clock::Clock;
use crate::merchants::collecting::CollectingAccount;
use crate::reconciliation::importing::{self, Fate, NotStored};
use ayni_domain::currency::Currency;

/// What became of a file's lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Stored now, and matched.
    pub stored: u64,
    /// There before.
    pub known: u64,
    /// Passed over, because the bank has not booked them yet.
    pub pending: u64,
    /// Left out because they were not understood.
    pub rejected: u64,
    /// The first of these, with their reasons.
    pub named: Vec<Rejected>,
}

/// Why a file was not taken in to its end. What was stored before stays, and is known when the file is read again.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The account's statement is read by a connector.
    #[error(
        "the statement of this account is read through its bank's site: the lines of a file would be counted a second time"
    )]
    ReadByConnector,
    /// The file.
    #[error("the file can't be read any further")]
    File(#[from] FileError),
    /// The database.
    #[error("the lines could not be stored")]
    NotStored(#[from] NotStored),
    /// The thread that reads the file ended.
    #[error("the file's reader came to a bad end")]
    Reader,
}

/// Stores and matches the lines of a collecting account's statement, each once.
pub async fn import(
    app: &Shared,
    account: &CollectingAccount,
    reading: Reading,
) -> Result<Imported, ImportError> {
    if account.has_login {
        return Err(ImportError::ReadByConnector);
    }
    let (sender, mut portions) = mpsc::channel(PORTIONS_AHEAD);
    let (clock, currency) = (app.clock.clone(), account.currency);
    let reader = tokio::task::spawn_blocking(move || read(reading, &clock, currency, &sender));
    let mut imported = Imported::default();
    while let Some(portion) = portions.recv().await {
        take(app, account, portion, &mut imported).await?;
    }
    reader.await.map_err(|_| ImportError::Reader)??;
    Ok(imported)
}

/// Lines that are stored together.
#[derive(Default)]
struct Portion {
    lines: Vec<(u64, StatementLine)>,
    rejected: Vec<Rejected>,
    pending: u64,
}

fn read(
    reading: Reading,
    clock: &Clock,
    currency: Currency,
    sender: &mpsc::Sender<Portion>,
) -> Result<(), FileError> {
    let mut identities = Identities::default();
    let mut portion = Portion::default();
    for found in reading {
        match found? {
            Found::Pending => portion.pending += 1,
            Found::Rejected(rejected) => portion.rejected.push(rejected),
            Found::Line(line) => {
                let number = line.line;
                match identities.line(*line, currency, clock.now()) {
                    Ok(line) => portion.lines.push((number, line)),
                    Err(reason) => portion.rejected.push(Rejected { line: number, reason }),
                }
            }
        }
        if portion.lines.len() + portion.rejected.len() >= LINES_IN_A_PORTION
            && sender.blocking_send(std::mem::take(&mut portion)).is_err()
        {
            // Whoever stores has failed, and says why.
            return Ok(());
        }
    }
    // The same for the last one.
    let _ = sender.blocking_send(portion);
    Ok(())
}

async fn take(
    app: &Shared,
    account: &CollectingAccount,
    portion: Portion,
    imported: &mut Imported,
) -> Result<(), ImportError> {
    let (numbers, lines): (Vec<u64>, Vec<StatementLine>) = portion.lines.into_iter().unzip();
    let ids: Vec<String> = lines.iter().map(|line| line.id.clone()).collect();
    let mut rejected = portion.rejected;
    let fates = importing::store(app, account, lines).await?;
    for ((fate, line), id) in fates.into_iter().zip(numbers).zip(ids) {
        match fate {
            Fate::Stored => imported.stored += 1,
            Fate::Known => imported.known += 1,
            Fate::Contradicts(amount) => rejected.push(Rejected {
                line,
                reason: format!("movement {id} is stored with another amount, {}", amount.plain()),
            }),
        }
    }
    imported.pending += portion.pending;
    imported.rejected += rejected.len() as u64;
    let room = NAMED_MAX.saturating_sub(imported.named.len());
    imported.named.extend(rejected.into_iter().take(room));
    Ok(())
}

/// Lines that are stored together.
const LINES_IN_A_PORTION: usize = 200;
/// Portions that are read ahead of the one that is stored.
const PORTIONS_AHEAD: usize = 4;
/// Rejected lines that are named; of more, only the number is told.
const NAMED_MAX: usize = 1_000;
