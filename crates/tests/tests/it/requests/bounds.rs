//! How much is kept, and what is said of the rest.

use anyhow::Result;
use ayni_client::stream::Told;
use ayni_store::tx::Tx;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use jiff::SignedDuration;

use super::{client, lines, next, tailing};

on_both_engines!(
    requests_that_find_no_room_are_counted_and_their_number_is_told,
    of_very_many_lines_the_newest_are_kept,
);

const INSERT_PORTION: &str = "\
    INSERT INTO request_portions (id, account_id, at, requests, left_out, lines) VALUES ($1, $2, $3, $4, 0, '[]')";

async fn requests_that_find_no_room_are_counted_and_their_number_is_told(
    gateway: &TestGateway,
) -> Result<()> {
    let mut stream = tailing(gateway).await?;
    for _ in 0..1_003 {
        gateway.call("GET", "/v3/payments/aaaaaaaaaaaa", None).await?;
    }
    gateway.work().await?;
    let told = next(&mut stream).await?;
    assert_eq!((told.requests.len(), told.left_out), (1_000, 3));
    gateway.call("GET", "/v3/banks", None).await?;
    gateway.work().await?;
    let told = next(&mut stream).await?;
    assert_eq!((lines(&told).len(), told.left_out), (1, 0));
    Ok(())
}

async fn of_very_many_lines_the_newest_are_kept(gateway: &TestGateway) -> Result<()> {
    drop(tailing(gateway).await?);
    let (account, tailed) = (gateway.receiver_id, gateway.clock.now());
    gateway.advance(SignedDuration::from_hours(1)).await?;
    for (id, minutes) in [("oldest", 10), ("older", 20), ("newest", 30)] {
        let at_ms = (tailed + SignedDuration::from_mins(minutes)).as_millisecond();
        let insert = move |tx: &mut Tx<'_>| {
            let params = [id.into(), account.into(), at_ms.into(), 60_000_i64.into()];
            tx.exec(INSERT_PORTION, &params)
        };
        gateway.app.db.write("test.portion", insert).await?;
    }
    gateway.work().await?;
    let kept = gateway
        .app
        .db
        .read("test.kept", |tx: &mut Tx<'_>| tx.all(SELECT_IDS, &[]));
    let kept: Result<Vec<String>, _> = kept.await?.iter().map(|row| row.text(0)).collect();
    assert_eq!(kept?, ["newest"]);
    for (minutes, told) in [(20, Told::Gap), (21, Told::Connected)] {
        let begins = tailed + SignedDuration::from_mins(minutes);
        let mut stream = client(gateway)?.requests(Some(begins.as_millisecond().to_string()));
        assert_eq!(stream.next().await?, told, "since minute {minutes}");
    }
    Ok(())
}

const SELECT_IDS: &str = "SELECT id FROM request_portions ORDER BY at, id LIMIT 10";
