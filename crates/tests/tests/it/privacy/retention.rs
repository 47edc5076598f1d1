//! What is kept has an end, each kind its own, and one that can't end yet holds up no other.

use anyhow::{Context as _, Result};
use ayni_domain::ids::PaymentId;
use ayni_gateway::background;
use ayni_gateway::ledger::check::check;
use ayni_gateway::privacy::retention::Retention;
use ayni_gateway::reconciliation::giving_back::{Way, return_money};
use ayni_gateway::witness::Witness;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use ayni_testkit::account;
use ayni_testkit::client::register;
use ayni_testkit::gateway::{TestGateway, Wishes};
use ayni_testkit::merchant::{Merchant, Reply};
use ayni_testkit::on_both_engines;
use ayni_testkit::person::Person;
use ayni_testkit::run::all_at_once;
use ayni_testkit::truth::rows;
use jiff::SignedDuration;
use serde_json::json;

use super::{EMAIL, NEEDLES, RUT, paid, told_of};
use crate::operations::calls::debt;
use crate::reconciliation::movements::{account_in_pesos, all, arrives};

on_both_engines!(with for_years;
    each_kind_goes_when_its_days_are_over_and_not_before,
    a_process_that_dies_between_two_portions_is_followed_by_one_that_goes_on,
    several_nodes_that_run_at_once_take_everything_out_once,
    who_was_reminded_again_can_still_decline,
);

on_both_engines!(with for_days;
    what_is_on_its_way_or_can_not_be_read_holds_up_nothing_else,
    who_sent_money_that_is_no_payments_goes_once_it_was_decided_about,
);

fn for_years() -> Wishes {
    Wishes {
        mail: true,
        statement_pause: std::time::Duration::from_secs(100 * 24 * 3600),
        ..Wishes::default()
    }
}

/// Payers are kept for a day.
fn for_days() -> Wishes {
    Wishes {
        retention: Retention {
            payers_days: 1,
            ..Retention::default()
        },
        ..Wishes::default()
    }
}

const fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

/// How many rows meet a condition.
async fn count(gateway: &TestGateway, of: &'static str) -> Result<i64> {
    let text: &'static str = format!("SELECT COUNT(*) FROM {of}").leak();
    Ok(rows(&gateway.app.db, text).await?[0].int(0)?)
}

async fn exec(gateway: &TestGateway, text: &'static str, payment: &str) -> Result<()> {
    let payment = payment.to_owned();
    let work = move |tx: &mut Tx<'_>| tx.exec(text, &[payment.as_str().into()]);
    let written: Result<u64, StoreError> = gateway.app.db.write("test.exec", work).await;
    anyhow::ensure!(written? == 1);
    Ok(())
}

async fn is_clean(gateway: &TestGateway) -> Result<()> {
    let report = check(&gateway.app.db).await?;
    assert!(report.is_clean(), "{:?}", report.differences);
    Ok(())
}

async fn each_kind_goes_when_its_days_are_over_and_not_before(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    merchant.reply_next([Reply::Body("gracias, 11.111.111-1".into())]);
    paid(gateway, &merchant.url("/notify")).await?;
    gateway
        .create(json!({ "amount": 1, "currency": "CLP", "subject": "x", "send_email": true, "payer_name": "Ana Pérez", "payer_email": EMAIL }))
        .await?;
    gateway.console().await?;
    register(gateway, false)
        .await?
        .tokens(gateway, &mut Person::at(gateway))
        .await?;
    debt(gateway, "25252525").await?;
    gateway.work().await?;
    gateway.advance(days(3)).await?;
    let consented_for = rows(
        &gateway.app.db,
        "SELECT (expires_at - created_at) / 86400000 FROM consents",
    )
    .await?[0]
        .int(0)?;
    let kinds = [
        (90, "notice_tries WHERE answer <> ''"),
        (365, "mails"),
        (365, "mail_tries"),
        (365, "operations"),
        (consented_for + 730, "consents"),
        (2190, "audit WHERE action = 'session.start'"),
        (2190, "attempts WHERE payer_identifier = '111111111'"),
    ];
    let mut passed = 3;
    for after in [90, 365, consented_for + 730, 2190] {
        let of: Vec<_> = kinds.iter().filter(|(kept, _)| *kept == after).collect();
        gateway.advance(days(after - 1 - passed)).await?;
        for (_, rows) in &of {
            assert!(count(gateway, rows).await? > 0, "{rows} before day {after}");
        }
        // What happened in the first three days is older by then too.
        gateway.advance(days(5)).await?;
        passed = after + 4;
        for (_, rows) in &of {
            assert_eq!(count(gateway, rows).await?, 0, "{rows} after day {after}");
        }
    }
    let left = told_of(gateway, &NEEDLES).await?;
    assert!(left.is_empty(), "{left:?}");
    is_clean(gateway).await
}

/// Payments that name a person, more than one portion has.
async fn many(gateway: &TestGateway) -> Result<()> {
    for _ in 0..250 {
        gateway
            .create(json!({ "amount": 1, "currency": "CLP", "subject": "x", "payer_email": EMAIL }))
            .await?;
        gateway.clock.advance_ms(1);
    }
    paid(gateway, "").await?;
    gateway.work().await?;
    gateway.clock.advance_ms(i64::try_from(days(2200).as_millis())?);
    Ok(())
}

