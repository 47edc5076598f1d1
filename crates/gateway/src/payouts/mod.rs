//! Orders that no connector sends, written into files that a person hands to the bank: ISO 20022 pain.001 and CSV.
//!
//! Making a file is one unit of work: it takes the orders that wait on one collecting account, notes on each that it
//! stands in the file, and keeps the file. So an order stands in one file and no other, whoever dies. What a file holds is
//! made from its rows, so that it can be written again, in either form, and is the same then.

mod delimited;
mod pain;
mod sql;

use ayni_domain::ids::OrderId;
use ayni_domain::money::Amount;
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;
use jiff::civil::Date;
use thiserror::Error;

use crate::app::{App, Shared};
use crate::merchants::MerchantError;
use crate::merchants::collecting::{self, CollectingAccount};
use crate::orders::file as waiting;
use crate::orders::{self, Order, OrderError};

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// A file for the bank, as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayoutFile {
    /// Its id, which is also the message's.
    pub id: String,
    /// The collecting account that the money leaves.
    pub collecting_id: i64,
    /// How many transfers it orders.
    pub orders: i64,
    /// Their sum.
    pub total: Amount,
    /// When it was made.
    pub made_at: Timestamp,
    /// The business day on which the bank is to execute it.
    pub execute_on: Date,
}

/// A file with everything that is written into it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The file.
    pub file: PayoutFile,
    /// Whose money leaves.
    pub from: CollectingAccount,
    /// The transfers, in their order.
    pub orders: Vec<Order>,
}

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// ISO 20022 pain.001.001.09.
    Pain001,
    /// One line an order, for banks that take a table.
    Csv,
}

/// Why no file was made or written.
#[derive(Debug, Error)]
pub enum PayoutError {
    /// The database refused or failed.
    #[error("the database could not do it")]
    Store(#[from] StoreError),
    /// The collecting account.
    #[error(transparent)]
    Merchant(#[from] MerchantError),
    /// An order did not go into the file.
    #[error("an order could not be put into the file")]
    Order(#[from] OrderError),
    /// There is no such file.
    #[error("there is no file {0}: `ayni payouts list` shows them")]
    NoFile(String),
    /// The file could not be put together.
    #[error("the file could not be written")]
    Write(#[from] std::io::Error),
}

/// Takes the orders that wait on a collecting account into a new file; `None` where none waits. At most
/// [`waiting::ORDERS_IN_A_FILE`] go into one.
pub async fn make(app: &Shared, collecting_uuid: &str) -> Result<Option<PayoutFile>, PayoutError> {
    let from = collecting::find_by_uuid(&app.db, collecting_uuid).await?;
    let now = app.clock.now();
    let calendar = &app.settings.calendar;
    let execute_on = calendar.business_day_from(ayni_domain::calendar::day_in_chile(now));
    let id = app.entropy.uuid().simple().to_string();
    let file = PayoutFile {
        id,
        collecting_id: from.id,
        orders: 0,
        total: Amount::ZERO,
        made_at: now,
        execute_on,
    };
    app.db
        .write("payouts.make", move |tx| make_in(tx, file.clone()))
        .await
}

fn make_in(tx: &mut Tx<'_>, mut file: PayoutFile) -> Result<Option<PayoutFile>, PayoutError> {
    let orders = waiting::waiting(tx, file.collecting_id)?;
    for order in &orders {
        file.orders += 1;
        file.total = file.total.checked_add(order.new.amount).unwrap_or(file.total);
        sql::insert_order(tx, &file.id, file.orders, order.new.id)?;
        waiting::filed(tx, order, &file.id, file.made_at)?;
    }
    if orders.is_empty() {
        return Ok(None);
    }
    sql::insert_file(tx, &file)?;
    Ok(Some(file))
}

/// A file that was made, to be written again.
pub async fn load(db: &Db, id: &str) -> Result<Loaded, PayoutError> {
    let wanted = id.to_owned();
    let found = db
        .read("payouts.load", move |tx| {
            let Some(file) = sql::select_file(tx, &wanted)? else {
                return Ok(None);
            };
            let Some(from) = collecting::find(tx, file.collecting_id)? else {
                return Ok(None);
            };
            let ids: Vec<OrderId> = sql::select_orders(tx, &wanted)?;
            let found = ids.into_iter().map(|id| orders::find(tx, id));
            let orders: Vec<Option<Order>> = found.collect::<Result<_, StoreError>>()?;
            let orders = orders.into_iter().flatten().collect();
            Ok::<_, StoreError>(Some(Loaded { file, from, orders }))
        })
        .await?;
    found.ok_or_else(|| PayoutError::NoFile(id.to_owned()))
}

/// The files that were made, newest first.
pub async fn list(db: &Db, limit: u32) -> Result<Vec<PayoutFile>, PayoutError> {
    Ok(db
        .read("payouts.list", move |tx| sql::select_files(tx, limit.into()))
        .await?)
}

/// The file's text in this form: the same at each writing.
pub fn write(app: &App, loaded: &Loaded, form: Form) -> Result<String, PayoutError> {
    let bank_name = |id: &str| {
        app.banks
            .find(id)
            .map_or_else(|| id.to_owned(), |bank| bank.name.clone())
    };
    Ok(match form {
        Form::Pain001 => pain::document(loaded, &bank_name)?,
        Form::Csv => delimited::table(loaded, &bank_name)?,
    })
}
