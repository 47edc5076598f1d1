//! Settlements of the payments that [`super::paid`] made: as large as one may be, or all there are.

use anyhow::Result;
use ayni_store::db::Db;

use super::Owner;

/// Makes [`SETTLEMENTS`] of an account's paid payments and returns the id of the last one.
pub async fn add(db: &Db, owner: Owner, now_ms: i64) -> Result<String> {
    let id_of = move |number: i64| format!("{}-{}-20260101-{number}", owner.account, owner.collecting);
    db.write("bench.settled", move |tx| {
        for number in 1..=SETTLEMENTS {
            let id = id_of(number);
            tx.exec(
                INSERT_LINES,
                &[
                    id.as_str().into(),
                    owner.account.into(),
                    number.into(),
                    LINES_MAX.into(),
                ],
            )?;
            tx.exec(
                INSERT_SETTLEMENT,
                &[
                    id.as_str().into(),
                    owner.account.into(),
                    number.into(),
                    now_ms.into(),
                    owner.collecting.into(),
                ],
            )?;
        }
        Ok::<_, ayni_store::error::StoreError>(())
    })
    .await?;
    Ok(id_of(SETTLEMENTS))
}

const INSERT_LINES: &str = "\
    INSERT INTO settlement_lines (settlement_id, payment_id, amount, fee, integrator_fee, refunded, net) \
    SELECT $1, id, amount, 0, 0, 0, amount FROM payments \
    WHERE account_id = $2 AND state = 'done/normal' AND (amount / 10000) % 6 = $3 - 1 LIMIT $4";

const INSERT_SETTLEMENT: &str = "\
    INSERT INTO settlements (id, account_id, collecting_id, day, number, currency, made_at, payments, amount, fee, \
                             integrator_fee, refunded, carried, paid_out, state, order_id) \
    SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT), CAST($5 AS BIGINT), '2026-01-01', CAST($3 AS BIGINT), 'CLP', CAST($4 AS BIGINT), COUNT(*), \
           CAST(COALESCE(SUM(amount), 0) AS BIGINT), 0, 0, 0, 0, CAST(COALESCE(SUM(net), 0) AS BIGINT), 'paid', $1 \
    FROM settlement_lines WHERE settlement_id = $1";

const SETTLEMENTS: i64 = 6;
/// What the gateway puts into one settlement at most.
const LINES_MAX: i64 = 5_000;
