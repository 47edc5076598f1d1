//! The second factor: codes of an authenticator, and recovery codes for who lost it.
//!
//! The secret lies sealed; a code is good once, and so is a recovery code: what is spent is spent in the unit of work that
//! lets its person in, so that of two who show the same one at once one gets in.

pub(super) mod enrol;
pub(super) mod pages;
mod sql;

use ayni_crypto::keyring::{Keyring, KeyringError};
use ayni_crypto::totp;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;
use zeroize::Zeroizing;

use crate::app::App;
use crate::keys::sealed::{Lasting, RowKey, SealedColumn};

/// Every SQL text of this folder.
pub(super) const STATEMENTS: &[&str] = sql::ALL;

/// What is sealed here, for the walk that seals it anew and the end of a data key.
pub(super) const SEALED: &[SealedColumn] = &[
    SealedColumn {
        name: "console_people.second_factor_sealed",
        count: sql::COUNT_SEALED_FACTORS,
        lasting: Some(Lasting {
            select: sql::SELECT_SEALED_FACTORS,
            reseal: sql::RESEAL_FACTORS,
            start: RowKey::before_texts,
            context: context_of,
        }),
    },
    SealedColumn {
        name: "console_people.offered_sealed",
        count: sql::COUNT_SEALED_OFFERED,
        lasting: Some(Lasting {
            select: sql::SELECT_SEALED_OFFERED,
            reseal: sql::RESEAL_OFFERED,
            start: RowKey::before_texts,
            context: offer_context_of,
        }),
    },
];

/// A person's second factor, as its row says.
#[derive(Clone, Default)]
pub(super) struct Factor {
    /// The secret, sealed; none without a second factor.
    sealed: Option<Vec<u8>>,
    /// The last step whose code was used.
    step: Option<i64>,
    /// The secret of one that is being set up.
    offered: Option<Vec<u8>>,
    /// Recovery codes that are left.
    codes_left: i64,
}

/// What a person shows instead of a password.
#[derive(Clone)]
pub(super) enum Shown {
    /// The code of this step.
    Code { sealed: Vec<u8>, step: i64 },
    /// A recovery code, by its digest.
    Recovery(String),
}

impl Factor {
    /// Whether the person is asked for it.
    pub(super) fn is_on(&self) -> bool {
        self.sealed.is_some()
    }

    /// Recovery codes that are left.
    pub(super) fn codes_left(&self) -> i64 {
        self.codes_left
    }
}

/// The person's second factor.
pub(super) async fn find(app: &App, email: &str) -> Result<Factor, StoreError> {
    let email = email.to_owned();
    app.db
        .point("console.factor", move |tx| sql::select_factor(tx, &email))
        .await
}

/// Whether the person is asked for a second factor, as the unit of work sees it.
pub(super) fn is_on(tx: &mut Tx<'_>, email: &str) -> Result<bool, StoreError> {
    Ok(sql::select_factor(tx, email)?.is_on())
}

/// Whether what was shown can still be spent, as far as is known before its unit of work.
pub(super) async fn is_there(app: &App, email: &str, shown: &Shown) -> Result<bool, StoreError> {
    let Shown::Recovery(digest) = shown else {
        return Ok(true);
    };
    let (email, digest) = (email.to_owned(), digest.clone());
    app.db
        .point("console.recovery-code", move |tx| {
            sql::has_recovery_code(tx, &email, &digest)
        })
        .await
}

/// Takes a person's second factor and recovery codes away; says whether there was one.
pub(super) fn take_off(tx: &mut Tx<'_>, email: &str) -> Result<bool, StoreError> {
    let was_on = sql::select_factor(tx, email)?.is_on();
    sql::delete_recovery_codes(tx, email)?;
    sql::clear_factor(tx, email)?;
    Ok(was_on)
}

impl Shown {
    /// What was typed: a code that is good now, or what may be a recovery code.
    pub(super) fn read(
        keyring: &Keyring,
        (email, factor): (&str, &Factor),
        typed: &str,
        now: Timestamp,
    ) -> Result<Option<Shown>, KeyringError> {
        let typed: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
        let Some(sealed) = &factor.sealed else {
            return Ok(None);
        };
        if typed.len() != totp::DIGITS {
            return Ok(Some(Shown::Recovery(digest(keyring, email, &typed))));
        }
        let secret = keyring.open(&context(email), sealed)?;
        let step = totp::accepted_step(&secret, &typed, now.as_second(), factor.step);
        Ok(step.map(|step| Shown::Code {
            sealed: sealed.clone(),
            step,
        }))
    }

    /// Spends it; `false` where it was spent already, or never was.
    pub(super) fn spend(&self, tx: &mut Tx<'_>, email: &str) -> Result<bool, StoreError> {
        match self {
            Shown::Code { sealed, step } => sql::spend_step(tx, email, sealed, *step),
            Shown::Recovery(digest) => sql::spend_recovery_code(tx, email, digest),
        }
    }
}

/// Ten recovery codes of 60 bits, in three groups.
fn draw_codes(app: &App) -> Vec<Zeroizing<String>> {
    let draw = || {
        let letters = totp::base32(&app.entropy.bytes::<8>());
        let groups: Vec<&str> = (0..3)
            .filter_map(|group| letters.get(group * 4..group * 4 + 4))
            .collect();
        Zeroizing::new(groups.join("-"))
    };
    (0..RECOVERY_CODES).map(|_| draw()).collect()
}

/// What is stored of a recovery code: a keyed digest, since the code is short enough to be searched for.
fn digest(keyring: &Keyring, email: &str, code: &str) -> String {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    let data = Zeroizing::new(format!("{email}:{}", plain.to_ascii_uppercase()));
    keyring.derive_hex("console-recovery", data.as_bytes())
}

/// Where a secret is sealed for.
fn context(email: &str) -> String {
    format!("console.second-factor:{email}")
}

fn context_of(key: &RowKey) -> String {
    context(&key.to_string())
}

fn offer_context_of(key: &RowKey) -> String {
    offer_context(&key.to_string())
}

/// Where an offer is sealed for: until when it may be taken, and the secret.
fn offer_context(email: &str) -> String {
    format!("console.second-factor-offer:{email}")
}

const RECOVERY_CODES: usize = 10;
