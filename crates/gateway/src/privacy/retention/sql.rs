//! The SQL of what is too old.

use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::time::from_ms;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::Retention;
use super::account::{Due, What};

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    SELECT_MAIL,
    DELETE_READERS,
    DELETE_MAIL_TRIES,
    DELETE_MAILS,
    SELECT_ANSWER,
    BLANK_ANSWERS,
    SELECT_OPERATION,
    DELETE_OPERATIONS,
    SELECT_PAGE,
    DELETE_PAGES,
    SELECT_CONSENT,
    DELETE_CONSENTS,
    SELECT_ORPHAN,
    DELETE_ORPHANS_CODES,
    DELETE_ORPHANS,
    SELECT_AUDIT,
    DELETE_AUDIT,
    SELECT_ACCOUNTS,
    SELECT_CURSOR,
    MOVE_CURSOR,
    SELECT_OLD_PAYMENTS,
    SELECT_LINE_CURSORS,
    SELECT_OLD_LINES,
    MOVE_LINE_CURSOR,
    SELECT_HELD,
    HOLD,
    RELEASE,
];

/// Rows that go by their age alone.
pub(super) struct Aged {
    /// For the log.
    pub(super) name: &'static str,
    /// For how many days they are kept.
    pub(super) days: fn(&Retention) -> u32,
    has_old: &'static str,
    forget: &'static [&'static str],
}

/// All of them.
pub(super) const AGED: &[Aged] = &[
    Aged {
        name: "mails",
        days: |retention| retention.mails_days,
        has_old: SELECT_MAIL,
        forget: &[DELETE_READERS, DELETE_MAIL_TRIES, DELETE_MAILS],
    },
    Aged {
        name: "answers",
        days: |retention| retention.answers_days,
        has_old: SELECT_ANSWER,
        forget: &[BLANK_ANSWERS],
    },
    Aged {
        name: "operations",
        days: |retention| retention.operations_days,
        has_old: SELECT_OPERATION,
        forget: &[DELETE_OPERATIONS],
    },
    Aged {
        name: "unknown pages",
        days: |retention| retention.operations_days,
        has_old: SELECT_PAGE,
        forget: &[DELETE_PAGES],
    },
    Aged {
        name: "consents",
        days: |retention| retention.consents_days,
        has_old: SELECT_CONSENT,
        forget: &[DELETE_CONSENTS],
    },
    Aged {
        name: "people without an account",
        days: |_| ORPHANS_DAYS,
        has_old: SELECT_ORPHAN,
        forget: &[DELETE_ORPHANS_CODES, DELETE_ORPHANS],
    },
];

/// Whether there is one.
pub(super) fn has_old(tx: &mut Tx<'_>, aged: &Aged, before: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.one(aged.has_old, &[before.as_millisecond().into()])?.is_some())
}

/// Takes the next ones out.
pub(super) fn forget(tx: &mut Tx<'_>, aged: &Aged, before: Timestamp) -> Result<(), StoreError> {
    for text in aged.forget {
        tx.exec(text, &[before.as_millisecond().into(), PORTION.into()])?;
    }
    Ok(())
}

const SELECT_MAIL: &str = "SELECT 1 FROM mails WHERE created_at < $1 AND state NOT IN ('pending', 'held') ORDER BY created_at, id LIMIT 1";

/// Readers of the mails that [`DELETE_MAILS`] takes next, but for those who declined reminders, since that holds, and those
/// who got mails since.
const DELETE_READERS: &str = "\
    DELETE FROM mail_readers WHERE declined_at IS NULL AND (account_id, address) IN \
      (SELECT old.account_id, lower(old.address) FROM \
        (SELECT account_id, address FROM mails WHERE created_at < $1 AND state NOT IN ('pending', 'held') \
          ORDER BY created_at, id LIMIT $2) AS old \
       WHERE NOT EXISTS (SELECT 1 FROM mails later WHERE later.account_id = old.account_id \
         AND lower(later.address) = lower(old.address) \
         AND (later.created_at >= $1 OR later.state IN ('pending', 'held'))))";

