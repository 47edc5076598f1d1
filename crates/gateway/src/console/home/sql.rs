//! All SQL of the home page: the sums of days with the feeds that they are made of, and what waits for somebody.

use ayni_domain::daily::{Happening, Key, Measure, SUM_MAX, Sums};
use ayni_domain::ids::AccountId;
use ayni_domain::money::Amount;
use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use ayni_store::value::Value;
use jiff::Timestamp;
use jiff::civil::Date;

use super::feed::{Cursor, Feed, Portion};

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    SELECT_CURSOR,
    MOVE_CURSOR,
    SELECT_BEGUN,
    SELECT_PAID,
    ADD_TO_SUM,
    SELECT_SUMS,
    COUNT_REVIEW,
    COUNT_SPENT,
    COUNT_FAILING,
    COUNT_MAILS,
];

pub(super) const SELECT_CURSOR: &str = "SELECT at, payment_id FROM daily_cursors WHERE feed = $1";

/// How far the sums of a feed are.
pub(super) fn select_cursor(tx: &mut Tx<'_>, feed: Feed) -> Result<Cursor, StoreError> {
    match tx.one(SELECT_CURSOR, &[feed.as_str().into()])? {
        Some(row) => Ok(Cursor {
            at_ms: row.int(0)?,
            payment: row.text(1)?,
        }),
        None => Ok(Cursor::default()),
    }
}

pub(super) const MOVE_CURSOR: &str = "\
    INSERT INTO daily_cursors (feed, at, payment_id) VALUES ($1, $2, $3) \
    ON CONFLICT (feed) DO UPDATE SET at = excluded.at, payment_id = excluded.payment_id \
    WHERE daily_cursors.at = $4 AND daily_cursors.payment_id = $5";

/// Goes on from one place to the next; false where another process went on first.
pub(super) fn move_cursor(
    tx: &mut Tx<'_>,
    feed: Feed,
    from: &Cursor,
    to: &Cursor,
) -> Result<bool, StoreError> {
    let params: [Value<'_>; 5] = [
        feed.as_str().into(),
        to.at_ms.into(),
        to.payment.as_str().into(),
        from.at_ms.into(),
        from.payment.as_str().into(),
    ];
    Ok(tx.exec(MOVE_CURSOR, &params)? == 1)
}

pub(super) const SELECT_BEGUN: &str = "\
    SELECT a.started_at, a.payment_id, a.account_id FROM attempts a \
    WHERE a.number = 1 AND (a.started_at, a.payment_id) > ($1, $2) AND a.started_at <= $3 \
    ORDER BY a.started_at, a.payment_id LIMIT $4";

pub(super) const SELECT_PAID: &str = "\
    SELECT r.conciliated_at, r.payment_id, p.account_id, c.currency, r.paid, \
           (SELECT f.started_at FROM attempts f WHERE f.payment_id = r.payment_id AND f.number = 1), \
           (SELECT MIN(s.authorising_at) FROM attempts s WHERE s.payment_id = r.payment_id AND s.state = 'settled') \
    FROM reconciliations r JOIN payments p ON p.id = r.payment_id \
    JOIN collecting_accounts c ON c.id = r.collecting_id \
    WHERE (r.conciliated_at, r.payment_id) > ($1, $2) AND r.conciliated_at <= $3 \
    ORDER BY r.conciliated_at, r.payment_id LIMIT $4";

/// What happened after a place, up to an instant, in its order.
pub(super) fn select_portion(
    tx: &mut Tx<'_>,
    feed: Feed,
    after: &Cursor,
    until: Timestamp,
    limit: i64,
) -> Result<Portion, StoreError> {
    let params: [Value<'_>; 4] = [
        after.at_ms.into(),
        after.payment.as_str().into(),
        until.as_millisecond().into(),
        limit.into(),
    ];
    let rows = match feed {
        Feed::Begun => tx.all(SELECT_BEGUN, &params)?,
        Feed::Paid => tx.all(SELECT_PAID, &params)?,
    };
    let read = match feed {
        Feed::Begun => begun,
        Feed::Paid => paid,
    };
    let next = match rows.last() {
        Some(last) => Cursor {
            at_ms: last.int(0)?,
            payment: last.text(1)?,
        },
        None => after.clone(),
    };
    Ok(Portion {
        happenings: rows.iter().map(read).collect::<Result<_, _>>()?,
        next,
    })
}

fn begun(row: &Row) -> Result<Happening, StoreError> {
    Ok(Happening::Begun {
        account: AccountId(row.int(2)?),
        at: time::from_ms(row.int(0)?),
    })
}

