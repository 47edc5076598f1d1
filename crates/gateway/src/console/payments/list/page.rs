//! One page: walks along a source, checks each payment, and stops in time.

use ayni_crypto::keyring::Keyring;
use ayni_domain::ids::AccountId;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;

use super::source::{Source, Way};
use super::term::Term;
use super::wanted::{Turn, Wanted};
use super::{Key, Listed, sql};

/// Payments that were found, newest first, and where the pages beside this one begin.
pub(in crate::console::payments) struct Page {
    pub lines: Vec<Listed>,
    /// Newer ones come after this place.
    pub newer: Option<Key>,
    /// Older ones come before this place.
    pub older: Option<Key>,
    /// Where it stopped looking although the page is not full.
    pub stopped_at: Option<Key>,
    /// Whether more words begin with what was typed than are looked for.
    pub is_narrowed: bool,
}

impl Page {
    /// Says in the log, once, which payments of the page can't be read.
    pub fn log_unread(&self) {
        let unread = self.lines.iter().filter_map(|listed| match listed {
            Listed::Unread(unread) => Some(unread.key.id.as_str()),
            Listed::Read(_) => None,
        });
        let ids: Vec<&str> = unread.collect();
        if !ids.is_empty() {
            tracing::error!(payments = ids.join(" "), "these payments' rows can't be read");
        }
    }
}

/// A page of an account's payments.
pub(in crate::console::payments) fn find(
    tx: &mut Tx<'_>,
    keyring: &Keyring,
    account: AccountId,
    wanted: &Wanted,
    lines_max: usize,
) -> Result<Page, StoreError> {
    let terms = wanted.terms(keyring, account);
    let source = Source::choose(tx, account, &terms)?;
    let (way, start) = way(wanted);
    let mut walk = Walk {
        lines: Vec::new(),
        place: start.clone(),
        is_over: false,
    };
    let mut looked_at = 0;
    while !walk.is_over && walk.lines.len() <= lines_max && looked_at < LOOKED_AT_MAX {
        looked_at += walk.go_on(tx, account, (&source, &way), (wanted, &terms))?;
    }
    let has_more = walk.lines.len() > lines_max;
    walk.lines.truncate(lines_max);
    let stopped_at = (!has_more && !walk.is_over).then(|| walk.place.clone());
    let beyond = match has_more {
        true => walk.lines.last().map(|line| line.key().clone()),
        false => stopped_at.clone(),
    };
    let is_first = matches!(wanted.turn, Turn::First);
    let back = walk.lines.first().map_or(start, |line| line.key().clone());
    let (newer, older) = match way.is_older {
        true => ((!is_first).then_some(back), beyond),
        false => (beyond, Some(back)),
    };
    if !way.is_older {
        walk.lines.reverse();
    }
    Ok(Page {
        lines: walk.lines,
        newer,
        older,
        stopped_at,
        is_narrowed: source.is_narrowed(),
    })
}

/// In which direction a page goes, and where it starts.
fn way(wanted: &Wanted) -> (Way, Key) {
    let (from_ms, to_ms) = wanted.bounds_ms();
    match &wanted.turn {
        Turn::After(key) => (
            Way {
                is_older: false,
                bound_ms: to_ms,
            },
            key.clone().max(Key::at(from_ms)),
        ),
        Turn::First | Turn::Before(_) => {
            let end = Key::at(to_ms);
            let start = match &wanted.turn {
                Turn::Before(key) => key.clone().min(end),
                _ => end,
            };
            let way = Way {
                is_older: true,
                bound_ms: from_ms,
            };
            (way, start)
        }
    }
}

struct Walk {
    lines: Vec<Listed>,
    place: Key,
    is_over: bool,
}

impl Walk {
    /// Looks at the next payments; returns how many.
    fn go_on(
        &mut self,
        tx: &mut Tx<'_>,
        account: AccountId,
        (source, way): (&Source, &Way),
        (wanted, terms): (&Wanted, &[Term]),
    ) -> Result<usize, StoreError> {
        let (keys, is_over) = source.next(tx, account, way, &self.place)?;
        let Some(last) = keys.last() else {
            self.is_over = true;
            return Ok(0);
        };
        let mut found = sql::select_lines(tx, account, &keys)?;
        found.retain(|line| wanted.is_met_by(line) && terms.iter().all(|term| term.is_met_by(line)));
        found.sort_by(|one, other| match way.is_older {
            true => other.key().cmp(one.key()),
            false => one.key().cmp(other.key()),
        });
        self.lines.append(&mut found);
        self.place = last.clone();
        self.is_over = is_over;
        Ok(keys.len())
    }
}

/// Payments that are read together.
pub(in crate::console::payments) const KEYS_AT_ONCE: usize = 50;
/// Payments that one page looks at before it says how far it came.
pub(in crate::console::payments) const LOOKED_AT_MAX: usize = 1_000;