/// Of the mails that [`DELETE_MAILS`] takes next.
const DELETE_MAIL_TRIES: &str = "\
    DELETE FROM mail_tries WHERE mail_id IN (SELECT id FROM mails \
      WHERE created_at < $1 AND state NOT IN ('pending', 'held') ORDER BY created_at, id LIMIT $2)";

const DELETE_MAILS: &str = "\
    DELETE FROM mails WHERE id IN (SELECT id FROM mails \
      WHERE created_at < $1 AND state NOT IN ('pending', 'held') ORDER BY created_at, id LIMIT $2)";

const SELECT_ANSWER: &str = "SELECT 1 FROM notice_tries WHERE at < $1 AND answer <> '' ORDER BY at LIMIT 1";

const BLANK_ANSWERS: &str = "\
    UPDATE notice_tries SET answer = '' WHERE (notice_id, number) IN (SELECT notice_id, number FROM notice_tries \
      WHERE at < $1 AND answer <> '' ORDER BY at LIMIT $2)";

const SELECT_OPERATION: &str = "\
    SELECT 1 FROM operations WHERE created_at < $1 AND state <> 'running' AND erase_at IS NULL \
    ORDER BY created_at, id LIMIT 1";

const DELETE_OPERATIONS: &str = "\
    DELETE FROM operations WHERE id IN (SELECT id FROM operations \
      WHERE created_at < $1 AND state <> 'running' AND erase_at IS NULL ORDER BY created_at, id LIMIT $2)";

const SELECT_PAGE: &str = "SELECT 1 FROM unknown_pages WHERE at < $1 LIMIT 1";

const DELETE_PAGES: &str =
    "DELETE FROM unknown_pages WHERE id IN (SELECT id FROM unknown_pages WHERE at < $1 LIMIT $2)";

const SELECT_CONSENT: &str = "\
    SELECT 1 FROM consents WHERE (expires_at < $1 OR withdrawn_at < $1) AND login_sealed IS NULL LIMIT 1";

const DELETE_CONSENTS: &str = "\
    DELETE FROM consents WHERE id IN (SELECT id FROM consents \
      WHERE (expires_at < $1 OR withdrawn_at < $1) AND login_sealed IS NULL LIMIT $2)";

const SELECT_ORPHAN: &str = "\
    SELECT 1 FROM console_people p WHERE created_at < $1 \
    AND NOT EXISTS (SELECT 1 FROM users u WHERE u.email = p.email) LIMIT 1";

/// Of the people that [`DELETE_ORPHANS`] takes next.
const DELETE_ORPHANS_CODES: &str = "\
    DELETE FROM console_recovery_codes WHERE email IN (SELECT p.email FROM console_people p WHERE p.created_at < $1 \
      AND NOT EXISTS (SELECT 1 FROM users u WHERE u.email = p.email) ORDER BY p.email LIMIT $2)";

const DELETE_ORPHANS: &str = "\
    DELETE FROM console_people WHERE email IN (SELECT p.email FROM console_people p WHERE p.created_at < $1 \
      AND NOT EXISTS (SELECT 1 FROM users u WHERE u.email = p.email) ORDER BY p.email LIMIT $2)";

const SELECT_AUDIT: &str = "SELECT 1 FROM audit WHERE account_id = $1 AND at < $2 ORDER BY at LIMIT 1";

const DELETE_AUDIT: &str = "\
    DELETE FROM audit WHERE account_id = $1 AND (at, request, number) IN (SELECT at, request, number FROM audit \
      WHERE account_id = $1 AND at < $2 ORDER BY at LIMIT $3)";

