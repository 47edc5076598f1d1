//! Money that comes when it should not: what the payer is told, what a person can do, and where the ledger has it.

use anyhow::Result;
use ayni_domain::ids::PaymentId;
use ayni_domain::money::Amount;
use ayni_gateway::ledger::check::check;
use ayni_gateway::merchants::collecting;
use ayni_gateway::orders::{Payee, commands};
use ayni_gateway::payments::history::events;
use ayni_gateway::payments::mark_paid::mark_paid;
use ayni_gateway::reconciliation::giving_back::{self, Way};
use ayni_gateway::reconciliation::review::{self, ReviewError};
use ayni_gateway::witness::Witness;
use ayni_store::error::StoreError;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::merchant::Merchant;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use ayni_testkit::truth::rows;
use jiff::SignedDuration;
use serde_json::json;

use super::movements::{account_in_pesos, all, arrives, read_again};
use crate::bodies::{payment, state};

on_both_engines!(
    what_is_too_much_settles_the_payment_and_the_rest_goes_back,
    a_second_transfer_goes_back_whole,
    money_for_a_closed_payment_waits_and_goes_back,
    money_for_an_expired_payment_settles_it,
    a_return_that_fails_is_put_before_a_person_again,
    only_too_much_can_be_accepted,
    a_merchants_own_account_is_returned_from_by_hand,
    money_from_an_unknown_account_goes_where_a_person_says,
    of_two_people_one_returns_and_one_is_refused,
    only_a_pending_payment_is_marked_as_paid,
);

const PAYER: &str = "44.444.444-4";

async fn what_is_too_much_settles_the_payment_and_the_rest_goes_back(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    let id = gateway
        .create(payment(&json!({"notify_url": merchant.url("/")})))
        .await?;
    let movement = arrives(gateway, PAYER, 1500, &id).await?;
    assert_eq!(movement.reason, "other-amount");
    let account = account_in_pesos(gateway).await?;
    let payment = PaymentId::parse(&id)?;
    let given = giving_back::accept(
        &gateway.app,
        &account,
        &movement.id,
        payment,
        Way::Ordered(None),
        Witness::nobody(),
    )
    .await?;
    assert_eq!(given.amount, Amount::from_units(500));
    assert_eq!(suspense(gateway).await?, 0, "nothing is nobody's any more");
    settle_all(gateway).await?;

    assert_eq!(state(gateway, &id).await?, "done/normal");
    assert_eq!(merchant.received().len(), 1);
    assert_eq!(merchant.received()[0].json()["amount"], "1000.0000");
    let back = gateway.bank.book()?.pop().unwrap();
    assert_eq!(
        (back.amount, back.destination.as_str()),
        (Amount::from_units(500), "000000000000444444444")
    );
    assert_eq!(back.comment, given.order.unwrap().0.to_string());
    let shown = review::show(&gateway.app.db, &account, &movement.id).await?;
    assert_eq!(
        (shown.state.as_str(), shown.returns[0].state.as_str()),
        ("assigned", "paid")
    );
    assert_eq!(
        posted(gateway).await?,
        ["assign", "credit", "debit", "return"],
        "beside what is no movement's"
    );
    assert_clean(gateway).await
}

async fn a_second_transfer_goes_back_whole(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    arrives(gateway, PAYER, 1000, &id).await?;
    let second = arrives(gateway, PAYER, 1000, &id).await?;
    assert_eq!(second.reason, "already-settled");
    let account = account_in_pesos(gateway).await?;
    giving_back::return_money(
        &gateway.app,
        &account,
        &second.id,
        Way::Ordered(None),
        Witness::nobody(),
    )
    .await?;
    settle_all(gateway).await?;
    assert_eq!(state(gateway, &id).await?, "done/normal");
    let back = gateway.bank.book()?.pop().unwrap();
    assert_eq!(back.amount, Amount::from_units(1000));
    let mut payer = Payer::at(gateway)?;
    payer.open(&format!("/payment/end/{id}")).await?;
    assert!(
        payer
            .text("#meaning")
            .unwrap()
            .contains("lo que sobra se revisa y se devuelve")
    );
    assert_clean(gateway).await
}

