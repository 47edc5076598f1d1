//! The review queue: a person decides, once.

use anyhow::Result;
use ayni_domain::ids::PaymentId;
use ayni_gateway::reconciliation::giving_back::{Way, return_money};
use ayni_gateway::reconciliation::review::{self, ReviewError};
use ayni_gateway::witness::Witness;
use ayni_store::error::StoreError;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::merchant::Merchant;
use ayni_testkit::on_both_engines;
use serde_json::json;

use super::movements::{account_in_pesos, all, arrives};
use crate::bodies::{payment, state};

on_both_engines!(
    a_person_assigns_a_movement_and_the_merchant_is_told,
    a_person_returns_a_movement,
    a_movement_that_does_not_fit_can_not_be_assigned,
    of_two_people_who_decide_one_is_refused,
    the_notice_and_the_payment_say_the_same_of_a_payer_whom_the_bank_did_not_name,
);

async fn a_person_assigns_a_movement_and_the_merchant_is_told(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    let id = gateway
        .create(payment(&json!({"notify_url": merchant.url("/")})))
        .await?;
    let movement = arrives(gateway, "44.444.444-4", 1000, "sin código").await?;
    let waiting = review::list(&gateway.app.db, 10).await?;
    assert_eq!(waiting.len(), 1);
    let entry = &waiting[0];
    assert_eq!(
        (entry.reason.as_str(), entry.receiver_id),
        ("no-payment", gateway.receiver_id)
    );
    assert_eq!(
        (entry.line.id.as_str(), entry.line.reference.as_str()),
        (movement.id.as_str(), "sin código")
    );

    review::assign(
        &gateway.app,
        &entry.collect_account_uuid,
        &movement.id,
        PaymentId::parse(&id)?,
        Witness::nobody(),
    )
    .await?;
    gateway.work().await?;
    assert_eq!(state(gateway, &id).await?, "done/normal");
    assert_eq!(merchant.received().len(), 1);
    assert!(review::list(&gateway.app.db, 10).await?.is_empty());
    let decided = all(gateway).await?.remove(0);
    assert_eq!((decided.state.as_str(), decided.payment), ("assigned", Some(id)));
    Ok(())
}

async fn a_person_returns_a_movement(gateway: &TestGateway) -> Result<()> {
    let movement = arrives(gateway, "44.444.444-4", 1000, "").await?;
    let account = account_in_pesos(gateway).await?;
    return_money(
        &gateway.app,
        &account,
        &movement.id,
        Way::Ordered(None),
        Witness::nobody(),
    )
    .await?;
    assert_eq!(all(gateway).await?[0].state, "returned");
    let again = return_money(
        &gateway.app,
        &account,
        &movement.id,
        Way::Ordered(None),
        Witness::nobody(),
    )
    .await;
    assert!(matches!(again, Err(ReviewError::NotWaiting { .. })), "{again:?}");
    Ok(())
}

async fn a_movement_that_does_not_fit_can_not_be_assigned(gateway: &TestGateway) -> Result<()> {
    let account = account_in_pesos(gateway).await?;
    let other_amount = PaymentId::parse(&gateway.create(payment(&json!({"amount": 1001}))).await?)?;
    let in_dollars = json!({"currency": "USD"});
    let other_currency = PaymentId::parse(&gateway.create(payment(&in_dollars)).await?)?;
    let deleted = gateway.create(payment(&json!({}))).await?;
    gateway
        .call("DELETE", &format!("/v3/payments/{deleted}"), None)
        .await?;
    let movement = arrives(gateway, "44.444.444-4", 1000, "").await?;
    for id in [other_amount, other_currency] {
        let refused = review::assign(&gateway.app, &account, &movement.id, id, Witness::nobody()).await;
        assert!(matches!(refused, Err(ReviewError::DoesNotFit(_))), "{refused:?}");
    }
    let refused = review::assign(
        &gateway.app,
        &account,
        &movement.id,
        PaymentId::parse(&deleted)?,
        Witness::nobody(),
    )
    .await;
    assert!(matches!(refused, Err(ReviewError::Closed { .. })), "{refused:?}");
    let unknown = PaymentId::parse("gqzdy6chjne9")?;
    let refused = review::assign(&gateway.app, &account, &movement.id, unknown, Witness::nobody()).await;
    assert!(matches!(refused, Err(ReviewError::NoPayment(_))), "{refused:?}");
    assert_eq!(all(gateway).await?[0].state, "review");
    Ok(())
}

async fn of_two_people_who_decide_one_is_refused(gateway: &TestGateway) -> Result<()> {
    let account = account_in_pesos(gateway).await?;
    for _ in 0..5 {
        let id = PaymentId::parse(&gateway.create(payment(&json!({}))).await?)?;
        let movement = arrives(gateway, "44.444.444-4", 1000, "").await?;
        let (assigned, returned) = tokio::join!(
            review::assign(&gateway.app, &account, &movement.id, id, Witness::nobody()),
            return_money(
                &gateway.app,
                &account,
                &movement.id,
                Way::Ordered(None),
                Witness::nobody()
            ),
        );
        assert_ne!(assigned.is_ok(), returned.is_ok(), "{assigned:?} {returned:?}");
        let expected = if assigned.is_ok() {
            "done/normal"
        } else {
            "pending"
        };
        assert_eq!(state(gateway, id.as_str()).await?, expected);
        gateway.work().await?;
    }
    Ok(())
}

async fn the_notice_and_the_payment_say_the_same_of_a_payer_whom_the_bank_did_not_name(
    gateway: &TestGateway,
) -> Result<()> {
    let merchant = Merchant::start().await?;
    for (fixed, payer) in [("55555555-5", "55.555.555-5"), ("", "")] {
        let mut fields = json!({"notify_url": merchant.url("/")});
        if !fixed.is_empty() {
            fields["fixed_payer_personal_identifier"] = json!(fixed);
        }
        let id = gateway.create(payment(&fields)).await?;
        let movement = arrives(gateway, "44.444.444-4", 1000, "").await?;
        let unnamed: Result<u64, StoreError> = gateway
            .app
            .db
            .write("test.unname", |tx| {
                tx.exec("UPDATE movements SET payer_identifier = NULL", &[])
            })
            .await;
        assert!(unnamed? > 0);
        let account = account_in_pesos(gateway).await?;
        review::assign(
            &gateway.app,
            &account,
            &movement.id,
            PaymentId::parse(&id)?,
            Witness::nobody(),
        )
        .await?;
        gateway.work().await?;
        let told = merchant.received().pop().unwrap().json();
        let shown = gateway.payment(&id).await?;
        assert_eq!(told["payment_id"], json!(id));
        for said in [told, shown] {
            assert_eq!(said["personal_identifier"], json!(payer));
        }
    }
    Ok(())
}