/// Takes the next old lines of an account's audit log out.
pub(super) fn delete_audit(tx: &mut Tx<'_>, account: AccountId, before: Timestamp) -> Result<(), StoreError> {
    let params = [account.0.into(), before.as_millisecond().into(), PORTION.into()];
    tx.exec(DELETE_AUDIT, &params)?;
    Ok(())
}

const SELECT_ACCOUNTS: &str = "SELECT id FROM accounts WHERE id > $1 ORDER BY id LIMIT 500";

/// The accounts after this one.
pub(super) fn select_accounts(tx: &mut Tx<'_>, after: AccountId) -> Result<Vec<AccountId>, StoreError> {
    tx.all(SELECT_ACCOUNTS, &[after.0.into()])?
        .iter()
        .map(|row| Ok(AccountId(row.int(0)?)))
        .collect()
}

/// What of an account is older than its payers and its audit log are kept, beyond its cursors; and what is held and was not
/// tried since the run began.
pub(super) fn select_due(
    tx: &mut Tx<'_>,
    account: AccountId,
    (payers, audit): (Timestamp, Timestamp),
    begun: Timestamp,
) -> Result<Due, StoreError> {
    let params = [account.0.into(), audit.as_millisecond().into()];
    Ok(Due {
        has_audit: tx.one(SELECT_AUDIT, &params)?.is_some(),
        held: select_held(tx, account, begun)?,
        payments: select_old_payments(tx, account, payers)?,
        lines: select_old_lines(tx, account, payers)?,
    })
}

const SELECT_CURSOR: &str = "SELECT at, payment_id FROM retention_cursors WHERE account_id = $1";

const SELECT_OLD_PAYMENTS: &str = "\
    SELECT created_at, id FROM payments \
    WHERE account_id = $1 AND (created_at, id) > ($2, $3) AND created_at < $4 ORDER BY created_at, id LIMIT $5";

fn select_old_payments(
    tx: &mut Tx<'_>,
    account: AccountId,
    before: Timestamp,
) -> Result<Vec<(Timestamp, PaymentId)>, StoreError> {
    let (at, id) = match tx.one(SELECT_CURSOR, &[account.0.into()])? {
        Some(row) => (row.int(0)?, row.text(1)?),
        None => (i64::MIN, String::new()),
    };
    let params = [
        account.0.into(),
        at.into(),
        (&id).into(),
        before.as_millisecond().into(),
        PORTION.into(),
    ];
    let old = |row: &Row| {
        let id = PaymentId::parse(row.str(1)?).map_err(|_| StoreError::Column {
            column: 1,
            problem: "is no payment's id",
        })?;
        Ok((from_ms(row.int(0)?), id))
    };
    tx.all(SELECT_OLD_PAYMENTS, &params)?.iter().map(old).collect()
}

/// Never back: another node may be further.
const MOVE_CURSOR: &str = "\
    INSERT INTO retention_cursors (account_id, at, payment_id) VALUES ($1, $2, $3) \
    ON CONFLICT (account_id) DO UPDATE SET at = excluded.at, payment_id = excluded.payment_id \
    WHERE (retention_cursors.at, retention_cursors.payment_id) < (excluded.at, excluded.payment_id)";

/// How far an account's old payments were gone through.
pub(super) fn move_cursor(
    tx: &mut Tx<'_>,
    account: AccountId,
    at: Timestamp,
    payment: PaymentId,
) -> Result<(), StoreError> {
    let params = [
        account.0.into(),
        at.as_millisecond().into(),
        payment.as_str().into(),
    ];
    tx.exec(MOVE_CURSOR, &params)?;
    Ok(())
}

const SELECT_LINE_CURSORS: &str = "\
    SELECT c.id, r.at, r.movement_id FROM collecting_accounts c \
    LEFT JOIN retention_line_cursors r ON r.collecting_id = c.id WHERE c.account_id = $1 ORDER BY c.id LIMIT 1000";

