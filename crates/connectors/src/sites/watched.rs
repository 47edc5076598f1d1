//! A site file that is read anew when it changes: a site changes its markup overnight, and the operator who follows it
//! should not have to restart a gateway that is collecting money.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use super::SiteFileError;

/// What a site file says, as it stands now.
pub(crate) struct Watched<T> {
    path: Option<PathBuf>,
    read: Box<dyn Fn() -> Result<T, SiteFileError> + Send + Sync>,
    current: Mutex<Current<T>>,
}

struct Current<T> {
    stamp: Option<Stamp>,
    value: Arc<T>,
}

/// Another stamp, another file.
#[derive(PartialEq, Eq)]
struct Stamp {
    changed_at: Option<SystemTime>,
    bytes: u64,
}

impl<T> Watched<T> {
    /// Reads it a first time; `path` is where an operator's file lies or would lie.
    pub(crate) fn new(
        path: Option<PathBuf>,
        read: impl Fn() -> Result<T, SiteFileError> + Send + Sync + 'static,
    ) -> Result<Watched<T>, SiteFileError> {
        let stamp = stamp(path.as_deref());
        let value = Arc::new(read()?);
        Ok(Watched {
            path,
            read: Box::new(read),
            current: Mutex::new(Current { stamp, value }),
        })
    }

    /// As the file is now. A file that can't be used changes nothing: the operator finds it in the log.
    pub(crate) fn current(&self) -> Arc<T> {
        let stamp = stamp(self.path.as_deref());
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if stamp != current.stamp {
            let file = self.path.as_deref().unwrap_or(Path::new("")).display();
            match (self.read)() {
                Ok(value) => {
                    current.value = Arc::new(value);
                    tracing::info!(%file, "a site file was read anew");
                }
                Err(error) => {
                    tracing::warn!(%file, %error, "a site file can't be used: what it said before stays");
                }
            }
            current.stamp = stamp;
        }
        Arc::clone(&current.value)
    }
}

fn stamp(path: Option<&Path>) -> Option<Stamp> {
    let metadata = std::fs::metadata(path?).ok()?;
    Some(Stamp {
        changed_at: metadata.modified().ok(),
        bytes: metadata.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watched(file: PathBuf) -> Watched<i64> {
        let path = file.clone();
        let read = move || match std::fs::read_to_string(&path) {
            Err(_) => Ok(0),
            Ok(text) => toml::from_str::<toml::Table>(&text)
                .ok()
                .and_then(|table| table["n"].as_integer())
                .ok_or_else(|| SiteFileError::Parse {
                    place: String::new(),
                    reason: String::new(),
                }),
        };
        Watched::new(Some(file), read).unwrap()
    }

    #[test]
    fn a_file_is_followed_as_it_comes_changes_breaks_and_goes() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.toml");
        let watched = watched(file.clone());
        assert_eq!(*watched.current(), 0);
        for (text, expected) in [("n = 1", 1), ("n = 22", 22), ("n = ", 22), ("n = 333", 333)] {
            std::fs::write(&file, text).unwrap();
            assert_eq!(*watched.current(), expected, "{text}");
        }
        std::fs::remove_file(&file).unwrap();
        assert_eq!(*watched.current(), 0);
    }
}
