//! All SQL of the list, but for the search's.

use std::collections::BTreeSet;

use ayni_domain::creation::details::PaymentDetails;
use ayni_domain::ids::AccountId;
use ayni_domain::money::Amount;
use ayni_domain::payment::state::State;
use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use ayni_store::value::Value;

use super::page::KEYS_AT_ONCE;
use super::{Key, Line, Listed, Unread};
use crate::console::payments::search::token::{Token, unpack};

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[SELECT_OLDER, SELECT_NEWER, SELECT_OF_ID, SELECT_LINES];

pub(super) const SELECT_OLDER: &str = "\
    SELECT created_at, id FROM payments \
    WHERE account_id = $1 AND (created_at, id) < ($2, $3) AND created_at >= $4 \
    ORDER BY created_at DESC, id DESC LIMIT 50";

pub(super) const SELECT_NEWER: &str = "\
    SELECT created_at, id FROM payments \
    WHERE account_id = $1 AND (created_at, id) > ($2, $3) AND created_at < $4 \
    ORDER BY created_at, id LIMIT 50";

/// The account's next payments from a place on, older or newer ones, as far as an instant.
pub(super) fn select_keys(
    tx: &mut Tx<'_>,
    account: AccountId,
    is_older: bool,
    place: &Key,
    bound_ms: i64,
) -> Result<Vec<Key>, StoreError> {
    let text = if is_older { SELECT_OLDER } else { SELECT_NEWER };
    let params = [
        account.0.into(),
        place.created_ms.into(),
        (&place.id).into(),
        bound_ms.into(),
    ];
    tx.all(text, &params)?.iter().map(key).collect()
}

// No condition but the identifier: an engine that is given the account's as well may walk through all that it has. A
// beginning of four letters is shared by one payment in 1,679,616.
pub(super) const SELECT_OF_ID: &str = "\
    SELECT created_at, id, account_id FROM payments WHERE id >= $1 AND id <= $2 ORDER BY id LIMIT 200";

/// The account's payments whose identifiers begin so.
pub(super) fn select_of_id(
    tx: &mut Tx<'_>,
    account: AccountId,
    beginning: &str,
) -> Result<Vec<Key>, StoreError> {
    let last = format!("{beginning:z<12}");
    let rows = tx.all(SELECT_OF_ID, &[beginning.into(), (&last).into()])?;
    let own = rows.iter().filter(|row| row.int(2) == Ok(account.0));
    own.map(key).collect()
}

pub(super) const SELECT_LINES: &str = "\
    SELECT p.created_at, p.id, p.expires_at, p.amount, p.currency, p.state, p.subject, p.transaction_id, p.details, \
           i.tokens, r.payer_name, r.payer_email, r.payer_identifier, r.bank, r.operation_code, \
           r.conciliated_at, p.account_id \
    FROM payments p LEFT JOIN payment_search_entries i ON i.payment_id = p.id \
    LEFT JOIN reconciliations r ON r.payment_id = p.id \
    WHERE p.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, \
      $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, \
      $43, $44, $45, $46, $47, $48, $49, $50)";

/// These of the account's payments, at most [`KEYS_AT_ONCE`], in no order. One that can't be read is among them.
pub(super) fn select_lines(
    tx: &mut Tx<'_>,
    account: AccountId,
    keys: &[Key],
) -> Result<Vec<Listed>, StoreError> {
    let ids = keys.iter().map(|key| Value::from(&key.id));
    let padded = ids.chain(std::iter::repeat("".into()));
    let params: Vec<Value<'_>> = padded.take(KEYS_AT_ONCE).collect();
    let rows = tx.all(SELECT_LINES, &params)?;
    let own = rows.iter().filter(|row| row.int(16) == Ok(account.0));
    own.map(listed).collect()
}

fn key(row: &Row) -> Result<Key, StoreError> {
    Ok(Key {
        created_ms: row.int(0)?,
        id: row.text(1)?,
    })
}

fn listed(row: &Row) -> Result<Listed, StoreError> {
    match line(row) {
        Ok(line) => Ok(Listed::Read(Box::new(line))),
        Err(StoreError::Column { .. }) => Ok(Listed::Unread(Unread {
            key: key(row)?,
            tokens: tokens(row)?,
        })),
        Err(error) => Err(error),
    }
}

fn tokens(row: &Row) -> Result<BTreeSet<Token>, StoreError> {
    Ok(row
        .opt_bytes(9)?
        .map(|packed| unpack(&packed))
        .unwrap_or_default())
}

fn line(row: &Row) -> Result<Line, StoreError> {
    let details =
        PaymentDetails::from_row(row.opt_str(8)?).map_err(|_| unreadable(8, "is no payment's details"))?;
    let text = |column| Ok::<_, StoreError>(row.opt_text(column)?.unwrap_or_default());
    let or = |seen: String, asked: Option<String>| match seen.is_empty() {
        true => asked.unwrap_or_default(),
        false => seen,
    };
    Ok(Line {
        key: key(row)?,
        expires_at: time::from_ms(row.int(2)?),
        amount: Amount::from_ten_thousandths(row.int(3)?),
        currency: row.str(4)?.parse().map_err(|_| unreadable(4, "is no currency"))?,
        state: State::parse(row.str(5)?).map_err(|_| unreadable(5, "is no payment's state"))?,
        subject: row.text(6)?,
        transaction_id: row.opt_text(7)?,
        tokens: tokens(row)?,
        payer_name: or(text(10)?, details.payer_name),
        payer_email: or(text(11)?, details.payer_email),
        payer_identifier: or(text(12)?, details.fixed_payer_personal_identifier),
        bank: text(13)?,
        operation_code: text(14)?,
        seen_at: row.opt_int(15)?.map(time::from_ms),
    })
}

fn unreadable(column: usize, problem: &'static str) -> StoreError {
    StoreError::Column { column, problem }
}
