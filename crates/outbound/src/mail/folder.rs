//! Mails as files, for development: each is whole or not there, and the same mail is the same file.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::Taken;
use super::error::MailError;

/// A folder that takes mails as `.eml` files. It is made when it is needed.
#[derive(Clone, Debug)]
pub struct MailFolder {
    path: PathBuf,
}

impl MailFolder {
    /// This folder.
    #[must_use]
    pub fn new(path: PathBuf) -> MailFolder {
        MailFolder { path }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(super) async fn make(&self) -> Result<(), MailError> {
        let path = self.path.clone();
        blocking(move || make(&path)).await
    }

    pub(super) async fn put(&self, id: &str, bytes: Vec<u8>) -> Result<Taken, MailError> {
        let (path, id) = (self.path.clone(), id.to_owned());
        let file = blocking(move || put(&path, &id, &bytes)).await?;
        Ok(Taken {
            said: file.display().to_string(),
        })
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, MailError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(io::Error::other(error)))
        .map_err(MailError::Folder)
}

fn make(folder: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Writes beside and then renames, so that no reader sees half of it, also after a crash.
fn put(folder: &Path, id: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    make(folder)?;
    let (file, beside) = (
        folder.join(format!("{id}.eml")),
        folder.join(format!(".{id}.new")),
    );
    let mut written = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&beside)?;
    written.write_all(bytes)?;
    written.sync_all()?;
    fs::rename(&beside, &file)?;
    fs::File::open(folder)?.sync_all()?;
    Ok(file)
}
