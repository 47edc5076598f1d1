//! The SQL of cases.

use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::time::from_ms;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use jiff::Timestamp;
use uuid::Uuid;

use super::{Case, Reason, State, Tally};
use crate::console::audit::Actor;
use crate::keys::sealed::count_sealed;

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    INSERT_CASE,
    COUNT_OPEN,
    SELECT_CASE,
    SELECT_OF_ASKER,
    MOVE_CASE,
    END_LOOKING,
    WRITE_PIECE,
    INSERT_CHUNK,
    END_ERASING,
    SELECT_CHUNK,
    DELETE_CHUNKS_OF_ACCOUNT,
    UNWRITE,
    SELECT_OLD,
    DELETE_CHUNKS,
    DELETE_CASE,
    COUNT_ATTEMPTS,
    COUNT_MOVEMENTS,
    COUNT_REFUNDS,
    COUNT_ACCEPTANCES,
    COUNT_MAILS,
    COUNT_NOTICES,
    COUNT_SEALED_PERSONS,
    COUNT_SEALED_CHUNKS,
];

pub(super) const COUNT_SEALED_PERSONS: &str = count_sealed!("person_cases", "person_sealed");

pub(super) const COUNT_SEALED_CHUNKS: &str = count_sealed!("person_case_chunks", "bytes_sealed");

const INSERT_CASE: &str = "\
    INSERT INTO person_cases (id, account_id, email, address, request, person_sealed, state, found, reason, told, \
      chunks, created_at) VALUES ($1, $2, $3, $4, $5, $6, 'looking', '', '', 0, 0, $7)";

pub(super) fn insert_case(
    tx: &mut Tx<'_>,
    id: &str,
    actor: &Actor,
    sealed: &[u8],
    now: Timestamp,
) -> Result<(), StoreError> {
    let request = actor.request.to_string();
    let params = [
        id.into(),
        actor.account.0.into(),
        actor.email.as_str().into(),
        actor.address.as_str().into(),
        request.as_str().into(),
        sealed.into(),
        now.as_millisecond().into(),
    ];
    tx.exec(INSERT_CASE, &params)?;
    Ok(())
}

const COUNT_OPEN: &str = "SELECT COUNT(*) FROM person_cases WHERE account_id = $1 AND email = $2";

pub(super) fn count_open(tx: &mut Tx<'_>, account: AccountId, email: &str) -> Result<i64, StoreError> {
    match tx.one(COUNT_OPEN, &[account.0.into(), email.into()])? {
        Some(row) => row.int(0),
        None => Ok(0),
    }
}

const SELECT_CASE: &str = "\
    SELECT id, account_id, email, address, request, person_sealed, state, found, reason, told, chunks, created_at \
    FROM person_cases WHERE id = $1";

pub(super) fn select_case(tx: &mut Tx<'_>, id: &str) -> Result<Option<Case>, StoreError> {
    let row = tx.one(SELECT_CASE, &[id.into()])?;
    row.map(|row| case(&row)).transpose()
}

const SELECT_OF_ASKER: &str = "\
    SELECT id, account_id, email, address, request, person_sealed, state, found, reason, told, chunks, created_at \
    FROM person_cases WHERE account_id = $1 AND email = $2 ORDER BY created_at DESC, id DESC LIMIT 20";

pub(super) fn select_of_asker(
    tx: &mut Tx<'_>,
    account: AccountId,
    email: &str,
) -> Result<Vec<Case>, StoreError> {
    let rows = tx.all(SELECT_OF_ASKER, &[account.0.into(), email.into()])?;
    rows.iter().map(case).collect()
}

fn case(row: &Row) -> Result<Case, StoreError> {
    let unreadable = |column, problem| StoreError::Column { column, problem };
    let word = row.str(6)?;
    let state = State::ALL.into_iter().find(|state| state.as_str() == word);
    let (found, reason) = (row.str(7)?, row.str(8)?);
    Ok(Case {
        id: row.text(0)?,
        account: AccountId(row.int(1)?),
        actor: Actor {
            email: row.text(2)?,
            account: AccountId(row.int(1)?),
            address: row.text(3)?,
            request: Uuid::parse_str(row.str(4)?).map_err(|_| unreadable(4, "is no request's id"))?,
        },
        person_sealed: row.bytes(5)?,
        state: state.ok_or_else(|| unreadable(6, "is no case's state"))?,
        found: match found {
            "" => Tally::default(),
            json => serde_json::from_str(json).map_err(|_| unreadable(7, "tells nothing that was found"))?,
        },
        reason: match reason {
            "" => None,
            json => {
                let read: Reason =
                    serde_json::from_str(json).map_err(|_| unreadable(8, "is no reason of a refusal"))?;
                Some(read)
            }
        },
        told: usize::try_from(row.int(9)?).unwrap_or_default(),
        chunks: row.int(10)?,
        created_at: from_ms(row.int(11)?),
    })
}

const MOVE_CASE: &str = "\
    UPDATE person_cases SET state = $2, reason = '', request = $3, address = $4 WHERE id = $1";

/// A case goes on; by whom.
pub(super) fn move_case(tx: &mut Tx<'_>, id: &str, to: State, actor: &Actor) -> Result<bool, StoreError> {
    let request = actor.request.to_string();
    let params = [
        id.into(),
        to.as_str().into(),
        request.as_str().into(),
        actor.address.as_str().into(),
    ];
    Ok(tx.exec(MOVE_CASE, &params)? == 1)
}

const END_LOOKING: &str = "\
    UPDATE person_cases SET state = $2, found = $3, reason = $4 WHERE id = $1 AND state = 'looking'";

