//! How streams begin, go on, and end.

use anyhow::Result;
use ayni_client::stream::Told;
use ayni_client::{Client, Limits};
use ayni_gateway::merchants::keys;
use ayni_store::tx::Tx;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use jiff::SignedDuration;
use serde_json::json;

use super::{client, connected, next};

on_both_engines!(
    a_stream_that_begins_at_a_cursor_tells_what_happened_meanwhile,
    a_row_that_is_seen_late_is_told_once,
    a_cursor_of_long_ago_is_told_that_something_is_missing,
    a_key_that_is_ended_ends_its_streams,
    an_account_has_only_so_many_streams_and_no_stranger_has_any,
);

const INSERT_LATE: &str = "\
    INSERT INTO account_events (id, account_id, at, kind, subject) \
    VALUES ('late', $1, $2, 'payment.deleted', 'late')";

async fn deleted(gateway: &TestGateway) -> Result<String> {
    let new = json!({ "amount": 1000, "currency": "CLP", "subject": "Té" });
    let id = gateway.create(new).await?;
    client(gateway)?.delete_payment(&id).await?;
    Ok(id)
}

async fn a_stream_that_begins_at_a_cursor_tells_what_happened_meanwhile(gateway: &TestGateway) -> Result<()> {
    let mut stream = connected(gateway).await?;
    let before = deleted(gateway).await?;
    assert_eq!(next(&mut stream).await?.subject, before);
    let cursor = stream.cursor().map(str::to_owned);
    drop(stream);
    gateway.advance(SignedDuration::from_mins(10)).await?;
    let meanwhile = deleted(gateway).await?;
    gateway.advance(SignedDuration::from_mins(10)).await?;
    let mut stream = client(gateway)?.events(cursor);
    // What lies within the half minute before the cursor comes again: it is known by its id.
    assert_eq!(next(&mut stream).await?.subject, before);
    assert_eq!(next(&mut stream).await?.subject, meanwhile);
    Ok(())
}

async fn a_row_that_is_seen_late_is_told_once(gateway: &TestGateway) -> Result<()> {
    let mut stream = connected(gateway).await?;
    gateway.advance(SignedDuration::from_mins(1)).await?;
    let first = deleted(gateway).await?;
    assert_eq!(next(&mut stream).await?.subject, first);
    // As another node's would be whose clock is twenty seconds late.
    let late_ms = gateway.clock.now().as_millisecond() - 20_000;
    let account = gateway.receiver_id;
    let insert = move |tx: &mut Tx<'_>| tx.exec(INSERT_LATE, &[account.into(), late_ms.into()]);
    gateway.app.db.write("test.late", insert).await?;
    assert_eq!(next(&mut stream).await?.subject, "late");
    let last = deleted(gateway).await?;
    assert_eq!(next(&mut stream).await?.subject, last);
    Ok(())
}

async fn a_cursor_of_long_ago_is_told_that_something_is_missing(gateway: &TestGateway) -> Result<()> {
    let cursor = gateway.clock.now().as_millisecond() - 48 * 3_600_000;
    let mut stream = client(gateway)?.events(Some(cursor.to_string()));
    assert_eq!(stream.next().await?, Told::Gap);
    assert_eq!(stream.next().await?, Told::Connected);
    Ok(())
}

async fn a_key_that_is_ended_ends_its_streams(gateway: &TestGateway) -> Result<()> {
    let account = ayni_domain::ids::AccountId(gateway.receiver_id);
    let key = keys::create(&gateway.app, account, "listener", None).await?;
    let client = Client::new(&format!("http://{}", gateway.address), &key)?;
    let mut stream = client.events(None);
    assert_eq!(stream.next().await?, Told::Connected);
    keys::expire(&gateway.app, account, "listener").await?;
    assert!(matches!(stream.next().await?, Told::Lost { .. }));
    assert_eq!(stream.next().await.unwrap_err().status(), Some(401));
    Ok(())
}

async fn an_account_has_only_so_many_streams_and_no_stranger_has_any(gateway: &TestGateway) -> Result<()> {
    let mut held = Vec::new();
    for _ in 0..10 {
        held.push(connected(gateway).await?);
    }
    let refused = gateway.call("GET", "/ayni/v1/events", None).await?;
    assert_eq!(refused.status, 429);
    assert!(refused.header("retry-after").is_some());
    held.pop();
    let limits = Limits {
        tries_max: 1,
        ..Limits::default()
    };
    let nobody = Client::with_limits(&format!("http://{}", gateway.address), "nonsense", limits)?;
    assert_eq!(nobody.events(None).next().await.unwrap_err().status(), Some(401));
    Ok(())
}
