//! All SQL of mails, their tries and their readers.

use ayni_domain::ids::PaymentId;
use ayni_domain::lang::Lang;
use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::commands::{MailEntry, TryEntry};
use super::deliver::{Outcome, Parcel};
use super::log::Wanted;
use super::readers::Reader;
use super::{Kind, NewMail, State};

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    INSERT_MAIL,
    SELECT_PARCEL,
    INSERT_TRY,
    UPDATE_AFTER_TRY,
    UPDATE_DROPPED,
    REQUEUE_MAIL,
    SELECT_MAIL,
    SELECT_MAILS,
    SELECT_OF_PAYMENT,
    SELECT_TRIES,
    SELECT_PAGE,
    SELECT_PAGE_STUCK,
    SELECT_PAGE_OF_PAYMENT,
    INSERT_READER,
    SELECT_READER,
    UPDATE_DECLINED,
];

pub(super) const INSERT_MAIL: &str = "\
    INSERT INTO mails (id, account_id, payment_id, kind, address, name, lang, state, tries, created_at, queued_at, next_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $9, $10) ON CONFLICT (id) DO NOTHING";

/// False where it is there already.
pub(super) fn insert_mail(
    tx: &mut Tx<'_>,
    new: &NewMail<'_>,
    state: State,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let (id, now_ms) = (new.id.to_string(), now.as_millisecond());
    let next_ms = (state == State::Pending).then_some(now_ms);
    let inserted = tx.exec(
        INSERT_MAIL,
        &[
            id.as_str().into(),
            new.account.0.into(),
            new.id.payment.as_str().into(),
            new.id.kind.as_str().into(),
            new.address.into(),
            new.name.into(),
            new.lang.tag().into(),
            state.as_str().into(),
            now_ms.into(),
            next_ms.into(),
        ],
    )?;
    Ok(inserted == 1)
}

pub(super) const SELECT_PARCEL: &str = "\
    SELECT payment_id, kind, address, name, lang, state, tries, queued_at FROM mails WHERE id = $1";

pub(super) fn select_parcel(tx: &mut Tx<'_>, id: &str) -> Result<Option<Parcel>, StoreError> {
    let Some(row) = tx.one(SELECT_PARCEL, &[id.into()])? else {
        return Ok(None);
    };
    let unreadable = |column, problem| StoreError::Column { column, problem };
    Ok(Some(Parcel {
        payment: PaymentId::parse(row.str(0)?).map_err(|_| unreadable(0, "is no payment's id"))?,
        kind: Kind::parse(row.str(1)?).ok_or(unreadable(1, "is no kind of mail"))?,
        address: row.text(2)?,
        name: row.text(3)?,
        lang: if row.str(4)? == Lang::En.tag() {
            Lang::En
        } else {
            Lang::Es
        },
        is_pending: row.str(5)? == State::Pending.as_str(),
        tries: row.int(6)?,
        queued_at: time::from_ms(row.int(7)?),
    }))
}

pub(super) const INSERT_TRY: &str = "\
    INSERT INTO mail_tries (mail_id, number, at, latency_ms, taken, code, said) \
    VALUES ($1, (SELECT tries + 1 FROM mails WHERE id = $1), $2, $3, $4, $5, $6)";

/// Must run before [`update_after_try`], which counts it.
pub(super) fn insert_try(tx: &mut Tx<'_>, id: &str, outcome: &Outcome) -> Result<(), StoreError> {
    tx.exec(
        INSERT_TRY,
        &[
            id.into(),
            outcome.at.as_millisecond().into(),
            outcome.latency_ms.into(),
            i64::from(outcome.is_taken).into(),
            outcome.code.map(i64::from).into(),
            outcome.said.as_str().into(),
        ],
    )?;
    Ok(())
}

/// A sent mail stays sent: a second node's failed try can't undo it.
pub(super) const UPDATE_AFTER_TRY: &str = "\
    UPDATE mails SET tries = tries + 1, \
        state = CASE WHEN state = 'sent' THEN state ELSE $2 END, \
        next_at = CASE WHEN state = 'sent' THEN next_at ELSE $3 END, \
        ended_at = CASE WHEN state = 'sent' THEN ended_at ELSE $4 END, \
        reason = CASE WHEN state = 'sent' THEN reason ELSE $5 END \
    WHERE id = $1";

