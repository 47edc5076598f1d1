//! The schema's history: numbered SQL texts, each applied once, in order, in a transaction of its own, and recorded in
//! `schema_migrations`. A program opens only a database whose schema is exactly its own.

use jiff::Timestamp;

use crate::error::StoreError;
use crate::location::Location;
use crate::postgres::schema as postgres;
use crate::sqlite::schema as sqlite;

/// One step of the schema.
pub(crate) struct Migration {
    pub version: i64,
    pub name: &'static str,
    pub sql: &'static str,
}

/// Every step, oldest first; a released one never changes.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "payments",
        sql: include_str!("../migrations/0001_payments.sql"),
    },
    Migration {
        version: 2,
        name: "operations",
        sql: include_str!("../migrations/0002_operations.sql"),
    },
    Migration {
        version: 3,
        name: "links",
        sql: include_str!("../migrations/0003_links.sql"),
    },
    Migration {
        version: 4,
        name: "oauth",
        sql: include_str!("../migrations/0004_oauth.sql"),
    },
    Migration {
        version: 5,
        name: "ledger",
        sql: include_str!("../migrations/0005_ledger.sql"),
    },
    Migration {
        version: 6,
        name: "orders",
        sql: include_str!("../migrations/0006_orders.sql"),
    },
    Migration {
        version: 7,
        name: "receivers",
        sql: include_str!("../migrations/0007_receivers.sql"),
    },
    Migration {
        version: 8,
        name: "settlement",
        sql: include_str!("../migrations/0008_settlement.sql"),
    },
    Migration {
        version: 9,
        name: "contract acceptances",
        sql: include_str!("../migrations/0009_contract_acceptances.sql"),
    },
    Migration {
        version: 10,
        name: "mails",
        sql: include_str!("../migrations/0010_mails.sql"),
    },
    Migration {
        version: 11,
        name: "console",
        sql: include_str!("../migrations/0011_console.sql"),
    },
    Migration {
        version: 12,
        name: "restorations",
        sql: include_str!("../migrations/0012_restorations.sql"),
    },
    Migration {
        version: 13,
        name: "deliveries",
        sql: include_str!("../migrations/0013_deliveries.sql"),
    },
    Migration {
        version: 14,
        name: "days",
        sql: include_str!("../migrations/0014_days.sql"),
    },
    Migration {
        version: 15,
        name: "payment links",
        sql: include_str!("../migrations/0015_payment_links.sql"),
    },
    Migration {
        version: 16,
        name: "privacy",
        sql: include_str!("../migrations/0016_privacy.sql"),
    },
    Migration {
        version: 17,
        name: "events",
        sql: include_str!("../migrations/0017_events.sql"),
    },
    Migration {
        version: 18,
        name: "payment search",
        sql: include_str!("../migrations/0018_payment_search.sql"),
    },
    Migration {
        version: 19,
        name: "retention",
        sql: include_str!("../migrations/0019_retention.sql"),
    },
    Migration {
        version: 20,
        name: "person cases",
        sql: include_str!("../migrations/0020_person_cases.sql"),
    },
    Migration {
        version: 21,
        name: "requests",
        sql: include_str!("../migrations/0021_requests.sql"),
    },
    Migration {
        version: 22,
        name: "consent uses",
        sql: include_str!("../migrations/0022_consent_uses.sql"),
    },
    Migration {
        version: 23,
        name: "review of an account",
        sql: include_str!("../migrations/0023_review_of.sql"),
    },
];

/// The schema that this program was made for.
pub const LATEST_VERSION: i64 = MIGRATIONS[MIGRATIONS.len() - 1].version;

pub(crate) const CREATE_HISTORY: &str = "CREATE TABLE IF NOT EXISTS schema_migrations \
     (version BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)";

pub(crate) const SELECT_VERSION: &str =
    "SELECT CAST(COALESCE(MAX(version), 0) AS BIGINT) FROM schema_migrations";

/// Whether there is a history of the schema, and under which name: nobody opens a database where it has another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum History {
    Absent,
    Open,
    /// A move is under way, or was cut off: it may be made again.
    Moving,
    /// What was here is elsewhere.
    Moved,
}

impl History {
    /// By the name of the table.
    pub fn named(table: Option<&str>) -> History {
        match table {
            None => History::Absent,
            Some("moving_schema_migrations") => History::Moving,
            Some("moved_schema_migrations") => History::Moved,
            Some(_) => History::Open,
        }
    }

    /// The query of its version.
    pub fn select_version(self) -> Option<&'static str> {
        match self {
            History::Absent => None,
            History::Open => Some(SELECT_VERSION),
            History::Moving => {
                Some("SELECT CAST(COALESCE(MAX(version), 0) AS BIGINT) FROM moving_schema_migrations")
            }
            History::Moved => {
                Some("SELECT CAST(COALESCE(MAX(version), 0) AS BIGINT) FROM moved_schema_migrations")
            }
        }
    }

    /// Refuses one that is closed.
    pub fn check_open(self) -> Result<(), StoreError> {
        match self {
            History::Absent | History::Open => Ok(()),
            History::Moving | History::Moved => Err(StoreError::Moved),
        }
    }

    /// What gives it the name that it has in another state.
    pub fn becoming(self, to: History) -> Option<&'static str> {
        match (self, to) {
            (History::Open, History::Moving) => {
                Some("ALTER TABLE schema_migrations RENAME TO moving_schema_migrations")
            }
            (History::Moving, History::Moved) => {
                Some("ALTER TABLE moving_schema_migrations RENAME TO moved_schema_migrations")
            }
            (History::Moving, History::Open) => {
                Some("ALTER TABLE moving_schema_migrations RENAME TO schema_migrations")
            }
            (History::Moved, History::Open) => {
                Some("ALTER TABLE moved_schema_migrations RENAME TO schema_migrations")
            }
            _ => None,
        }
    }
}

/// The names that [`History::named`] knows, for both engines' catalogues.
macro_rules! history_names {
    () => {
        "'schema_migrations', 'moving_schema_migrations', 'moved_schema_migrations'"
    };
}
pub(crate) use history_names;

/// Claims a step: whoever inserts its row applies it, and all others wait for that and then skip it.
pub(crate) const INSERT_MIGRATION: &str =
    "INSERT INTO schema_migrations (version, name, applied_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

/// What [`crate::db::Db::migrate`] did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migrated {
    /// The schema's version before; 0 where there was none.
    pub from: i64,
    /// The schema's version now.
    pub to: i64,
    /// The names of the steps that this call applied.
    pub applied: Vec<&'static str>,
}

pub(crate) fn migrate(location: &Location, now: Timestamp) -> Result<Migrated, StoreError> {
    match location {
        Location::Sqlite(path) => sqlite::migrate(path, now.as_millisecond()),
        Location::Postgres(url) => postgres::migrate(url, now.as_millisecond()),
    }
}

/// Refuses any schema but this program's.
pub(crate) fn check_version(found: i64) -> Result<(), StoreError> {
    check_newer(found)?;
    if found < LATEST_VERSION {
        return Err(StoreError::SchemaOlder {
            found,
            needed: LATEST_VERSION,
        });
    }
    Ok(())
}

/// Refuses a schema that this program doesn't know.
pub(crate) fn check_newer(found: i64) -> Result<(), StoreError> {
    if found > LATEST_VERSION {
        return Err(StoreError::SchemaNewer {
            found,
            known: LATEST_VERSION,
        });
    }
    Ok(())
}
