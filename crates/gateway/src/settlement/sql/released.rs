//! SQL of releases: from when each payment may be settled.

use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::money::Amount;
use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use crate::settlement::Release;
use crate::settlement::account::Held;

/// Every text of this file, for the test that prepares them.
pub(in crate::settlement) const ALL: &[&str] = &[
    INSERT_RELEASE,
    SELECT_RELEASE,
    SELECT_HELD,
    CONFIRM_RELEASE,
    RELEASE_NOW,
];

pub(in crate::settlement) const INSERT_RELEASE: &str = "\
    INSERT INTO releases (payment_id, account_id, collecting_id, releases_at, held_until) \
    VALUES ($1, $2, $3, $4, $5)";

pub(in crate::settlement) fn insert_release(tx: &mut Tx<'_>, new: &Release) -> Result<(), StoreError> {
    tx.exec(
        INSERT_RELEASE,
        &[
            new.payment.as_str().into(),
            new.account.0.into(),
            new.collecting_id.into(),
            new.releases_at.as_millisecond().into(),
            new.held_until.map(Timestamp::as_millisecond).into(),
        ],
    )?;
    Ok(())
}

pub(in crate::settlement) const SELECT_RELEASE: &str = "\
    SELECT account_id, collecting_id, releases_at, held_until, confirmed_at, settlement_id \
    FROM releases WHERE payment_id = $1";

pub(in crate::settlement) fn select_release(
    tx: &mut Tx<'_>,
    payment: PaymentId,
) -> Result<Option<Release>, StoreError> {
    let Some(row) = tx.one(SELECT_RELEASE, &[payment.as_str().into()])? else {
        return Ok(None);
    };
    Ok(Some(Release {
        payment,
        account: AccountId(row.int(0)?),
        collecting_id: row.int(1)?,
        releases_at: time::from_ms(row.int(2)?),
        held_until: row.opt_int(3)?.map(time::from_ms),
        confirmed_at: row.opt_int(4)?.map(time::from_ms),
        settlement: row.opt_text(5)?,
    }))
}

pub(in crate::settlement) const SELECT_HELD: &str = "\
    SELECT r.payment_id, r.releases_at, p.amount, p.currency, p.subject FROM releases r \
    JOIN payments p ON p.id = r.payment_id \
    WHERE r.account_id = $1 AND r.settlement_id IS NULL AND r.held_until IS NOT NULL AND r.confirmed_at IS NULL \
    ORDER BY r.releases_at, r.payment_id LIMIT $2";

/// An account's payments that are held until they are confirmed or their date comes, the next one first.
pub(in crate::settlement) fn select_held(
    tx: &mut Tx<'_>,
    account: AccountId,
    limit: i64,
) -> Result<Vec<Held>, StoreError> {
    let unreadable = |column, problem| StoreError::Column { column, problem };
    tx.all(SELECT_HELD, &[account.0.into(), limit.into()])?
        .iter()
        .map(|row| {
            Ok(Held {
                payment: PaymentId::parse(row.str(0)?)
                    .map_err(|_| unreadable(0, "is no payment's identifier"))?,
                releases_at: time::from_ms(row.int(1)?),
                amount: Amount::from_ten_thousandths(row.int(2)?),
                currency: row.str(3)?.parse().map_err(|_| unreadable(3, "is no currency"))?,
                subject: row.text(4)?,
            })
        })
        .collect()
}

pub(in crate::settlement) const CONFIRM_RELEASE: &str = "\
    UPDATE releases SET confirmed_at = $2, releases_at = $3 \
    WHERE payment_id = $1 AND confirmed_at IS NULL AND settlement_id IS NULL";

/// False where it was confirmed or settled before.
pub(in crate::settlement) fn confirm_release(
    tx: &mut Tx<'_>,
    payment: PaymentId,
    at: Timestamp,
    releases_at: Timestamp,
) -> Result<bool, StoreError> {
    let params = [
        payment.as_str().into(),
        at.as_millisecond().into(),
        releases_at.as_millisecond().into(),
    ];
    Ok(tx.exec(CONFIRM_RELEASE, &params)? == 1)
}

pub(in crate::settlement) const RELEASE_NOW: &str = "UPDATE releases SET releases_at = $2 WHERE payment_id = $1 AND releases_at > $2 AND settlement_id IS NULL";

/// Releases a payment at this instant, where it was to be later.
pub(in crate::settlement) fn release_now(
    tx: &mut Tx<'_>,
    payment: PaymentId,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.exec(
        RELEASE_NOW,
        &[payment.as_str().into(), now.as_millisecond().into()],
    )?;
    Ok(())
}
