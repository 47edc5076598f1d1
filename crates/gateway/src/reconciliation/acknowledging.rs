//! A debit that no order explains as it stands is cleared by a person, who says whose money it was.
//!
//! Its line took the money out of the ledger's suspense, since nobody knew better. Now a correction puts as much back
//! from where it really went; or nothing is moved, where that was corrected already or is to stay open in suspense.

use ayni_domain::ids::AccountId;
use ayni_domain::ledger::purpose::{Kind, Purpose};
use ayni_domain::money::Amount;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::review::{ReviewEntry, ReviewError, decided, waiting};
use super::sql::Verdict;
use crate::app::App;
use crate::ledger::correct::{self, Correction};
use crate::merchants::collecting;
use crate::orders::OrderError;
use crate::witness::Witness;

/// What a person knows of a debit.
#[derive(Clone, Debug)]
pub struct Acknowledgement {
    /// Out of whose money it went; nothing is moved where it is not said.
    pub from: Option<Purpose>,
    /// Why it is in order, for whoever reads the movement or the ledger later.
    pub reason: String,
}

/// Takes a debit out of review; answers the correction's transaction, where one was posted.
pub async fn acknowledge(
    app: &App,
    account_uuid: &str,
    movement: &str,
    said: Acknowledgement,
    by: &Witness,
) -> Result<Option<String>, ReviewError> {
    correct::check_reason(&said.reason)?;
    let (uuid, id, by) = (account_uuid.to_owned(), movement.to_owned(), by.clone());
    let (correction, now) = (app.entropy.uuid().to_string(), app.clock.now());
    app.db
        .write("review.acknowledge", move |tx| {
            by.sign(tx, &id)?;
            let entry = waiting(tx, &uuid, &id)?;
            if entry.line.amount >= Amount::ZERO {
                return Err(ReviewError::NotADebit(id.clone()));
            }
            let posted = match said.from {
                Some(from) => Some(put_back(tx, &entry, from, (&correction, &said.reason), now)?),
                None => None,
            };
            let verdict = Verdict {
                state: "debit",
                payment: None,
                reason: Some(format!("acknowledged: {}", said.reason.trim()).into()),
            };
            decided(tx, &entry, &verdict, now)?;
            Ok(posted)
        })
        .await
}

/// The purposes out of which an account's own money can have gone, as a person is offered them.
pub fn sources(account: AccountId) -> [Purpose; 3] {
    [
        Purpose::own(account),
        Purpose::collected(account),
        Purpose::wallet(account),
    ]
}

/// Moves as much as the debit took from whose money it was into suspense, where the debit took it.
fn put_back(
    tx: &mut Tx<'_>,
    entry: &ReviewEntry,
    from: Purpose,
    (id, reason): (&str, &str),
    now: Timestamp,
) -> Result<String, ReviewError> {
    let missing = || OrderError::NoCollecting(entry.collecting_id);
    let account = collecting::find(tx, entry.collecting_id)?.ok_or_else(missing)?;
    if from.kind == Kind::Bank {
        return Err(ReviewError::NotFromTheBank);
    }
    let correction = Correction {
        account: account.uuid.clone(),
        from,
        to: Purpose::SUSPENSE,
        amount: Amount::ZERO.checked_sub(entry.line.amount).unwrap_or(Amount::MAX),
        reason: reason.trim().to_owned(),
    };
    Ok(correct::post_one(tx, &account, &correction, id, now)?)
}
