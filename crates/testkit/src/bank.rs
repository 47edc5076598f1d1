//! DemoBank on a port of its own, which a test can stop and start again: its book survives, as a bank's does.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result};
use ayni_domain::currency::Currency;
use ayni_domain::money::Amount;
use ayni_domain::rut::Rut;
use ayni_sandbox::account::AccountNumber;
use ayni_sandbox::bank::DemoBank;
use ayni_sandbox::book::{self, BookEntry};
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// The bank's site, running unless it was stopped.
pub struct Bank {
    site: DemoBank,
    file: PathBuf,
    address: SocketAddr,
    serving: Mutex<Option<Serving>>,
}

struct Serving {
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

impl Bank {
    /// Opens a bank in this folder.
    pub async fn start(
        folder: &Path,
        now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
        seed: u64,
    ) -> Result<Bank> {
        let file = folder.join("demo-bank.db");
        let site = DemoBank::open(&file, now, Some(seed))?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let bank = Bank {
            site,
            file,
            address: listener.local_addr()?,
            serving: Mutex::default(),
        };
        bank.serve(listener);
        Ok(bank)
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Nobody can connect any more; what it was doing is ended first.
    pub async fn stop(&self) -> Result<()> {
        let serving = self.lock().take().context("the bank is not running")?;
        let _ = serving.stop.send(());
        Ok(serving.ended.await?)
    }

    /// Opens it again where it was.
    pub async fn start_again(&self) -> Result<()> {
        self.serve(TcpListener::bind(self.address).await?);
        Ok(())
    }

    /// A payer's transfer in pesos to a RUT's account, from another channel; its operation number.
    pub async fn transfer(&self, payer: &str, payee: &str, pesos: i64, comment: &str) -> Result<String> {
        let payee = AccountNumber::of(Rut::parse(payee)?, Currency::Clp)
            .context("no account in pesos")?
            .to_string();
        let transferred = self.site.transfer_by_hand(
            Rut::parse(payer)?,
            &payee,
            Amount::from_units(pesos),
            Currency::Clp,
            comment,
        );
        Ok(transferred.await??)
    }

    /// Every transfer that moved money, oldest first.
    pub fn book(&self) -> Result<Vec<BookEntry>> {
        Ok(book::read(&self.file)?)
    }

    fn serve(&self, listener: TcpListener) {
        let (stop, stopped) = oneshot::channel();
        let site = self.site.clone();
        let ended = tokio::spawn(async move {
            let serving = site.serve(listener, async move {
                // An error means that the test has ended.
                let _ = stopped.await;
            });
            if let Err(error) = serving.await {
                eprintln!("DemoBank ended: {error}");
            }
        });
        *self.lock() = Some(Serving { stop, ended });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Serving>> {
        self.serving.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
