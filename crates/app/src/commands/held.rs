//! `ayni orders held`, `sent` and `release-held`: what is done after a restoration before money leaves again.

use ayni_domain::time::wire;
use ayni_gateway::orders::Order;
use ayni_gateway::orders::held::{self, Held, HeldError};
use ayni_gateway::reconciliation::Debit;
use serde_json::{Value, json};

use crate::config::Config;
use crate::output::{self, Form};
use crate::told::Told;
use crate::{gateway, place};

/// Shows what is held and what has to be looked at.
pub async fn show(config: &Config, form: Form) -> anyhow::Result<()> {
    let Some(held) = held::held(&place::open_db(config, place::small())?).await? else {
        return output::result(form, &json!({ "held": false }), || {
            output::line("No money is held: the database was not restored, or it was released.");
        });
    };
    output::result(form, &described(&held), || tell(&held))
}

/// Notes that an order was sent before the restoration, by its debit.
pub async fn sent(config: &Config, id: &str, movement: &str, form: Form) -> anyhow::Result<()> {
    let app = gateway::beside(config).await?;
    let order = held::sent(&app, id, movement).await.map_err(refused)?;
    let said = json!({ "id": order.new.id.as_str(), "state": order.state.as_str(), "movement": movement });
    output::result(form, &said, || {
        output::line(&format!(
            "Order {id} is paid: it was sent before, and {movement} is its debit."
        ));
    })
}

/// Lets money leave again.
pub async fn release(config: &Config, despite_debits: bool, form: Form) -> anyhow::Result<()> {
    let app = gateway::beside(config).await?;
    let held = held::release(&app, despite_debits).await.map_err(refused)?;
    let said = json!({ "released": true, "orders": held.orders.len() });
    output::result(form, &said, || {
        output::line(&format!(
            "Money leaves again: {} orders wait to be sent.",
            held.orders.len()
        ));
    })
}

fn described(held: &Held) -> Value {
    let order = |order: &Order| {
        let new = &order.new;
        json!({
            "id": new.id.as_str(), "kind": new.kind.as_str(), "amount": new.amount.to_string(),
            "currency": new.currency.code(), "placed_at": wire(order.created_at), "via": order.via.as_str(),
        })
    };
    let debit = |debit: &Debit| {
        json!({
            "movement": debit.id, "amount": debit.amount.to_string(), "currency": debit.currency.code(),
            "booked_at": wire(debit.booked_at), "reference": debit.reference,
        })
    };
    json!({
        "held": true, "restored_at": wire(held.restored_at), "unread": held.unread,
        "orders": held.orders.iter().map(order).collect::<Vec<_>>(),
        "debits": held.debits.iter().map(debit).collect::<Vec<_>>(),
    })
}

fn tell(held: &Held) {
    output::line(&format!(
        "Restored at {}: no money leaves until `ayni orders release-held`.",
        wire(held.restored_at)
    ));
    match held.unread.as_slice() {
        [] => output::line(
            "Every statement that a connector reads was read since. Import those that come as files.",
        ),
        unread => output::line(&format!(
            "The statements of {} were not read since: start the gateway and wait.",
            unread.join(", ")
        )),
    }
    let orders = held.orders.iter().map(|order| {
        let new = &order.new;
        vec![
            new.id.to_string(),
            new.kind.as_str().to_owned(),
            format!("{} {}", new.currency.code(), new.amount.plain()),
            wire(order.created_at),
        ]
    });
    output::table(
        &["ORDER", "KIND", "AMOUNT", "PLACED"],
        &orders.collect::<Vec<_>>(),
        "No order waits.",
    );
    let debits = held.debits.iter().map(|debit| {
        vec![
            debit.id.clone(),
            format!("{} {}", debit.currency.code(), debit.amount.plain()),
            wire(debit.booked_at),
            debit.reference.clone(),
        ]
    });
    output::table(
        &["DEBIT", "AMOUNT", "BOOKED", "COMMENT"],
        &debits.collect::<Vec<_>>(),
        "No debit was seen that no order explains.",
    );
    if !held.debits.is_empty() {
        output::line(
            "Each debit is money that left: where it is what an order stands for, `ayni orders sent ORDER --movement DEBIT`.",
        );
    }
}

fn refused(error: HeldError) -> anyhow::Error {
    let hint = match &error {
        HeldError::Unread(_) => "start the gateway and wait until it has read them; `ayni orders held` tells",
        HeldError::Debits(_) => {
            "`ayni orders held` shows them: note those that an order stands for with `ayni orders sent`, and if others\n\
             are left, which you know: --despite-debits"
        }
        HeldError::NotItsDebit(_) => "`ayni orders held` shows the debits",
        _ => return error.into(),
    };
    Told::new(error.to_string(), hint).into()
}
