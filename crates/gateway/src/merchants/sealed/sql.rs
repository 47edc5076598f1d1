//! All SQL of what is sealed here.

use crate::keys::sealed::{count_sealed, select_sealed, update_sealed};

/// Every text of this file, for the test that prepares them.
pub(super) const ALL: &[&str] = &[
    COUNT_SEALED_SECRETS,
    SELECT_SEALED_SECRETS,
    RESEAL_SECRETS,
    COUNT_SEALED_NEXT_SECRETS,
    SELECT_SEALED_NEXT_SECRETS,
    RESEAL_NEXT_SECRETS,
    COUNT_SEALED_BANK_LOGINS,
    SELECT_SEALED_BANK_LOGINS,
    RESEAL_BANK_LOGINS,
];

pub(super) const COUNT_SEALED_SECRETS: &str = count_sealed!("accounts", "secret_sealed");

pub(super) const SELECT_SEALED_SECRETS: &str = select_sealed!("accounts", "id", "secret_sealed");

pub(super) const RESEAL_SECRETS: &str = update_sealed!("accounts", "id", "secret_sealed");

pub(super) const COUNT_SEALED_NEXT_SECRETS: &str = count_sealed!("accounts", "next_secret_sealed");

pub(super) const SELECT_SEALED_NEXT_SECRETS: &str = select_sealed!("accounts", "id", "next_secret_sealed");

pub(super) const RESEAL_NEXT_SECRETS: &str = update_sealed!("accounts", "id", "next_secret_sealed");

pub(super) const COUNT_SEALED_BANK_LOGINS: &str = count_sealed!("collecting_accounts", "login_sealed");

pub(super) const SELECT_SEALED_BANK_LOGINS: &str =
    select_sealed!("collecting_accounts", "id", "login_sealed");

pub(super) const RESEAL_BANK_LOGINS: &str = update_sealed!("collecting_accounts", "id", "login_sealed");
