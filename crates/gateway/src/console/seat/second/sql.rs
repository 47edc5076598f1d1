//! All SQL of second factors and recovery codes.

use ayni_store::error::StoreError;
use ayni_store::tx::Tx;

use super::Factor;

use crate::keys::sealed::{count_sealed, select_sealed, update_sealed};

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    SELECT_FACTOR,
    UPDATE_OFFER,
    ACCEPT_OFFER,
    CLEAR_FACTOR,
    SPEND_STEP,
    INSERT_RECOVERY_CODE,
    SELECT_RECOVERY_CODE,
    SPEND_RECOVERY_CODE,
    DELETE_RECOVERY_CODES,
    COUNT_SEALED_FACTORS,
    SELECT_SEALED_FACTORS,
    RESEAL_FACTORS,
    COUNT_SEALED_OFFERED,
    SELECT_SEALED_OFFERED,
    RESEAL_OFFERED,
];

pub(super) const COUNT_SEALED_FACTORS: &str = count_sealed!("console_people", "second_factor_sealed");

pub(super) const SELECT_SEALED_FACTORS: &str =
    select_sealed!("console_people", "email", "second_factor_sealed");

pub(super) const RESEAL_FACTORS: &str = update_sealed!("console_people", "email", "second_factor_sealed");

pub(super) const COUNT_SEALED_OFFERED: &str = count_sealed!("console_people", "offered_sealed");

pub(super) const SELECT_SEALED_OFFERED: &str = select_sealed!("console_people", "email", "offered_sealed");

pub(super) const RESEAL_OFFERED: &str = update_sealed!("console_people", "email", "offered_sealed");

pub(super) const SELECT_FACTOR: &str = "\
    SELECT second_factor_sealed, second_factor_step, offered_sealed, \
           (SELECT COUNT(*) FROM console_recovery_codes c WHERE c.email = p.email) \
    FROM console_people p WHERE p.email = $1";

pub(super) fn select_factor(tx: &mut Tx<'_>, email: &str) -> Result<Factor, StoreError> {
    let Some(row) = tx.one(SELECT_FACTOR, &[email.into()])? else {
        return Ok(Factor::default());
    };
    Ok(Factor {
        sealed: row.opt_bytes(0)?,
        step: row.opt_int(1)?,
        offered: row.opt_bytes(2)?,
        codes_left: row.int(3)?,
    })
}

pub(super) const UPDATE_OFFER: &str = "UPDATE console_people SET offered_sealed = $2 WHERE email = $1";

pub(super) fn update_offer(tx: &mut Tx<'_>, email: &str, offered: &[u8]) -> Result<(), StoreError> {
    tx.exec(UPDATE_OFFER, &[email.into(), offered.into()])?;
    Ok(())
}

pub(super) const ACCEPT_OFFER: &str = "\
    UPDATE console_people SET second_factor_sealed = $3, second_factor_step = $4, offered_sealed = NULL \
    WHERE email = $1 AND offered_sealed = $2";

/// Makes the offered secret the person's; `false` where another one was offered since.
pub(super) fn accept_offer(
    tx: &mut Tx<'_>,
    email: &str,
    offered: &[u8],
    (sealed, step): (&[u8], i64),
) -> Result<bool, StoreError> {
    let params = [email.into(), offered.into(), sealed.into(), step.into()];
    Ok(tx.exec(ACCEPT_OFFER, &params)? == 1)
}

pub(super) const CLEAR_FACTOR: &str = "\
    UPDATE console_people SET second_factor_sealed = NULL, second_factor_step = NULL, offered_sealed = NULL \
    WHERE email = $1";

pub(super) fn clear_factor(tx: &mut Tx<'_>, email: &str) -> Result<(), StoreError> {
    tx.exec(CLEAR_FACTOR, &[email.into()])?;
    Ok(())
}

pub(super) const SPEND_STEP: &str = "\
    UPDATE console_people SET second_factor_step = $3 \
    WHERE email = $1 AND second_factor_sealed = $2 AND (second_factor_step IS NULL OR second_factor_step < $3)";

pub(super) fn spend_step(tx: &mut Tx<'_>, email: &str, sealed: &[u8], step: i64) -> Result<bool, StoreError> {
    Ok(tx.exec(SPEND_STEP, &[email.into(), sealed.into(), step.into()])? == 1)
}

pub(super) const INSERT_RECOVERY_CODE: &str =
    "INSERT INTO console_recovery_codes (email, digest) VALUES ($1, $2)";

pub(super) fn insert_recovery_code(tx: &mut Tx<'_>, email: &str, digest: &str) -> Result<(), StoreError> {
    tx.exec(INSERT_RECOVERY_CODE, &[email.into(), digest.into()])?;
    Ok(())
}

pub(super) const SELECT_RECOVERY_CODE: &str =
    "SELECT 1 FROM console_recovery_codes WHERE email = $1 AND digest = $2";

pub(super) fn has_recovery_code(tx: &mut Tx<'_>, email: &str, digest: &str) -> Result<bool, StoreError> {
    let found = tx.one(SELECT_RECOVERY_CODE, &[email.into(), digest.into()])?;
    Ok(found.is_some())
}

pub(super) const SPEND_RECOVERY_CODE: &str =
    "DELETE FROM console_recovery_codes WHERE email = $1 AND digest = $2";

pub(super) fn spend_recovery_code(tx: &mut Tx<'_>, email: &str, digest: &str) -> Result<bool, StoreError> {
    Ok(tx.exec(SPEND_RECOVERY_CODE, &[email.into(), digest.into()])? == 1)
}

pub(super) const DELETE_RECOVERY_CODES: &str = "DELETE FROM console_recovery_codes WHERE email = $1";

pub(super) fn delete_recovery_codes(tx: &mut Tx<'_>, email: &str) -> Result<(), StoreError> {
    tx.exec(DELETE_RECOVERY_CODES, &[email.into()])?;
    Ok(())
}
