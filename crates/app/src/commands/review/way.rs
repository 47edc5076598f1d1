//! How money goes back: by an order to where it came from or to a named account, or by a person at the bank.

use ayni_domain::money::Amount;
use ayni_domain::rut::Rut;
use ayni_gateway::app::App;
use ayni_gateway::orders::Payee;
use ayni_gateway::reconciliation::giving_back::{Given, Way};
use clap::Args;
use serde_json::{Value, json};

use crate::told::Told;

/// What is said of it.
#[derive(Args)]
pub struct WayArgs {
    /// Order nothing: you return the money at the bank, and it is noted here
    #[arg(long, conflicts_with_all = ["bank", "number", "holder_name", "holder_rut"])]
    by_hand: bool,
    /// To an account at this bank, as in GET /v3/banks [default: the account that it came from]
    #[arg(long, value_name = "BANK_ID", requires_all = ["number", "holder_name", "holder_rut"])]
    bank: Option<String>,
    /// That account's number
    #[arg(long, value_name = "NUMBER", requires = "bank")]
    number: Option<String>,
    /// Its holder's name
    #[arg(long, value_name = "NAME", requires = "bank")]
    holder_name: Option<String>,
    /// Its holder's RUT
    #[arg(long, value_name = "RUT", requires = "bank")]
    holder_rut: Option<String>,
}

impl WayArgs {
    /// As it was said, checked.
    pub fn way(&self, app: &App) -> anyhow::Result<Way> {
        let (Some(bank), Some(number), Some(name), Some(rut)) =
            (&self.bank, &self.number, &self.holder_name, &self.holder_rut)
        else {
            return Ok(match self.by_hand {
                true => Way::ByHand,
                false => Way::Ordered(None),
            });
        };
        if app.banks.find(bank).is_none() {
            let hint = "GET /v3/banks shows them";
            return Err(Told::new(format!("there is no bank «{bank}»"), hint).into());
        }
        let Ok(holder) = Rut::parse(rut) else {
            let hint = "check its digits and its check digit";
            return Err(Told::new(format!("«{rut}» is no RUT"), hint).into());
        };
        Ok(Way::Ordered(Some(Payee {
            bank_id: bank.clone(),
            number: number.clone(),
            holder_name: name.clone(),
            holder_identifier: holder.plain(),
            holder_email: String::new(),
        })))
    }
}

/// What was decided, for a script.
pub fn described(movement: &str, state: &str, given: &Given) -> Value {
    let order = given.order.as_ref();
    json!({
        "movement": movement, "state": state, "returned": given.amount.to_string(),
        "order": order.map(|(id, _)| id.to_string()), "via": order.map(|(_, via)| via.as_str()),
    })
}

/// The same for a person.
pub fn sentence(given: &Given) -> String {
    let amount: Amount = given.amount;
    match &given.order {
        Some((order, via)) => format!(
            "Order {order} sends {} back, by {}: `ayni review show` and `ayni orders show {order}` follow it.",
            amount.plain(),
            via.as_str()
        ),
        None => format!(
            "{} is noted as returned. Now return it at the bank, if you have not yet.",
            amount.plain()
        ),
    }
}