async fn money_for_a_closed_payment_waits_and_goes_back(gateway: &TestGateway) -> Result<()> {
    let account = account_in_pesos(gateway).await?;
    for (how, reason, page) in [
        ("delete", "payment-deleted", "deleted"),
        ("reject", "payment-rejected", "rejected"),
        ("abuse", "payment-reported-as-abuse", "abuse"),
        ("mark-paid", "payment-marked-paid", "marked-paid"),
    ] {
        let id = gateway.create(payment(&json!({}))).await?;
        close(gateway, how, &id).await?;
        let closed = state(gateway, &id).await?;
        let mut payer = Payer::at(gateway)?;
        assert_eq!(payer.open(&format!("/payment/end/{id}")).await?, page);
        let meaning = payer.text("#meaning").unwrap();
        assert!(
            meaning.contains("una persona") && meaning.contains("devuelve"),
            "{meaning}"
        );

        let movement = arrives(gateway, PAYER, 1000, &id).await?;
        assert_eq!(
            (movement.state.as_str(), movement.reason.as_str()),
            ("review", reason)
        );
        assert_eq!(suspense(gateway).await?, -10_000_000);
        giving_back::return_money(
            &gateway.app,
            &account,
            &movement.id,
            Way::Ordered(None),
            Witness::nobody(),
        )
        .await?;
        settle_all(gateway).await?;
        let back = gateway.bank.book()?.pop().unwrap();
        assert_eq!(
            (back.amount, back.destination.as_str()),
            (Amount::from_units(1000), "000000000000444444444",)
        );
        assert_eq!(
            state(gateway, &id).await?,
            closed,
            "{how}: the payment stays what it was"
        );
        assert_eq!(suspense(gateway).await?, 0);
    }
    assert_clean(gateway).await
}

async fn money_for_an_expired_payment_settles_it(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    gateway.advance(SignedDuration::from_hours(25)).await?;
    let mut payer = Payer::at(gateway)?;
    assert_eq!(payer.open(&format!("/payment/info/{id}")).await?, "expired");
    assert!(
        payer
            .text("#meaning")
            .unwrap()
            .contains("cuando el dinero llegue")
    );
    arrives(gateway, PAYER, 1000, &id).await?;
    let paid = gateway.payment(&id).await?;
    assert_eq!(
        (&paid["status"], &paid["out_of_date_conciliation"]),
        (&json!("done"), &json!(true))
    );
    assert_clean(gateway).await
}

async fn a_return_that_fails_is_put_before_a_person_again(gateway: &TestGateway) -> Result<()> {
    let account = account_in_pesos(gateway).await?;
    let id = gateway.create(payment(&json!({}))).await?;
    let movement = arrives(gateway, PAYER, 1500, &id).await?;
    let payment = PaymentId::parse(&id)?;
    let given = giving_back::accept(
        &gateway.app,
        &account,
        &movement.id,
        payment,
        Way::Ordered(None),
        Witness::nobody(),
    )
    .await?;
    let (order, _) = given.order.unwrap();
    commands::reject(&gateway.app, order.as_str(), "the bank lost it").await?;
    let waiting = review::list(&gateway.app.db, 10).await?;
    assert_eq!(
        (waiting[0].reason.as_str(), waiting[0].left, waiting[0].settled),
        (
            "return-failed: the bank lost it",
            Amount::from_units(500),
            Some(payment)
        )
    );
    assert_eq!(suspense(gateway).await?, -5_000_000);
    let other = PaymentId::parse(
        &gateway
            .create(crate::bodies::payment(&json!({"amount": 1500})))
            .await?,
    )?;
    let refused = review::assign(&gateway.app, &account, &movement.id, other, Witness::nobody()).await;
    assert!(
        matches!(refused, Err(ReviewError::DoesNotFit(_))),
        "a part of it is spent: {refused:?}"
    );

    let again = giving_back::return_money(
        &gateway.app,
        &account,
        &movement.id,
        Way::Ordered(None),
        Witness::nobody(),
    )
    .await?;
    assert_eq!(again.amount, Amount::from_units(500));
    settle_all(gateway).await?;
    let moved = all(gateway).await?.remove(0);
    assert_eq!((moved.state.as_str(), moved.payment), ("assigned", Some(id)));
    assert_eq!(
        review::show(&gateway.app.db, &account, &movement.id)
            .await?
            .returns
            .len(),
        2
    );
    assert_eq!(suspense(gateway).await?, 0);
    assert_clean(gateway).await
}