pub(super) fn update_after_try(
    tx: &mut Tx<'_>,
    id: &str,
    state: State,
    (next_at, ended_at): (Option<Timestamp>, Option<Timestamp>),
    reason: Option<&str>,
) -> Result<(), StoreError> {
    tx.exec(
        UPDATE_AFTER_TRY,
        &[
            id.into(),
            state.as_str().into(),
            next_at.map(Timestamp::as_millisecond).into(),
            ended_at.map(Timestamp::as_millisecond).into(),
            reason.into(),
        ],
    )?;
    Ok(())
}

pub(super) const UPDATE_DROPPED: &str = "\
    UPDATE mails SET state = $2, reason = $3, next_at = NULL, ended_at = $4 WHERE id = $1 AND state = 'pending'";

/// Ends one that was not sent.
pub(super) fn update_dropped(
    tx: &mut Tx<'_>,
    id: &str,
    state: State,
    reason: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let ended_ms = now.as_millisecond();
    tx.exec(
        UPDATE_DROPPED,
        &[id.into(), state.as_str().into(), reason.into(), ended_ms.into()],
    )?;
    Ok(())
}

pub(super) const REQUEUE_MAIL: &str = "\
    UPDATE mails SET state = 'pending', reason = NULL, queued_at = $2, next_at = $2, ended_at = NULL WHERE id = $1";

/// Makes it due again, with two days of tries; false where there is no such mail.
pub(super) fn requeue_mail(tx: &mut Tx<'_>, id: &str, now: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.exec(REQUEUE_MAIL, &[id.into(), now.as_millisecond().into()])? == 1)
}

pub(super) const SELECT_MAIL: &str = "\
    SELECT id, account_id, payment_id, kind, address, lang, state, reason, tries, created_at, next_at, ended_at \
    FROM mails WHERE id = $1";

pub(super) fn select_mail(tx: &mut Tx<'_>, id: &str) -> Result<Option<MailEntry>, StoreError> {
    tx.one(SELECT_MAIL, &[id.into()])?
        .map(|row| entry(&row))
        .transpose()
}

pub(super) const SELECT_MAILS: &str = "\
    SELECT id, account_id, payment_id, kind, address, lang, state, reason, tries, created_at, next_at, ended_at \
    FROM mails WHERE (CAST($1 AS BIGINT) IS NULL OR account_id = $1) AND (CAST($2 AS TEXT) IS NULL OR payment_id = $2) \
      AND (CAST($3 AS TEXT) IS NULL OR state = $3) ORDER BY created_at DESC, id DESC LIMIT $4";

pub(super) fn select_mails(
    tx: &mut Tx<'_>,
    account: Option<i64>,
    payment: Option<&str>,
    state: Option<&str>,
    limit: i64,
) -> Result<Vec<MailEntry>, StoreError> {
    tx.all(
        SELECT_MAILS,
        &[account.into(), payment.into(), state.into(), limit.into()],
    )?
    .iter()
    .map(entry)
    .collect()
}

pub(super) const SELECT_OF_PAYMENT: &str = "\
    SELECT id, account_id, payment_id, kind, address, lang, state, reason, tries, created_at, next_at, ended_at \
    FROM mails WHERE payment_id = $1 ORDER BY created_at, id LIMIT 10";

/// A payment's mails, the first one first; of each kind there is one at most.
pub(super) fn select_of_payment(tx: &mut Tx<'_>, payment: PaymentId) -> Result<Vec<MailEntry>, StoreError> {
    tx.all(SELECT_OF_PAYMENT, &[payment.as_str().into()])?
        .iter()
        .map(entry)
        .collect()
}

pub(super) const SELECT_TRIES: &str = "\
    SELECT number, at, latency_ms, taken, code, said FROM mail_tries WHERE mail_id = $1 ORDER BY number DESC LIMIT $2";

/// The newest tries, oldest first.
pub(super) fn select_tries(tx: &mut Tx<'_>, id: &str, limit: i64) -> Result<Vec<TryEntry>, StoreError> {
    let rows = tx.all(SELECT_TRIES, &[id.into(), limit.into()])?;
    let tried = rows.iter().rev().map(|row| {
        Ok(TryEntry {
            number: row.int(0)?,
            at: time::from_ms(row.int(1)?),
            latency_ms: row.int(2)?,
            taken: row.int(3)? != 0,
            code: row.opt_int(4)?,
            said: row.text(5)?,
        })
    });
    tried.collect()
}

