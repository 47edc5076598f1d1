//! Reading statements: at once when somebody waits, periodically otherwise; one reading per account at a time.

use std::collections::HashSet;
use std::time::Duration;

use ayni_connectors::failure::SiteError;
use ayni_connectors::statement::{BankLogin, Statement, StatementLine};
use ayni_domain::attempt::verifying_life;
use ayni_domain::ids::PaymentId;
use ayni_domain::payment::Event;
use ayni_domain::payment::state::State;
use ayni_store::error::StoreError;
use ayni_store::queue::{self, Job};
use jiff::{SignedDuration, Timestamp};
use tracing::Instrument as _;

use super::settle::SettleError;
use super::storing::{self, Reading};
use super::{chain, sql};
use crate::app::Shared;
use crate::ledger::statement;
use crate::merchants::collecting::{self, CollectingAccount};
use crate::payer::settle as attempts;
use crate::payments;
use crate::signals::JobKind;
use crate::traces;
use crate::worker::{Pump, Unfinished};

/// Reads statements.
pub const STATEMENTS: Pump = Pump {
    kind: JobKind::Statement,
    concurrency: 8,
    per_lane: 8,
};

/// Returns payments to `pending` whose money did not come.
pub const VERIFYING_LAPSES: Pump = Pump {
    kind: JobKind::VerifyingLapse,
    concurrency: 8,
    per_lane: 8,
};

/// One reading of one statement: everything new is stored and settled; then the next reading is scheduled.
pub async fn read_statement(app: Shared, job: Job) -> Result<(), Unfinished> {
    let started_at = app.clock.now();
    let Some((account, login)) = open_account(&app, &job).await? else {
        return app
            .db
            .append("reconciliation.forget", move |tx| {
                queue::finish(tx, &job).map(drop)
            })
            .await
            .map_err(Into::into);
    };
    let reading = read_new_lines(&app, &account, &login).await?;
    storing::store(&app, &account, reading)
        .await
        .map_err(|error| unfinished(&error))?;
    let next_at = started_at + pause_of(&app);
    app.db
        .append("reconciliation.read", move |tx| {
            sql::update_read_at(tx, account.id, started_at)?;
            queue::retry(tx, &job, next_at, "")
        })
        .await?;
    Ok(())
}

async fn open_account(app: &Shared, job: &Job) -> Result<Option<(CollectingAccount, BankLogin)>, Unfinished> {
    let Ok(collecting_id) = job.key.parse::<i64>() else {
        return Ok(None);
    };
    let opener = app.clone();
    app.db
        .point("reconciliation.open", move |tx| {
            collecting::login_of(tx, &opener.keyring, collecting_id)
        })
        .await
        .map_err(|error| unfinished(&error))
}

/// What is above the newest known line.
async fn read_new_lines(
    app: &Shared,
    account: &CollectingAccount,
    login: &BankLogin,
) -> Result<Reading, Unfinished> {
    let connector = app
        .banks
        .find(&account.bank_id)
        .and_then(|bank| bank.connector.clone());
    let Some(bank) = connector
        .as_deref()
        .and_then(|name| app.connectors.for_bank(name))
    else {
        let reason = format!(
            "the bank {} has no connector that reads its statement",
            account.bank_id
        );
        return Err(Unfinished {
            reason,
            pause: SITE_PAUSE,
        });
    };
    let collecting_id = account.id;
    let (before, known) = app
        .db
        .point("reconciliation.known", move |tx| {
            let before = statement::known(tx, collecting_id)?;
            Ok::<_, StoreError>((before, sql::select_known(tx, collecting_id, KNOWN_MOVEMENTS)?))
        })
        .await?;
    let known: HashSet<String> = known.into_iter().collect();
    let Statement { mut lines, balance } = bank
        .statement(login, &account.number, |page: &[StatementLine]| {
            page.iter().any(|line| known.contains(&line.id))
        })
        .instrument(traces::visit(&account.bank_id, "statement"))
        .await
        .map_err(|error| Unfinished {
            reason: error.to_string(),
            pause: pause_after(&error),
        })?;
    lines.retain(|line| !known.contains(&line.id));
    lines.reverse();
    Ok(Reading {
        before,
        lines,
        balance,
    })
}

