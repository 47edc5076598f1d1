//! What is too old of one account: its audit log, the payers of its payments, and those who sent money that was no
//! payment's.
//!
//! A cursor passes everything once. What can't be taken out yet, because its money is on its way or because it can't be
//! read, is held: it is tried again in each day's run, and holds up nothing else.

use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::personal::Traces;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::{before, sql};
use crate::app::Shared;
use crate::console::payments::export;
use crate::privacy::cases;
use crate::privacy::erase::{NotErased, erase_line, erase_payment};

/// What is taken out by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A payment's payer.
    Payment(PaymentId),
    /// Who sent or got a line of a statement that is no payment's: collecting account and the bank's id.
    Line(i64, String),
}

/// What of an account is to be taken out next.
#[derive(Default)]
pub(super) struct Due {
    /// Whether there are old lines in its audit log.
    pub(super) has_audit: bool,
    /// Held by an earlier run.
    pub(super) held: Vec<What>,
    /// Old payments beyond the cursor, oldest first.
    pub(super) payments: Vec<(Timestamp, PaymentId)>,
    /// Old lines of one collecting account beyond its cursor, oldest first.
    pub(super) lines: Vec<(Timestamp, i64, String)>,
}

impl What {
    /// Its name in rows.
    pub(super) fn text(&self) -> String {
        match self {
            What::Payment(id) => id.to_string(),
            What::Line(collecting, id) => format!("{collecting}/{id}"),
        }
    }

    /// Reads [`What::text`].
    pub(super) fn parse(text: &str) -> Option<What> {
        match text.split_once('/') {
            Some((collecting, id)) => Some(What::Line(collecting.parse().ok()?, id.to_owned())),
            None => PaymentId::parse(text).ok().map(What::Payment),
        }
    }
}

impl Due {
    fn is_empty(&self) -> bool {
        !self.has_audit && self.held.is_empty() && self.payments.is_empty() && self.lines.is_empty()
    }

    fn all(&self) -> impl Iterator<Item = What> {
        let payments = self.payments.iter().map(|(_, id)| What::Payment(*id));
        let lines = self
            .lines
            .iter()
            .map(|(_, collecting, id)| What::Line(*collecting, id.clone()));
        self.held.iter().cloned().chain(payments).chain(lines)
    }
}

/// Portion by portion, until nothing is left but what is held.
pub(super) async fn forget_old(app: &Shared, account: AccountId, begun: Timestamp) -> Result<(), StoreError> {
    let retention = app.settings.retention;
    let (payers, audit) = (
        before(begun, retention.payers_days),
        before(begun, retention.audit_days),
    );
    while !app.draining.is_cancelled() {
        let due = app.db.read("retention.due", move |tx: &mut Tx<'_>| {
            sql::select_due(tx, account, (payers, audit), begun)
        });
        let due = due.await?;
        if due.is_empty() {
            return Ok(());
        }
        portion(app, account, due, (audit, begun)).await?;
    }
    Ok(())
}

async fn portion(
    app: &Shared,
    account: AccountId,
    due: Due,
    (audit, begun): (Timestamp, Timestamp),
) -> Result<(), StoreError> {
    let (mut held, mut released) = (Vec::new(), Vec::new());
    for what in due.all() {
        match take_out(app, account, &what).await? {
            true => released.push(what),
            false => held.push(what),
        }
    }
    let work = move |tx: &mut Tx<'_>| {
        if due.has_audit {
            sql::delete_audit(tx, account, audit)?;
        }
        if !released.is_empty() {
            export::discard(tx, account)?;
            cases::discard_files(tx, account)?;
        }
        for what in &held {
            sql::hold(tx, account, what, begun)?;
        }
        for what in released.iter().filter(|what| due.held.contains(what)) {
            sql::release(tx, account, what)?;
        }
        if let Some((at, id)) = due.payments.last() {
            sql::move_cursor(tx, account, *at, *id)?;
        }
        if let Some((at, collecting, id)) = due.lines.last() {
            sql::move_line_cursor(tx, *collecting, *at, id)?;
        }
        Ok(())
    };
    app.db.write("retention.portion", work).await
}

/// `false` where it has to be tried again.
async fn take_out(app: &Shared, account: AccountId, what: &What) -> Result<bool, StoreError> {
    let nobody = Traces::default();
    let taken = match what {
        What::Payment(id) => erase_payment(app, account, *id, &nobody).await.map(|()| true),
        What::Line(collecting, id) => erase_line(app, account, (*collecting, id.clone()), &nobody)
            .await
            .map_err(NotErased::Store),
    };
    match taken {
        Ok(is_taken) => Ok(is_taken),
        Err(NotErased::InFlight(..)) => Ok(false),
        Err(NotErased::Store(error @ StoreError::Column { .. })) => {
            tracing::error!(what = what.text(), %error, "who paid can't be taken out: the row can't be read");
            Ok(false)
        }
        Err(NotErased::Store(error)) => Err(error),
    }
}
