//! Sending orders: one at a time for a collecting account, the oldest first. One that has to wait holds up no other.

use std::time::Duration;

use ayni_connectors::failure::Failure;
use ayni_connectors::statement::BankLogin;
use ayni_domain::order::{Event, UNSENT_LIFE, Via};
use ayni_store::error::StoreError;
use ayni_store::queue::{self, Job};
use ayni_store::tx::Tx;
use jiff::{SignedDuration, Timestamp};

use super::fill_in::{NotFilledIn, fill_in};
use super::send::{refuse, send};
use super::{Change, Order, OrderError, sql, transition};
use crate::app::{App, Shared};
use crate::merchants::MerchantError;
use crate::merchants::collecting::{self, CollectingAccount};
use crate::restorations;
use crate::signals::JobKind;
use crate::worker::{Pump, Unfinished};

pub use super::lapse::lapse_order;

/// Sends orders; a bank that is slow leaves room for the others.
pub const ORDERS: Pump = Pump {
    kind: JobKind::Order,
    concurrency: 16,
    per_lane: 4,
};

/// Ends orders whose debit did not come.
pub const ORDER_LAPSES: Pump = Pump {
    kind: JobKind::OrderLapse,
    concurrency: 8,
    per_lane: 8,
};

/// Sends the order of a collecting account that is next, if there is one, and leaves the job to the one after it.
pub async fn send_next(app: Shared, job: Job) -> Result<(), Unfinished> {
    let Some((order, account, login)) = take(&app, &job).await? else {
        return Ok(());
    };
    let bank = app.banks.find(&account.bank_id);
    let connector = bank.and_then(|bank| bank.connector.clone());
    let Some(connector) = connector else {
        return to_a_file(&app, &job, &order).await;
    };
    let Some(driver) = app.connectors.for_bank(&connector) else {
        let reason = format!("the connector {connector} is not there");
        return put_off(&app, order, &reason, LOGIN_PAUSE).await;
    };
    let payees = app.banks.find(&order.new.payee.bank_id);
    let bank_name = payees.map_or(&order.new.payee.bank_id, |bank| &bank.name);
    let transfer = order.transfer(bank_name.clone());
    match fill_in(driver, transfer, &account.number, &login).await {
        Ok(session) => {
            send(&app, &job, order, &connector, session)
                .await
                .map_err(|error| unfinished(&error))?;
        }
        Err(NotFilledIn::NoCoordinates) => return to_a_file(&app, &job, &order).await,
        Err(NotFilledIn::NotOffered) => put_aside(&app, order, "account-not-offered").await?,
        Err(NotFilledIn::Failed(failure)) => stop(&app, order, failure).await?,
    }
    go_on(&app, job).await
}

/// What the bank's word before any money moved means for the order.
async fn stop(app: &Shared, order: Order, failure: Failure) -> Result<(), Unfinished> {
    let reason = failure.as_str();
    match failure {
        Failure::Unreachable | Failure::SessionExpired => put_off(app, order, reason, SITE_PAUSE).await,
        Failure::WrongLogin => put_off(app, order, reason, LOGIN_PAUSE).await,
        Failure::UnknownPage | Failure::WrongStep => put_aside(app, order, reason).await,
        Failure::NoAccount
        | Failure::InsufficientFunds
        | Failure::WrongCoordinates
        | Failure::DestinationRefused
        | Failure::AmountRefused
        | Failure::RefusedByBank => {
            let now = app.clock.now();
            app.db
                .write("orders.refuse", move |tx| refuse(tx, &order, reason, now))
                .await
                .map_err(|error| unfinished(&error))
        }
    }
}

/// The bank can't be used now, for no order of this account.
async fn put_off(app: &Shared, order: Order, reason: &str, pause: Duration) -> Result<(), Unfinished> {
    let (kept, due_at) = (reason.to_owned(), order.due_at);
    app.db
        .append("orders.put-off", move |tx| {
            sql::update_reason(tx, &order, &kept, due_at)
        })
        .await?;
    Err(Unfinished {
        reason: reason.to_owned(),
        pause,
    })
}

