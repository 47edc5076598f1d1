//! Which payment a movement settles, through a real statement. The rules alone are tested in `domain`.

use anyhow::Result;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::merchant::Merchant;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use serde_json::json;

use super::movements::arrives;
use crate::bodies::{payment, state};

on_both_engines!(
    money_with_the_payments_id_settles_it_undeclared,
    money_of_another_amount_waits_for_a_person,
    money_with_two_ids_waits_for_a_person,
    money_for_a_closed_payment_waits_for_a_person,
    money_after_expiry_settles_the_payment_out_of_date,
    a_second_transfer_is_an_overpayment,
    the_payers_rut_settles_the_one_payment_that_was_begun,
    the_payers_rut_decides_nothing_between_two_payments,
    money_of_another_person_does_not_settle_a_payment_for_one,
    money_that_names_nothing_waits_for_a_person,
);

async fn money_with_the_payments_id_settles_it_undeclared(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    for comment in ["{}", "pago {} gracias", "{}-1", "Orden#{}", "{upper}"] {
        let id = gateway
            .create(payment(&json!({"notify_url": merchant.url("/")})))
            .await?;
        let comment = comment.replace("{}", &id).replace("{upper}", &id.to_uppercase());
        let movement = arrives(gateway, "44.444.444-4", 1000, &comment).await?;
        assert_eq!(
            (movement.state.as_str(), movement.payment),
            ("matched", Some(id.clone())),
            "{comment}"
        );
        let paid = gateway.payment(&id).await?;
        assert_eq!(
            (&paid["status_detail"], &paid["payment_method"]),
            (&json!("normal"), &json!("regular_transfer"))
        );
        assert_eq!(paid["personal_identifier"], "44.444.444-4");
        assert_eq!(merchant.received().pop().unwrap().json()["payment_id"], json!(id));
    }
    assert_eq!(merchant.received().len(), 5);
    Ok(())
}

async fn money_of_another_amount_waits_for_a_person(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    let id = gateway
        .create(payment(&json!({"notify_url": merchant.url("/")})))
        .await?;
    for amount in [999, 1001] {
        let movement = arrives(gateway, "44.444.444-4", amount, &id).await?;
        assert_eq!(
            (movement.state.as_str(), movement.reason.as_str()),
            ("review", "other-amount")
        );
        assert_eq!(state(gateway, &id).await?, "pending");
    }
    assert!(merchant.received().is_empty());
    Ok(())
}

async fn money_with_two_ids_waits_for_a_person(gateway: &TestGateway) -> Result<()> {
    let (one, other) = (
        gateway.create(payment(&json!({}))).await?,
        gateway.create(payment(&json!({}))).await?,
    );
    let movement = arrives(gateway, "44.444.444-4", 1000, &format!("{one} {other}")).await?;
    assert_eq!(
        (movement.state.as_str(), movement.reason.as_str()),
        ("review", "several-ids")
    );
    assert_eq!(
        (state(gateway, &one).await?, state(gateway, &other).await?),
        ("pending".into(), "pending".into())
    );
    Ok(())
}

async fn money_for_a_closed_payment_waits_for_a_person(gateway: &TestGateway) -> Result<()> {
    for (closed, reason) in [
        ("deleted", "payment-deleted"),
        ("done/rejected-by-payer", "payment-rejected"),
        ("done/marked-as-abuse", "payment-reported-as-abuse"),
    ] {
        let id = gateway.create(payment(&json!({}))).await?;
        let page = if closed == "done/marked-as-abuse" {
            "abuse"
        } else {
            "reject"
        };
        if closed == "deleted" {
            gateway
                .call("DELETE", &format!("/v3/payments/{id}"), None)
                .await?;
        } else {
            let mut payer = Payer::at(gateway)?;
            payer.open(&format!("/payment/{page}/{id}")).await?;
            payer.submit("#decline", &[]).await?;
        }
        let movement = arrives(gateway, "44.444.444-4", 1000, &id).await?;
        assert_eq!(
            (movement.state.as_str(), movement.reason.as_str()),
            ("review", reason)
        );
        assert_eq!(state(gateway, &id).await?, closed);
    }
    Ok(())
}

