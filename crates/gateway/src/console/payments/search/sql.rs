//! All SQL of the search: its walks, its rows, and how they are read.
//!
//! Limits stand in the texts, so that an engine knows how few rows are wanted when it chooses how to find them.

use ayni_domain::ids::{AccountId, PaymentId};
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use ayni_store::value::Value;

use super::token::Token;
use super::walk::{Entry, Place, Step, Walk};

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    SELECT_WAITING,
    SELECT_MADE,
    SELECT_CURSOR,
    SELECT_CHANGED,
    UPSERT_CURSOR,
    SELECT_ENTRY,
    INSERT_ENTRY,
    UPDATE_ENTRY,
    INSERT_TOKENS,
    DELETE_TOKEN,
    SELECT_OLDER,
    SELECT_NEWER,
    SELECT_TOKEN,
    SELECT_DEPTH,
];

/// Accounts with payments that a walk has not come to; a look at one index for each account.
pub(super) const SELECT_WAITING: &str = "\
    SELECT a.id, COALESCE(c.at, 0), COALESCE(c.payment_id, '') FROM accounts a \
    LEFT JOIN payment_search_cursors c ON c.walk = $1 AND c.account_id = a.id \
    WHERE (SELECT p.id FROM payments p WHERE p.account_id = a.id \
             AND (p.created_at, p.id) > (COALESCE(c.at, 0), COALESCE(c.payment_id, '')) AND p.created_at <= $2 \
           ORDER BY p.created_at, p.id LIMIT 1) IS NOT NULL \
    ORDER BY a.id LIMIT 100";

pub(super) fn select_waiting(
    tx: &mut Tx<'_>,
    walk: Walk,
    until_ms: i64,
) -> Result<Vec<(AccountId, Place)>, StoreError> {
    let waiting = |row: &Row| {
        let place = Place {
            at_ms: row.int(1)?,
            id: row.text(2)?,
            number: 0,
        };
        Ok((AccountId(row.int(0)?), place))
    };
    tx.all(SELECT_WAITING, &[walk.as_str().into(), until_ms.into()])?
        .iter()
        .map(waiting)
        .collect()
}

pub(super) const SELECT_MADE: &str = "\
    SELECT p.created_at, p.id, 0, p.events, i.version, i.events, i.tokens FROM payments p \
    LEFT JOIN payment_search_entries i ON i.payment_id = p.id \
    WHERE p.account_id = $1 AND (p.created_at, p.id) > ($2, $3) AND p.created_at <= $4 \
    ORDER BY p.created_at, p.id LIMIT 100";

/// The next payments of an account, in the order of their making.
pub(super) fn select_made(
    tx: &mut Tx<'_>,
    account: AccountId,
    after: &Place,
    until_ms: i64,
) -> Result<Vec<Step>, StoreError> {
    let params = [
        account.0.into(),
        after.at_ms.into(),
        (&after.id).into(),
        until_ms.into(),
    ];
    tx.all(SELECT_MADE, &params)?.iter().map(step).collect()
}

pub(super) const SELECT_CURSOR: &str = "\
    SELECT at, payment_id, number FROM payment_search_cursors WHERE walk = $1 AND account_id = $2";

pub(super) fn select_cursor(tx: &mut Tx<'_>, walk: Walk, account: i64) -> Result<Place, StoreError> {
    match tx.one(SELECT_CURSOR, &[walk.as_str().into(), account.into()])? {
        Some(row) => Ok(Place {
            at_ms: row.int(0)?,
            id: row.text(1)?,
            number: row.int(2)?,
        }),
        None => Ok(Place::default()),
    }
}

pub(super) const SELECT_CHANGED: &str = "\
    SELECT e.at, e.payment_id, e.number, p.events, i.version, i.events, i.tokens FROM payment_events e \
    JOIN payments p ON p.id = e.payment_id \
    LEFT JOIN payment_search_entries i ON i.payment_id = e.payment_id \
    WHERE (e.at, e.payment_id, e.number) > ($1, $2, $3) AND e.at <= $4 \
    ORDER BY e.at, e.payment_id, e.number LIMIT 100";

