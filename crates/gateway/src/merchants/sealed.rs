//! Accounts' secrets and bank logins, as they lie sealed.

mod sql;

use super::{collecting, secrets};
use crate::keys::sealed::{Lasting, RowKey, SealedColumn};

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// What is sealed here, for the walk that seals it anew and the end of a data key.
pub(crate) const SEALED: &[SealedColumn] = &[
    SealedColumn {
        name: "accounts.secret_sealed",
        count: sql::COUNT_SEALED_SECRETS,
        lasting: Some(Lasting {
            select: sql::SELECT_SEALED_SECRETS,
            reseal: sql::RESEAL_SECRETS,
            start: RowKey::before_numbers,
            context: secrets::context_of,
        }),
    },
    SealedColumn {
        name: "accounts.next_secret_sealed",
        count: sql::COUNT_SEALED_NEXT_SECRETS,
        lasting: Some(Lasting {
            select: sql::SELECT_SEALED_NEXT_SECRETS,
            reseal: sql::RESEAL_NEXT_SECRETS,
            start: RowKey::before_numbers,
            context: secrets::context_of,
        }),
    },
    SealedColumn {
        name: "collecting_accounts.login_sealed",
        count: sql::COUNT_SEALED_BANK_LOGINS,
        lasting: Some(Lasting {
            select: sql::SELECT_SEALED_BANK_LOGINS,
            reseal: sql::RESEAL_BANK_LOGINS,
            start: RowKey::before_numbers,
            context: collecting::login_context_of,
        }),
    },
];
