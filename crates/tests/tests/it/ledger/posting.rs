//! Every line of a statement posts once, whatever becomes of it.

use anyhow::Result;
use ayni_domain::ids::PaymentId;
use ayni_gateway::reconciliation::giving_back::{Way, return_money};
use ayni_gateway::reconciliation::review;
use ayni_gateway::witness::Witness;
use ayni_testkit::account;
use ayni_testkit::gateway::{MERCHANT_RUT, TestGateway};
use ayni_testkit::on_both_engines;
use serde_json::json;

use super::books::{OPENING, holdings, posted, tamper};
use crate::bodies::payment;
use crate::reconciliation::movements::{account_in_pesos, arrives, read_again};

on_both_engines!(
    what_the_bank_held_before_is_suspense_until_somebody_explains_it,
    a_payments_money_is_the_merchants,
    money_in_review_is_nobodys_until_it_is_assigned,
    money_that_the_operator_returns_leaves_suspense_as_it_came,
    on_the_merchants_own_account_all_is_its_own,
    two_merchants_on_one_bank_account_have_each_their_own,
    a_line_posts_once_however_often_it_is_read,
);

async fn what_the_bank_held_before_is_suspense_until_somebody_explains_it(
    gateway: &TestGateway,
) -> Result<()> {
    gateway.work().await?;
    let expected = [format!("bank {OPENING}"), format!("suspense {OPENING}")];
    assert_eq!(holdings(gateway).await?, expected);
    Ok(())
}

async fn a_payments_money_is_the_merchants(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let movement = arrives(gateway, "44.444.444-4", 1000, &id).await?;
    assert_eq!(
        holdings(gateway).await?,
        [
            format!("bank {}", OPENING + 1000),
            "collected:M 1000".to_owned(),
            format!("suspense {OPENING}"),
        ]
    );
    let all = posted(gateway).await?;
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].kind.as_str(), &all[0].payment_id), ("credit", &id));
    assert!(all[0].id.ends_with(&format!(":{}", movement.id)), "{}", all[0].id);
    Ok(())
}

async fn money_in_review_is_nobodys_until_it_is_assigned(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    let movement = arrives(gateway, "44.444.444-4", 1000, "sin código").await?;
    let waiting = holdings(gateway).await?;
    assert_eq!(waiting[1], format!("suspense {}", OPENING + 1000));
    let account = account_in_pesos(gateway).await?;
    review::assign(
        &gateway.app,
        &account,
        &movement.id,
        PaymentId::parse(&id)?,
        Witness::nobody(),
    )
    .await?;
    assert_eq!(
        holdings(gateway).await?[1..],
        ["collected:M 1000".to_owned(), format!("suspense {OPENING}")]
    );
    let kinds: Vec<String> = posted(gateway).await?.into_iter().map(|one| one.kind).collect();
    assert_eq!(kinds.len(), 2);
    assert!(
        kinds.contains(&"assign".to_owned()) && kinds.contains(&"credit".to_owned()),
        "{kinds:?}"
    );
    Ok(())
}

async fn money_that_the_operator_returns_leaves_suspense_as_it_came(gateway: &TestGateway) -> Result<()> {
    let movement = arrives(gateway, "44.444.444-4", 1000, "").await?;
    let account = account_in_pesos(gateway).await?;
    return_money(
        &gateway.app,
        &account,
        &movement.id,
        Way::ByHand,
        Witness::nobody(),
    )
    .await?;
    gateway
        .bank
        .transfer(MERCHANT_RUT, "44.444.444-4", 1000, "devolución")
        .await?;
    read_again(gateway).await?;
    assert_eq!(
        holdings(gateway).await?,
        [format!("bank {OPENING}"), format!("suspense {OPENING}")]
    );
    Ok(())
}

async fn on_the_merchants_own_account_all_is_its_own(gateway: &TestGateway) -> Result<()> {
    gateway.work().await?;
    tamper(gateway, "UPDATE collecting_accounts SET custody = 'own'").await?;
    tamper(
        gateway,
        "INSERT INTO account_fees (account_id, currency, rate, minimum, vat) SELECT id, 'CLP', 14900, 0, 0 FROM accounts",
    )
    .await?;
    let id = gateway.create(payment(&json!({}))).await?;
    arrives(gateway, "44.444.444-4", 1000, &id).await?;
    assert_eq!(holdings(gateway).await?[1], "own:M 1000");
    Ok(())
}

async fn two_merchants_on_one_bank_account_have_each_their_own(gateway: &TestGateway) -> Result<()> {
    let other = account::open(&gateway.app, "77.777.777-7", None).await?;
    let own = gateway.create(payment(&json!({}))).await?;
    let of_other = gateway
        .create(payment(&json!({"transaction_id": "other"})))
        .await?;
    let receiver_id = other.receiver_id;
    let moved: Result<u64, ayni_store::error::StoreError> = gateway
        .app
        .db
        .write("test.move", move |tx| {
            tx.exec(
                "UPDATE payments SET account_id = $1 WHERE transaction_id = 'other'",
                &[receiver_id.into()],
            )
        })
        .await;
    assert_eq!(moved?, 1);
    arrives(gateway, "44.444.444-4", 1000, &own).await?;
    arrives(gateway, "44.444.444-4", 1000, &of_other).await?;
    let held = holdings(gateway).await?;
    assert!(held.contains(&"collected:M 1000".to_owned()), "{held:?}");
    assert!(
        held.contains(&format!("collected:{receiver_id} 1000")),
        "{held:?}"
    );
    Ok(())
}

async fn a_line_posts_once_however_often_it_is_read(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    for comment in [id.as_str(), "otro"] {
        gateway
            .bank
            .transfer("44.444.444-4", MERCHANT_RUT, 1000, comment)
            .await?;
    }
    for _ in 0..3 {
        read_again(gateway).await?;
        assert_eq!(posted(gateway).await?.len(), 2);
    }
    Ok(())
}