async fn money_after_expiry_settles_the_payment_out_of_date(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    let body = json!({"expires_date": "2026-03-02T15:00:01Z", "notify_url": merchant.url("/")});
    let id = gateway.create(payment(&body)).await?;
    arrives(gateway, "44.444.444-4", 1000, &id).await?;
    let paid = gateway.payment(&id).await?;
    assert_eq!(
        (&paid["status"], &paid["out_of_date_conciliation"]),
        (&json!("done"), &json!(true))
    );
    assert_eq!(
        merchant.received()[0].json()["out_of_date_conciliation"],
        json!(true)
    );
    Ok(())
}

async fn a_second_transfer_is_an_overpayment(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    let id = gateway
        .create(payment(&json!({"notify_url": merchant.url("/")})))
        .await?;
    Payer::at(gateway)?.pay(&id, "11.111.111-1", "11 22 33").await?;
    gateway.work().await?;
    let movement = arrives(gateway, "11.111.111-1", 1000, &id).await?;
    assert_eq!(
        (movement.state.as_str(), movement.reason.as_str()),
        ("review", "already-settled")
    );
    assert_eq!(
        (state(gateway, &id).await?.as_str(), merchant.received().len()),
        ("done/normal", 1)
    );
    Ok(())
}

async fn the_payers_rut_settles_the_one_payment_that_was_begun(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    gateway.create(payment(&json!({}))).await?;
    let mut payer = Payer::at(gateway)?;
    payer
        .begin_by_hand(&id, "44.444.444-4", "ana@ejemplo.example")
        .await?;
    let stranger = arrives(gateway, "55.555.555-5", 1000, "").await?;
    assert_eq!(stranger.reason, "no-payment");
    let movement = arrives(gateway, "44.444.444-4", 1000, "arriendo").await?;
    assert_eq!(movement.payment, Some(id.clone()));
    let paid = gateway.payment(&id).await?;
    assert_eq!(
        (&paid["status"], &paid["payer_email"]),
        (&json!("done"), &json!("ana@ejemplo.example"))
    );
    let again = arrives(gateway, "44.444.444-4", 1000, "").await?;
    assert_eq!(
        again.reason, "already-settled",
        "the rule counts payments in whatever state"
    );
    Ok(())
}

async fn the_payers_rut_decides_nothing_between_two_payments(gateway: &TestGateway) -> Result<()> {
    for _ in 0..2 {
        let id = gateway.create(payment(&json!({}))).await?;
        Payer::at(gateway)?
            .begin_by_hand(&id, "44.444.444-4", "ana@ejemplo.example")
            .await?;
    }
    let movement = arrives(gateway, "44.444.444-4", 1000, "").await?;
    assert_eq!(
        (movement.state.as_str(), movement.reason.as_str()),
        ("review", "several-payments")
    );
    Ok(())
}

async fn money_of_another_person_does_not_settle_a_payment_for_one(gateway: &TestGateway) -> Result<()> {
    let id = gateway
        .create(payment(&json!({"fixed_payer_personal_identifier": "44444444-4"})))
        .await?;
    let movement = arrives(gateway, "55.555.555-5", 1000, &id).await?;
    assert_eq!(
        (movement.state.as_str(), movement.reason.as_str()),
        ("review", "other-payer")
    );
    let movement = arrives(gateway, "44.444.444-4", 1000, &id).await?;
    assert_eq!(movement.payment, Some(id));
    Ok(())
}

async fn money_that_names_nothing_waits_for_a_person(gateway: &TestGateway) -> Result<()> {
    gateway.create(payment(&json!({}))).await?;
    for comment in ["", "arriendo de marzo", "gqzdy6chjne9"] {
        let movement = arrives(gateway, "44.444.444-4", 1000, comment).await?;
        assert_eq!(
            (movement.state.as_str(), movement.reason.as_str()),
            ("review", "no-payment"),
            "{comment}"
        );
    }
    Ok(())
}
