//! Refunds out of what was collected.

use anyhow::Result;
use ayni_domain::ids::AccountId;
use ayni_domain::privilege::{Privilege, Privileges};
use ayni_gateway::merchants::accounts;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use jiff::SignedDuration;
use serde_json::json;

use super::house::{PAYER, PAYERS_ACCOUNT, Shop, error, errors, not_refundable, owed, refunds};
use crate::bodies::{payment, state};

on_both_engines!(
    the_whole_payment_goes_back_to_the_account_that_paid,
    parts_are_given_back_until_nothing_is_left,
    what_can_not_be_refunded_is_said_in_known_words,
    only_who_may_and_only_its_own,
    a_held_payment_is_refunded_until_its_date,
    a_payment_in_uf_is_given_back_in_the_pesos_that_came,
);

async fn the_whole_payment_goes_back_to_the_account_that_paid(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    let id = shop.paid(gateway, 1500).await?;
    let answer = shop.refund(gateway, &id, None).await?;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(
        answer.json(),
        json!({"message": "El reembolso fue aceptado y está en proceso"})
    );
    assert_eq!(state(gateway, &id).await?, "done/reversed");
    assert_eq!(
        refunds(gateway, &id).await?,
        (vec!["pending".into()], "1500.0000".into())
    );
    assert_eq!(owed(gateway, "transit").await?, 1500);
    gateway.work().await?;
    let read = gateway.payment(&id).await?;
    assert_eq!(read["refunds"][0]["status"], "paid");
    assert_eq!(read["refunds"][0]["amount"], "1500.0000");
    assert_eq!(read["refunds"][0]["currency"], "CLP");
    assert_eq!(owed(gateway, "transit").await?, 0);
    let book = gateway.bank.book()?;
    let back = book.last().unwrap();
    assert_eq!(back.comment, read["refunds"][0]["id"].as_str().unwrap());
    assert_eq!(
        (back.amount.plain(), back.destination.as_str()),
        ("1500".into(), PAYERS_ACCOUNT)
    );
    let refund = format!("/v3/refunds/{}", back.comment);
    let refund = gateway.call("GET", &refund, None).await?.json();
    assert_eq!(
        (&refund["status"], &refund["type"]),
        (&json!("paid"), &json!("classic"))
    );
    assert_eq!(
        (&refund["remaining"], &refund["message"]),
        (&json!("0.0000"), &json!(null))
    );
    Ok(())
}

async fn parts_are_given_back_until_nothing_is_left(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    let id = shop.paid(gateway, 1000).await?;
    for (pesos, left, detail) in [
        (Some(300), 300, "done/partially-refunded"),
        (Some(200), 500, "done/partially-refunded"),
        (None, 1000, "done/fully-refunded"),
    ] {
        assert_eq!(shop.refund(gateway, &id, pesos).await?.status, 200);
        assert_eq!(state(gateway, &id).await?, detail);
        assert_eq!(refunds(gateway, &id).await?.1, format!("{left}.0000"));
    }
    gateway.work().await?;
    assert_eq!(refunds(gateway, &id).await?.0, ["paid"; 3]);
    let amounts: Vec<String> = gateway.bank.book()?[1..]
        .iter()
        .map(|entry| entry.amount.plain())
        .collect();
    assert_eq!(
        amounts,
        ["300", "200", "500"],
        "in the order in which they were asked for"
    );
    let list = gateway.call("GET", "/v3/payments", None).await?.json();
    assert_eq!(list["payments"][0]["total_refunded"], "1000.0000");
    Ok(())
}