/// What was found, or why it was not looked for.
pub(super) fn end_looking(
    tx: &mut Tx<'_>,
    id: &str,
    state: State,
    (found, reason): (&str, &str),
) -> Result<(), StoreError> {
    let params = [id.into(), state.as_str().into(), found.into(), reason.into()];
    tx.exec(END_LOOKING, &params)?;
    Ok(())
}

const WRITE_PIECE: &str = "\
    UPDATE person_cases SET told = $3, chunks = chunks + 1, state = $4 \
    WHERE id = $1 AND chunks = $2 AND state = 'writing'";

const INSERT_CHUNK: &str =
    "INSERT INTO person_case_chunks (case_id, number, bytes_sealed) VALUES ($1, $2, $3)";

/// The next piece of a file, unless another worker wrote it.
pub(super) fn write_piece(
    tx: &mut Tx<'_>,
    case: &Case,
    (told, state): (usize, State),
    sealed: &[u8],
) -> Result<(), StoreError> {
    let told = i64::try_from(told).unwrap_or(i64::MAX);
    let params = [
        case.id.as_str().into(),
        case.chunks.into(),
        told.into(),
        state.as_str().into(),
    ];
    if tx.exec(WRITE_PIECE, &params)? == 1 {
        let params = [case.id.as_str().into(), (case.chunks + 1).into(), sealed.into()];
        tx.exec(INSERT_CHUNK, &params)?;
    }
    Ok(())
}

const END_ERASING: &str =
    "UPDATE person_cases SET state = $2, reason = $3 WHERE id = $1 AND state = 'erasing'";

pub(super) fn end_erasing(tx: &mut Tx<'_>, id: &str, state: State, reason: &str) -> Result<(), StoreError> {
    tx.exec(END_ERASING, &[id.into(), state.as_str().into(), reason.into()])?;
    Ok(())
}

const SELECT_CHUNK: &str = "SELECT bytes_sealed FROM person_case_chunks WHERE case_id = $1 AND number = $2";

pub(super) fn select_chunk(tx: &mut Tx<'_>, id: &str, number: i64) -> Result<Option<Vec<u8>>, StoreError> {
    let row = tx.one(SELECT_CHUNK, &[id.into(), number.into()])?;
    row.map(|row| row.bytes(0)).transpose()
}

const DELETE_CHUNKS_OF_ACCOUNT: &str = "\
    DELETE FROM person_case_chunks WHERE case_id IN (SELECT id FROM person_cases WHERE account_id = $1)";

const UNWRITE: &str = "\
    UPDATE person_cases SET state = 'found', told = 0, chunks = 0 \
    WHERE account_id = $1 AND state IN ('writing', 'written')";

/// Throws all files of an account away.
pub(super) fn discard_files(tx: &mut Tx<'_>, account: AccountId) -> Result<(), StoreError> {
    tx.exec(DELETE_CHUNKS_OF_ACCOUNT, &[account.0.into()])?;
    tx.exec(UNWRITE, &[account.0.into()])?;
    Ok(())
}

const SELECT_OLD: &str = "SELECT id FROM person_cases WHERE created_at < $1 ORDER BY created_at LIMIT 100";

pub(super) fn select_old(tx: &mut Tx<'_>, before: Timestamp) -> Result<Vec<String>, StoreError> {
    let rows = tx.all(SELECT_OLD, &[before.as_millisecond().into()])?;
    rows.iter().map(|row| row.text(0)).collect()
}

const DELETE_CHUNKS: &str = "DELETE FROM person_case_chunks WHERE case_id = $1";

const DELETE_CASE: &str = "DELETE FROM person_cases WHERE id = $1";

pub(super) fn delete_case(tx: &mut Tx<'_>, id: &str) -> Result<(), StoreError> {
    tx.exec(DELETE_CHUNKS, &[id.into()])?;
    tx.exec(DELETE_CASE, &[id.into()])?;
    Ok(())
}

const COUNT_ATTEMPTS: &str = "SELECT COUNT(*) FROM attempts WHERE payment_id = $1";
const COUNT_MOVEMENTS: &str = "SELECT COUNT(*) FROM movements WHERE payment_id = $1";
const COUNT_REFUNDS: &str = "SELECT COUNT(*) FROM refunds WHERE payment_id = $1";
const COUNT_ACCEPTANCES: &str = "SELECT COUNT(*) FROM contract_acceptances WHERE payment_id = $1";
const COUNT_MAILS: &str = "SELECT COUNT(*) FROM mails WHERE payment_id = $1";
const COUNT_NOTICES: &str = "SELECT COUNT(*) FROM notices WHERE payment_id = $1";

/// How many rows of each kind these payments have.
pub(super) fn count_rows(
    tx: &mut Tx<'_>,
    payments: &[PaymentId],
) -> Result<Vec<(&'static str, i64)>, StoreError> {
    let kinds = [
        ("attempts", COUNT_ATTEMPTS),
        ("movements", COUNT_MOVEMENTS),
        ("refunds", COUNT_REFUNDS),
        ("acceptances", COUNT_ACCEPTANCES),
        ("mails", COUNT_MAILS),
        ("notices", COUNT_NOTICES),
    ];
    let mut counts = Vec::new();
    for (kind, text) in kinds {
        let mut sum = 0;
        for id in payments {
            sum += tx
                .one(text, &[id.as_str().into()])?
                .map_or(Ok(0), |row| row.int(0))?;
        }
        counts.push((kind, sum));
    }
    Ok(counts)
}
