//! How tails begin, go on, and end; and what other nodes answered.

use anyhow::Result;
use axum::body::Body;
use ayni_client::stream::Told;
use ayni_gateway::background;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::{http, on_both_engines};
use jiff::SignedDuration;

use super::{client, lines, next, tailing};

on_both_engines!(
    one_tail_tells_what_any_node_answered,
    a_tail_that_begins_at_a_cursor_tells_what_happened_meanwhile,
    who_asks_for_what_was_before_the_first_tail_is_told_that_it_is_missing,
    a_day_after_the_last_tail_nothing_is_recorded_any_more,
);

async fn one_tail_tells_what_any_node_answered(gateway: &TestGateway) -> Result<()> {
    let node = gateway.node().await?;
    let mut stream = tailing(gateway).await?;
    // As each node does twice a second.
    background::drain_due(&node.app).await?;
    let ask = http::request("GET", &node.address, "/v3/banks").header("x-api-key", &gateway.api_key);
    http::send(&node.address, ask.body(Body::empty())?).await?;
    background::drain_due(&node.app).await?;
    assert_eq!(lines(&next(&mut stream).await?), ["GET /v3/banks 200"]);
    gateway.call("GET", "/v3/payments", None).await?;
    gateway.work().await?;
    assert_eq!(lines(&next(&mut stream).await?), ["GET /v3/payments 200"]);
    node.end().await
}

async fn a_tail_that_begins_at_a_cursor_tells_what_happened_meanwhile(gateway: &TestGateway) -> Result<()> {
    let mut stream = tailing(gateway).await?;
    gateway.call("GET", "/v3/banks", None).await?;
    gateway.work().await?;
    next(&mut stream).await?;
    let cursor = stream.cursor().map(str::to_owned);
    drop(stream);
    gateway.advance(SignedDuration::from_mins(10)).await?;
    gateway.call("GET", "/v3/payments", None).await?;
    gateway.work().await?;
    gateway.advance(SignedDuration::from_mins(10)).await?;
    let mut stream = client(gateway)?.requests(cursor);
    assert_eq!(stream.next().await?, Told::Connected);
    // What lies within the half minute before the cursor comes again: it is known by its id.
    assert_eq!(lines(&next(&mut stream).await?), ["GET /v3/banks 200"]);
    assert_eq!(lines(&next(&mut stream).await?), ["GET /v3/payments 200"]);
    Ok(())
}

async fn who_asks_for_what_was_before_the_first_tail_is_told_that_it_is_missing(
    gateway: &TestGateway,
) -> Result<()> {
    let hour_ago = gateway.clock.now() - SignedDuration::from_hours(1);
    let cursor = Some(hour_ago.as_millisecond().to_string());
    let mut stream = client(gateway)?.requests(cursor.clone());
    assert_eq!(stream.next().await?, Told::Gap);
    assert_eq!(stream.next().await?, Told::Connected);
    drop(stream);
    gateway.advance(SignedDuration::from_mins(10)).await?;
    let since = gateway.clock.now() - SignedDuration::from_mins(5);
    let mut stream = client(gateway)?.requests(Some(since.as_millisecond().to_string()));
    assert_eq!(
        stream.next().await?,
        Told::Connected,
        "it is kept since ten minutes ago"
    );
    Ok(())
}

async fn a_day_after_the_last_tail_nothing_is_recorded_any_more(gateway: &TestGateway) -> Result<()> {
    gateway.call("GET", "/v3/banks", None).await?;
    gateway.work().await?;
    assert_eq!(rows(gateway).await?, 0, "nobody ever tailed");
    drop(tailing(gateway).await?);
    gateway.advance(SignedDuration::from_hours(23)).await?;
    gateway.call("GET", "/v3/banks", None).await?;
    gateway.work().await?;
    assert_eq!(rows(gateway).await?, 1);
    gateway.advance(SignedDuration::from_hours(2)).await?;
    gateway.call("GET", "/v3/banks", None).await?;
    gateway.work().await?;
    assert_eq!(rows(gateway).await?, 1, "nobody tailed for a day");
    gateway.advance(SignedDuration::from_hours(23)).await?;
    assert_eq!(rows(gateway).await?, 0, "what was kept is a day old");
    Ok(())
}

async fn rows(gateway: &TestGateway) -> Result<i64> {
    let count = |tx: &mut ayni_store::tx::Tx<'_>| tx.one(COUNT_ROWS, &[]);
    let row = gateway.app.db.read("test.rows", count).await?;
    Ok(row.unwrap().int(0)?)
}

const COUNT_ROWS: &str = "SELECT COUNT(*) FROM request_portions";