async fn only_too_much_can_be_accepted(gateway: &TestGateway) -> Result<()> {
    let account = account_in_pesos(gateway).await?;
    let id = gateway.create(payment(&json!({}))).await?;
    let small = arrives(gateway, PAYER, 999, &id).await?;
    let exact = arrives(gateway, PAYER, 1000, "").await?;
    let open = PaymentId::parse(&id)?;
    for movement in [&small, &exact] {
        let refused = giving_back::accept(
            &gateway.app,
            &account,
            &movement.id,
            open,
            Way::Ordered(None),
            Witness::nobody(),
        )
        .await;
        assert!(matches!(refused, Err(ReviewError::NotTooMuch(_))), "{refused:?}");
    }
    let dollars = gateway
        .create(payment(&json!({"currency": "USD", "amount": 1})))
        .await?;
    let dollars = PaymentId::parse(&dollars)?;
    let refused = giving_back::accept(
        &gateway.app,
        &account,
        &exact.id,
        dollars,
        Way::Ordered(None),
        Witness::nobody(),
    )
    .await;
    assert!(matches!(refused, Err(ReviewError::NotTooMuch(_))), "{refused:?}");
    let cheap = gateway.create(payment(&json!({"amount": 10}))).await?;
    gateway
        .call("DELETE", &format!("/v3/payments/{cheap}"), None)
        .await?;
    let closed = PaymentId::parse(&cheap)?;
    let refused = giving_back::accept(
        &gateway.app,
        &account,
        &exact.id,
        closed,
        Way::Ordered(None),
        Witness::nobody(),
    )
    .await;
    assert!(matches!(refused, Err(ReviewError::Closed { .. })), "{refused:?}");
    assert!(rows(&gateway.app.db, "SELECT id FROM orders").await?.is_empty());
    let nothing = review::show(&gateway.app.db, &account, "nothing").await;
    assert!(matches!(nothing, Err(ReviewError::NoMovement { .. })));
    Ok(())
}

async fn a_merchants_own_account_is_returned_from_by_hand(gateway: &TestGateway) -> Result<()> {
    change(gateway, "UPDATE collecting_accounts SET custody = 'own'").await?;
    let account = account_in_pesos(gateway).await?;
    let movement = arrives(gateway, PAYER, 1000, "").await?;
    let refused = giving_back::return_money(
        &gateway.app,
        &account,
        &movement.id,
        Way::Ordered(None),
        Witness::nobody(),
    )
    .await;
    assert!(matches!(refused, Err(ReviewError::OwnAccount(_))), "{refused:?}");
    let given = giving_back::return_money(
        &gateway.app,
        &account,
        &movement.id,
        Way::ByHand,
        Witness::nobody(),
    )
    .await?;
    assert!(given.order.is_none());
    let noted = all(gateway).await?.remove(0);
    assert_eq!(
        (noted.state.as_str(), noted.reason.as_str()),
        ("returned", "returned-by-operator")
    );
    assert_eq!(suspense(gateway).await?, -10_000_000, "until its debit is seen");
    Ok(())
}

async fn money_from_an_unknown_account_goes_where_a_person_says(gateway: &TestGateway) -> Result<()> {
    let account = account_in_pesos(gateway).await?;
    let movement = arrives(gateway, PAYER, 1000, "").await?;
    change(gateway, "UPDATE movements SET payer_account = NULL").await?;
    let unknown = giving_back::return_money(
        &gateway.app,
        &account,
        &movement.id,
        Way::Ordered(None),
        Witness::nobody(),
    )
    .await;
    assert!(
        matches!(unknown, Err(ReviewError::UnknownPayer(_))),
        "{unknown:?}"
    );
    let said = Payee {
        bank_id: "Bawdf".to_owned(),
        number: "000000000000555555555".to_owned(),
        holder_name: "Persona".to_owned(),
        holder_identifier: "555555555".to_owned(),
        holder_email: String::new(),
    };
    let way = Way::Ordered(Some(said));
    giving_back::return_money(&gateway.app, &account, &movement.id, way, Witness::nobody()).await?;
    settle_all(gateway).await?;
    let back = gateway.bank.book()?.pop().unwrap();
    assert_eq!(back.destination, "000000000000555555555");
    assert_clean(gateway).await
}

