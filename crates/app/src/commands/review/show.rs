//! `ayni review show`: everything that is known of a movement, and what can be done.

use ayni_domain::lang::Lang;
use ayni_domain::matching::reason::Reason;
use ayni_domain::money::Amount;
use ayni_domain::time::wire;
use ayni_gateway::orders::Order;
use ayni_gateway::payments::Payment;
use ayni_gateway::reconciliation::review::{self, Shown};
use serde_json::{Value, json};

use crate::config::Config;
use crate::output::{self, Form};
use crate::place;

/// Prints it.
pub async fn run(config: &Config, account: &str, movement: &str, form: Form) -> anyhow::Result<()> {
    let shown = review::show(&place::open_db(config, place::small())?, account, movement).await?;
    let mut said = super::described(&shown.entry);
    said["state"] = Value::from(shown.state.as_str());
    said["decided_at"] = Value::from(shown.decided_at.map(wire));
    said["named"] = shown.named.iter().map(named).collect();
    said["returns"] = shown.returns.iter().map(returned).collect();
    output::result(form, &said, || {
        output::facts(&facts(&shown));
        let (uuid, id) = (&shown.entry.collect_account_uuid, &shown.entry.line.id);
        if shown.state == "review" && shown.entry.line.amount < Amount::ZERO {
            output::line(&format!(
                "\nIt is in order:   ayni review acknowledge {uuid} {id} --from PURPOSE --reason TEXT"
            ));
        } else if shown.state == "review" {
            output::line(&format!(
                "\nSend it back:     ayni review return {uuid} {id}\n\
                 It pays PAYMENT:  ayni review assign {uuid} {id} PAYMENT\n\
                 It is too much:   ayni review accept {uuid} {id} PAYMENT"
            ));
        }
    })
}

fn facts(shown: &Shown) -> Vec<(&'static str, String)> {
    let (entry, line) = (&shown.entry, &shown.entry.line);
    let why = Reason::parse(&entry.reason).map_or("", |reason| reason.text(Lang::En));
    let mut facts = vec![
        ("movement", line.id.clone()),
        ("state", shown.state.clone()),
        ("why", entry.reason.clone()),
        ("that is", why.to_owned()),
        ("booked", wire(line.booked_at)),
        (
            "amount",
            format!("{} {}", line.currency.code(), line.amount.plain()),
        ),
        ("settles nothing", entry.left.plain()),
        ("payer", format!("{} {}", line.payer_identifier, line.payer_name)),
        ("from account", line.payer_account.clone()),
        ("reference", line.reference.clone()),
        ("operation", line.operation_number.clone()),
        (
            "settled",
            entry.settled.map(|id| id.to_string()).unwrap_or_default(),
        ),
        ("decided at", shown.decided_at.map(wire).unwrap_or_default()),
    ];
    let payment = |payment: &Payment| {
        let (id, state, currency) = (payment.id, payment.state, payment.currency);
        format!("{id} {state} {currency} {}", payment.amount.plain())
    };
    facts.extend(shown.named.iter().map(|one| ("names", payment(one))));
    let order = |order: &Order| {
        let reason = order.reason.as_deref().unwrap_or_default();
        format!("{} {} {reason}", order.new.id, order.state.as_str())
    };
    facts.extend(shown.returns.iter().map(|one| ("order back", order(one))));
    facts
}

fn named(payment: &Payment) -> Value {
    json!({
        "payment_id": payment.id.as_str(), "state": payment.state.as_str(), "amount": payment.amount.to_string(),
        "currency": payment.currency.code(),
    })
}

fn returned(order: &Order) -> Value {
    json!({
        "order": order.new.id.to_string(), "state": order.state.as_str(), "amount": order.new.amount.to_string(),
        "via": order.via.as_str(), "reason": order.reason,
    })
}
