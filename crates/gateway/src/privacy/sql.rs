//! The SQL that finds a person, and what must not be erased yet. That of the single columns is made in `places`.

use ayni_domain::creation::details::PaymentDetails;
use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::personal::Person;
use ayni_domain::time::from_ms;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;
use ayni_store::value::Value;
use jiff::Timestamp;

use super::find::NOBODY;

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    SELECT_BY_ATTEMPTS,
    SELECT_BY_MOVEMENTS,
    SELECT_BY_RECONCILIATIONS,
    SELECT_BY_MAILS,
    SELECT_BY_ACCEPTANCES,
    SELECT_BY_ORDERS,
    SELECT_PAYMENTS,
    SELECT_LINES,
    SELECT_LINE,
    UPDATE_LINE,
    UPDATE_READERS,
    SELECT_FLIGHT,
    SELECT_USER,
    DROP_MAILS,
];

const SELECT_BY_ATTEMPTS: &str = "\
    SELECT DISTINCT payment_id FROM attempts \
    WHERE account_id = $1 AND (payer_identifier IN ($2, $3, $4) OR lower(payer_email) = $5) LIMIT $6";

const SELECT_BY_MOVEMENTS: &str = "\
    SELECT DISTINCT m.payment_id FROM movements m JOIN payments p ON p.id = m.payment_id \
    WHERE p.account_id = $1 AND (m.payer_identifier IN ($2, $3, $4) OR m.payer_identifier = $5) LIMIT $6";

const SELECT_BY_RECONCILIATIONS: &str = "\
    SELECT DISTINCT r.payment_id FROM reconciliations r JOIN payments p ON p.id = r.payment_id \
    WHERE p.account_id = $1 AND (r.payer_identifier IN ($2, $3, $4) OR lower(r.payer_email) = $5) LIMIT $6";

const SELECT_BY_MAILS: &str = "\
    SELECT DISTINCT payment_id FROM mails \
    WHERE account_id = $1 AND (address IN ($2, $3, $4) OR lower(address) = $5) LIMIT $6";

const SELECT_BY_ACCEPTANCES: &str = "\
    SELECT DISTINCT c.payment_id FROM contract_acceptances c JOIN payments p ON p.id = c.payment_id \
    WHERE p.account_id = $1 AND (c.payer_identifier IN ($2, $3, $4) OR c.payer_identifier = $5) LIMIT $6";

const SELECT_BY_ORDERS: &str = "\
    SELECT DISTINCT r.payment_id FROM refunds r JOIN orders o ON o.id = r.id \
    WHERE r.account_id = $1 AND (o.holder_identifier IN ($2, $3, $4) OR lower(o.holder_email) = $5) LIMIT $6";

/// Payments of an account in whose rows the person stands, outside of the payments' own optional fields.
pub(super) fn select_by_rows(
    tx: &mut Tx<'_>,
    account: AccountId,
    person: &Person,
    limit: i64,
) -> Result<Vec<PaymentId>, StoreError> {
    let [plain, hyphened, dotted] = spelled(person);
    let email = person.email().unwrap_or(NOBODY).to_owned();
    let params = [
        account.0.into(),
        Value::Text(&plain),
        Value::Text(&hyphened),
        Value::Text(&dotted),
        Value::Text(&email),
        limit.into(),
    ];
    let mut found = Vec::new();
    for text in [
        SELECT_BY_ATTEMPTS,
        SELECT_BY_MOVEMENTS,
        SELECT_BY_RECONCILIATIONS,
        SELECT_BY_MAILS,
        SELECT_BY_ACCEPTANCES,
        SELECT_BY_ORDERS,
    ] {
        for row in tx.all(text, &params)? {
            found.push(payment_id(&row)?);
        }
    }
    Ok(found)
}

const SELECT_PAYMENTS: &str = "\
    SELECT p.id, p.created_at, p.details, p.subject, p.transaction_id, c.custom \
    FROM payments p LEFT JOIN payment_customs c ON c.payment_id = p.id \
    WHERE p.account_id = $1 AND (p.created_at, p.id) > ($2, $3) ORDER BY p.created_at, p.id LIMIT $4";

/// A payment as it is searched for a person.
pub(super) struct Searched {
    pub(super) id: PaymentId,
    pub(super) created_at: Timestamp,
    /// None where they can't be read; then they are among the texts as they are.
    pub(super) details: Option<PaymentDetails>,
    pub(super) texts: Vec<String>,
}

/// An account's payments, oldest first, after a place.
pub(super) fn select_payments(
    tx: &mut Tx<'_>,
    account: AccountId,
    (after_ms, after_id): (i64, &str),
    limit: i64,
) -> Result<Vec<Searched>, StoreError> {
    let params = [account.0.into(), after_ms.into(), after_id.into(), limit.into()];
    let read = |row: &Row| {
        let details = PaymentDetails::from_row(row.opt_str(2)?).ok();
        let unread = match details {
            Some(_) => None,
            None => row.opt_text(2)?,
        };
        let texts = [row.opt_text(3)?, row.opt_text(4)?, row.opt_text(5)?, unread];
        Ok(Searched {
            id: payment_id(row)?,
            created_at: from_ms(row.int(1)?),
            details,
            texts: texts.into_iter().flatten().collect(),
        })
    };
    tx.all(SELECT_PAYMENTS, &params)?.iter().map(read).collect()
}

const SELECT_LINES: &str = "\
    SELECT collecting_id, id FROM movements \
    WHERE collecting_id IN (SELECT id FROM collecting_accounts WHERE account_id = $1) \
    AND payment_id IS NULL AND payer_identifier IN ($2, $3, $4) ORDER BY collecting_id, id LIMIT $5";

