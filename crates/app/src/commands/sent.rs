//! What `ayni notices` and `ayni mails` have in common: which ones are listed, and sending one again.

use anyhow::Context as _;
use ayni_domain::ids::{AccountId, PaymentId};
use ayni_gateway::told::Filter;
use clap::ValueEnum;
use serde_json::json;

use crate::output::{self, Form};

/// Which ones are listed; `S` are the states that they have.
#[derive(clap::Args)]
pub struct Listed<S: ValueEnum + Clone + Send + Sync + 'static> {
    /// Only of this account
    #[arg(long, value_name = "ID")]
    account: Option<i64>,
    /// Only of this payment
    #[arg(long, value_name = "ID")]
    payment: Option<String>,
    /// Only in this state
    #[arg(long, value_name = "STATE")]
    state: Option<S>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: u32,
}

impl<S: ValueEnum + Clone + Send + Sync + 'static> Listed<S> {
    /// The same as the gateway takes it.
    pub fn filter(&self) -> anyhow::Result<Filter> {
        let payment = self.payment.as_deref().map(PaymentId::parse).transpose();
        let state = self.state.as_ref().and_then(ValueEnum::to_possible_value);
        Ok(Filter {
            account: self.account.map(AccountId),
            payment: payment.context("--payment is no payment id")?,
            state: state.map(|state| state.get_name().to_owned()),
            limit: self.limit,
        })
    }
}

/// Says that one is due again, and which command tells how it went.
pub fn told_due(form: Form, what: &str, command: &str, id: &str) -> anyhow::Result<()> {
    output::result(form, &json!({ "id": id, "due": true }), || {
        output::line(&format!(
            "{what} {id} is due now; `ayni {command} show {id}` tells how it went."
        ));
    })
}
