//! All SQL of contracts.

use ayni_crypto::digest::{SHA256_BYTES, hex};
use ayni_domain::ids::PaymentId;
use ayni_domain::time::from_ms;
use ayni_store::error::StoreError;
use ayni_store::row::Row;
use ayni_store::tx::Tx;

use super::{Acceptance, Contract};

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    INSERT_CONTRACT,
    SELECT_CONTRACT,
    SELECT_PART,
    INSERT_ACCEPTANCE,
    IS_ACCEPTED,
    SELECT_ACCEPTANCES,
];

pub(super) const INSERT_CONTRACT: &str =
    "INSERT INTO contracts (payment_id, sha256, bytes) VALUES ($1, $2, $3)";

pub(super) fn insert_contract(tx: &mut Tx<'_>, id: PaymentId, contract: &Contract) -> Result<(), StoreError> {
    let bytes: &[u8] = &contract.bytes;
    tx.exec(
        INSERT_CONTRACT,
        &[id.as_str().into(), (&contract.sha256).into(), bytes.into()],
    )?;
    Ok(())
}

pub(super) const SELECT_CONTRACT: &str =
    "SELECT sha256, CAST(length(bytes) AS BIGINT) FROM contracts WHERE payment_id = $1";

/// A contract's SHA-256 and its length, without its bytes.
pub(super) fn select_contract(
    tx: &mut Tx<'_>,
    id: PaymentId,
) -> Result<Option<([u8; SHA256_BYTES], i64)>, StoreError> {
    let Some(row) = tx.one(SELECT_CONTRACT, &[id.as_str().into()])? else {
        return Ok(None);
    };
    Ok(Some((digest(&row, 0)?, row.int(1)?)))
}

pub(super) const SELECT_PART: &str = "\
    SELECT substr(bytes, CAST(CAST($2 AS BIGINT) AS INTEGER), CAST(CAST($3 AS BIGINT) AS INTEGER)) \
    FROM contracts WHERE payment_id = $1";

/// So many bytes of a contract, the first one being byte `from` of it.
pub(super) fn select_part(
    tx: &mut Tx<'_>,
    id: PaymentId,
    from: i64,
    bytes: i64,
) -> Result<Vec<u8>, StoreError> {
    match tx.one(
        SELECT_PART,
        &[id.as_str().into(), (from + 1).into(), bytes.into()],
    )? {
        Some(row) => row.bytes(0),
        None => Ok(Vec::new()),
    }
}

pub(super) const INSERT_ACCEPTANCE: &str = "\
    INSERT INTO contract_acceptances (attempt_id, payment_id, sha256, payer_identifier, accepted_at) \
    VALUES ($1, $2, $3, $4, $5)";

pub(super) fn insert_acceptance(
    tx: &mut Tx<'_>,
    payment: PaymentId,
    new: &Acceptance,
    sha256: &[u8; SHA256_BYTES],
) -> Result<(), StoreError> {
    tx.exec(
        INSERT_ACCEPTANCE,
        &[
            new.attempt.as_str().into(),
            payment.as_str().into(),
            sha256.into(),
            new.payer_identifier.as_str().into(),
            new.accepted_at.as_millisecond().into(),
        ],
    )?;
    Ok(())
}

pub(super) const IS_ACCEPTED: &str =
    "SELECT 1 FROM contract_acceptances WHERE attempt_id = $1 AND payment_id = $2";

pub(super) fn is_accepted(tx: &mut Tx<'_>, payment: PaymentId, attempt: &str) -> Result<bool, StoreError> {
    Ok(tx
        .one(IS_ACCEPTED, &[attempt.into(), payment.as_str().into()])?
        .is_some())
}

pub(super) const SELECT_ACCEPTANCES: &str = "\
    SELECT attempt_id, sha256, payer_identifier, accepted_at FROM contract_acceptances \
    WHERE payment_id = $1 ORDER BY accepted_at DESC, attempt_id LIMIT $2";

pub(super) fn select_acceptances(
    tx: &mut Tx<'_>,
    payment: PaymentId,
    limit: i64,
) -> Result<Vec<Acceptance>, StoreError> {
    let rows = tx.all(SELECT_ACCEPTANCES, &[payment.as_str().into(), limit.into()])?;
    rows.iter()
        .map(|row| {
            Ok(Acceptance {
                attempt: row.text(0)?,
                sha256: hex(&digest(row, 1)?),
                payer_identifier: row.text(2)?,
                accepted_at: from_ms(row.int(3)?),
            })
        })
        .collect()
}

fn digest(row: &Row, column: usize) -> Result<[u8; SHA256_BYTES], StoreError> {
    row.bytes(column)?.try_into().map_err(|_| StoreError::Column {
        column,
        problem: "is no SHA-256",
    })
}