/// Lines of the account's statements that are the person's and settled no payment.
pub(super) fn select_lines(
    tx: &mut Tx<'_>,
    account: AccountId,
    person: &Person,
    limit: i64,
) -> Result<Vec<(i64, String)>, StoreError> {
    let [plain, hyphened, dotted] = spelled(person);
    let params = [
        account.0.into(),
        Value::Text(&plain),
        Value::Text(&hyphened),
        Value::Text(&dotted),
        limit.into(),
    ];
    let rows = tx.all(SELECT_LINES, &params)?;
    rows.iter().map(|row| Ok((row.int(0)?, row.text(1)?))).collect()
}

const SELECT_LINE: &str = "\
    SELECT state, payer_identifier, payer_name, payer_account, reference, booked_at, amount, currency FROM movements \
    WHERE collecting_id = $1 AND id = $2 AND payment_id IS NULL";

/// A line that settled no payment.
pub(super) struct Line {
    pub(super) state: String,
    pub(super) identifier: String,
    pub(super) name: String,
    pub(super) number: String,
    pub(super) reference: String,
    pub(super) booked_at: Timestamp,
    pub(super) amount: i64,
    pub(super) currency: String,
}

pub(super) fn select_line(tx: &mut Tx<'_>, collecting: i64, id: &str) -> Result<Option<Line>, StoreError> {
    let Some(row) = tx.one(SELECT_LINE, &[collecting.into(), id.into()])? else {
        return Ok(None);
    };
    let text = |column| Ok::<_, StoreError>(row.opt_text(column)?.unwrap_or_default());
    Ok(Some(Line {
        state: row.text(0)?,
        identifier: text(1)?,
        name: text(2)?,
        number: text(3)?,
        reference: text(4)?,
        booked_at: from_ms(row.int(5)?),
        amount: row.int(6)?,
        currency: row.text(7)?,
    }))
}

const UPDATE_LINE: &str = "\
    UPDATE movements SET payer_identifier = $3, payer_name = $4, payer_account = $5, reference = $6 \
    WHERE collecting_id = $1 AND id = $2";

pub(super) fn update_line(tx: &mut Tx<'_>, collecting: i64, id: &str, line: &Line) -> Result<(), StoreError> {
    let params = [
        collecting.into(),
        id.into(),
        line.identifier.as_str().into(),
        line.name.as_str().into(),
        line.number.as_str().into(),
        line.reference.as_str().into(),
    ];
    tx.exec(UPDATE_LINE, &params)?;
    Ok(())
}

const UPDATE_READERS: &str =
    "UPDATE mail_readers SET address = $3 WHERE account_id = $1 AND lower(address) = $2";

pub(super) fn update_readers(
    tx: &mut Tx<'_>,
    account: AccountId,
    email: &str,
    pseudonym: &str,
) -> Result<(), StoreError> {
    tx.exec(
        UPDATE_READERS,
        &[account.0.into(), email.into(), pseudonym.into()],
    )?;
    Ok(())
}

/// What of a payment is on its way: the payment itself, an attempt that may still move money, a refund.
const SELECT_FLIGHT: &str = "\
    SELECT 'verifying' FROM payments WHERE id = $1 AND state = 'verifying' \
    UNION ALL SELECT 'attempt' FROM attempts WHERE payment_id = $1 \
      AND (state IN ('authorising', 'authorised', 'uncertain', 'declared') OR (state = 'asking' AND lapses_at > $2)) \
    UNION ALL SELECT 'refund' FROM refunds WHERE payment_id = $1 AND state IN ('pending', 'authorized') \
    UNION ALL SELECT 'notification' FROM notices WHERE payment_id = $1 AND state = 'pending' LIMIT 1";

/// Why the payment can't be erased now.
pub(super) fn select_flight(
    tx: &mut Tx<'_>,
    payment: PaymentId,
    now: Timestamp,
) -> Result<Option<String>, StoreError> {
    let found = tx.one(
        SELECT_FLIGHT,
        &[payment.as_str().into(), now.as_millisecond().into()],
    )?;
    found.map(|row| row.text(0)).transpose()
}

const SELECT_USER: &str = "SELECT 1 FROM users WHERE account_id = $1 AND email = $2";

pub(super) fn is_user(tx: &mut Tx<'_>, account: AccountId, email: &str) -> Result<bool, StoreError> {
    Ok(tx.one(SELECT_USER, &[account.0.into(), email.into()])?.is_some())
}

/// Mails that were not sent yet have nobody to go to.
const DROP_MAILS: &str = "\
    UPDATE mails SET state = 'dropped', reason = 'erased', ended_at = $2, next_at = NULL \
    WHERE payment_id = $1 AND state IN ('pending', 'held')";

pub(super) fn drop_mails(tx: &mut Tx<'_>, payment: PaymentId, now: Timestamp) -> Result<(), StoreError> {
    tx.exec(
        DROP_MAILS,
        &[payment.as_str().into(), now.as_millisecond().into()],
    )?;
    Ok(())
}

/// Plain, with a hyphen, with dots and hyphen; nobody's where no RUT was said.
fn spelled(person: &Person) -> [String; 3] {
    let [plain, hyphened, dotted] = person.usual_spellings();
    [plain, hyphened, dotted].map(|text| text.unwrap_or_else(|| NOBODY.to_owned()))
}

fn payment_id(row: &Row) -> Result<PaymentId, StoreError> {
    PaymentId::parse(row.str(0)?).map_err(|_| StoreError::Column {
        column: 0,
        problem: "is no payment's id",
    })
}
