//! Along what a page walks: the rarest thing that was asked for, so that few payments are looked at in vain.

use std::collections::BTreeSet;

use ayni_domain::ids::AccountId;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;

use super::page::KEYS_AT_ONCE;
use super::term::Term;
use super::{Key, sql};
use crate::console::payments::search;
use crate::console::payments::search::token::Token;

/// Payments in the order of their making.
pub(super) enum Source {
    /// All of the account's.
    All,
    /// Those with one of these tokens or identifiers.
    Any(Union),
}

/// Tokens and single payments, taken together.
#[derive(Default)]
pub(super) struct Union {
    tokens: Vec<Token>,
    keys: BTreeSet<Key>,
    is_narrowed: bool,
    depth: i64,
}

/// In which direction, and how far.
pub(super) struct Way {
    pub is_older: bool,
    pub bound_ms: i64,
}

impl Source {
    /// The one to walk along for these conditions, all of which must be met.
    pub fn choose(tx: &mut Tx<'_>, account: AccountId, terms: &[Term]) -> Result<Source, StoreError> {
        let mut best: Option<Union> = None;
        for term in terms {
            let mut some = Union::of(tx, account, term)?;
            if terms.len() > 1 {
                some.look_deep(tx, account)?;
            }
            let rank = |some: &Union| (some.is_narrowed, some.depth);
            if best.as_ref().is_none_or(|best| rank(&some) < rank(best)) {
                best = Some(some);
            }
        }
        Ok(best.map_or(Source::All, Source::Any))
    }

    /// Whether there are more words that begin so than are looked for.
    pub fn is_narrowed(&self) -> bool {
        matches!(self, Source::Any(some) if some.is_narrowed)
    }

    /// The next payments from a place on, and whether they are the last.
    pub fn next(
        &self,
        tx: &mut Tx<'_>,
        account: AccountId,
        way: &Way,
        place: &Key,
    ) -> Result<(Vec<Key>, bool), StoreError> {
        match self {
            Source::All => {
                let keys = sql::select_keys(tx, account, way.is_older, place, way.bound_ms)?;
                let is_over = keys.len() < KEYS_AT_ONCE;
                Ok((keys, is_over))
            }
            Source::Any(some) => some.next(tx, account, way, place),
        }
    }
}

impl Union {
    fn of(tx: &mut Tx<'_>, account: AccountId, term: &Term) -> Result<Union, StoreError> {
        let mut some = Union {
            tokens: term.exact.clone(),
            ..Union::default()
        };
        for beginning in &term.beginnings {
            some.add_beginning(tx, account, beginning)?;
        }
        if let Some(id) = &term.id {
            some.keys.extend(sql::select_of_id(tx, account, id)?);
        }
        if !term.all.is_empty() {
            some.add_rarest(tx, account, &term.all)?;
        }
        Ok(some)
    }

    fn add_beginning(
        &mut self,
        tx: &mut Tx<'_>,
        account: AccountId,
        beginning: &Token,
    ) -> Result<(), StoreError> {
        let (tokens, has_more) = search::beginning_with(tx, account, beginning)?;
        self.tokens.extend(tokens);
        self.is_narrowed |= has_more;
        Ok(())
    }

    /// Of several words that a payment has all of, the one along which there is least to see.
    fn add_rarest(
        &mut self,
        tx: &mut Tx<'_>,
        account: AccountId,
        words: &[[Token; 2]],
    ) -> Result<(), StoreError> {
        let mut rarest: Option<Union> = None;
        for either in words {
            let mut some = Union::default();
            for beginning in either {
                some.add_beginning(tx, account, beginning)?;
            }
            some.look_deep(tx, account)?;
            let rank = |some: &Union| (some.is_narrowed, some.depth);
            if rarest.as_ref().is_none_or(|best| rank(&some) < rank(best)) {
                rarest = Some(some);
            }
        }
        if let Some(rarest) = rarest {
            self.tokens.extend(rarest.tokens);
            self.is_narrowed |= rarest.is_narrowed;
        }
        Ok(())
    }

    fn look_deep(&mut self, tx: &mut Tx<'_>, account: AccountId) -> Result<(), StoreError> {
        self.depth = i64::MIN;
        for token in &self.tokens {
            self.depth = self.depth.max(search::depth(tx, account, token)?);
        }
        Ok(())
    }

    /// Merges what the tokens have next. Where one of them has more than was asked of it, nothing beyond its last is
    /// certain yet.
    fn next(
        &self,
        tx: &mut Tx<'_>,
        account: AccountId,
        way: &Way,
        place: &Key,
    ) -> Result<(Vec<Key>, bool), StoreError> {
        let mut merged: BTreeSet<Key> = self
            .keys
            .iter()
            .filter(|key| way.has(place, key))
            .cloned()
            .collect();
        let mut certain: Option<Key> = None;
        for token in &self.tokens {
            let keys = match way.is_older {
                true => search::older(tx, account, token, place, way.bound_ms)?,
                false => search::newer(tx, account, token, place, way.bound_ms)?,
            };
            if keys.len() == KEYS_AT_ONCE {
                certain = way.nearer(certain, keys.last());
            }
            merged.extend(keys);
        }
        let ordered: Vec<Key> = match way.is_older {
            true => merged.into_iter().rev().collect(),
            false => merged.into_iter().collect(),
        };
        let is_certain = |key: &&Key| {
            certain
                .as_ref()
                .is_none_or(|certain| way.is_at_or_before(key, certain))
        };
        let found: Vec<Key> = ordered
            .iter()
            .take_while(is_certain)
            .take(KEYS_AT_ONCE)
            .cloned()
            .collect();
        let is_over = found.len() == ordered.len() && certain.is_none();
        Ok((found, is_over))
    }
}

impl Way {
    fn has(&self, place: &Key, key: &Key) -> bool {
        match self.is_older {
            true => key < place && key.created_ms >= self.bound_ms,
            false => key > place && key.created_ms < self.bound_ms,
        }
    }

    fn is_at_or_before(&self, key: &Key, other: &Key) -> bool {
        if self.is_older { key >= other } else { key <= other }
    }

    fn nearer(&self, one: Option<Key>, other: Option<&Key>) -> Option<Key> {
        match (one, other) {
            (Some(one), Some(other)) if !self.is_at_or_before(&one, other) => Some(other.clone()),
            (Some(one), _) => Some(one),
            (None, other) => other.cloned(),
        }
    }
}