fn paid(row: &Row) -> Result<Happening, StoreError> {
    Ok(Happening::Paid {
        account: AccountId(row.int(2)?),
        at: time::from_ms(row.int(0)?),
        currency: row.str(3)?.parse().map_err(|_| StoreError::Column {
            column: 3,
            problem: "is no currency",
        })?,
        amount: Amount::from_ten_thousandths(row.int(4)?),
        begun_at: row.opt_int(5)?.map(time::from_ms),
        authorised_at: row.opt_int(6)?.map(time::from_ms),
    })
}

pub(super) const ADD_TO_SUM: &str = "\
    INSERT INTO daily_sums (account_id, day, measure, part, value) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT (account_id, day, measure, part) DO UPDATE SET value = \
      CASE WHEN daily_sums.value > $6 - excluded.value THEN $6 ELSE daily_sums.value + excluded.value END";

/// Adds to one sum, up to [`SUM_MAX`].
pub(super) fn add_to_sum(
    tx: &mut Tx<'_>,
    (account, day, measure): Key,
    value: i64,
) -> Result<(), StoreError> {
    let (day, (word, part)) = (day.to_string(), measure.parts());
    tx.exec(
        ADD_TO_SUM,
        &[
            account.0.into(),
            day.as_str().into(),
            word.into(),
            part.as_str().into(),
            value.into(),
            SUM_MAX.into(),
        ],
    )?;
    Ok(())
}

pub(super) const SELECT_SUMS: &str =
    "SELECT day, measure, part, value FROM daily_sums WHERE account_id = $1 AND day >= $2";

/// An account's sums from a day on. What a newer program writes is left out.
pub(super) fn select_sums(tx: &mut Tx<'_>, account: AccountId, from: Date) -> Result<Sums, StoreError> {
    let (mut sums, from) = (Sums::default(), from.to_string());
    for row in tx.all(SELECT_SUMS, &[account.0.into(), from.as_str().into()])? {
        let day = row.str(0)?.parse::<Date>().map_err(|_| StoreError::Column {
            column: 0,
            problem: "is no day",
        })?;
        if let Some(measure) = Measure::parse(row.str(1)?, row.str(2)?) {
            sums.add((account, day, measure), row.int(3)?);
        }
    }
    Ok(sums)
}

/// Movements on an account's bank accounts that wait for a person.
pub(super) const COUNT_REVIEW: &str = "\
    SELECT COUNT(*) FROM (SELECT 1 FROM movements m JOIN collecting_accounts c ON c.id = m.collecting_id \
      WHERE m.state = 'review' AND c.account_id = $1 LIMIT 100) AS counted";

/// Notifications that were given up since an instant. One that somebody sent to try whether it arrives waits for nobody.
pub(super) const COUNT_SPENT: &str = "\
    SELECT COUNT(*) FROM (SELECT 1 FROM notices \
      WHERE account_id = $1 AND created_at >= $2 AND state = 'spent' \
        AND NOT (payment_id = '' AND operation_id IS NULL AND settlement_id IS NULL) LIMIT 100) AS counted";

/// Notifications that failed and are tried again, tests left out likewise.
pub(super) const COUNT_FAILING: &str = "\
    SELECT COUNT(*) FROM (SELECT 1 FROM notices \
      WHERE account_id = $1 AND created_at >= $2 AND state = 'pending' AND tries > 0 \
        AND NOT (payment_id = '' AND operation_id IS NULL AND settlement_id IS NULL) LIMIT 100) AS counted";

/// Mails made since an instant that failed for good, or that wait for a mail server.
pub(super) const COUNT_MAILS: &str = "\
    SELECT COUNT(*) FROM (SELECT 1 FROM mails \
      WHERE account_id = $1 AND created_at >= $2 AND state IN ('failed', 'held') LIMIT 100) AS counted";

/// How much waits; each at most [`COUNT_MAX`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Waiting {
    pub(super) review: i64,
    pub(super) spent: i64,
    pub(super) failing: i64,
    pub(super) mails: i64,
}

pub(super) fn count_waiting(
    tx: &mut Tx<'_>,
    account: AccountId,
    since: Timestamp,
) -> Result<Waiting, StoreError> {
    let (id, since_ms) = (account.0, since.as_millisecond());
    let mut count = |text, params: &[Value<'_>]| -> Result<i64, StoreError> {
        tx.one(text, params)?.map_or(Ok(0), |row| row.int(0))
    };
    Ok(Waiting {
        review: count(COUNT_REVIEW, &[id.into()])?,
        spent: count(COUNT_SPENT, &[id.into(), since_ms.into()])?,
        failing: count(COUNT_FAILING, &[id.into(), since_ms.into()])?,
        mails: count(COUNT_MAILS, &[id.into(), since_ms.into()])?,
    })
}

/// Where counting ends.
pub(super) const COUNT_MAX: i64 = 100;
