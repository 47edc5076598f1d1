//! Where a notification goes and what form it has.

use anyhow::Result;
use ayni_domain::ids::AccountId;
use ayni_gateway::merchants::MerchantError;
use ayni_gateway::merchants::secrets;
use ayni_gateway::notices::commands;
use ayni_store::error::StoreError;
use ayni_testkit::account;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::merchant::Merchant;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use ayni_testkit::truth::rows;
use jiff::SignedDuration;
use serde_json::json;

use super::told::{all, paid_with};
use crate::bodies::payment;

on_both_engines!(
    version_1_3_is_a_form_with_the_token,
    the_accounts_own_url_is_told_where_the_payment_has_none,
    what_is_not_done_is_not_told,
    the_secret_is_never_stored_in_clear,
    a_secret_that_does_not_open_fails_its_own_notices_only,
    both_secrets_sign_until_the_next_one_takes_over,
);

async fn version_1_3_is_a_form_with_the_token(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    let fields = json!({"notify_url": merchant.url("/n"), "notify_api_version": "1.3"});
    let id = paid_with(gateway, &fields).await?;
    let token = gateway.payment(&id).await?["notification_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let received = merchant.received().remove(0);
    assert_eq!(
        received.body,
        format!("notification_token={token}&api_version=1.3")
    );
    assert_eq!(
        received.headers["content-type"],
        "application/x-www-form-urlencoded"
    );
    assert_eq!(received.signature(), "");
    Ok(())
}

async fn the_accounts_own_url_is_told_where_the_payment_has_none(gateway: &TestGateway) -> Result<()> {
    let (own, other) = (Merchant::start().await?, Merchant::start().await?);
    let account = account::open(&gateway.app, "77.777.777-7", Some(own.url("/account"))).await?;
    for fields in [json!({}), json!({"notify_url": other.url("/payment")})] {
        let body = Some(payment(&fields));
        let created = gateway
            .call_by(&account.api_key, "POST", "/v3/payments", body, &[])
            .await?
            .json();
        let id = created["payment_id"].as_str().unwrap();
        gateway
            .bank
            .transfer("44.444.444-4", "77.777.777-7", 1000, id)
            .await?;
    }
    gateway.advance(SignedDuration::from_secs(31)).await?;
    assert_eq!((own.received().len(), other.received().len()), (1, 1));
    let received = own.received().remove(0);
    assert_eq!(
        (received.path.as_str(), &received.json()["receiver_id"]),
        ("/account", &json!(account.receiver_id))
    );
    let now_ms = gateway.clock.now().as_millisecond();
    let within = std::time::Duration::ZERO;
    ayni_crypto::sign::verify_notification(
        &account.secret,
        received.signature(),
        &received.body,
        now_ms,
        within,
    )?;
    Ok(())
}

async fn what_is_not_done_is_not_told(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    let fields = json!({"notify_url": merchant.url("/n"), "expires_date": "2026-03-02T16:00:00Z"});
    let [deleted, refused, rejected, abuse, _expired] = [0; 5].map(|_| payment(&fields));
    let deleted = gateway.create(deleted).await?;
    gateway
        .call("DELETE", &format!("/v3/payments/{deleted}"), None)
        .await?;
    let refused = gateway.create(refused).await?;
    Payer::at(gateway)?
        .pay(&refused, "11.111.111-1", "99 99 99")
        .await?;
    for (body, page) in [(rejected, "reject"), (abuse, "abuse")] {
        let id = gateway.create(body).await?;
        let mut payer = Payer::at(gateway)?;
        payer.open(&format!("/payment/{page}/{id}")).await?;
        payer.submit("#decline", &[]).await?;
    }
    let uncertain = gateway.create(payment(&fields)).await?;
    Payer::at(gateway)?
        .pay(&uncertain, "22.222.222-2", "66 66 66")
        .await?;
    gateway.advance(SignedDuration::from_hours(72)).await?;
    gateway.advance(SignedDuration::from_mins(1)).await?;
    assert!(all(gateway).await?.is_empty());
    assert!(merchant.received().is_empty());
    Ok(())
}

async fn the_secret_is_never_stored_in_clear(gateway: &TestGateway) -> Result<()> {
    let sealed = rows(&gateway.app.db, "SELECT secret_sealed FROM accounts").await?[0].bytes(0)?;
    let secret = gateway.secret.as_bytes();
    assert!(!sealed.windows(secret.len()).any(|bytes| bytes == secret));
    let logins = rows(&gateway.app.db, "SELECT login_sealed FROM collecting_accounts").await?;
    for login in logins {
        let sealed = login.bytes(0)?;
        assert!(!sealed.windows(4).any(|bytes| bytes == b"1234"));
        assert!(
            !sealed
                .windows(8)
                .any(|bytes| bytes == b"76086428" || bytes == b"password")
        );
    }
    Ok(())
}

async fn a_secret_that_does_not_open_fails_its_own_notices_only(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    let broken = account::open(&gateway.app, "77.777.777-7", Some(merchant.url("/broken"))).await?;
    let damaging = "UPDATE accounts SET secret_sealed = $2 WHERE id = $1";
    let (db, id) = (&gateway.app.db, broken.receiver_id);
    db.write("test.damage", move |tx| {
        tx.exec(damaging, &[id.into(), [7u8; 60].as_slice().into()])
    })
    .await
    .map_err(|error: StoreError| error)?;
    let body = Some(payment(&json!({})));
    let created = gateway
        .call_by(&broken.api_key, "POST", "/v3/payments", body, &[])
        .await?
        .json();
    let untold = created["payment_id"].as_str().unwrap();
    gateway
        .bank
        .transfer("44.444.444-4", "77.777.777-7", 1000, untold)
        .await?;
    let told = paid_with(gateway, &json!({"notify_url": merchant.url("/whole")})).await?;

    let paths: Vec<String> = merchant.received().into_iter().map(|one| one.path).collect();
    assert_eq!(paths, ["/whole"]);
    for notice in all(gateway).await? {
        let (notice, _, tries) = commands::show(db, &notice.id).await?;
        let is_told = notice.payment_id == told;
        let expected = if is_told { "delivered" } else { "pending" };
        assert_eq!((notice.state.as_str(), notice.tries), (expected, 1));
        assert_eq!(tries[0].error.is_none(), is_told, "{:?}", tries[0].error);
    }
    Ok(())
}

async fn both_secrets_sign_until_the_next_one_takes_over(gateway: &TestGateway) -> Result<()> {
    let (merchant, id) = (Merchant::start().await?, AccountId(gateway.receiver_id));
    let fields = json!({"notify_url": merchant.url("/n")});
    let next = secrets::rotate(&gateway.app, id, SignedDuration::from_hours(24)).await?;
    let again = secrets::rotate(&gateway.app, id, SignedDuration::from_hours(24)).await;
    assert!(matches!(again, Err(MerchantError::Rotating { .. })));
    let is_signed = |header: &str, secret: &str, now_ms: i64| {
        let received = merchant.received().pop().unwrap();
        received.headers.get(header).is_some_and(|signature| {
            let signature = signature.to_str().unwrap();
            let within = std::time::Duration::ZERO;
            ayni_crypto::sign::verify_notification(secret, signature, &received.body, now_ms, within).is_ok()
        })
    };
    let now_ms = || gateway.clock.now().as_millisecond();
    paid_with(gateway, &fields).await?;
    assert!(is_signed("x-khipu-signature", &gateway.secret, now_ms()));
    assert!(is_signed("x-ayni-signature-next", &next.secret, now_ms()));

    gateway.advance(SignedDuration::from_hours(24)).await?;
    paid_with(gateway, &fields).await?;
    assert!(is_signed("x-khipu-signature", &next.secret, now_ms()));
    assert!(
        !merchant.received()[1]
            .headers
            .contains_key("x-ayni-signature-next")
    );

    let third = secrets::rotate(&gateway.app, id, SignedDuration::from_hours(24)).await?;
    secrets::finish_rotation(&gateway.app, id).await?;
    paid_with(gateway, &fields).await?;
    assert!(is_signed("x-khipu-signature", &third.secret, now_ms()));
    let ended = secrets::finish_rotation(&gateway.app, id).await;
    assert!(matches!(ended, Err(MerchantError::NotRotating(_))));
    Ok(())
}
