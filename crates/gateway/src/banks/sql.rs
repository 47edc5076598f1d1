//! All SQL of banks: what payers paid through them.

use ayni_domain::ids::AccountId;
use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[SELECT_FIRST_PAID_AT];

pub(super) const SELECT_FIRST_PAID_AT: &str = "\
    SELECT r.conciliated_at FROM reconciliations r JOIN payments p ON p.id = r.payment_id \
    WHERE r.payer_email = $1 AND r.payer_email <> '' AND r.bank_id = $2 AND p.account_id = $3 \
    ORDER BY r.conciliated_at LIMIT 1";

/// When this payer first paid this account through this bank.
pub(super) fn select_first_paid_at(
    tx: &mut Tx<'_>,
    account: AccountId,
    payer_email: &str,
    bank_id: &str,
) -> Result<Option<Timestamp>, StoreError> {
    let row = tx.one(
        SELECT_FIRST_PAID_AT,
        &[payer_email.into(), bank_id.into(), account.0.into()],
    )?;
    Ok(row.map(|row| row.int(0)).transpose()?.map(time::from_ms))
}
