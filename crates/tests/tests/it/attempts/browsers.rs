//! An attempt belongs to the browser that began it.

use anyhow::Result;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use ayni_testkit::truth::rows;
use serde_json::json;

use crate::bodies::{payment, state};

on_both_engines!(
    another_browser_sees_nothing_of_an_attempt,
    another_browser_can_not_answer_for_the_payer,
    another_browser_sees_no_destination_of_a_manual_transfer,
    an_answer_from_an_earlier_page_is_not_taken_twice,
    only_the_fixed_person_can_pay,
    a_mandatory_method_is_the_only_one,
    logins_of_one_address_are_limited_per_payment,
    what_a_payer_typed_is_never_stored_in_clear,
);

async fn another_browser_sees_nothing_of_an_attempt(gateway: &TestGateway) -> Result<()> {
    let id = gateway
        .create(payment(&json!({"payer_email": "ana@ejemplo.example"})))
        .await?;
    let (mut payer, mut stranger) = (Payer::at(gateway)?, Payer::at(gateway)?);
    payer.begin(&id).await?;
    payer.log_in("11.111.111-1").await?;
    for moment in ["while the bank asks", "while it is verified", "when it is done"] {
        for page in ["info", "simplified", "manual", "end"] {
            stranger.open(&format!("/payment/{page}/{id}")).await?;
            let html = stranger.html();
            for secret in ["11.111.111", "11111111", "ana@ejemplo", "coordinate", "Operación"] {
                assert!(!html.contains(secret), "{moment}, {page}: {secret} in {html}");
            }
        }
        match moment {
            "while the bank asks" => drop(payer.authorise("11 22 33").await?),
            _ => gateway.work().await?,
        }
    }
    assert_eq!(stranger.name(), "done", "the status itself is for everybody");
    assert_eq!(payer.open(&format!("/payment/end/{id}")).await?, "done");
    assert!(
        payer.text("#operation-number").is_some(),
        "the payer sees the operation"
    );
    Ok(())
}

async fn another_browser_can_not_answer_for_the_payer(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let (mut payer, mut stranger) = (Payer::at(gateway)?, Payer::at(gateway)?);
    payer.begin(&id).await?;
    payer.log_in("11.111.111-1").await?;
    let attempt = payer.all("#answer input[name=attempt]", "value")?.remove(0);
    let version = payer.all("#answer input[name=version]", "value")?.remove(0);
    stranger.begin(&id).await?;
    let forged = [
        ("attempt", attempt.as_str()),
        ("version", version.as_str()),
        ("rut", "22.222.222-2"),
        ("password", "1234"),
    ];
    assert_eq!(stranger.submit("#answer", &forged).await?, "other-browser");
    assert_eq!(stranger.status(), 403);
    stranger.open(&format!("/payment/simplified/{id}")).await?;
    assert_eq!(
        stranger.submit("#stop", &[("attempt", &attempt)]).await?,
        "other-browser"
    );
    assert_eq!(payer.authorise("11 22 33").await?, "authorised");
    gateway.work().await?;
    assert_eq!(state(gateway, &id).await?, "done/normal");
    assert_eq!(gateway.bank.book()?.len(), 1);
    Ok(())
}

async fn another_browser_sees_no_destination_of_a_manual_transfer(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let (mut payer, mut stranger) = (Payer::at(gateway)?, Payer::at(gateway)?);
    assert_eq!(
        payer
            .begin_by_hand(&id, "11.111.111-1", "ana@ejemplo.example")
            .await?,
        "manual-transfer"
    );
    assert_eq!(
        stranger.open(&format!("/payment/manual/{id}")).await?,
        "manual-form"
    );
    for secret in ["11.111.111-1", "ana@ejemplo", "Comercio de prueba SpA"] {
        assert!(!stranger.html().contains(secret), "{secret}");
    }
    Ok(())
}

