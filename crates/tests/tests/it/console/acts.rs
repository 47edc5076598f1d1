//! What people do with payments.

use anyhow::Result;
use ayni_domain::role::Role;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::truth::rows;
use serde_json::json;

use super::house::{ONCE, act, acts, csrf, once, stranger};
use crate::bodies::{payment, state};
use crate::refunds::house::{Shop, refunds};

on_both_engines!(
    a_payment_is_made_once_however_often_its_form_is_sent,
    everything_wrong_with_a_payment_is_said_beside_its_field,
    a_payment_is_refunded_once_by_its_form_and_says_what_is_left,
    a_payment_is_deleted_or_marked_as_paid_once,
    each_role_does_what_it_may,
    another_accounts_payment_is_not_found,
);

async fn a_payment_is_made_once_however_often_its_form_is_sent(gateway: &TestGateway) -> Result<()> {
    let mut owner = gateway.console().await?;
    assert_eq!(owner.open("/console/payments/new").await?, "payment-new");
    let token = once(&owner, "#new-payment");
    let fields = [
        ("amount", "15.000"),
        ("subject", "Pan <b>"),
        ("expires_date", "2026-03-03T12:00"),
        ("payer_email", "ana@example.com"),
    ];
    owner.submit("#new-payment", &fields).await?;
    let path = owner.path().to_owned();
    let id = path.rsplit('/').next().unwrap_or_default().to_owned();
    let made = gateway.payment(&id).await?;
    assert_eq!(
        (&made["amount"], &made["subject"], &made["expires_date"]),
        (
            &json!("15000.0000"),
            &json!("Pan <b>"),
            &json!("2026-03-03T15:00:00.000Z")
        )
    );
    owner.open("/console/payments/new").await?;
    let again = [&fields[..], &[("once", token.as_str())]].concat();
    let (mut first, mut second) = (owner.clone(), owner.clone());
    let sent = tokio::join!(
        first.submit("#new-payment", &again),
        second.submit("#new-payment", &again)
    );
    sent.0?;
    sent.1?;
    assert_eq!((first.path(), second.path()), (path.as_str(), path.as_str()));
    let all = rows(&gateway.app.db, "SELECT id FROM payments").await?;
    assert_eq!(all.len(), 1);
    assert_eq!(acts(gateway).await?, [act("payment.create", &id)]);
    Ok(())
}

async fn everything_wrong_with_a_payment_is_said_beside_its_field(gateway: &TestGateway) -> Result<()> {
    let mut owner = gateway.console().await?;
    owner.open("/console/payments/new").await?;
    let wrong = [
        ("amount", "0"),
        ("subject", ""),
        ("payer_email", "nadie"),
        ("send_email", "on"),
        ("expires_date", "2020-01-01T00:00"),
    ];
    assert_eq!(owner.submit("#new-payment", &wrong).await?, "payment-new");
    assert_eq!(owner.status(), 422);
    for field in ["amount", "subject", "payer_email", "payer_name", "expires_date"] {
        assert!(owner.text(&format!("#{field}-problem")).is_some(), "{field}");
    }
    assert_eq!(
        owner.attribute("#payer_email", "value").as_deref(),
        Some("nadie"),
        "what was typed stays"
    );
    assert!(acts(gateway).await?.is_empty());
    let right = [
        ("amount", "1000"),
        ("subject", "Pan"),
        ("payer_email", "ana@example.com"),
        ("payer_name", "Ana"),
        ("expires_date", ""),
    ];
    owner.submit("#new-payment", &right).await?;
    assert_eq!(acts(gateway).await?.len(), 1);
    Ok(())
}