async fn of_two_people_one_returns_and_one_is_refused(gateway: &TestGateway) -> Result<()> {
    let account = account_in_pesos(gateway).await?;
    let movement = arrives(gateway, PAYER, 1000, "").await?;
    let (app, id) = (&gateway.app, movement.id.as_str());
    let (one, other) = tokio::join!(
        giving_back::return_money(app, &account, id, Way::Ordered(None), Witness::nobody()),
        giving_back::return_money(app, &account, id, Way::Ordered(None), Witness::nobody()),
    );
    assert_ne!(one.is_ok(), other.is_ok(), "{one:?} {other:?}");
    settle_all(gateway).await?;
    let sent = gateway.bank.book()?.len();
    assert_eq!(sent, 2, "there and back, once each");
    assert_clean(gateway).await
}

async fn only_a_pending_payment_is_marked_as_paid(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let mut payer = Payer::at(gateway)?;
    payer.begin(&id).await?;
    let parsed = PaymentId::parse(&id)?;
    mark_paid(&gateway.app, None, parsed, Witness::nobody()).await?;
    assert_eq!(state(gateway, &id).await?, "done/marked-paid-by-receiver");
    assert_eq!(
        payer.open(&format!("/payment/simplified/{id}")).await?,
        "marked-paid"
    );
    assert!(
        mark_paid(&gateway.app, None, parsed, Witness::nobody())
            .await
            .is_err(),
        "it is done"
    );
    assert!(
        mark_paid(
            &gateway.app,
            None,
            PaymentId::parse("gqzdy6chjne9")?,
            Witness::nobody()
        )
        .await
        .is_err()
    );
    let (made_at, lived) = events(&gateway.app.db, parsed).await?.unwrap();
    assert_eq!(made_at, gateway.clock.now());
    let lived: Vec<(&str, &str)> = lived
        .iter()
        .map(|event| (event.kind.as_str(), event.state.as_str()))
        .collect();
    assert_eq!(
        lived,
        [("marked-paid-by-receiver", "done/marked-paid-by-receiver")]
    );
    assert!(
        rows(
            &gateway.app.db,
            "SELECT id FROM ledger_transactions WHERE kind <> 'opening'"
        )
        .await?
        .is_empty()
    );
    Ok(())
}

async fn close(gateway: &TestGateway, how: &str, id: &str) -> Result<()> {
    match how {
        "delete" => {
            let path = format!("/v3/payments/{id}");
            assert_eq!(gateway.call("DELETE", &path, None).await?.status, 200);
        }
        "mark-paid" => mark_paid(&gateway.app, None, PaymentId::parse(id)?, Witness::nobody()).await?,
        page => {
            let mut payer = Payer::at(gateway)?;
            payer.open(&format!("/payment/{page}/{id}")).await?;
            payer.submit("#decline", &[]).await?;
        }
    }
    Ok(())
}

/// Sends what was ordered, and reads the statement on which it stands.
async fn settle_all(gateway: &TestGateway) -> Result<()> {
    gateway.work().await?;
    read_again(gateway).await
}

/// What lies in the merchant's account in pesos for nobody, in ten-thousandths: below zero where it is owed.
async fn suspense(gateway: &TestGateway) -> Result<i64> {
    let uuid = account_in_pesos(gateway).await?;
    let pesos = collecting::find_by_uuid(&gateway.app.db, &uuid).await?.id;
    let opened = rows(
        &gateway.app.db,
        "SELECT t.collecting_id, p.amount FROM ledger_postings p \
         JOIN ledger_transactions t ON t.id = p.transaction_id WHERE p.kind = 'suspense' AND t.kind <> 'opening'",
    )
    .await?;
    let mut sum = 0;
    for row in opened {
        sum += if row.int(0)? == pesos { row.int(1)? } else { 0 };
    }
    Ok(sum)
}

/// The kinds of what was posted about movements, in order of their names.
async fn posted(gateway: &TestGateway) -> Result<Vec<String>> {
    rows(
        &gateway.app.db,
        "SELECT kind FROM ledger_transactions WHERE kind <> 'opening' ORDER BY kind",
    )
    .await?
    .iter()
    .map(|row| Ok(row.text(0)?))
    .collect()
}

async fn assert_clean(gateway: &TestGateway) -> Result<()> {
    let report = check(&gateway.app.db).await?;
    assert!(report.is_clean(), "{:?}", report.differences);
    Ok(())
}

async fn change(gateway: &TestGateway, sql: &'static str) -> Result<()> {
    let changed: Result<u64, StoreError> = gateway
        .app
        .db
        .write("test.change", move |tx| tx.exec(sql, &[]))
        .await;
    assert!(changed? > 0);
    Ok(())
}