/// Something about this order was not understood: the others go first.
async fn put_aside(app: &Shared, order: Order, reason: &'static str) -> Result<(), Unfinished> {
    let due_at = app.clock.now() + ASIDE_PAUSE;
    app.db
        .append("orders.put-aside", move |tx| {
            sql::update_reason(tx, &order, reason, due_at)
        })
        .await
        .map_err(Into::into)
}

/// This account's orders can't be sent through a site: they wait for a file.
async fn to_a_file(app: &Shared, job: &Job, order: &Order) -> Result<(), Unfinished> {
    let (id, now) = (order.new.id, app.clock.now());
    app.db
        .append("orders.to-a-file", move |tx| {
            sql::update_due(tx, id, Via::File, now).map(drop)
        })
        .await?;
    go_on(app, job.clone()).await
}

/// The next order is sent by the next run of the job, at once.
async fn go_on(app: &Shared, job: Job) -> Result<(), Unfinished> {
    let now = app.clock.now();
    app.db
        .append("orders.go-on", move |tx| {
            queue::retry(tx, &job, now, "").map(drop)
        })
        .await
        .map_err(Into::into)
}

type Taken = (Order, CollectingAccount, BankLogin);

/// The order that may be sent now, with what it needs. Where there is none, the job ends or waits until there is one.
async fn take(app: &Shared, job: &Job) -> Result<Option<Taken>, Unfinished> {
    let (shared, job, now) = (app.clone(), job.clone(), app.clock.now());
    app.db
        .write("orders.take", move |tx| take_in(tx, &shared, &job, now))
        .await
        .map_err(|error| unfinished(&error))
}

fn take_in(tx: &mut Tx<'_>, app: &App, job: &Job, now: Timestamp) -> Result<Option<Taken>, TakeError> {
    let Ok(collecting_id) = job.key.parse::<i64>() else {
        queue::finish(tx, job)?;
        return Ok(None);
    };
    if restorations::is_held(tx)? {
        queue::retry(tx, job, now + HELD_PAUSE, "held since the database was restored")?;
        return Ok(None);
    }
    while let Some(order) = sql::select_next(tx, collecting_id, now)? {
        if now.duration_since(order.created_at) > UNSENT_LIFE {
            let reason = order.reason.clone().unwrap_or_else(|| "not-sent".to_owned());
            transition(tx, &order, Event::GivenUp, Change::because(&reason), now)?;
            continue;
        }
        match collecting::login_of(tx, &app.keyring, collecting_id)? {
            Some((account, login)) => return Ok(Some((order, account, login))),
            None => sql::update_due(tx, order.new.id, Via::File, now)?,
        };
    }
    match sql::select_next_due(tx, collecting_id)? {
        Some(due_at) => queue::retry(tx, job, due_at, "the next order waits")?,
        None => queue::finish(tx, job)?,
    };
    Ok(None)
}

#[derive(Debug, thiserror::Error)]
enum TakeError {
    #[error(transparent)]
    Order(#[from] OrderError),
    #[error(transparent)]
    Merchant(#[from] MerchantError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn unfinished(error: &(dyn std::error::Error + 'static)) -> Unfinished {
    Unfinished {
        reason: error.to_string(),
        pause: SITE_PAUSE,
    }
}

/// Pause after a bank that could not be reached.
const SITE_PAUSE: Duration = Duration::from_secs(5);
/// Pause after a bank that refused the login: banks lock a customer out whose wrong password comes again and again.
const LOGIN_PAUSE: Duration = Duration::from_secs(600);
/// Pause of all orders while they are held after a restoration.
const HELD_PAUSE: SignedDuration = SignedDuration::from_secs(30);
/// Pause of an order that met a page nobody knows.
const ASIDE_PAUSE: SignedDuration = SignedDuration::from_mins(10);
