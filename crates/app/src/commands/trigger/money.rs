//! How events of money that leaves are made: refunds and settlements.

use anyhow::Context as _;
use ayni_client::payments::Payment;
use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::lang::Lang;
use ayni_domain::refund::{Asked, Kind};
use ayni_gateway::app::Shared;
use ayni_gateway::orders::{OrderError, commands as orders};
use ayni_gateway::refunds::commands as refunds;
use ayni_gateway::settlement::sandbox;

use super::happen::payment_id;
use super::{Making, did_not_happen};
use crate::calling::failed;
use crate::gateway;
use crate::told::Told;

impl Making<'_> {
    pub(super) async fn refunded(&self) -> anyhow::Result<String> {
        let id = self.done().await?;
        let said = self.client.refund_payment(&id, None).await.map_err(failed)?;
        self.step(&format!("refunded; the gateway says: {}", said.message));
        let is_paid = |payment: &Payment| payment.refunds.iter().any(|refund| refund.status == "paid");
        let payment = self.wait("the refund", &id, is_paid).await?;
        let refund = payment.refunds.first().context("the payment lists no refund")?;
        self.step("the refund was seen leaving on the statement");
        Ok(refund.id.clone())
    }

    /// The gateway may be quicker than the operator: then the refund leaves, and another payment is made.
    pub(super) async fn refund_expired(&self) -> anyhow::Result<String> {
        let app = gateway::beside(self.config).await?;
        let mut id = String::new();
        for _ in 0..TRIES_MAX {
            id = self.done().await?;
            if let Some(refund) = refund_and_reject(&app, payment_id(&id)?).await? {
                self.step("refunded, and ended by the operator: the payment has its money again");
                return Ok(refund);
            }
            self.step("the bank was asked before the operator could end the refund: once more");
        }
        Err(did_not_happen("the refund's end", &id))
    }

    pub(super) async fn settled(&self) -> anyhow::Result<String> {
        let id = self.done().await?;
        let account = self
            .config
            .dev_file
            .as_ref()
            .map(|dev| AccountId(dev.receiver_id));
        let account = account.ok_or_else(|| {
            Told::new(
                "the developer account is not known",
                "`ayni dev` writes it into dev.json",
            )
        })?;
        let app = gateway::beside(self.config).await?;
        let settlement = sandbox::settle_now(&app, account, payment_id(&id)?).await?;
        self.step("released at once, as in the sandbox only, and settled; its payout is ordered at DemoBank");
        Ok(settlement)
    }
}

/// Refunds a payment and ends the refund's order before it is sent; nothing where it was sent already.
async fn refund_and_reject(app: &Shared, id: PaymentId) -> anyhow::Result<Option<String>> {
    refunds::create(app, Kind::Classic, id, Asked::Full, Lang::En)
        .await
        .map_err(|error| crate::commands::payment::refused(&error))?;
    let listed = refunds::list(&app.db, None, REFUNDS_LOOKED_AT).await?;
    let refund = listed.into_iter().find(|refund| refund.payment == id);
    let refund = refund.context("the refund is not listed")?.id.to_string();
    match orders::reject(app, &refund, "ayni trigger refund.expired").await {
        Ok(_) => Ok(Some(refund)),
        Err(OrderError::Unlisted(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// How often the operator tries to be quicker than the gateway.
const TRIES_MAX: usize = 5;
/// Newest refunds among which the one just made is.
const REFUNDS_LOOKED_AT: u32 = 50;
