//! A database that was made of a copy never sends an order or a payer's transfer a second time, and one that was moved
//! goes on where it was: against DemoBank's own book.

mod moving;
mod orders;
mod payers;
mod payouts;

use std::path::PathBuf;

use anyhow::Result;
use ayni_gateway::restorations;
use ayni_store::copy::backup::{restore, take};
use ayni_testkit::engine::Database;
use ayni_testkit::gateway::TestGateway;

/// A backup of a gateway's database as it is now, while it runs.
pub(super) async fn backed_up(gateway: &TestGateway) -> Result<PathBuf> {
    let (from, now) = (gateway.location().clone(), gateway.clock.now());
    let file = gateway.folder.path().join("backup");
    let to = file.clone();
    tokio::task::spawn_blocking(move || take(&from, &to, now, &mut |_| {}).and_then(|taken| taken.keep()))
        .await??;
    Ok(file)
}

/// The gateway's database is lost, and made again of a backup.
pub(super) async fn restored(gateway: TestGateway, backup: PathBuf) -> Result<TestGateway> {
    let (engine, now) = (gateway.engine(), gateway.clock.now());
    let folder = gateway.folder.path().to_owned();
    gateway
        .over(move |_| {
            let place = Database::empty(engine, &folder)?;
            let hold = |tx: &mut ayni_store::tx::Tx<'_>| restorations::note(tx, now);
            restore(&backup, &place.location, now, &hold, &mut |_| {})?;
            Ok(place)
        })
        .await
}
