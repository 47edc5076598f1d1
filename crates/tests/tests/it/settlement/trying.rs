//! Settlements that a developer has made at once.

use anyhow::Result;
use ayni_domain::ids::{AccountId, PaymentId};
use ayni_gateway::settlement::PayoutState;
use ayni_gateway::settlement::sandbox::{NotSettled, settle_now};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::run::all_at_once;
use jiff::SignedDuration;
use serde_json::json;

use super::house::{only, paid_plain, set_payout_account};
use crate::bodies::payment;

on_both_engines!(
    a_developers_payment_is_settled_at_once_and_once,
    no_other_payment_is_settled_at_once,
);

async fn a_developers_payment_is_settled_at_once_and_once(gateway: &TestGateway) -> Result<()> {
    set_payout_account(gateway).await?;
    let id = PaymentId::parse(&paid_plain(gateway).await?)?;
    let account = AccountId(gateway.receiver_id);
    let made = all_at_once((0..3).map(|_| settle_now(&gateway.app, account, id))).await;
    let settlement = only(gateway).await?.settlement;
    assert!(
        made.iter().flatten().all(|made| *made == settlement.id),
        "{made:?}"
    );
    assert_eq!(settle_now(&gateway.app, account, id).await?, settlement.id);
    gateway.work().await?;
    for _ in 0..2 {
        gateway.advance(SignedDuration::from_secs(31)).await?;
    }
    let settlement = only(gateway).await?.settlement;
    assert_eq!(settlement.state, PayoutState::Paid, "DemoBank moved the money");
    Ok(())
}

async fn no_other_payment_is_settled_at_once(gateway: &TestGateway) -> Result<()> {
    set_payout_account(gateway).await?;
    let account = AccountId(gateway.receiver_id);
    let open = PaymentId::parse(&gateway.create(payment(&json!({}))).await?)?;
    let refused = settle_now(&gateway.app, account, open).await;
    assert!(matches!(refused, Err(NotSettled::Nothing(_))), "{refused:?}");
    let id = PaymentId::parse(&paid_plain(gateway).await?)?;
    let live = "UPDATE accounts SET mode = 'live'";
    let db = &gateway.app.db;
    db.write("test.live", move |tx| tx.exec(live, &[]).map(drop))
        .await?;
    let refused = settle_now(&gateway.app, account, id).await;
    assert!(matches!(refused, Err(NotSettled::Live(_))), "{refused:?}");
    Ok(())
}
