//! `ayni payment mark-paid`: the merchant was paid in another way.

use anyhow::Context as _;
use ayni_domain::ids::PaymentId;
use ayni_gateway::payments::mark_paid::mark_paid;
use ayni_gateway::witness::Witness;
use serde_json::json;

use crate::config::Config;
use crate::gateway;
use crate::output::{self, Form};

/// Says so of the payment.
pub async fn run(config: &Config, id: &str, form: Form) -> anyhow::Result<()> {
    let id = PaymentId::parse(id)
        .with_context(|| format!("«{id}» is no payment id: 12 small letters and digits"))?;
    let app = gateway::beside(config).await?;
    mark_paid(&app, None, id, Witness::nobody()).await?;
    let said =
        json!({ "payment_id": id.as_str(), "status": "done", "status_detail": "marked-paid-by-receiver" });
    output::result(form, &said, || {
        output::line(&format!(
            "Payment {id} is marked as paid by the merchant: it can't be paid any more, and nobody is notified.\n\
             Money that comes all the same waits in `ayni review list`."
        ));
    })
}

/// Shown by `--help`.
pub const AFTER_HELP: &str = "\
Only while it is pending. The payer's page says that it is paid. It can't be undone, and nothing is posted to the
ledger: no money was seen.

Example:
  ayni payment mark-paid gqzdy6chjne9";