async fn an_answer_from_an_earlier_page_is_not_taken_twice(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let mut payer = Payer::at(gateway)?;
    payer.begin(&id).await?;
    payer.log_in("11.111.111-1").await?;
    let earlier = [("version", "1")];
    assert_eq!(
        payer.submit("#answer", &earlier).await?,
        "coordinates",
        "it is shown what is asked now"
    );
    let version = payer.all("#answer input[name=version]", "value")?.remove(0);
    assert_ne!(version, "1");
    assert_eq!(payer.authorise("11 22 33").await?, "authorised");
    assert_eq!(gateway.bank.book()?.len(), 1);
    Ok(())
}

async fn only_the_fixed_person_can_pay(gateway: &TestGateway) -> Result<()> {
    let id = gateway
        .create(payment(&json!({"fixed_payer_personal_identifier": "11111111-1"})))
        .await?;
    let mut payer = Payer::at(gateway)?;
    payer.begin(&id).await?;
    let other = [("rut", "22.222.222-2"), ("password", "1234")];
    assert_eq!(
        (payer.submit("#answer", &other).await?.as_str(), payer.status()),
        ("login", 422)
    );
    assert_eq!(
        payer.begin_by_hand(&id, "22.222.222-2", "b@b.example").await?,
        "manual-form"
    );
    assert_eq!(payer.pay(&id, "11.111.111-1", "11 22 33").await?, "authorised");
    gateway.work().await?;
    assert_eq!(state(gateway, &id).await?, "done/normal");
    // A wrong check digit is no error at creation; such a payment finds no payer.
    let nobody = gateway
        .create(payment(
            &json!({"fixed_payer_personal_identifier": "11.000.111-9"}),
        ))
        .await?;
    assert_eq!(
        payer
            .begin_by_hand(&nobody, "11.000.111-9", "b@b.example")
            .await?,
        "manual-form"
    );
    Ok(())
}

async fn a_mandatory_method_is_the_only_one(gateway: &TestGateway) -> Result<()> {
    for (method, closed) in [
        ("REGULAR_TRANSFER", "simplified"),
        ("simplified_transfer", "manual"),
    ] {
        let id = gateway
            .create(payment(&json!({"mandatory_payment_method": method})))
            .await?;
        let mut payer = Payer::at(gateway)?;
        assert_eq!(
            payer.open(&format!("/payment/{closed}/{id}")).await?,
            "not-offered",
            "{method}"
        );
        assert_eq!(payer.status(), 422);
    }
    Ok(())
}

async fn logins_of_one_address_are_limited_per_payment(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    for wrong in 0..8 {
        let mut payer = Payer::at(gateway)?;
        payer.begin(&id).await?;
        payer
            .submit("#answer", &[("rut", "11.111.111-1"), ("password", "wrong")])
            .await?;
        if payer.status() == 429 {
            assert_eq!((wrong, payer.name().as_str()), (5, "too-many-logins"));
            assert_eq!(state(gateway, &id).await?, "pending");
            return Ok(());
        }
    }
    anyhow::bail!("eight wrong passwords of one address were passed on to the bank")
}

async fn what_a_payer_typed_is_never_stored_in_clear(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let mut payer = Payer::at(gateway)?;
    payer.begin(&id).await?;
    payer.log_in("11.111.111-1").await?;
    let asking = rows(&gateway.app.db, "SELECT session_sealed FROM attempts").await?;
    let sealed = asking[0].bytes(0)?;
    for secret in ["1234", "11111111", "11.111.111-1", "coordinate"] {
        assert!(
            !sealed
                .windows(secret.len())
                .any(|bytes| bytes == secret.as_bytes()),
            "{secret}"
        );
    }
    payer.authorise("11 22 33").await?;
    let authorised = rows(&gateway.app.db, "SELECT session_sealed FROM attempts").await?;
    assert_eq!(authorised[0].opt_bytes(0)?, None, "erased before the money moves");
    Ok(())
}
