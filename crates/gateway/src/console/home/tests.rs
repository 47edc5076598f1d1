use ayni_domain::calendar::day_in_chile;
use ayni_domain::daily::Measure;
use ayni_domain::ids::AccountId;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::{SignedDuration, Timestamp};

use super::feed::{Cursor, Feed, SETTLES_WITHIN, add_portion, days};
use super::sql;
use crate::app::App;
use crate::harness::House;

const INSERT_ATTEMPT: &str = "\
    INSERT INTO attempts (id, payment_id, number, account_id, collecting_id, bank_id, method, state, version, browser_hash, \
                          amount, currency, logins, started_at, lapses_at) \
    VALUES ($1, $1, $2, $3, 1, 'Bawdf', 'simplified_transfer', 'asking', 1, $4, 10000, 'CLP', 0, $5, $5)";

/// First attempts of so many payments, two of them at each instant, the last one a second ago.
async fn begin(house: &House, many: i64) -> Timestamp {
    let (account, now) = (house.account, house.app.clock.now());
    let done = house.app.db.write("test.attempts", move |tx| {
        for number in 0..many {
            let at_ms = now.as_millisecond() - 1_000 - (many - 1 - number) / 2 * 60_000;
            let (id, hash) = (format!("payment{number:04}"), [0_u8; 32]);
            let row = [
                id.as_str().into(),
                1.into(),
                account.0.into(),
                (&hash).into(),
                at_ms.into(),
            ];
            tx.exec(INSERT_ATTEMPT, &row)?;
        }
        Ok::<_, StoreError>(())
    });
    done.await.unwrap();
    now
}

/// How many payments the sums, and how many a page, say were begun.
async fn begun(app: &App, account: AccountId) -> (i64, i64) {
    let (now, today) = (app.clock.now(), day_in_chile(app.clock.now()));
    let read = move |tx: &mut Tx<'_>| {
        let from = today.saturating_sub(jiff::ToSpan::days(2));
        let summed = sql::select_sums(tx, account, from)?;
        Ok::<_, StoreError>((summed, days(tx, account, from, now)?.sums))
    };
    let (summed, shown) = app.db.read("test.sums", read).await.unwrap();
    let of = |sums: &ayni_domain::daily::Sums| {
        let begun = sums
            .iter()
            .filter(|((_, _, measure), _)| *measure == Measure::Begun);
        begun.map(|(_, value)| value).sum()
    };
    (of(&summed), of(&shown))
}

#[tokio::test]
async fn whoever_dies_between_two_portions_is_followed_by_one_who_goes_on_there() {
    let house = House::open().await;
    begin(&house, 9).await;
    let mut summed = Vec::new();
    // Each round could be the last one of a process: nothing but the rows is carried over to the next.
    while add_portion(&house.app, Feed::Begun, 2).await.unwrap() {
        let (in_sums, on_page) = begun(&house.app, house.account).await;
        assert_eq!(on_page, 9, "a page adds what is not summed yet");
        summed.push(in_sums);
    }
    assert_eq!(
        summed,
        [2, 4, 6, 7],
        "the last two are younger than {SETTLES_WITHIN}"
    );
    assert_eq!(begun(&house.app, house.account).await, (7, 9));
}

#[tokio::test]
async fn a_portion_that_another_process_added_is_not_added_again() {
    let house = House::open().await;
    begin(&house, 9).await;
    add_portion(&house.app, Feed::Begun, 3).await.unwrap();
    let stale = house.app.db.append("test.stale", |tx| {
        let to = Cursor {
            at_ms: i64::MAX,
            payment: String::new(),
        };
        sql::move_cursor(tx, Feed::Begun, &Cursor::default(), &to)
    });
    assert!(!stale.await.unwrap(), "it read from where nobody is any more");
    add_portion(&house.app, Feed::Begun, 3).await.unwrap();
    assert_eq!(begun(&house.app, house.account).await, (6, 9));
}

#[tokio::test]
async fn a_row_that_is_committed_late_is_in_the_sums_too() {
    let house = House::open().await;
    let app = &house.app;
    while add_portion(app, Feed::Begun, 100).await.unwrap() {}
    // It carries the instant at which its request came, and is committed after the sums were brought up to date.
    begin(&house, 1).await;
    let later = SETTLES_WITHIN + SignedDuration::from_secs(1);
    app.clock.advance_ms(i64::try_from(later.as_millis()).unwrap());
    while add_portion(app, Feed::Begun, 100).await.unwrap() {}
    assert_eq!(begun(app, house.account).await, (1, 1));
}