async fn a_process_that_dies_between_two_portions_is_followed_by_one_that_goes_on(
    gateway: &TestGateway,
) -> Result<()> {
    many(gateway).await?;
    for steps in 0..20 {
        let app = gateway.app.clone();
        let working = tokio::spawn(async move { background::drain_due(&app).await });
        for _ in 0..steps * 40 {
            tokio::task::yield_now().await;
        }
        working.abort();
        // However it ended: its lease ends too, and the next one begins where the rows say.
        let _ = working.await;
        gateway.clock.advance_ms(20_000);
    }
    gateway.work().await?;
    let left = told_of(gateway, &NEEDLES).await?;
    assert!(left.is_empty(), "{left:?}");
    is_clean(gateway).await
}

async fn several_nodes_that_run_at_once_take_everything_out_once(gateway: &TestGateway) -> Result<()> {
    many(gateway).await?;
    let nodes = (0..4).map(|_| background::drain_due(&gateway.app));
    for outcome in all_at_once(nodes).await {
        outcome?;
    }
    let left = told_of(gateway, &NEEDLES).await?;
    assert!(left.is_empty(), "{left:?}");
    let next = rows(
        &gateway.app.db,
        "SELECT due_at, reason FROM jobs WHERE kind = 'retention'",
    )
    .await?;
    let in_h = (next[0].int(0)? - gateway.clock.now().as_millisecond()) / 3_600_000;
    assert!(next.len() == 1 && (0..25).contains(&in_h), "in {in_h} hours");
    is_clean(gateway).await
}

async fn who_was_reminded_again_can_still_decline(gateway: &TestGateway) -> Result<()> {
    let reminded = |until: &str| {
        json!({
            "amount": 1, "currency": "CLP", "subject": "x", "payer_name": "Ana Pérez", "payer_email": EMAIL,
            "send_reminders": true, "expires_date": until,
        })
    };
    gateway.create(reminded("2026-04-01T00:00:00Z")).await?;
    gateway.work().await?;
    gateway.advance(days(8)).await?;
    gateway.advance(days(300)).await?;
    gateway.create(reminded("2027-02-01T00:00:00Z")).await?;
    gateway.work().await?;
    gateway.advance(days(8)).await?;
    assert_eq!(count(gateway, "mail_readers").await?, 1);
    gateway.advance(days(60)).await?;
    assert!(count(gateway, "mails").await? > 0);
    assert_eq!(
        count(gateway, "mail_readers").await?,
        1,
        "there is a mail of this year with its link"
    );
    gateway.advance(days(400)).await?;
    assert_eq!(count(gateway, "mails").await?, 0);
    assert_eq!(count(gateway, "mail_readers").await?, 0);
    Ok(())
}

async fn what_is_on_its_way_or_can_not_be_read_holds_up_nothing_else(gateway: &TestGateway) -> Result<()> {
    let named = json!({ "amount": 2000, "currency": "CLP", "subject": "x", "payer_email": EMAIL });
    // Its merchant is still to be told: for two days.
    let merchant = Merchant::start().await?;
    merchant.reply_always(Reply::Status(500));
    let going = paid(gateway, &merchant.url("/notify")).await?;
    let damaged = gateway.create(named.clone()).await?;
    exec(
        gateway,
        "UPDATE payments SET details = '{' || details WHERE id = $1",
        &damaged,
    )
    .await?;
    let own = gateway.create(named.clone()).await?;
    let other = account::open(&gateway.app, "77.777.777-7", None).await?;
    let made = gateway
        .call_by(&other.api_key, "POST", "/v3/payments", Some(named), &[])
        .await?;
    let others = made.json()["payment_id"].as_str().context("not made")?.to_owned();
    gateway.work().await?;

    // Past the first night's run, and past the second's.
    gateway.advance(SignedDuration::from_hours(16)).await?;
    gateway.advance(SignedDuration::from_hours(24)).await?;
    for (id, is_named) in [(&going, true), (&damaged, true), (&own, false), (&others, false)] {
        assert_eq!(names(gateway, id).await?, is_named, "{id}");
    }
    assert_eq!(count(gateway, "retention_held").await?, 2);

    exec(
        gateway,
        "UPDATE payments SET details = substr(details, 2) WHERE id = $1",
        &damaged,
    )
    .await?;
    gateway.advance(days(2)).await?;
    gateway.advance(days(1)).await?;
    for id in [&going, &damaged] {
        assert!(!names(gateway, id).await?, "{id}");
    }
    assert_eq!(count(gateway, "retention_held").await?, 0);
    is_clean(gateway).await
}

/// Whether a payment's fields name its payer.
async fn names(gateway: &TestGateway, payment: &str) -> Result<bool> {
    let id = PaymentId::parse(payment)?;
    let found = gateway.app.db.read("test.details", move |tx: &mut Tx<'_>| {
        tx.one(
            "SELECT details FROM payments WHERE id = $1",
            &[id.as_str().into()],
        )
    });
    let details = found.await?.context("no payment")?.text(0)?;
    Ok(details.to_lowercase().contains(EMAIL))
}

async fn who_sent_money_that_is_no_payments_goes_once_it_was_decided_about(
    gateway: &TestGateway,
) -> Result<()> {
    let movement = arrives(gateway, RUT, 1000, "sin código").await?;
    gateway.advance(days(3)).await?;
    let left = told_of(gateway, &NEEDLES).await?;
    assert!(left.contains("movements.payer_identifier"), "{left:?}");
    let account = account_in_pesos(gateway).await?;
    let way = Way::Ordered(None);
    return_money(&gateway.app, &account, &movement.id, way, Witness::nobody()).await?;
    assert_eq!(all(gateway).await?[0].state, "returned");
    for _ in 0..4 {
        gateway.advance(days(1)).await?;
    }
    let left = told_of(gateway, &NEEDLES).await?;
    assert!(left.is_empty(), "{left:?}");
    is_clean(gateway).await
}
