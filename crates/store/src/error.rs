//! What can go wrong, as the caller must tell it apart: try again later, make room, or mend the program. Texts carry
//! no values of rows, since those may be secrets.

/// Why a unit of work gave no answer of its own. Unless the variant says otherwise, none of its rows is there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// As many units of work wait as may wait; the caller should try again later.
    #[error("too many units of work are waiting")]
    Overloaded,
    /// The engine was out of reach, or locked by another process, for longer than may be waited.
    #[error("the database can't be reached: {0}")]
    Unavailable(String),
    /// The disk, or the quota of the file, is full. Writing works again as soon as there is room.
    #[error("the database has no room left")]
    Full,
    /// The disk failed.
    #[error("the database's disk failed: {0}")]
    Io(String),
    /// The connection was lost while the commit was under way: its rows may or may not be there. The caller finds out
    /// by reading, or by doing the same again under the same keys.
    #[error("the connection was lost during the commit: its outcome is not known")]
    OutcomeUnknown,
    /// Other transactions stood in the way at every try.
    #[error("other transactions stood in the way {tries} times")]
    Contention {
        /// How often it was tried.
        tries: u32,
    },
    /// A unique key is taken.
    #[error("already there: {constraint}")]
    Conflict {
        /// The constraint (PostgreSQL) or the columns (SQLite).
        constraint: String,
    },
    /// The unit of work panicked.
    #[error("the unit of work {name} panicked")]
    Panicked {
        /// Its name.
        name: &'static str,
    },
    /// The database's schema is older than this program's.
    #[error("the database has schema {found}, this program needs {needed}: run `ayni migrate`")]
    SchemaOlder {
        /// The database's version; 0 where there is no schema.
        found: i64,
        /// The version that this program was made for.
        needed: i64,
    },
    /// The database's schema is newer than this program's.
    #[error("the database has schema {found}, this program knows only {known}: use a newer ayni")]
    SchemaNewer {
        /// The database's version.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// What was in the database is elsewhere now.
    #[error("the database was moved to another one, or is being moved: open that one")]
    Moved,
    /// A statement is wrong, or was refused for another reason than a unique key.
    #[error("a statement failed ({code}): {problem}")]
    Statement {
        /// The engine's code of it.
        code: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A column is not what the caller took it for.
    #[error("column {column} {problem}")]
    Column {
        /// Its position, from 0.
        column: usize,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The location can't be understood.
    #[error("{0}")]
    Location(String),
}

impl StoreError {
    /// Whether a unique key was taken.
    pub fn is_conflict(&self) -> bool {
        matches!(self, StoreError::Conflict { .. })
    }

    /// Whether the same may well succeed a little later, without anybody mending anything in the program.
    pub fn is_temporary(&self) -> bool {
        matches!(
            self,
            StoreError::Overloaded
                | StoreError::Unavailable(_)
                | StoreError::Full
                | StoreError::Io(_)
                | StoreError::OutcomeUnknown
                | StoreError::Contention { .. }
        )
    }
}