async fn what_can_not_be_refunded_is_said_in_known_words(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    let id = shop.paid(gateway, 1000).await?;
    let open = gateway.create(payment(&json!({}))).await?;
    let above = error("amount", "El monto 1001 excede el saldo reembolsable del pago");
    assert_eq!(errors(&shop.refund(gateway, &id, Some(1001)).await?), [above]);
    let none = error("amount", "Debe ser mayor que cero");
    assert_eq!(errors(&shop.refund(gateway, &id, Some(0)).await?), [none]);
    assert_eq!(
        errors(&shop.refund(gateway, &open, None).await?),
        [not_refundable(&open)]
    );
    assert_eq!(shop.refund(gateway, &id, None).await?.status, 200);
    let exhausted = [
        not_refundable(&id),
        error("amount", "El monto 5 excede el saldo reembolsable del pago"),
    ];
    assert_eq!(errors(&shop.refund(gateway, &id, Some(5)).await?), exhausted);
    let refused = shop.refund(gateway, &id, None).await?;
    assert_eq!(
        (refused.status.as_u16(), errors(&refused)),
        (400, vec![not_refundable(&id)])
    );
    let body = json!({"amount": "mil"});
    let path = format!("/v3/payments/{id}/refunds");
    let wrong = gateway.call("POST", &path, Some(body)).await?;
    assert_eq!(errors(&wrong)[0].0, "amount");
    let english = [("accept-language", "en")];
    let refused = gateway.call_with("POST", &path, None, &english).await?;
    assert_eq!(
        errors(&refused)[0].1,
        format!("The payment with ID {id} can't be refunded")
    );
    Ok(())
}

async fn only_who_may_and_only_its_own(gateway: &TestGateway) -> Result<()> {
    let (shop, other) = (Shop::of(gateway), Shop::open(gateway, "77.777.777-7").await?);
    let id = shop.paid(gateway, 1000).await?;
    assert_eq!(other.refund(gateway, &id, None).await?.status, 404);
    assert_eq!(shop.refund(gateway, "aaaaaaaaaaaa", None).await?.status, 404);
    assert_eq!(shop.refund(gateway, "nonsense", None).await?.status, 404);
    let account = AccountId(gateway.receiver_id);
    let without = Privileges::from_iter([Privilege::Confirm]);
    accounts::grant(&gateway.app.db, account, without).await?;
    let words = format!("La cuenta de cobro con ID {account} no está habilitada para hacer devoluciones.");
    let refused = shop.refund(gateway, &id, None).await?;
    assert_eq!(
        (refused.status.as_u16(), errors(&refused)),
        (400, vec![error("receiver_id", &words)])
    );
    let refused = shop.wallet_refund(gateway, &id, None).await?;
    assert_eq!(
        (refused.status.as_u16(), errors(&refused)),
        (400, vec![error("receiver_id", &words)])
    );
    let path = "/v3/refund-wallet/balance";
    let refused = gateway.call("GET", path, None).await?;
    assert_eq!(
        (refused.status.as_u16(), errors(&refused)),
        (400, vec![error("receiver_id", &words)])
    );
    assert_eq!(state(gateway, &id).await?, "done/normal");
    Ok(())
}

async fn a_held_payment_is_refunded_until_its_date(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    let until = gateway.clock.now() + SignedDuration::from_hours(2);
    let body = payment(&json!({"confirm_timeout_date": until.to_string()}));
    let id = gateway.create(body).await?;
    gateway.bank.transfer(PAYER, &shop.rut, 1000, &id).await?;
    super::house::read_statement(gateway).await?;
    assert_eq!(shop.refund(gateway, &id, Some(100)).await?.status, 200);
    gateway.advance(SignedDuration::from_hours(2)).await?;
    assert_eq!(
        errors(&shop.refund(gateway, &id, Some(100)).await?),
        [not_refundable(&id)]
    );
    Ok(())
}

async fn a_payment_in_uf_is_given_back_in_the_pesos_that_came(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    let id = gateway
        .create(payment(&json!({"amount": "1.5", "currency": "CLF"})))
        .await?;
    let mut payer = ayni_testkit::payer::Payer::at(gateway)?;
    assert_eq!(payer.pay(&id, "11.111.111-1", "11 22 33").await?, "authorised");
    gateway.work().await?;
    for part in ["0.5", "0.3333"] {
        gateway.clock.advance_ms(1);
        let path = format!("/v3/payments/{id}/refunds");
        let answer = gateway.call("POST", &path, Some(json!({"amount": part}))).await?;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    assert_eq!(shop.refund(gateway, &id, None).await?.status, 200);
    gateway.work().await?;
    assert_eq!(
        refunds(gateway, &id).await?,
        (vec!["paid".into(); 3], "1.5000".into())
    );
    let book = gateway.bank.book()?;
    let amounts: Vec<String> = book.iter().map(|entry| entry.amount.plain()).collect();
    assert_eq!(amounts, ["59250", "19750", "13165", "26335"]);
    Ok(())
}
