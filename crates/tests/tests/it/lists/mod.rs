//! What an account's programs list: its notifications, refunds and settlements, by the client crate; never another's.

use anyhow::Result;
use ayni_client::Client;
use ayni_client::notices::Filter;
use ayni_domain::money::Amount;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::merchant::{Merchant, Reply};
use ayni_testkit::on_both_engines;
use jiff::SignedDuration;
use serde_json::json;

use crate::refunds::house::{Shop, read_statement};
use crate::settlement::house::{paid, paid_plain, set_payout_account, until};

on_both_engines!(
    notifications_are_listed_with_their_tries,
    refunds_are_listed_page_by_page,
    settlements_are_listed_with_their_payments,
    what_is_wrong_with_a_lists_query_is_told,
);

/// The client of an account.
fn client(gateway: &TestGateway, key: &str) -> Result<Client> {
    Ok(Client::new(&format!("http://{}", gateway.address), key)?)
}

/// Another account, which must see nothing.
async fn stranger(gateway: &TestGateway) -> Result<Client> {
    let other = Shop::open(gateway, "78.123.456-7").await?;
    client(gateway, &other.account.api_key)
}

async fn notifications_are_listed_with_their_tries(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    merchant.reply_next([Reply::Status(500), Reply::Status(200)]);
    let told = paid(gateway, &json!({ "notify_url": merchant.url("/told") })).await?;
    let client = client(gateway, &gateway.api_key)?;
    gateway.advance(SignedDuration::from_secs(10)).await?;
    merchant.reply_next([Reply::Status(404)]);
    let waiting = paid(gateway, &json!({ "notify_url": merchant.url("/waits") })).await?;

    let listed = client.notices(&Filter::default()).await?;
    let seen: Vec<_> = listed
        .notices
        .iter()
        .map(|one| (one.subject.as_str(), one.state.as_str(), one.kind.as_str()))
        .collect();
    assert_eq!(
        seen,
        [
            (waiting.as_str(), "pending", "payment.done"),
            (told.as_str(), "delivered", "payment.done")
        ]
    );
    assert_eq!(listed.next_cursor, None);
    let delivered = Filter {
        state: Some("delivered".to_owned()),
        ..Filter::default()
    };
    let only = client.notices(&delivered).await?.notices.remove(0);
    let of_payment = Filter {
        payment_id: Some(told.clone()),
        ..Filter::default()
    };
    assert_eq!(
        client.notices(&of_payment).await?.notices,
        std::slice::from_ref(&only)
    );
    let delivery = client.notice(&only.id).await?;
    let answers: Vec<_> = delivery.attempts.iter().map(|one| one.status).collect();
    assert_eq!(
        (delivery.notice, answers),
        (only.clone(), vec![Some(500), Some(200)])
    );

    let stranger = stranger(gateway).await?;
    assert!(stranger.notices(&Filter::default()).await?.notices.is_empty());
    assert_eq!(stranger.notice(&only.id).await.unwrap_err().status(), Some(404));
    Ok(())
}

async fn refunds_are_listed_page_by_page(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    shop.use_card(gateway, Some("11 22 33")).await?;
    let payment = shop.paid(gateway, 1000).await?;
    for pesos in [100, 200, 300] {
        assert_eq!(shop.refund(gateway, &payment, Some(pesos)).await?.status, 200);
    }
    read_statement(gateway).await?;
    let client = client(gateway, &gateway.api_key)?;
    let first = client.refunds(Some(2), None).await?;
    let second = client.refunds(Some(2), first.next_cursor.as_deref()).await?;
    let amounts: Vec<_> = [&first, &second]
        .iter()
        .flat_map(|page| &page.refunds)
        .map(|one| one.amount)
        .collect();
    assert_eq!(
        amounts,
        [300, 200, 100].map(Amount::from_units),
        "newest first, each once"
    );
    assert!(
        first
            .refunds
            .iter()
            .all(|one| one.payment_id == payment && one.status == "paid")
    );
    assert_eq!(second.next_cursor, None);
    assert_eq!(client.refund(&first.refunds[0].id).await?, first.refunds[0]);
    assert!(
        stranger(gateway)
            .await?
            .refunds(None, None)
            .await?
            .refunds
            .is_empty()
    );
    Ok(())
}

async fn settlements_are_listed_with_their_payments(gateway: &TestGateway) -> Result<()> {
    set_payout_account(gateway).await?;
    let first = paid_plain(gateway).await?;
    until(gateway, "2026-03-03T17:05:00Z").await?;
    let second = paid(gateway, &json!({ "amount": 2500, "transaction_id": "order-7" })).await?;
    until(gateway, "2026-03-04T17:05:00Z").await?;
    let client = client(gateway, &gateway.api_key)?;
    let newest = client.settlements(Some(1), None).await?;
    let oldest = client.settlements(Some(1), newest.next_cursor.as_deref()).await?;
    assert_eq!(oldest.next_cursor, None);
    let other = stranger(gateway).await?;
    for (page, payment, pesos, reference) in [(newest, second, 2500, "order-7"), (oldest, first, 1000, "")] {
        let listed = &page.settlements[0];
        assert_eq!(
            (listed.paid_out, listed.state.as_str()),
            (Amount::from_units(pesos), "paid")
        );
        let report = client.settlement(&listed.settlement_id).await?;
        assert_eq!((&report.settlement, report.lines.len()), (listed, 1));
        let line = &report.lines[0];
        assert_eq!(
            (line.payment_id.as_str(), line.transaction_id.as_str()),
            (payment.as_str(), reference)
        );
        assert!(other.settlements(None, None).await?.settlements.is_empty());
        let refused = other.settlement(&listed.settlement_id).await.unwrap_err();
        assert_eq!(refused.status(), Some(404));
    }
    Ok(())
}

async fn what_is_wrong_with_a_lists_query_is_told(gateway: &TestGateway) -> Result<()> {
    for (path, field) in [
        ("/ayni/v1/notices?state=lost", "state"),
        ("/ayni/v1/notices?cursor=AA", "cursor"),
        ("/ayni/v1/refunds?limit=0", "limit"),
        ("/ayni/v1/refunds?cursor=MjAyNi0wMy0wMyAx", "cursor"),
        ("/ayni/v1/settlements?limit=101", "limit"),
        ("/ayni/v1/notices?payment_id=%00", "payment_id"),
        ("/v3/payments?transaction_id=a%00", "transaction_id"),
    ] {
        let refused = gateway.call("GET", path, None).await?;
        assert_eq!(
            (
                refused.status.as_u16(),
                refused.json()["errors"][0]["field"].as_str()
            ),
            (400, Some(field)),
            "{path}"
        );
    }
    for path in ["/ayni/v1/notices", "/ayni/v1/refunds", "/ayni/v1/settlements"] {
        assert_eq!(gateway.call_as("GET", path, &[]).await?.status, 401, "{path}");
    }
    Ok(())
}
