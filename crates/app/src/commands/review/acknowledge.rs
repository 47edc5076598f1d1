//! `ayni review acknowledge`: a debit that no order explains is cleared, by a person who says whose money it was.

use anyhow::Context as _;
use ayni_domain::ledger::purpose::Purpose;
use ayni_gateway::reconciliation::acknowledging::{self, Acknowledgement};
use ayni_gateway::witness::Witness;
use clap::Args;
use serde_json::json;

use crate::config::Config;
use crate::gateway;
use crate::output::{self, Form};

/// What is said of the debit.
#[derive(Args)]
pub struct SaidArgs {
    /// Out of whose money it went, as collected:990939, own:990939 or fees [default: nothing is moved]
    #[arg(long, value_name = "PURPOSE")]
    from: Option<String>,
    /// Why it is in order, for whoever reads the movement or the ledger later
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// Does it.
pub async fn run(
    config: &Config,
    account: &str,
    movement: &str,
    said: SaidArgs,
    form: Form,
) -> anyhow::Result<()> {
    let read = |text: &String| {
        let purpose: Result<Purpose, _> = text.parse();
        purpose.with_context(|| format!("«{text}» is no ledger account"))
    };
    let acknowledgement = Acknowledgement {
        from: said.from.as_ref().map(read).transpose()?,
        reason: said.reason,
    };
    let app = gateway::beside(config).await?;
    let posted =
        acknowledging::acknowledge(&app, account, movement, acknowledgement, Witness::nobody()).await?;
    let described = json!({ "movement": movement, "state": "debit", "transaction": posted });
    output::result(form, &described, || {
        output::line(&match &posted {
            Some(transaction) => {
                format!("Movement {movement} is in order; the ledger says so in {transaction}.")
            }
            None => {
                format!("Movement {movement} is in order. Nothing was moved: the ledger has it in suspense.")
            }
        });
    })
}

/// After the options.
pub const HELP: &str = "\
The statement took the money out of suspense, since nobody knew whose it was. With --from a correction puts as much back
from there, so that the ledger tells who bore it; it can't take more than is there. Without it nothing is moved.

Examples:
  ayni review acknowledge 5f0c… 1044 --from collected:990939 --reason 'refund paid twice, the payer keeps it'
  ayni review acknowledge 5f0c… 1044 --reason 'the bank reversed it the same day, see movement 1045'";
