//! Money that a test sends, and where it ended.

use anyhow::Result;
use ayni_domain::ids::AccountId;
use ayni_gateway::merchants::collecting;
use ayni_testkit::gateway::{MERCHANT_RUT, TestGateway};
use ayni_testkit::truth::rows;

/// What became of a movement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// The bank's id.
    pub id: String,
    /// `matched`, `review`, `debit`, `assigned` or `returned`.
    pub state: String,
    /// The payment that it settled.
    pub payment: Option<String>,
    /// Why it waits.
    pub reason: String,
}

/// A person transfers pesos by hand to the merchant's account, and the statement is read.
pub async fn arrives(gateway: &TestGateway, payer: &str, pesos: i64, comment: &str) -> Result<Movement> {
    gateway.bank.transfer(payer, MERCHANT_RUT, pesos, comment).await?;
    read_again(gateway).await?;
    Ok(all(gateway).await?.pop().unwrap())
}

/// Waits until the statement is due again, and reads it.
pub async fn read_again(gateway: &TestGateway) -> Result<()> {
    gateway.advance(jiff::SignedDuration::from_secs(31)).await
}

/// Every movement, in the order in which they were booked.
pub async fn all(gateway: &TestGateway) -> Result<Vec<Movement>> {
    let rows = rows(&gateway.app.db, SELECT_MOVEMENTS).await?;
    rows.iter()
        .map(|row| {
            Ok(Movement {
                id: row.text(0)?,
                state: row.text(1)?,
                payment: row.opt_text(2)?,
                reason: row.opt_text(3)?.unwrap_or_default(),
            })
        })
        .collect()
}

/// The merchant's account in pesos, as commands name it.
pub async fn account_in_pesos(gateway: &TestGateway) -> Result<String> {
    let accounts = collecting::list(&gateway.app.db, AccountId(gateway.receiver_id)).await?;
    let pesos = accounts
        .into_iter()
        .find(|account| account.currency == ayni_domain::currency::Currency::Clp);
    Ok(pesos.unwrap().uuid)
}

const SELECT_MOVEMENTS: &str = "SELECT id, state, payment_id, reason FROM movements ORDER BY booked_at, id";
