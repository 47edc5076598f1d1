//! The list of an account's payments: what is looked for and filtered, page by page, newest first.
//!
//! However many payments there are, a page looks at a bounded number of them. It walks along the rarest thing that was
//! asked for (a word, a bank, a state) in the order of making, checks everything else on each payment that it comes to,
//! and stops when the page is full or [`page::LOOKED_AT_MAX`] were looked at; then it says how far it came, and goes on
//! from there when it is asked to. Nothing is counted, and a place in the list is a payment's, so that pages stay where
//! they are while payments are made.

pub(super) mod page;
mod source;
mod sql;
pub(super) mod term;
pub(super) mod wanted;

use std::collections::BTreeSet;

use ayni_domain::currency::Currency;
use ayni_domain::ids::{AccountId, PAYMENT_ID_LENGTH};
use ayni_domain::money::Amount;
use ayni_domain::payment::state::State;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;

use super::search::token::Token;

/// Every SQL text of this folder.
pub(super) const STATEMENTS: &[&str] = sql::ALL;

/// The account's first payment.
pub(super) fn first(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<Key>, StoreError> {
    let keys = sql::select_keys(tx, account, false, &Key::at(0), i64::MAX)?;
    Ok(keys.into_iter().next())
}

/// The place of a payment in a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub created_ms: i64,
    pub id: String,
}

impl Key {
    /// Before every payment of an instant and of later ones; after all earlier ones.
    pub fn at(created_ms: i64) -> Key {
        Key {
            created_ms,
            id: String::new(),
        }
    }

    /// As it stands in a URL.
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}.{}", self.created_ms, self.id))
    }

    /// Reads [`Key::text`].
    pub fn parse(text: &str) -> Option<Key> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (created_ms, id) = std::str::from_utf8(&bytes).ok()?.split_once('.')?;
        let is_one = id.len() <= PAYMENT_ID_LENGTH && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        Some(Key {
            created_ms: created_ms.parse().ok()?,
            id: is_one.then(|| id.to_owned())?,
        })
    }
}

/// One payment of a list.
pub(super) enum Listed {
    /// As its row tells it.
    Read(Box<Line>),
    /// Its row can't be read: it is listed for who looks after it, and keeps no other from being listed.
    Unread(Unread),
}

impl Listed {
    /// Its place.
    pub fn key(&self) -> &Key {
        match self {
            Listed::Read(line) => &line.key,
            Listed::Unread(unread) => &unread.key,
        }
    }

    /// What it is found by.
    pub fn tokens(&self) -> &BTreeSet<Token> {
        match self {
            Listed::Read(line) => &line.tokens,
            Listed::Unread(unread) => &unread.tokens,
        }
    }
}

/// A payment whose row can't be read, and what the search knew of it.
pub(super) struct Unread {
    pub key: Key,
    pub tokens: BTreeSet<Token>,
}

/// What a row tells of a payment.
pub(super) struct Line {
    pub key: Key,
    pub expires_at: Timestamp,
    pub amount: Amount,
    pub currency: Currency,
    pub state: State,
    pub subject: String,
    pub transaction_id: Option<String>,
    pub payer_name: String,
    pub payer_email: String,
    pub payer_identifier: String,
    pub bank: String,
    pub operation_code: String,
    pub seen_at: Option<Timestamp>,
    pub tokens: BTreeSet<Token>,
}
