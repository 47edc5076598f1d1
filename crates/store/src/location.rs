//! Where the database is, as the operator writes it: `sqlite:path` or `postgres://…`. The password in a URL is a
//! secret, so neither `Debug` nor `Display` shows it.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use crate::error::StoreError;

/// Which engine, and where its data is.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// A database file of the embedded engine.
    Sqlite(PathBuf),
    /// The URL of a PostgreSQL server or of one that speaks its protocol. `sslmode` may be `disable` (also when
    /// absent), `require`, `verify-ca` or `verify-full`: with any of the last three the server's certificate is
    /// checked, against the file in `sslrootcert` or else the public roots.
    Postgres(String),
}

impl FromStr for Location {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Location, StoreError> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            // sqlite:///absolute/path is how other tools write it.
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() {
                return Err(StoreError::Location("sqlite: needs the path of a file".into()));
            }
            return Ok(Location::Sqlite(PathBuf::from(path)));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Location::Postgres(text.to_owned()));
        }
        Err(StoreError::Location(
            "a database is sqlite:path or postgres://user@host/name".into(),
        ))
    }
}

/// The location without any password.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Location::Postgres(url) => f.write_str(&without_secrets(url)),
        }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Location({self})")
    }
}

/// The URL without user information and without its query, where a password may stand too.
fn without_secrets(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
    let rest = rest.split_once('?').map_or(rest, |(before, _)| before);
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}://{host}/{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_engines_can_be_named() {
        assert_eq!(
            "sqlite:a/b.db".parse::<Location>().unwrap(),
            Location::Sqlite("a/b.db".into())
        );
        assert_eq!(
            "sqlite:///a/b.db".parse::<Location>().unwrap(),
            Location::Sqlite("/a/b.db".into())
        );
        assert!(matches!(
            "postgres://x/y".parse::<Location>().unwrap(),
            Location::Postgres(_)
        ));
        assert!(matches!(
            "mysql://x/y".parse::<Location>(),
            Err(StoreError::Location(_))
        ));
        assert!(matches!(
            "sqlite:".parse::<Location>(),
            Err(StoreError::Location(_))
        ));
    }

    #[test]
    fn a_password_is_never_shown() {
        for url in [
            "postgres://ana:s3cret@db:5432/ayni",
            "postgres://ana@db:5432/ayni?password=s3cret",
        ] {
            let location: Location = url.parse().unwrap();
            assert_eq!(location.to_string(), "postgres://db:5432/ayni");
            assert!(!format!("{location:?}").contains("s3cret"));
        }
    }
}
