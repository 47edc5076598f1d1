//! A payer fills the page in: the payment that is made, what is told of it, and what is said where it is not.

use anyhow::{Context as _, Result};
use ayni_gateway::http::error::ApiError;
use ayni_gateway::payment_links::LinkError;
use ayni_testkit::client;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::merchant::Merchant;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use serde_json::{Value, json};

use super::house::{form, link, page_of, path, payment_of, send, uses};

on_both_engines!(
    a_payer_takes_three_and_the_notification_tells_the_link,
    a_payer_says_how_much_and_where_the_receipt_goes,
    what_is_wrong_is_said_at_its_field_and_kept,
    the_same_form_sent_again_makes_no_second_payment_and_a_changed_one_does,
    a_form_that_is_not_from_our_page_makes_nothing,
    a_link_that_creation_would_refuse_is_refused,
);

async fn a_payer_takes_three_and_the_notification_tells_the_link(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    let asked = json!({ "amount": 4500, "quantity_max": 10, "notify_url": merchant.url("/notify"), "body": "Fila 3" });
    let link = link(gateway, asked).await?;
    let mut payer = Payer::at(gateway)?;
    assert_eq!(payer.open(&path(link.code)).await?, "payment-link");
    assert_eq!(payer.text("#amount-shown").as_deref(), Some("$4.500"));
    assert_eq!(payer.text("#body").as_deref(), Some("Fila 3"));
    let page = payer.submit("#order", &[("quantity", "3")]).await?;
    assert_eq!(page, "info", "{}", payer.html());
    assert_eq!(payer.text("#amount").as_deref(), Some("$13.500"));
    assert_eq!(payer.text("#subject").as_deref(), Some("3 × Entrada"));

    let listed = gateway
        .call("GET", &format!("/v3/payments?transaction_id={}", link.code), None)
        .await?
        .json();
    let id = listed["payments"][0]["payment_id"]
        .as_str()
        .context("not listed")?
        .to_owned();
    payer.pay(&id, "11.111.111-1", "11 22 33").await?;
    gateway.work().await?;
    let notice = merchant.wait_for(1).await?[0].json();
    assert_eq!(notice["transaction_id"], link.code.as_str());
    let custom: Value = serde_json::from_str(notice["custom"].as_str().unwrap_or_default())?;
    assert_eq!(
        custom,
        json!({ "payment_link": link.code.as_str(), "quantity": 3 })
    );
    assert_eq!(uses(gateway, link.code).await?, (1, 1));
    Ok(())
}

async fn a_payer_says_how_much_and_where_the_receipt_goes(gateway: &TestGateway) -> Result<()> {
    let asked = json!({ "minimum_amount": 1000, "asks_payer_email": true, "asks_payer_name": true });
    let link = link(gateway, asked).await?;
    let filled = [
        ("amount", "$ 15.000"),
        ("email", "ana@ejemplo.example"),
        ("name", "Ana"),
    ];
    let answer = send(gateway, link.code, &form(gateway, link.code).await?, &filled).await?;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let payment = gateway
        .payment(&payment_of(&answer).context("no payment")?)
        .await?;
    assert_eq!(
        (
            payment["amount"].as_str(),
            payment["payer_email"].as_str(),
            payment["payer_name"].as_str()
        ),
        (Some("15000.0000"), Some("ana@ejemplo.example"), Some("Ana"))
    );
    let english = gateway
        .call_as("GET", &format!("{}?lang=en", path(link.code)), &[])
        .await?;
    assert!(
        english.text().contains("Between $1,000 and"),
        "{}",
        english.text()
    );
    Ok(())
}

async fn what_is_wrong_is_said_at_its_field_and_kept(gateway: &TestGateway) -> Result<()> {
    let link = link(
        gateway,
        json!({ "minimum_amount": 1000, "asks_payer_email": true }),
    )
    .await?;
    let filled = [("amount", "900"), ("email", "<b>ana")];
    let answer = send(gateway, link.code, &form(gateway, link.code).await?, &filled).await?;
    let text = answer.text();
    assert_eq!(answer.status, 422);
    for said in [
        "El monto mínimo es $1.000.",
        "value=\"900\"",
        "&#60;b&#62;ana",
        "id=\"email-problem\"",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert_eq!(uses(gateway, link.code).await?, (0, 0));
    Ok(())
}

async fn the_same_form_sent_again_makes_no_second_payment_and_a_changed_one_does(
    gateway: &TestGateway,
) -> Result<()> {
    let link = link(gateway, json!({ "amount": 4500, "quantity_max": 10 })).await?;
    let hidden = form(gateway, link.code).await?;
    let first = send(gateway, link.code, &hidden, &[("quantity", "1")]).await?;
    let again = send(gateway, link.code, &hidden, &[("quantity", "1")]).await?;
    let other = send(gateway, link.code, &hidden, &[("quantity", "2")]).await?;
    assert_eq!(payment_of(&first), payment_of(&again));
    assert_ne!(payment_of(&first), payment_of(&other));
    assert_eq!(uses(gateway, link.code).await?, (2, 2));
    Ok(())
}

async fn a_form_that_is_not_from_our_page_makes_nothing(gateway: &TestGateway) -> Result<()> {
    let link = link(gateway, json!({ "amount": 4500 })).await?;
    let other = super::house::link(gateway, json!({ "amount": 4500 })).await?;
    let of_another = form(gateway, other.code).await?;
    let forged = [("mark", "0".repeat(96)), ("version", "1".to_owned())];
    for hidden in [&of_another[..], &forged[..], &[("version", "1".to_owned())][..]] {
        let answer = send(gateway, link.code, hidden, &[]).await?;
        assert_eq!(
            (answer.status.as_u16(), page_of(&answer).as_str()),
            (409, "payment-link")
        );
        assert!(answer.text().contains("id=\"notice\""));
    }
    let hidden = form(gateway, link.code).await?;
    let pairs: Vec<(&str, &str)> = hidden
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let elsewhere = [("sec-fetch-site", "cross-site")];
    let answer = client::post(gateway, &path(link.code), &pairs, &elsewhere).await?;
    assert_eq!(answer.status, 409);
    assert_eq!(uses(gateway, link.code).await?, (0, 0));
    Ok(())
}

async fn a_link_that_creation_would_refuse_is_refused(gateway: &TestGateway) -> Result<()> {
    for (more, field) in [
        (json!({ "amount": 100 }), "amount"),
        (
            json!({ "amount": 4500, "psp_client_merchant_name": "Tienda" }),
            "psp_client_merchant_name",
        ),
        (json!({ "amount": 4500, "notify_url": "ftp://x" }), "notify_url"),
    ] {
        let error = link(gateway, more.clone()).await.unwrap_err();
        let Some(LinkError::Refused(ApiError::Invalid(violations))) = error.downcast_ref() else {
            anyhow::bail!("{more}: {error:?}");
        };
        assert_eq!(violations[0].field, field, "{more}");
    }
    Ok(())
}
