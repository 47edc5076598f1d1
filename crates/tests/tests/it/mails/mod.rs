//! Mails to payers, taken by a real mail server and read by a MIME parser that is not ours.

mod delivery;
mod reminders;
mod server;
mod unsubscribe;
mod words;

use anyhow::{Context as _, Result};
use ayni_gateway::mails::commands::{self, MailEntry};
use ayni_gateway::told::Filter;
use ayni_testkit::gateway::{TestGateway, Wishes};
use serde_json::{Value, json};

/// A gateway with a mail server.
pub fn with_mail() -> Wishes {
    Wishes {
        mail: true,
        ..Wishes::default()
    }
}

/// One that reads its statement seldom, for tests of weeks.
pub fn for_weeks() -> Wishes {
    Wishes {
        statement_pause: std::time::Duration::from_secs(100 * 24 * 3600),
        ..with_mail()
    }
}

/// The body of a payment that is asked for by mail, with these fields otherwise.
pub fn asked(changes: &Value) -> Value {
    let mut body = json!({
        "amount": 1000, "currency": "CLP", "subject": "Cobro de prueba",
        "send_email": true, "payer_name": "José Núñez", "payer_email": "Pagador@email.com",
    });
    for (key, value) in changes.as_object().into_iter().flatten() {
        body[key] = value.clone();
    }
    body
}

/// Every mail of a payment, newest first.
pub async fn of_payment(gateway: &TestGateway, id: &str) -> Result<Vec<MailEntry>> {
    let filter = Filter {
        payment: Some(ayni_domain::ids::PaymentId::parse(id).ok().context("no id")?),
        limit: 10,
        ..Filter::default()
    };
    Ok(commands::list(&gateway.app.db, filter).await?)
}

/// The payment's mails of one kind, which is one.
pub async fn only(gateway: &TestGateway, id: &str, kind: &str) -> Result<MailEntry> {
    let mails = of_payment(gateway, id).await?;
    let mut found = mails.into_iter().filter(|mail| mail.kind == kind);
    found.next().with_context(|| format!("no {kind} of {id}"))
}