/// Returns a payment to `pending` whose time is over, but only after a reading of the statement that began after the
/// deadline: while the bank can't be read, nobody knows that the money did not come.
pub async fn lapse_verification(app: Shared, job: Job) -> Result<(), Unfinished> {
    let now = app.clock.now();
    let life = app.settings.verifying_life;
    let lapsed = app
        .db
        .write("reconciliation.lapse", move |tx| lapse_in(tx, &job, life, now))
        .await
        .map_err(|error| unfinished(&error))?;
    match lapsed {
        Lapse::Over => Ok(()),
        Lapse::Returned(payment) => {
            app.signals.payment_changed(payment);
            Ok(())
        }
        Lapse::ReadFirst => Err(Unfinished {
            reason: "waits for a reading of the statement".to_owned(),
            pause: READING_PAUSE,
        }),
    }
}

enum Lapse {
    /// Nothing to do any more.
    Over,
    Returned(PaymentId),
    ReadFirst,
}

fn lapse_in(
    tx: &mut ayni_store::tx::Tx<'_>,
    job: &Job,
    life: Duration,
    now: Timestamp,
) -> Result<Lapse, SettleError> {
    let found = match PaymentId::parse(&job.key) {
        Ok(id) => payments::find(tx, id)?.filter(|payment| payment.state == State::Verifying),
        Err(_) => None,
    };
    let Some(payment) = found else {
        queue::finish(tx, job)?;
        return Ok(Lapse::Over);
    };
    let Some(attempt) = attempts::verified_attempt(tx, payment.id)? else {
        queue::finish(tx, job)?;
        return Ok(Lapse::Over);
    };
    let deadline = attempt.authorising_at.unwrap_or(attempt.started_at) + verifying_life(attempt.state, life);
    if now < deadline {
        queue::retry(tx, job, deadline, "verification goes on")?;
        return Ok(Lapse::Over);
    }
    let is_readable = sql::select_readable(tx)?.contains(&payment.collecting_id);
    let read_at = sql::select_read_at(tx, payment.collecting_id)?;
    if is_readable && read_at.is_none_or(|read_at| read_at < deadline) {
        return Ok(Lapse::ReadFirst);
    }
    attempts::lapse_verification(tx, &attempt, now)?;
    payments::transition(
        tx,
        &payment,
        &Event::VerificationLapsed {
            attempt: attempt.id.clone(),
        },
        now,
    )?;
    queue::finish(tx, job)?;
    Ok(Lapse::Returned(payment.id))
}

fn pause_after(error: &SiteError) -> Duration {
    match error {
        SiteError::WrongLogin => LOGIN_PAUSE,
        _ => SITE_PAUSE,
    }
}

fn pause_of(app: &Shared) -> SignedDuration {
    SignedDuration::try_from(app.settings.statement_pause).unwrap_or(SignedDuration::from_secs(30))
}

fn unfinished(error: &(dyn std::error::Error + 'static)) -> Unfinished {
    Unfinished {
        reason: chain(error),
        pause: SITE_PAUSE,
    }
}

/// Movements that are remembered to know where the known part of a statement begins.
const KNOWN_MOVEMENTS: i64 = 200;
/// Pause after a bank that could not be read.
const SITE_PAUSE: Duration = Duration::from_secs(5);
/// Pause after a bank that refused the login: banks lock a customer out whose wrong password comes again and again.
const LOGIN_PAUSE: Duration = Duration::from_secs(600);
/// Pause of a lapse that waits for a reading. It asks for none: a bank that can't be read keeps its own pause.
const READING_PAUSE: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_login_is_not_tried_again_at_once() {
        assert_eq!(pause_after(&SiteError::WrongLogin), LOGIN_PAUSE);
        assert_eq!(pause_after(&SiteError::SessionExpired), SITE_PAUSE);
    }
}