/// The next events of all payments, in the order of their instants.
pub(super) fn select_changed(tx: &mut Tx<'_>, after: &Place, until_ms: i64) -> Result<Vec<Step>, StoreError> {
    let params = [
        after.at_ms.into(),
        (&after.id).into(),
        after.number.into(),
        until_ms.into(),
    ];
    tx.all(SELECT_CHANGED, &params)?.iter().map(step).collect()
}

pub(super) const UPSERT_CURSOR: &str = "\
    INSERT INTO payment_search_cursors (walk, account_id, at, payment_id, number) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT (walk, account_id) DO UPDATE \
      SET at = excluded.at, payment_id = excluded.payment_id, number = excluded.number \
      WHERE payment_search_cursors.at = $6 AND payment_search_cursors.payment_id = $7 \
        AND payment_search_cursors.number = $8";

/// False where another node has walked on meanwhile.
pub(super) fn move_cursor(
    tx: &mut Tx<'_>,
    (walk, account): (Walk, i64),
    from: &Place,
    to: &Place,
) -> Result<bool, StoreError> {
    let moved = tx.exec(
        UPSERT_CURSOR,
        &[
            walk.as_str().into(),
            account.into(),
            to.at_ms.into(),
            (&to.id).into(),
            to.number.into(),
            from.at_ms.into(),
            (&from.id).into(),
            from.number.into(),
        ],
    )?;
    Ok(moved == 1)
}

pub(super) const SELECT_ENTRY: &str =
    "SELECT version, events, tokens FROM payment_search_entries WHERE payment_id = $1";

pub(super) fn select_entry(tx: &mut Tx<'_>, id: PaymentId) -> Result<Option<Entry>, StoreError> {
    let entry = tx.one(SELECT_ENTRY, &[id.as_str().into()])?;
    entry
        .map(|row| entry_at(&row, 0))
        .transpose()
        .map(Option::flatten)
}

pub(super) const INSERT_ENTRY: &str = "\
    INSERT INTO payment_search_entries (payment_id, version, events, tokens) VALUES ($1, 1, $2, $3) \
    ON CONFLICT (payment_id) DO NOTHING";

pub(super) const UPDATE_ENTRY: &str = "\
    UPDATE payment_search_entries SET version = version + 1, events = $2, tokens = $3 \
    WHERE payment_id = $1 AND version = $4";

/// Writes what is known of a payment over what was read; false where somebody else did meanwhile.
pub(super) fn put_entry(
    tx: &mut Tx<'_>,
    id: &str,
    old: Option<&Entry>,
    events: i64,
    tokens: &[u8],
) -> Result<bool, StoreError> {
    let changed = match old {
        None => tx.exec(INSERT_ENTRY, &[id.into(), events.into(), tokens.into()])?,
        Some(old) => tx.exec(
            UPDATE_ENTRY,
            &[id.into(), events.into(), tokens.into(), old.version.into()],
        )?,
    };
    Ok(changed == 1)
}

/// How many tokens one statement inserts; fewer are filled up with the last one.
const TOKENS_AT_ONCE: usize = 12;

pub(super) const INSERT_TOKENS: &str = "\
    INSERT INTO payment_search (account_id, created_at, payment_id, token) VALUES \
    ($1, $2, $3, $4), ($1, $2, $3, $5), ($1, $2, $3, $6), ($1, $2, $3, $7), ($1, $2, $3, $8), ($1, $2, $3, $9), \
    ($1, $2, $3, $10), ($1, $2, $3, $11), ($1, $2, $3, $12), ($1, $2, $3, $13), ($1, $2, $3, $14), ($1, $2, $3, $15) \
    ON CONFLICT (account_id, token, created_at, payment_id) DO NOTHING";