/// Walks a list from a place on, a bounded number of rows, and says of each whether it is wanted.
macro_rules! page_of {
    ($list:literal) => {
        concat!(
            "SELECT id, account_id, payment_id, kind, address, lang, state, reason, tries, created_at, next_at, ended_at, \
                    CASE WHEN (CAST($4 AS TEXT) IS NULL OR state = $4) AND (CAST($5 AS TEXT) IS NULL OR kind = $5) \
                          AND (CAST($6 AS TEXT) IS NULL OR payment_id = $6) THEN 1 ELSE 0 END \
             FROM mails WHERE ",
            $list,
            " AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT $7"
        )
    };
}

/// The account's own list.
pub(super) const SELECT_PAGE: &str = page_of!("account_id = $1");

/// Those that somebody has to look at have an index of their own.
pub(super) const SELECT_PAGE_STUCK: &str = page_of!("account_id = $1 AND state IN ('failed', 'held')");

/// A payment's are few; the plus keeps SQLite from walking the account's list for them.
pub(super) const SELECT_PAGE_OF_PAYMENT: &str = page_of!("+account_id = $1 AND payment_id = $6");

pub(super) fn select_page(
    tx: &mut Tx<'_>,
    account: i64,
    wanted: &Wanted,
    after: Option<&(i64, String)>,
    limit: usize,
) -> Result<Vec<(MailEntry, bool)>, StoreError> {
    let (before_ms, before_id) = after.map_or((i64::MAX, ""), |(ms, id)| (*ms, id.as_str()));
    let text = match wanted {
        Wanted { payment: Some(_), .. } => SELECT_PAGE_OF_PAYMENT,
        Wanted {
            state: Some(state), ..
        } if ["failed", "held"].contains(&state.as_str()) => SELECT_PAGE_STUCK,
        _ => SELECT_PAGE,
    };
    let rows = tx.all(
        text,
        &[
            account.into(),
            before_ms.into(),
            before_id.into(),
            wanted.state.as_deref().into(),
            wanted.kind.as_deref().into(),
            wanted.payment.as_deref().into(),
            i64::try_from(limit).unwrap_or(i64::MAX).into(),
        ],
    )?;
    rows.iter()
        .map(|row| Ok((entry(row)?, row.int(12)? == 1)))
        .collect()
}

fn entry(row: &Row) -> Result<MailEntry, StoreError> {
    Ok(MailEntry {
        id: row.text(0)?,
        receiver_id: row.int(1)?,
        payment_id: row.text(2)?,
        kind: row.text(3)?,
        address: row.text(4)?,
        lang: row.text(5)?,
        state: row.text(6)?,
        reason: row.opt_text(7)?,
        tries: row.int(8)?,
        created_at: time::from_ms(row.int(9)?),
        next_at: row.opt_int(10)?.map(time::from_ms),
        ended_at: row.opt_int(11)?.map(time::from_ms),
    })
}

pub(super) const INSERT_READER: &str = "\
    INSERT INTO mail_readers (token_hash, account_id, address) VALUES ($1, $2, $3) ON CONFLICT (token_hash) DO NOTHING";

pub(super) fn insert_reader(
    tx: &mut Tx<'_>,
    token_hash: &[u8],
    account: i64,
    address: &str,
) -> Result<(), StoreError> {
    tx.exec(
        INSERT_READER,
        &[token_hash.into(), account.into(), address.into()],
    )?;
    Ok(())
}

pub(super) const SELECT_READER: &str =
    "SELECT account_id, address, declined_at FROM mail_readers WHERE token_hash = $1";

pub(super) fn select_reader(tx: &mut Tx<'_>, token_hash: &[u8]) -> Result<Option<Reader>, StoreError> {
    let Some(row) = tx.one(SELECT_READER, &[token_hash.into()])? else {
        return Ok(None);
    };
    Ok(Some(Reader {
        account: ayni_domain::ids::AccountId(row.int(0)?),
        address: row.text(1)?,
        has_declined: row.opt_int(2)?.is_some(),
    }))
}

pub(super) const UPDATE_DECLINED: &str = "UPDATE mail_readers SET declined_at = $2 WHERE token_hash = $1";

pub(super) fn update_declined(
    tx: &mut Tx<'_>,
    token_hash: &[u8],
    declined_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    let declined_ms = declined_at.map(Timestamp::as_millisecond);
    tx.exec(UPDATE_DECLINED, &[token_hash.into(), declined_ms.into()])?;
    Ok(())
}
