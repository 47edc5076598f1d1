//! A list as a file for a spreadsheet. A large one takes longer than a browser waits, so that a job writes it, portion by
//! portion, while a page tells how far it is; whoever closes the page finds it again for a day.
//!
//! It tells the payments that were there when it was asked for. Each portion and the place where the next one begins
//! are one unit of work, so that a process that dies leaves neither a gap nor a line twice.

mod csv;
pub(super) mod pages;
mod sql;

use ayni_domain::audit::Action;
use ayni_domain::ids::AccountId;
use ayni_domain::lang::Lang;
use ayni_store::error::StoreError;
use ayni_store::queue::{self, Job, NewJob};
use ayni_store::tx::Tx;
use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use super::list::wanted::{FIELDS, Turn, Wanted};
use super::list::{Key, page};
use crate::app::{App, Shared};
use crate::console::audit;
use crate::console::seat::Seat;
use crate::signals::JobKind;
use crate::texts::console::payments::Payments;
use crate::worker::{Pump, Unfinished};

/// Every SQL text of this folder.
pub(super) const STATEMENTS: &[&str] = sql::ALL;

/// How exports are written: few at once, one of an account.
pub(crate) const EXPORTS: Pump = Pump {
    kind: JobKind::PaymentExport,
    concurrency: 2,
    per_lane: 1,
};

/// An export as its row tells it.
#[derive(Clone, Debug)]
pub(super) struct Export {
    pub id: String,
    pub account: AccountId,
    /// The list's query.
    pub wanted: String,
    pub lang: Lang,
    pub is_ready: bool,
    /// Payments written so far.
    pub lines: i64,
    pub chunks: i64,
    /// Where the next portion begins.
    pub place: Key,
    /// Whether it ended at [`LINES_MAX`].
    pub is_cut: bool,
    pub created_at: Timestamp,
}

impl Export {
    /// How far it is through the time that it tells of, in hundredths: nothing is counted beforehand.
    pub fn percent(&self, first_ms: i64) -> i64 {
        let whole = self.created_at.as_millisecond().saturating_sub(first_ms).max(1);
        let done = self
            .created_at
            .as_millisecond()
            .saturating_sub(self.place.created_ms);
        match self.is_ready {
            true => 100,
            false => (done.saturating_mul(100) / whole).clamp(0, 99),
        }
    }
}

