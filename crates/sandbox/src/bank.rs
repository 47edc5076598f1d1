//! The bank as its site and its operator use it; every change of money goes through here.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::serve::ListenerExt;
use ayni_domain::currency::Currency;
use ayni_domain::money::Amount;
use ayni_domain::rut::Rut;
use jiff::Timestamp;
use tokio::net::TcpListener;

use crate::account::AccountNumber;
use crate::card::{self, COORDINATES};
use crate::draft::{self, Draft};
use crate::error::SandboxError;
use crate::randomness::Randomness;
use crate::site;
use crate::statement::{self, Balance, Movement, Operation, Page};
use crate::storage::Storage;
use crate::transfer::{self, BANK_NAME, Order, Refusal, Told};

/// Changes that may wait for the bank's writer.
pub const WRITES_WAITING_MAX: usize = 1_024;

/// Tells the time, so that a test can move it.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// An open bank; clones are the same bank.
#[derive(Clone)]
pub struct DemoBank {
    storage: Arc<Storage>,
    now: Clock,
    randomness: Arc<Randomness>,
}

impl DemoBank {
    /// Opens the bank's file, or makes it. A seed makes its tokens repeatable, for tests only.
    pub fn open(path: &Path, now: Clock, seed: Option<u64>) -> Result<DemoBank, SandboxError> {
        Ok(DemoBank {
            storage: Arc::new(Storage::open(path)?),
            now,
            randomness: Arc::new(Randomness::new(seed)?),
        })
    }

    /// The whole site, with sessions of its own.
    pub fn router(&self) -> Router {
        site::router(self.clone())
    }

    /// Serves the site until `shutdown` is ready, and then until the requests under way are answered.
    pub async fn serve(
        &self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), SandboxError> {
        let listener = listener.tap_io(|stream| {
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "a connection keeps its delay");
            }
        });
        Ok(axum::serve(listener, self.router())
            .with_graceful_shutdown(shutdown)
            .await?)
    }

    /// A payer's transfer from another channel than the site: the operation number, or why it is refused.
    pub async fn transfer_by_hand(
        &self,
        origin_rut: Rut,
        destination_number: &str,
        amount: Amount,
        currency: Currency,
        comment: &str,
    ) -> Result<Result<String, Refusal>, SandboxError> {
        let Some(origin) = AccountNumber::of(origin_rut, currency) else {
            return Ok(Err(Refusal::OtherCurrency));
        };
        let checked = transfer::check(Order {
            origin,
            bank: BANK_NAME.to_owned(),
            destination: destination_number.to_owned(),
            destination_rut: String::new(),
            holder: transfer::holder_or_own_name("", destination_number),
            amount,
            comment: comment.to_owned(),
        });
        let now = Arc::clone(&self.now);
        match checked {
            Err(refusal) => Ok(Err(refusal)),
            Ok(order) => {
                let moving = move |tx: &_| transfer::move_money(tx, &order, Told::Yes, now());
                Ok(self
                    .storage
                    .write(moving)
                    .await?
                    .map(|operation| operation.to_string()))
            }
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.now)()
    }

    pub(crate) fn randomness(&self) -> &Randomness {
        &self.randomness
    }

    pub(crate) async fn balances(&self, customer: Rut) -> Result<Vec<Balance>, SandboxError> {
        let all = AccountNumber::all_of(customer);
        self.storage
            .read(move |tx| {
                all.into_iter()
                    .map(|account| statement::balance(tx, account))
                    .collect()
            })
            .await
    }

    pub(crate) async fn page(&self, account: AccountNumber, number: i64) -> Result<Page, SandboxError> {
        self.storage
            .read(move |tx| statement::page(tx, account, number))
            .await
    }

    pub(crate) async fn movements(
        &self,
        account: AccountNumber,
        newest: i64,
        rows_max: i64,
    ) -> Result<Vec<Movement>, SandboxError> {
        self.storage
            .read(move |tx| statement::movements(tx, account, newest, rows_max))
            .await
    }

    pub(crate) async fn operation(
        &self,
        number: i64,
        customer: Rut,
    ) -> Result<Option<Operation>, SandboxError> {
        self.storage
            .read(move |tx| statement::operation(tx, number, customer))
            .await
    }

    pub(crate) async fn begin(&self, order: Order) -> Result<Result<String, Refusal>, SandboxError> {
        let transfer = match transfer::check(order) {
            Ok(transfer) => transfer,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let id = self.randomness.hex::<16>();
        let (positions, now) = (card::positions(self.randomness.bytes()), self.now());
        let kept = id.clone();
        let begun = self
            .storage
            .write(move |tx| draft::begin(tx, &kept, &transfer, &positions, now))
            .await?;
        Ok(begun.map(|()| id))
    }

    pub(crate) async fn draft(&self, id: String, customer: Rut) -> Result<Option<Draft>, SandboxError> {
        self.storage.read(move |tx| draft::find(tx, &id, customer)).await
    }

    pub(crate) async fn confirm(
        &self,
        id: String,
        customer: Rut,
        typed: [String; COORDINATES],
    ) -> Result<Option<Draft>, SandboxError> {
        let now = Arc::clone(&self.now);
        self.storage
            .write(move |tx| draft::confirm(tx, &id, customer, &typed, now()))
            .await
    }
}