/// Adds rows of a payment; those that are there already stay.
pub(super) fn insert_tokens(
    tx: &mut Tx<'_>,
    account: AccountId,
    (created_ms, id): (i64, &str),
    tokens: &[&Token],
) -> Result<(), StoreError> {
    for some in tokens.chunks(TOKENS_AT_ONCE) {
        let Some(last) = some.last() else {
            continue;
        };
        let mut params: Vec<Value<'_>> = vec![account.0.into(), created_ms.into(), id.into()];
        let filled = some.iter().chain(std::iter::repeat(last)).take(TOKENS_AT_ONCE);
        params.extend(filled.map(|token| Value::from(token.bytes())));
        tx.exec(INSERT_TOKENS, &params)?;
    }
    Ok(())
}

pub(super) const DELETE_TOKEN: &str = "\
    DELETE FROM payment_search WHERE account_id = $1 AND token = $2 AND created_at = $3 AND payment_id = $4";

pub(super) fn delete_token(
    tx: &mut Tx<'_>,
    account: AccountId,
    (created_ms, id): (i64, &str),
    token: &Token,
) -> Result<(), StoreError> {
    let params = [
        account.0.into(),
        token.bytes().into(),
        created_ms.into(),
        id.into(),
    ];
    tx.exec(DELETE_TOKEN, &params)?;
    Ok(())
}

/// As many as [`super::super::list::KEYS_AT_ONCE`].
pub(super) const SELECT_OLDER: &str = "\
    SELECT created_at, payment_id FROM payment_search \
    WHERE account_id = $1 AND token = $2 AND (created_at, payment_id) < ($3, $4) AND created_at >= $5 \
    ORDER BY created_at DESC, payment_id DESC LIMIT 50";

pub(super) const SELECT_NEWER: &str = "\
    SELECT created_at, payment_id FROM payment_search \
    WHERE account_id = $1 AND token = $2 AND (created_at, payment_id) > ($3, $4) AND created_at < $5 \
    ORDER BY created_at, payment_id LIMIT 50";

pub(super) const SELECT_TOKEN: &str = "\
    SELECT token FROM payment_search WHERE account_id = $1 AND token >= $2 AND token < $3 ORDER BY token LIMIT 1";

/// The first token at or after one and before another.
pub(super) fn select_token(
    tx: &mut Tx<'_>,
    account: AccountId,
    from: &Token,
    end: &Token,
) -> Result<Option<Token>, StoreError> {
    let params = [account.0.into(), from.bytes().into(), end.bytes().into()];
    match tx.one(SELECT_TOKEN, &params)? {
        Some(row) => Ok(Some(Token::of_row(row.bytes(0)?))),
        None => Ok(None),
    }
}

pub(super) const SELECT_DEPTH: &str = "\
    SELECT created_at FROM payment_search WHERE account_id = $1 AND token = $2 \
    ORDER BY created_at DESC, payment_id DESC LIMIT 1 OFFSET 300";

/// When the 301st newest payment with a token was made; `None` where there are fewer.
pub(super) fn select_depth(
    tx: &mut Tx<'_>,
    account: AccountId,
    token: &Token,
) -> Result<Option<i64>, StoreError> {
    let found = tx.one(SELECT_DEPTH, &[account.0.into(), token.bytes().into()])?;
    found.map(|row| row.int(0)).transpose()
}

fn step(row: &Row) -> Result<Step, StoreError> {
    Ok(Step {
        place: Place {
            at_ms: row.int(0)?,
            id: row.text(1)?,
            number: row.int(2)?,
        },
        events: row.int(3)?,
        entry: entry_at(row, 4)?,
    })
}

fn entry_at(row: &Row, first: usize) -> Result<Option<Entry>, StoreError> {
    let Some(version) = row.opt_int(first)? else {
        return Ok(None);
    };
    Ok(Some(Entry {
        version,
        events: row.int(first + 1)?,
        tokens: row.bytes(first + 2)?,
    }))
}
