//! An answer without login may be given again for a while, where the operator set a time: off by default.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use ayni_connectors::data::Reply;
use jiff::{SignedDuration, Timestamp};

use super::flight::Key;

/// The answers of one site that are kept in memory.
pub(super) struct Cache {
    kept_for: SignedDuration,
    answers: Mutex<HashMap<Key, (Timestamp, Reply)>>,
}

impl Cache {
    /// Keeps answers for so long; 0: not at all.
    pub(super) fn of(kept_s: u64) -> Cache {
        Cache {
            kept_for: SignedDuration::from_secs(i64::try_from(kept_s).unwrap_or(i64::MAX)),
            answers: Mutex::default(),
        }
    }

    /// A kept answer and its age in seconds.
    pub(super) fn get(&self, key: &Key, now: Timestamp) -> Option<(Reply, u64)> {
        if self.kept_for.is_zero() {
            return None;
        }
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, reply) = answers.get(key)?;
        let age = now.duration_since(*at);
        let age_s = u64::try_from(age.as_secs()).unwrap_or_default();
        (age < self.kept_for).then(|| (reply.clone(), age_s))
    }

    /// Keeps an answer. When there are too many, those that are over make room, or it is not kept.
    pub(super) fn put(&self, key: Key, reply: &Reply, now: Timestamp) {
        if self.kept_for.is_zero() {
            return;
        }
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.len() >= ANSWERS_MAX {
            answers.retain(|_, (at, _)| now.duration_since(*at) < self.kept_for);
        }
        if answers.len() < ANSWERS_MAX {
            answers.insert(key, (now, reply.clone()));
        }
    }
}

/// Answers kept for one site.
const ANSWERS_MAX: usize = 10_000;
