//! The receivers of an integrator, page by page.

use ayni_domain::time;
use ayni_domain::violation::{Problem, Violation};
use ayni_store::error::StoreError;
use bytes::Bytes;
use jiff::Timestamp;
use url::form_urlencoded;

use super::sql;
use super::wire::{ChildBody, ChildrenBody};
use crate::app::App;
use crate::http::error::ApiError;
use crate::http::json;
use crate::merchants::Account;
use crate::merchants::collecting;

/// Which receivers, and in which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) offset: i64,
    pub(super) max: i64,
    pub(super) sort: Sort,
    pub(super) order: Order,
}

/// `sort` of the wire; receivers that are the same in it come by their id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Id,
    Name,
    DateCreated,
}

/// `order` of the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Asc,
    Desc,
}

/// A receiver as its row tells it.
pub(super) struct Child {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) created_at: Timestamp,
    pub(super) is_disabled: bool,
    pub(super) has_own_account: bool,
}

impl Wanted {
    /// Reads a query string, or tells everything that is wrong with it. Unknown names are ignored, empty values are
    /// not set.
    pub(super) fn parse(query: &str) -> Result<Wanted, Vec<Violation>> {
        let mut wanted = Wanted {
            offset: 0,
            max: MAX_USUAL,
            sort: Sort::Id,
            order: Order::Asc,
        };
        let mut violations = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()).filter(|(_, value)| !value.is_empty()) {
            let taken = match name.as_ref() {
                "offset" => number("offset", &value, 0, OFFSET_MAX).map(|offset| wanted.offset = offset),
                "max" => number("max", &value, 1, MAX_MAX).map(|max| wanted.max = max),
                "sort" => one_of("sort", &value, SORTS).map(|sort| wanted.sort = sort),
                "order" => one_of("order", &value, ORDERS).map(|order| wanted.order = order),
                _ => Ok(()),
            };
            violations.extend(taken.err());
        }
        match violations.is_empty() {
            true => Ok(wanted),
            false => Err(violations),
        }
    }
}

/// One page of an integrator's receivers, as JSON.
pub(super) async fn page(app: &App, integrator: &Account, wanted: Wanted) -> Result<Bytes, ApiError> {
    let id = integrator.id;
    let (children, total, is_shared) = app
        .db
        .read("receivers.children", move |tx| {
            let children = sql::select_children(tx, id, &wanted)?;
            let total = sql::count_children(tx, id)?;
            Ok::<_, StoreError>((children, total, collecting::shares(tx, id)?))
        })
        .await?;
    let receivers = children.into_iter().map(|child| ChildBody {
        id: child.id,
        name: child.name,
        date_created: time::wire(child.created_at),
        disabled: child.is_disabled,
        can_collect: !child.is_disabled && (child.has_own_account || is_shared),
    });
    json::text(&ChildrenBody {
        receivers: receivers.collect(),
        total,
    })
}

fn number(field: &'static str, text: &str, min: i64, max: i64) -> Result<i64, Violation> {
    let number = text.parse().ok().filter(|number| (min..=max).contains(number));
    number.ok_or_else(|| Violation::new(field, Problem::OutOfRange(min, max)))
}

fn one_of<T: Copy, const N: usize>(
    field: &'static str,
    text: &str,
    known: [(&'static str, T); N],
) -> Result<T, Violation> {
    let found = known.into_iter().find(|(word, _)| *word == text);
    let refused = || Violation::new(field, Problem::NotOneOf(known.map(|(word, _)| word).to_vec()));
    found.map(|(_, value)| value).ok_or_else(refused)
}

const SORTS: [(&str, Sort); 3] = [
    ("id", Sort::Id),
    ("name", Sort::Name),
    ("date_created", Sort::DateCreated),
];
const ORDERS: [(&str, Order); 2] = [("asc", Order::Asc), ("desc", Order::Desc)];
/// An integrator with more receivers than this reads them from the other end.
const OFFSET_MAX: i64 = 1_000_000;
const MAX_MAX: i64 = 100;
const MAX_USUAL: i64 = 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_query_is_the_first_page_by_id() {
        let usual = Wanted {
            offset: 0,
            max: 20,
            sort: Sort::Id,
            order: Order::Asc,
        };
        assert_eq!(Wanted::parse(""), Ok(usual));
        assert_eq!(Wanted::parse("offset=&max=&sort=&order=&colour=red"), Ok(usual));
    }

    #[test]
    fn everything_that_is_wrong_with_a_query_is_told_at_once() {
        let refused = Wanted::parse("offset=-1&max=101&sort=age&order=up").unwrap_err();
        let problems = [
            ("offset", Problem::OutOfRange(0, 1_000_000)),
            ("max", Problem::OutOfRange(1, 100)),
            ("sort", Problem::NotOneOf(vec!["id", "name", "date_created"])),
            ("order", Problem::NotOneOf(vec!["asc", "desc"])),
        ];
        assert_eq!(
            refused,
            problems.map(|(field, problem)| Violation::new(field, problem))
        );
    }
}
