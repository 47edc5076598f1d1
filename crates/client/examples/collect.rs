//! Collects a payment: makes it, waits until its money was seen, and verifies the notification of it.

use std::env::var;
use std::io::{Write as _, stdout};
use std::time::{Duration, UNIX_EPOCH};

use anyhow::Context as _;
use ayni_client::payments::NewPayment;
use ayni_client::stream::Told;
use ayni_client::{Client, verify};
use ayni_domain::currency::Currency;
use ayni_domain::money::Amount;

/// An older signature may be one that somebody kept and sends again.
const SIGNATURE_AGE_MAX: Duration = Duration::from_mins(5);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let client = Client::new(&var("AYNI_URL")?, &var("AYNI_API_KEY")?)?;

    // Listen first, so that nothing happens unheard.
    let mut events = client.events(None);
    while events.next().await? != Told::Connected {}

    let mut order = NewPayment::new(Amount::parse("1000", false)?, Currency::Clp, "Two cups");
    order.transaction_id = Some("order-7".to_owned());
    let payment = client.create_payment(&order).await?;
    writeln!(stdout(), "{}", payment.payment_url)?;

    loop {
        let Told::Item(event) = events.next().await? else {
            continue;
        };
        if event.kind != "payment.done" || event.subject != payment.payment_id {
            continue;
        }
        let notice = event.notice.context("it carries the notification")?;
        let signature = notice.headers.get("x-khipu-signature").context("it is signed")?;
        let now_ms = i64::try_from(UNIX_EPOCH.elapsed()?.as_millis())?;
        let paid = verify::notification(
            &var("AYNI_SECRET")?,
            signature,
            notice.body.as_bytes(),
            now_ms,
            SIGNATURE_AGE_MAX,
        )?;
        writeln!(
            stdout(),
            "{} {} {}",
            paid.transaction_id,
            paid.amount,
            paid.currency
        )?;
        return Ok(());
    }
}