async fn a_payment_is_refunded_once_by_its_form_and_says_what_is_left(gateway: &TestGateway) -> Result<()> {
    let id = Shop::of(gateway).paid(gateway, 1000).await?;
    let mut owner = gateway.console().await?;
    let form = format!("/console/payments/{id}/refund");
    assert_eq!(owner.open(&form).await?, "payment-refund");
    assert_eq!(owner.text("#left").as_deref(), Some("$1.000"));
    let too_much = [("how", "part"), ("amount", "1.001")];
    assert_eq!(owner.submit("#refund", &too_much).await?, "payment-refund");
    assert!(owner.text("#amount-problem").is_some());
    assert!(acts(gateway).await?.is_empty(), "what was refused is no act");

    let token = once(&owner, "#refund");
    let part = [("how", "part"), ("amount", "300"), ("once", token.as_str())];
    let (mut first, mut second) = (owner.clone(), owner.clone());
    let sent = tokio::join!(first.submit("#refund", &part), second.submit("#refund", &part));
    sent.0?;
    sent.1?;
    assert_eq!(refunds(gateway, &id).await?.1, "300.0000");
    owner.open(&form).await?;
    assert_eq!(owner.text("#left").as_deref(), Some("$700"));
    owner.submit("#refund", &[("how", "all")]).await?;
    assert_eq!(refunds(gateway, &id).await?.1, "1000.0000");
    owner.open(&form).await?;
    assert!(owner.text("#impossible").is_some());
    let refund = act("refund.create", &id);
    assert_eq!(acts(gateway).await?, [refund.clone(), refund]);
    Ok(())
}

async fn a_payment_is_deleted_or_marked_as_paid_once(gateway: &TestGateway) -> Result<()> {
    for (word, detail, action) in [
        ("cancel", "deleted", "payment.delete"),
        ("paid", "done/marked-paid-by-receiver", "payment.mark-paid"),
    ] {
        let id = gateway.create(payment(&json!({}))).await?;
        let mut owner = gateway.console().await?;
        let form = format!("/console/payments/{id}/{word}");
        owner.open(&form).await?;
        let (mut first, mut second) = (owner.clone(), owner.clone());
        let sent = tokio::join!(first.submit("#act", &[]), second.submit("#act", &[]));
        sent.0?;
        sent.1?;
        assert_eq!(state(gateway, &id).await?, detail);
        let noted = acts(gateway).await?;
        let of_it = noted.iter().filter(|one| **one == act(action, &id)).count();
        assert_eq!(of_it, 1, "{noted:?}");
        owner.open(&form).await?;
        assert!(owner.text("#impossible").is_some());
    }
    Ok(())
}

async fn each_role_does_what_it_may(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let path = |word: &str| format!("/console/payments/{id}/{word}");
    for (role, forms, refused) in [
        (
            Role::Collector,
            vec!["/console/payments/new".to_owned(), path("cancel")],
            vec![path("refund"), path("paid")],
        ),
        (
            Role::ReadOnly,
            vec![],
            vec![
                "/console/payments/new".to_owned(),
                path("cancel"),
                path("refund"),
                path("paid"),
            ],
        ),
    ] {
        let mut person = gateway.console_as(role).await?;
        for form in forms {
            person.open(&form).await?;
            assert_eq!(person.status(), 200, "{role:?} {form}");
        }
        person.open("/console").await?;
        let token = csrf(&person);
        for form in refused {
            assert_eq!(person.open(&form).await?, "forbidden", "{role:?} {form}");
            let fields = [("csrf", token.as_str()), ("once", ONCE)];
            assert_eq!(person.post(&form, &fields).await?, "forbidden", "{role:?} {form}");
        }
    }
    assert_eq!(state(gateway, &id).await?, "pending");
    assert!(acts(gateway).await?.is_empty());
    let mut owner = gateway.console().await?;
    owner.open("/console/people").await?;
    assert!(
        !owner.html().contains("devuelve"),
        "where roles are given no collector is said to refund"
    );
    Ok(())
}

async fn another_accounts_payment_is_not_found(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let mut other = stranger(gateway).await?;
    let token = csrf(&other);
    for word in ["refund", "cancel", "paid"] {
        for id in [id.as_str(), "aaaaaaaaaaaa", "x"] {
            let path = format!("/console/payments/{id}/{word}");
            assert_eq!(other.open(&path).await?, "not-found", "{path}");
            let fields = [("csrf", token.as_str()), ("once", ONCE)];
            assert_eq!(other.post(&path, &fields).await?, "not-found", "{path}");
        }
    }
    assert_eq!(state(gateway, &id).await?, "pending");
    Ok(())
}