/// Why no export was begun.
#[derive(Debug, Error)]
pub(super) enum ExportError {
    #[error("the database could not do it")]
    Store(#[from] StoreError),
    /// The account has [`RUNNING_MAX`] under way.
    #[error("as many exports are being written as may be")]
    TooMany,
}

/// Asks for a list as a file, which tells who paid: so who asked is noted. Returns the export's id.
pub(super) async fn begin(app: &App, seat: &Seat, wanted: &Wanted) -> Result<String, ExportError> {
    let (id, query, now) = (app.entropy.uuid().to_string(), wanted.query(), app.clock.now());
    let (key, who, account, lang) = (id.clone(), seat.clone(), seat.account, seat.lang);
    app.db
        .write("export.begin", move |tx| {
            let running = sql::select_of_account(tx, account)?;
            if running.iter().filter(|export| !export.is_ready).count() >= RUNNING_MAX {
                return Err(ExportError::TooMany);
            }
            sql::insert_export(tx, &key, account, (&query, lang), now)?;
            let job = NewJob {
                kind: JobKind::PaymentExport.as_str(),
                key: &key,
                lane: &account.to_string(),
                payload: "",
                due_at: now,
            };
            queue::enqueue(tx, &job, now)?;
            Ok(audit::note(tx, &who, Action::PaymentExport, &key, now)?)
        })
        .await?;
    app.signals.wake(JobKind::PaymentExport);
    Ok(id)
}

/// An account's export.
pub(super) fn find(tx: &mut Tx<'_>, account: AccountId, id: &str) -> Result<Option<Export>, StoreError> {
    Ok(sql::select_export(tx, id)?.filter(|export| export.account == account))
}

/// An account's exports of the last day, the newest first.
pub(super) fn of_account(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Export>, StoreError> {
    sql::select_of_account(tx, account)
}

/// When an account's first payment was made, in Unix milliseconds; now where there is none.
fn first_ms(tx: &mut Tx<'_>, account: AccountId) -> Result<i64, StoreError> {
    Ok(super::list::first(tx, account)?.map_or(i64::MAX, |key| key.created_ms))
}

/// The filters of a list in words, for who has to tell one file from another.
fn told(wanted: &Wanted, t: &Payments) -> String {
    let told = FIELDS.into_iter().filter_map(|name| {
        let text = match name {
            "q" => wanted.typed_shown(t.sealed_rut, t.sealed_email),
            "state" => wanted.state.map(|state| t.state(state).to_owned())?,
            "method" => wanted.method.map(|method| t.method(method.as_str()).to_owned())?,
            _ => wanted.text(name),
        };
        (!text.is_empty()).then(|| format!("{}: {text}", t.field(name)))
    });
    told.collect::<Vec<_>>().join(" · ")
}

/// A piece of an export's file: 1, 2, …
pub(super) fn chunk(tx: &mut Tx<'_>, id: &str, number: i64) -> Result<Option<Vec<u8>>, StoreError> {
    sql::select_chunk(tx, id, number)
}

/// Writes an export to its end: [`EXPORTS`]' handler.
pub(crate) async fn write(app: Shared, job: Job) -> Result<(), Unfinished> {
    while !app.draining.is_cancelled() {
        let id = job.key.clone();
        let found = app
            .db
            .point("export.find", move |tx| sql::select_export(tx, &id))
            .await?;
        match found {
            Some(export) if !export.is_ready => portion(&app, export).await?,
            _ => {
                let finish = move |tx: &mut Tx<'_>| queue::finish(tx, &job).map(drop);
                return Ok(app.db.append("export.finish", finish).await?);
            }
        }
    }
    Ok(())
}

/// Writes the next payments of an export, and where to go on.
async fn portion(app: &Shared, export: Export) -> Result<(), StoreError> {
    let mut wanted = Wanted::parse(&export.wanted);
    wanted.turn = Turn::Before(export.place.clone());
    let (reader, account) = (app.clone(), export.account);
    let found = app
        .db
        .read("export.read", move |tx| {
            page::find(tx, &reader.keyring, account, &wanted, PORTION_LINES)
        })
        .await?;
    found.log_unread();
    let lines = export.lines + i64::try_from(found.lines.len()).unwrap_or(i64::MAX);
    let is_cut = lines >= LINES_MAX && found.older.is_some();
    let is_over = is_cut || found.older.is_none();
    let place = found.older.clone().unwrap_or_else(|| export.place.clone());
    let bytes = csv::write(&found.lines, export.lang, export.chunks == 0);
    let now = app.clock.now();
    app.db
        .append("export.portion", move |tx| {
            if sql::update_export(tx, &export, (lines, &place), (is_over, is_cut), now)? {
                sql::insert_chunk(tx, &export.id, export.chunks + 1, &bytes)?;
            }
            Ok(())
        })
        .await
}

/// Throws all exports of an account away, those that are being written too: they may tell who was just erased.
pub(crate) fn discard(tx: &mut Tx<'_>, account: AccountId) -> Result<(), StoreError> {
    sql::delete_of_account(tx, account)
}

/// Throws exports away that are older than [`KEPT`].
pub(crate) async fn forget_old(app: &App) -> Result<(), StoreError> {
    let before = app.clock.now() - KEPT;
    let old = app
        .db
        .read("export.old", move |tx| sql::select_old(tx, before))
        .await?;
    for id in old {
        app.db
            .append("export.forget", move |tx| sql::delete_export(tx, &id))
            .await?;
    }
    Ok(())
}

/// How long an export can be downloaded.
pub(super) const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// Payments of one file at most; a spreadsheet opens about a million lines, slowly.
pub(super) const LINES_MAX: i64 = 200_000;
/// Exports of an account that are written at once.
pub(super) const RUNNING_MAX: usize = 3;
const PORTION_LINES: usize = 500;
