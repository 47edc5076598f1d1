//! Confirming a held payment: it is settled on the next business day instead of on its `confirm_timeout_date`.

use ayni_domain::calendar::Calendar;
use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::settlement::{NotConfirmable, releases_when_confirmed};
use ayni_domain::violation::{Problem, Violation};
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::sql::released as sql;
use crate::app::App;
use crate::http::error::ApiError;
use crate::http::idempotent::KeptAnswer;
use crate::http::idempotent::outcome::NotAnswered;
use crate::merchants::Account;
use crate::payments;

/// Releases the account's payment; saying it again changes nothing.
pub(super) async fn confirm(
    app: &App,
    account: &Account,
    id: PaymentId,
    kept: Option<KeptAnswer>,
) -> Result<(), NotAnswered> {
    let (account, now) = (account.id, app.clock.now());
    let calendar = app.settings.calendar.clone();
    app.db
        .write("settlement.confirm", move |tx| {
            within(tx, &calendar, account, id, now)?;
            if let Some(kept) = &kept {
                kept.insert(tx)?;
            }
            Ok(())
        })
        .await
}

/// The same, in the caller's unit of work.
pub(super) fn within(
    tx: &mut Tx<'_>,
    calendar: &Calendar,
    account: AccountId,
    id: PaymentId,
    now: Timestamp,
) -> Result<(), NotAnswered> {
    let payment = payments::find_of(tx, account, id)?.ok_or(ApiError::NotFound)?;
    let Some(_) = payment.details.confirm_timeout_date else {
        return Err(refused(NotConfirmable::NotHeld));
    };
    if !payment.state.is_settled() {
        return Err(refused(NotConfirmable::NotPaid(payment.state.status())));
    }
    let release = sql::select_release(tx, id)?.ok_or_else(|| refused(NotConfirmable::NotHeld))?;
    if release.confirmed_at.is_some() {
        return Ok(());
    }
    if release.settlement.is_some() {
        return Err(refused(NotConfirmable::Settled));
    }
    let releases_at = releases_when_confirmed(calendar, release.releases_at, now);
    write(tx, id, now, releases_at)
}

/// A race that was lost found it confirmed or settled: whoever reads again sees which.
fn write(tx: &mut Tx<'_>, id: PaymentId, now: Timestamp, releases_at: Timestamp) -> Result<(), NotAnswered> {
    match sql::confirm_release(tx, id, now, releases_at)? {
        true => Ok(()),
        false => Err(ApiError::Unavailable.into()),
    }
}

fn refused(why: NotConfirmable) -> NotAnswered {
    ApiError::Invalid(vec![Violation::new(FIELD, Problem::NotConfirmable(why))]).into()
}

const FIELD: &str = "payment_id";
