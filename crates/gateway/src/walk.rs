//! A page of a list that somebody narrowed, newest first: rows are looked at until the page is full, in portions that grow,
//! and no more of them than a page has time for. Then the page says where it stopped, so that the next one goes on there.
//!
//! Without it a page reads as many rows where none is wanted as where all are, or has to walk a whole account.

use ayni_store::error::StoreError;

/// A page, newest first.
#[derive(Clone, Debug)]
pub(crate) struct Page<T, P> {
    /// At most [`PAGE_MAX`].
    pub(crate) entries: Vec<T>,
    /// Where the next one begins, if there may be one.
    pub(crate) next: Option<P>,
}

/// Fills a page from a place on. `portion` reads at most so many rows after a place, and says of each whether it is wanted;
/// `place` says where a row stands.
pub(crate) fn page<T, P>(
    after: Option<P>,
    mut portion: impl FnMut(Option<&P>, usize) -> Result<Vec<(T, bool)>, StoreError>,
    place: impl Fn(&T) -> P,
) -> Result<Page<T, P>, StoreError> {
    let (mut at, mut entries, mut looked_at, mut rows) = (after, Vec::new(), 0, PAGE_MAX + 1);
    loop {
        let seen = portion(at.as_ref(), rows)?;
        let is_last = seen.len() < rows;
        looked_at += seen.len();
        for (entry, is_wanted) in seen {
            if is_wanted && entries.len() == PAGE_MAX {
                return Ok(Page { entries, next: at });
            }
            at = Some(place(&entry));
            entries.extend(is_wanted.then_some(entry));
        }
        if is_last {
            return Ok(Page { entries, next: None });
        }
        if looked_at >= SCAN_MAX {
            return Ok(Page { entries, next: at });
        }
        rows = (rows * GROWTH).min(SCAN_MAX - looked_at);
    }
}

/// Rows on one page.
pub(crate) const PAGE_MAX: usize = 50;
/// Rows that one page looks at.
const SCAN_MAX: usize = 1_000;
/// Each portion has so many times the rows of the one before it.
const GROWTH: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers below `all`, largest first, of which every `nth` is wanted; and how many rows were read.
    fn numbers(all: usize, nth: usize, after: Option<usize>) -> (Page<usize, usize>, usize) {
        let mut read = 0;
        let portion = |after: Option<&usize>, rows: usize| {
            let seen: Vec<(usize, bool)> = (0..*after.unwrap_or(&all))
                .rev()
                .take(rows)
                .map(|number| (number, number % nth == 0))
                .collect();
            read += seen.len();
            Ok(seen)
        };
        let page = page(after, portion, |number| *number).unwrap();
        (page, read)
    }

    #[test]
    fn a_page_of_all_reads_one_row_more_than_it_shows() {
        let (page, read) = numbers(100_000, 1, None);
        assert_eq!((page.entries.len(), page.next, read), (50, Some(99_950), 51));
    }

    #[test]
    fn the_last_page_knows_that_it_is_the_last() {
        for all in [0, 1, 49, 50] {
            let (page, _) = numbers(all, 1, None);
            assert_eq!((page.entries.len(), page.next), (all, None));
        }
    }

    #[test]
    fn a_page_that_finds_little_stops_and_the_next_one_goes_on() {
        let (page, read) = numbers(100_000, 70_000, None);
        assert_eq!((page.entries, page.next, read), (vec![], Some(99_000), 1_000));
    }

    #[test]
    fn pages_one_after_the_other_show_each_wanted_row_once() {
        let (mut shown, mut after) = (Vec::new(), None);
        loop {
            let (page, _) = numbers(3_001, 7, after);
            shown.extend(page.entries);
            after = match page.next {
                Some(next) => Some(next),
                None => break,
            };
        }
        let wanted: Vec<usize> = (0..3_001).rev().filter(|number| number % 7 == 0).collect();
        assert_eq!(shown, wanted);
    }
}
