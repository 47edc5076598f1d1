//! What an operator sees: `ayni settlement list|show|report`.

use ayni_domain::ids::AccountId;
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use jiff::civil::Date;
use thiserror::Error;

use super::sql::made::{self, Wanted};
use super::sql::shares;
use super::{Line, Settlement, Share};

/// Why a settlement could not be shown.
#[derive(Debug, Error)]
pub enum SettlementError {
    /// The database refused or failed.
    #[error("the database could not do it")]
    Store(#[from] StoreError),
    /// There is no such settlement.
    #[error("there is no settlement {0}: `ayni settlement list` shows them")]
    NotFound(String),
}

/// Which settlements are listed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Only this account's.
    pub account: Option<AccountId>,
    /// Only those of this day.
    pub day: Option<Date>,
    /// At most so many.
    pub limit: u32,
}

/// A settlement with everything that is kept of it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Itself.
    pub settlement: Settlement,
    /// What integrators have of it.
    pub shares: Vec<Share>,
    /// Its payments.
    pub lines: Vec<Line>,
}

/// Settlements, newest first.
pub async fn list(db: &Db, filter: Filter) -> Result<Vec<Settlement>, SettlementError> {
    Ok(page(db, filter, None).await?)
}

/// All settlements of a filter, in portions, for reports of days with many: `take` is given each.
pub async fn each(
    db: &Db,
    filter: Filter,
    mut take: impl FnMut(&[Settlement]) -> Result<(), std::io::Error>,
) -> Result<std::io::Result<()>, SettlementError> {
    let mut after = None;
    loop {
        let page = page(
            db,
            Filter {
                limit: PAGE,
                ..filter
            },
            after,
        )
        .await?;
        if let Err(error) = take(&page) {
            return Ok(Err(error));
        }
        match page.last() {
            Some(last) if page.len() == PAGE as usize => after = Some((last.day.clone(), last.id.clone())),
            _ => return Ok(Ok(())),
        }
    }
}

/// One settlement with its lines.
pub async fn show(db: &Db, id: &str) -> Result<Shown, SettlementError> {
    let wanted = id.to_owned();
    let found = db
        .read("settlement.show", move |tx| {
            let Some(settlement) = made::select_settlement(tx, &wanted)? else {
                return Ok(None);
            };
            Ok::<_, StoreError>(Some(Shown {
                settlement,
                shares: shares::select_shares(tx, &wanted)?,
                lines: made::select_lines(tx, &wanted, made::ALL_LINES)?,
            }))
        })
        .await?;
    found.ok_or_else(|| SettlementError::NotFound(id.to_owned()))
}

async fn page(
    db: &Db,
    filter: Filter,
    after: Option<(String, String)>,
) -> Result<Vec<Settlement>, StoreError> {
    let wanted = Wanted {
        account: filter.account.map(|account| account.0),
        day: filter.day.map(|day| day.to_string()),
        after,
        limit: filter.limit.into(),
    };
    db.read("settlement.list", move |tx| made::select_settlements(tx, &wanted))
        .await
}

const PAGE: u32 = 500;
