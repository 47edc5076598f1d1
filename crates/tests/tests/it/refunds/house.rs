//! Payments that were paid, refunds of them, and where the money lies.

use anyhow::{Context as _, Result, ensure};
use ayni_gateway::ledger;
use ayni_testkit::account::{self, Account};
use ayni_testkit::gateway::{MERCHANT_RUT, TestGateway};
use ayni_testkit::http::Answer;
use ayni_testkit::truth::rows;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::bodies::payment;

/// Who pays in these tests.
pub const PAYER: &str = "44.444.444-4";

/// The payer's account in pesos at DemoBank.
pub const PAYERS_ACCOUNT: &str = "000000000000444444444";

/// Another merchant, with a RUT of its own.
pub struct Shop {
    /// Its account.
    pub account: Account,
    /// Its RUT.
    pub rut: String,
}

impl Shop {
    /// The developer account of the gateway.
    pub fn of(gateway: &TestGateway) -> Shop {
        Shop {
            account: Account {
                receiver_id: gateway.receiver_id,
                secret: gateway.secret.clone(),
                api_key: gateway.api_key.clone(),
            },
            rut: MERCHANT_RUT.to_owned(),
        }
    }

    /// One more.
    pub async fn open(gateway: &TestGateway, rut: &str) -> Result<Shop> {
        Ok(Shop {
            account: account::open(&gateway.app, rut, None).await?,
            rut: rut.to_owned(),
        })
    }

    /// A call with its key.
    pub async fn call(
        &self,
        gateway: &TestGateway,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Result<Answer> {
        let key = &self.account.api_key;
        gateway.call_by(key, method, path, body, &[]).await
    }

    /// A payment of so many pesos whose money was seen.
    pub async fn paid(&self, gateway: &TestGateway, pesos: i64) -> Result<String> {
        let body = payment(&json!({"amount": pesos}));
        let made = self.call(gateway, "POST", "/v3/payments", Some(body)).await?;
        let id = made.json()["payment_id"]
            .as_str()
            .context("no payment")?
            .to_owned();
        gateway.bank.transfer(PAYER, &self.rut, pesos, &id).await?;
        read_statement(gateway).await?;
        Ok(id)
    }

    /// A classic refund: of so many pesos, or of all that is left.
    pub async fn refund(&self, gateway: &TestGateway, id: &str, pesos: Option<i64>) -> Result<Answer> {
        gateway.clock.advance_ms(1);
        let body = pesos.map_or_else(|| json!({}), |pesos| json!({"amount": pesos}));
        let path = format!("/v3/payments/{id}/refunds");
        self.call(gateway, "POST", &path, Some(body)).await
    }

    /// A refund out of the wallet.
    pub async fn wallet_refund(
        &self,
        gateway: &TestGateway,
        id: &str,
        pesos: Option<&str>,
    ) -> Result<Answer> {
        let mut body = json!({"type": "full", "payment_id": id});
        if let Some(pesos) = pesos {
            body = json!({"type": "partial", "payment_id": id, "amount": pesos});
        }
        self.call(gateway, "POST", "/v3/refunds", Some(body)).await
    }

    /// What its wallet says.
    pub async fn wallet(&self, gateway: &TestGateway) -> Result<Value> {
        Ok(self
            .call(gateway, "GET", "/v3/refund-wallet/balance", None)
            .await?
            .json())
    }

    /// The reference of its wallet's top-ups.
    pub async fn reference(&self, gateway: &TestGateway) -> Result<String> {
        let wallet = self.wallet(gateway).await?;
        let url = wallet["add_funds_url"].as_str().unwrap_or_default();
        let (_, reference) = url.rsplit_once('/').context("no address of a page")?;
        Ok(reference.to_owned())
    }

    /// Adds so many pesos to its wallet.
    pub async fn top_up(&self, gateway: &TestGateway, pesos: i64) -> Result<()> {
        let reference = self.reference(gateway).await?;
        gateway
            .bank
            .transfer("11.111.111-1", &self.rut, pesos, &reference)
            .await?;
        read_statement(gateway).await
    }

    /// The uuid of its collecting account in pesos.
    pub async fn uuid(&self, gateway: &TestGateway) -> Result<String> {
        for row in rows(
            &gateway.app.db,
            "SELECT account_id, uuid FROM collecting_accounts WHERE currency = 'CLP'",
        )
        .await?
        {
            if row.int(0)? == self.account.receiver_id {
                return Ok(row.text(1)?);
            }
        }
        anyhow::bail!("no collecting account in pesos")
    }

    /// From now on its orders are authorised with these answers of the card.
    pub async fn use_card(&self, gateway: &TestGateway, coordinates: Option<&str>) -> Result<()> {
        let uuid = self.uuid(gateway).await?;
        account::replace_login_and_card(&gateway.app, &uuid, &self.rut, "1234", coordinates).await
    }
}

/// Lets the next periodic reading of statements happen.
pub async fn read_statement(gateway: &TestGateway) -> Result<()> {
    gateway.advance(SignedDuration::from_secs(31)).await
}

/// The statuses of a payment's refunds, in their order, and `total_refunded`.
pub async fn refunds(gateway: &TestGateway, id: &str) -> Result<(Vec<String>, String)> {
    let payment = gateway.payment(id).await?;
    let refunds = payment["refunds"].as_array().context("no refunds")?;
    let statuses = refunds
        .iter()
        .map(|refund| refund["status"].as_str().unwrap().to_owned());
    Ok((
        statuses.collect(),
        payment["total_refunded"].as_str().unwrap().to_owned(),
    ))
}

/// The ledger's balance of a kind in pesos, over all bank accounts: what is owed is above zero. The ledger is proved first.
pub async fn owed(gateway: &TestGateway, kind: &str) -> Result<i64> {
    let db = &gateway.app.db;
    let report = ledger::check::check(db).await?;
    ensure!(report.is_clean(), "{:#?}", report.differences);
    let balances = rows(db, "SELECT kind, balance FROM ledger_balances").await?;
    let mut owed = 0;
    for row in balances {
        if row.str(0)? == kind {
            owed -= row.int(1)?;
        }
    }
    Ok(owed / 10_000)
}

/// Field and text of each entry of `errors`.
pub fn errors(answer: &Answer) -> Vec<(String, String)> {
    let body = answer.json();
    let errors = body["errors"].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    errors
        .iter()
        .map(|error| (text(&error["field"]), text(&error["message"])))
        .collect()
}

/// An entry of `errors` as the specification writes it.
pub fn error(field: &str, message: &str) -> (String, String) {
    (field.to_owned(), message.to_owned())
}

/// «El pago con ID … no es reembolsable».
pub fn not_refundable(id: &str) -> (String, String) {
    error("payment_id", &format!("El pago con ID {id} no es reembolsable"))
}
