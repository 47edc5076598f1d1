//! What a test reads of the ledger.

use anyhow::Result;
use ayni_domain::ids::AccountId;
use ayni_domain::ledger::purpose::Purpose;
use ayni_gateway::ledger::list::{self, TransactionEntry, Wanted};
use ayni_gateway::merchants::collecting::{self, CollectingAccount};
use ayni_store::error::StoreError;
use ayni_testkit::gateway::TestGateway;

use crate::reconciliation::movements::account_in_pesos;

/// What DemoBank's accounts hold before anybody transfers.
pub const OPENING: i64 = 5_000_000_000;

/// The merchant's account in pesos.
pub async fn pesos(gateway: &TestGateway) -> Result<CollectingAccount> {
    let uuid = account_in_pesos(gateway).await?;
    Ok(collecting::find_by_uuid(&gateway.app.db, &uuid).await?)
}

/// The ledger accounts of the merchant's account in pesos, in words such as `collected 990`, what is owed above zero,
/// sorted; those of nothing are left out, and `M` stands for the merchant.
pub async fn holdings(gateway: &TestGateway) -> Result<Vec<String>> {
    let wanted = Wanted {
        account: Some(account_in_pesos(gateway).await?),
        ..Wanted::default()
    };
    let merchant = Purpose::collected(AccountId(gateway.receiver_id)).owner;
    let mut shown: Vec<String> = list::balances(&gateway.app.db, wanted, 100)
        .await?
        .iter()
        .filter(|entry| entry.balance.ten_thousandths() != 0)
        .map(|entry| {
            let purpose = entry.purpose.to_string().replace(&merchant.to_string(), "M");
            let sign = if entry.purpose == Purpose::BANK { 1 } else { -1 };
            format!("{purpose} {}", entry.balance.ten_thousandths() * sign / 10_000)
        })
        .collect();
    shown.sort();
    Ok(shown)
}

/// All transactions of the merchant's account in pesos but its opening, newest first.
pub async fn posted(gateway: &TestGateway) -> Result<Vec<TransactionEntry>> {
    let wanted = Wanted {
        account: Some(account_in_pesos(gateway).await?),
        ..Wanted::default()
    };
    let mut all = list::transactions(&gateway.app.db, wanted, 1_000).await?;
    all.retain(|transaction| transaction.kind != "opening");
    Ok(all)
}

/// Changes rows past the program, as nobody should.
pub async fn tamper(gateway: &TestGateway, sql: &'static str) -> Result<()> {
    let changed: Result<u64, StoreError> = gateway
        .app
        .db
        .write("test.tamper", move |tx| tx.exec(sql, &[]))
        .await;
    anyhow::ensure!(changed? > 0, "nothing was changed: {sql}");
    Ok(())
}
