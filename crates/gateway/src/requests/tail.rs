//! Lines in memory, between a request's answer and its row.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use axum::http::Method;
use axum::response::Response;
use ayni_domain::ids::AccountId;
use jiff::Timestamp;

use super::ROUTE;
use super::line::{Line, Refusal, path_of};
use crate::http::error::ApiError;
use crate::merchants::keys::KeyHash;

/// Which accounts are tailed, and the lines of theirs that are not written yet.
#[derive(Default)]
pub struct Tail {
    is_any: AtomicBool,
    tailed: RwLock<HashSet<AccountId>>,
    waiting: Mutex<Waiting>,
    /// Held while the tailed accounts are read, so that an older reading never replaces a newer one.
    pub(super) learning: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Waiting {
    portions: HashMap<AccountId, Portion>,
    lines: usize,
}

/// What came together of one account.
#[derive(Default)]
pub(super) struct Portion {
    pub(super) lines: Vec<Line>,
    /// How many found no room.
    pub(super) left_out: u64,
}

/// What opened a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// An API key.
    Key(KeyHash),
    /// A token of this OAuth client.
    Client(String),
}

/// Whose request it is: left with its answer where that account is tailed.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    account: AccountId,
    by: By,
    refusal: Option<Refusal>,
}

/// A request as the edge knows it when its answer leaves.
pub(crate) struct Asked<'a> {
    pub(crate) method: &'a Method,
    pub(crate) route: &'a str,
    pub(crate) path: &'a str,
    pub(crate) request_id: &'a str,
    pub(crate) status: u16,
    pub(crate) took: Duration,
    pub(crate) at: Timestamp,
}

impl Tail {
    /// Whether anybody tails any account.
    pub(crate) fn is_any(&self) -> bool {
        self.is_any.load(Ordering::Relaxed)
    }

    /// Whether somebody tails this account.
    pub(crate) fn is_tailed(&self, account: AccountId) -> bool {
        self.is_any() && {
            let tailed = self.tailed.read().unwrap_or_else(PoisonError::into_inner);
            tailed.contains(&account)
        }
    }

    /// What is to be left with the answer to a request of this account; nothing where nobody tails it.
    pub(crate) fn opened(&self, account: AccountId, by: impl FnOnce() -> By) -> Option<Opened> {
        self.is_tailed(account).then(|| Opened {
            account,
            by: by(),
            refusal: None,
        })
    }

    /// What was left with an answer, before words are made of its refusal.
    pub(crate) fn left_with(&self, response: &mut Response) -> Option<Opened> {
        if !self.is_any() {
            return None;
        }
        let mut opened: Opened = response.extensions_mut().remove()?;
        opened.refusal = (response.extensions().get::<ApiError>())
            .map(Refusal::of)
            .or_else(|| response.extensions().get::<Refusal>().cloned());
        Some(opened)
    }

    /// Takes the line of a request that was answered.
    pub(crate) fn add(&self, opened: Opened, asked: &Asked<'_>) {
        if asked.route == ROUTE {
            return;
        }
        let line = Line {
            at: asked.at,
            method: asked.method.as_str().chars().take(METHOD_LENGTH_MAX).collect(),
            path: path_of(asked.route, asked.path),
            status: asked.status,
            duration_us: u64::try_from(asked.took.as_micros()).unwrap_or(u64::MAX),
            request_id: asked.request_id.to_owned(),
            by: opened.by,
            refusal: opened.refusal,
        };
        self.waiting().add(opened.account, line);
    }

    /// What came together since the last time.
    pub(super) fn take(&self) -> HashMap<AccountId, Portion> {
        std::mem::take(&mut *self.waiting()).portions
    }

    /// What could not be written is written the next time, before what came since; what finds no room any more is counted.
    pub(super) fn put_back(&self, portions: HashMap<AccountId, Portion>) {
        let mut waiting = self.waiting();
        let newer = std::mem::take(&mut *waiting);
        for (account, portion) in portions.into_iter().chain(newer.portions) {
            waiting.left_out(account, portion.left_out);
            for line in portion.lines {
                waiting.add(account, line);
            }
        }
    }

    /// Whose requests are wanted from now on.
    pub(super) fn learn(&self, accounts: HashSet<AccountId>) {
        let is_any = !accounts.is_empty();
        *self.tailed.write().unwrap_or_else(PoisonError::into_inner) = accounts;
        self.is_any.store(is_any, Ordering::Relaxed);
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn add(&mut self, account: AccountId, line: Line) {
        let of_account = self
            .portions
            .get(&account)
            .map_or(0, |portion| portion.lines.len());
        if of_account >= ACCOUNT_LINES_MAX || self.lines >= LINES_MAX {
            return self.left_out(account, 1);
        }
        self.lines += 1;
        self.portions.entry(account).or_default().lines.push(line);
    }

    fn left_out(&mut self, account: AccountId, lines: u64) {
        self.portions.entry(account).or_default().left_out += lines;
    }
}

/// Lines of one account that wait to be written: with a writing each half second, 2,000 a second on each node.
pub(crate) const ACCOUNT_LINES_MAX: usize = 1_000;
/// Lines of all accounts that wait, about 5 MB.
pub(crate) const LINES_MAX: usize = 20_000;
/// Callers may invent methods of any length.
const METHOD_LENGTH_MAX: usize = 16;
