//! `ayni payment events`: what a payment lived through.

use anyhow::Context as _;
use ayni_domain::ids::PaymentId;
use ayni_domain::time::wire;
use ayni_gateway::payments::history::{self, PastEvent};
use serde_json::{Value, json};

use crate::config::Config;
use crate::output::{self, Form};
use crate::place;
use crate::told::Told;

/// Prints the payment's events, the first one first.
pub async fn run(config: &Config, id: &str, form: Form) -> anyhow::Result<()> {
    let id = PaymentId::parse(id)
        .with_context(|| format!("«{id}» is no payment id: 12 small letters and digits"))?;
    let db = place::open_db(config, place::small())?;
    let Some((created_at, events)) = history::events(&db, id).await? else {
        let hint = "`ayni payment list` shows the last ones";
        return Err(Told::new(format!("there is no payment {id}"), hint).into());
    };
    let described = |event: &PastEvent| {
        json!({
            "number": event.number, "at": wire(event.at), "kind": event.kind, "state": event.state,
            "data": serde_json::from_str::<Value>(&event.data).unwrap_or_default(),
        })
    };
    let said = json!({
        "payment_id": id.as_str(), "created_at": wire(created_at),
        "events": events.iter().map(described).collect::<Vec<Value>>(),
    });
    output::result(form, &said, || {
        let created = vec![wire(created_at), "created".to_owned(), "pending".to_owned()];
        let later = events
            .iter()
            .map(|event| vec![wire(event.at), event.kind.clone(), event.state.clone()]);
        let rows: Vec<_> = std::iter::once(created).chain(later).collect();
        output::table(&["AT", "EVENT", "STATE"], &rows, "");
    })
}

/// Shown by `--help`.
pub const AFTER_HELP: &str = "\
Examples:
  ayni payment events gqzdy6chjne9
  ayni payment events gqzdy6chjne9 --json | jq '.events[].kind'";