const SELECT_OLD_LINES: &str = "\
    SELECT booked_at, id FROM movements \
    WHERE collecting_id = $1 AND (booked_at, id) > ($2, $3) AND booked_at < $4 AND payment_id IS NULL \
    ORDER BY booked_at, id LIMIT $5";

/// Of the first collecting account that has some.
fn select_old_lines(
    tx: &mut Tx<'_>,
    account: AccountId,
    before: Timestamp,
) -> Result<Vec<(Timestamp, i64, String)>, StoreError> {
    for row in tx.all(SELECT_LINE_CURSORS, &[account.0.into()])? {
        let (collecting, id) = (row.int(0)?, row.opt_text(2)?.unwrap_or_default());
        let params = [
            collecting.into(),
            row.opt_int(1)?.unwrap_or(i64::MIN).into(),
            (&id).into(),
            before.as_millisecond().into(),
            PORTION.into(),
        ];
        let lines = tx.all(SELECT_OLD_LINES, &params)?;
        if !lines.is_empty() {
            let old = |row: &Row| Ok((from_ms(row.int(0)?), collecting, row.text(1)?));
            return lines.iter().map(old).collect();
        }
    }
    Ok(Vec::new())
}

const MOVE_LINE_CURSOR: &str = "\
    INSERT INTO retention_line_cursors (collecting_id, at, movement_id) VALUES ($1, $2, $3) \
    ON CONFLICT (collecting_id) DO UPDATE SET at = excluded.at, movement_id = excluded.movement_id \
    WHERE (retention_line_cursors.at, retention_line_cursors.movement_id) < (excluded.at, excluded.movement_id)";

/// How far the old lines of a collecting account were gone through.
pub(super) fn move_line_cursor(
    tx: &mut Tx<'_>,
    collecting: i64,
    at: Timestamp,
    id: &str,
) -> Result<(), StoreError> {
    tx.exec(
        MOVE_LINE_CURSOR,
        &[collecting.into(), at.as_millisecond().into(), id.into()],
    )?;
    Ok(())
}

const SELECT_HELD: &str = "\
    SELECT what FROM retention_held WHERE account_id = $1 AND tried_at < $2 ORDER BY what LIMIT $3";

fn select_held(tx: &mut Tx<'_>, account: AccountId, begun: Timestamp) -> Result<Vec<What>, StoreError> {
    let params = [account.0.into(), begun.as_millisecond().into(), PORTION.into()];
    let what = |row: &Row| {
        What::parse(row.str(0)?).ok_or(StoreError::Column {
            column: 0,
            problem: "names nothing that is held",
        })
    };
    tx.all(SELECT_HELD, &params)?.iter().map(what).collect()
}

const HOLD: &str = "\
    INSERT INTO retention_held (account_id, what, since, tried_at) VALUES ($1, $2, $3, $3) \
    ON CONFLICT (account_id, what) DO UPDATE SET tried_at = excluded.tried_at";

/// Has the next run try it again.
pub(super) fn hold(
    tx: &mut Tx<'_>,
    account: AccountId,
    what: &What,
    begun: Timestamp,
) -> Result<(), StoreError> {
    let text = what.text();
    tx.exec(
        HOLD,
        &[
            account.0.into(),
            text.as_str().into(),
            begun.as_millisecond().into(),
        ],
    )?;
    Ok(())
}

const RELEASE: &str = "DELETE FROM retention_held WHERE account_id = $1 AND what = $2";

/// It is taken out.
pub(super) fn release(tx: &mut Tx<'_>, account: AccountId, what: &What) -> Result<(), StoreError> {
    let text = what.text();
    tx.exec(RELEASE, &[account.0.into(), text.as_str().into()])?;
    Ok(())
}

/// A day from when they were made, so that who has just been made can be given an account. It is not counted from when the
/// last account was lost: such a person goes with the next night.
const ORPHANS_DAYS: u32 = 1;
/// Rows, or payments of an account, that are taken out at once.
const PORTION: i64 = 100;
