//! How each event is made.

use std::time::Duration;

use anyhow::Context as _;
use ayni_client::operations::Errand;
use ayni_client::payments::{NewPayment, Payment};
use ayni_domain::currency::Currency;
use ayni_domain::ids::PaymentId;
use ayni_domain::money::Amount;
use ayni_gateway::clock::Clock;
use ayni_gateway::payments::mark_paid::mark_paid;
use ayni_gateway::witness::Witness;
use serde_json::json;

use super::receiver::Receiver;
use super::{Making, did_not_happen};
use crate::calling::failed;
use crate::commands::pay;
use crate::gateway;
use crate::told::Told;

impl Making<'_> {
    pub(super) async fn done(&self) -> anyhow::Result<String> {
        let id = self.create(None).await?;
        let page = pay::as_usual(self.config, self.client.gateway_url(), payment_id(&id)?).await?;
        self.step(&format!("paid at DemoBank; the page says: {page}"));
        let payment = self
            .wait("the payment", &id, |payment| payment.status == "done")
            .await?;
        self.step(&format!(
            "its money was seen on the statement: {}/{}",
            payment.status, payment.status_detail
        ));
        Ok(id)
    }

    pub(super) async fn declined(&self, path: &str, detail: &str) -> anyhow::Result<String> {
        let id = self.create(None).await?;
        pay::decline(self.client.gateway_url(), payment_id(&id)?, path).await?;
        self.wait("it", &id, |payment| payment.status_detail == detail)
            .await?;
        self.step(&format!(
            "its payer declined it on /payment/{path}: done/{detail}"
        ));
        Ok(id)
    }

    pub(super) async fn deleted(&self) -> anyhow::Result<String> {
        let id = self.create(None).await?;
        let said = self.client.delete_payment(&id).await.map_err(failed)?;
        self.step(&format!("deleted; the gateway says: {}", said.message));
        Ok(id)
    }

    pub(super) async fn marked_paid(&self) -> anyhow::Result<String> {
        let id = self.create(None).await?;
        mark_paid(
            &*gateway::beside(self.config).await?,
            None,
            payment_id(&id)?,
            Witness::nobody(),
        )
        .await?;
        self.step("marked as paid by its merchant");
        Ok(id)
    }

    pub(super) async fn expired(&self) -> anyhow::Result<String> {
        let expires = Clock::System.now() + EXPIRES_IN;
        let id = self.create(Some(ayni_domain::time::wire(expires))).await?;
        self.step(&format!("it expires at {}", ayni_domain::time::wire(expires)));
        for _ in 0..WAIT_MAX.as_secs() {
            tokio::time::sleep(Duration::from_secs(1)).await;
            if pay::page_of(self.client.gateway_url(), payment_id(&id)?).await? == "expired" {
                self.step("its page says that it can't be paid any more; the API still says pending, as Khipu's does");
                return Ok(id);
            }
        }
        Err(did_not_happen("the expiry", &id))
    }

    pub(super) async fn called_back(&self) -> anyhow::Result<String> {
        let receiver = Receiver::start().await?;
        let errand = Errand {
            institution: "com/services/servipag.com",
            operation: "consult-debt",
            request_data: json!({ "EnterpriseName": "Aguas Andinas", "ClientIdentifier": "25252525" }),
            callback_url: Some(&receiver.url()),
        };
        let accepted = self.client.run_operation(&errand).await.map_err(failed)?;
        let id = accepted.operation_id.to_string();
        self.step(&format!("asked what 25252525 owes Aguas Andinas: operation {id}"));
        let body = receiver.body(WAIT_MAX).await.ok_or_else(|| {
            let hint =
                "may the gateway call this machine? `ayni dev` may; `ayni notices list` shows its tries";
            Told::new("the callback did not come", hint)
        })?;
        self.step(&format!("the callback came, and was answered with 200: {body}"));
        Ok(id)
    }

    async fn create(&self, expires_date: Option<String>) -> anyhow::Result<String> {
        let amount = Amount::parse(self.amount, false).map_err(|error| {
            Told::new(format!("«{}» is no amount", self.amount), "try 1000").because(error)
        })?;
        let mut new = NewPayment::new(amount, Currency::Clp, "ayni trigger");
        new.notify_url = self.notify_url.map(str::to_owned);
        new.expires_date = expires_date;
        let made = self.client.create_payment(&new).await.map_err(failed)?;
        self.step(&format!(
            "payment {} was made: {}",
            made.payment_id, made.payment_url
        ));
        Ok(made.payment_id)
    }

    /// Asks until it is so.
    pub(super) async fn wait(
        &self,
        what: &str,
        id: &str,
        is_so: impl Fn(&Payment) -> bool,
    ) -> anyhow::Result<Payment> {
        let asking = async {
            loop {
                let payment = self.client.payment(id).await.map_err(failed)?;
                if is_so(&payment) {
                    return Ok(payment);
                }
                tokio::time::sleep(ASK_PAUSE).await;
            }
        };
        let asked = tokio::time::timeout(WAIT_MAX, asking).await;
        asked.unwrap_or_else(|_| Err(did_not_happen(what, id)))
    }
}

/// An id of the gateway's.
pub(super) fn payment_id(text: &str) -> anyhow::Result<PaymentId> {
    PaymentId::parse(text).with_context(|| format!("the gateway's «{text}» is no payment id"))
}

/// How long an event is waited for.
pub(super) const WAIT_MAX: Duration = Duration::from_secs(60);
const ASK_PAUSE: Duration = Duration::from_millis(200);
const EXPIRES_IN: Duration = Duration::from_secs(2);
