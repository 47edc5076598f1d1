//! A file that is there whole or not at all: it is written under another name, reaches the disk, and only then gets its
//! own. Nothing that is there already is written over.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::copy::error::{CopyError, file};

/// A file that is being written; gone if it is dropped before [`Draft::keep`].
pub(crate) struct Draft {
    path: PathBuf,
    named: PathBuf,
}

impl Draft {
    /// A draft of this file, which only its owner may read; a file that is there is refused.
    pub fn new(named: &Path) -> Result<Draft, CopyError> {
        refuse_taken(named)?;
        let mut name = named.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        let path = named.with_file_name(name);
        // What an earlier try left is worth nothing; two at once would write into the same.
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .map_err(|error| match error.kind() {
                std::io::ErrorKind::AlreadyExists => CopyError::NotEmpty {
                    place: format!(
                        "{} (left by a copy that did not end, or of one under way)",
                        path.display()
                    ),
                },
                _ => file("made")(error),
            })?;
        Ok(Draft {
            path,
            named: named.to_owned(),
        })
    }

    /// Where it is written meanwhile.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Brings it to the disk and gives it its name.
    pub fn keep(self) -> Result<(), CopyError> {
        File::open(&self.path)
            .and_then(|written| written.sync_all())
            .map_err(file("brought to the disk"))?;
        refuse_taken(&self.named)?;
        std::fs::rename(&self.path, &self.named).map_err(file("given its name"))?;
        let folder = match self.named.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(file("brought to the disk"))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        for end in ["", "-journal", "-wal", "-shm"] {
            // Kept under its own name, or never made.
            let _ = std::fs::remove_file(beside(&self.path, end));
        }
    }
}

/// The file's path with something behind it.
pub(crate) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// A log that was left beside a file would be taken for the new file's.
fn refuse_taken(named: &Path) -> Result<(), CopyError> {
    for end in ["", "-wal", "-shm", "-journal"] {
        let path = beside(named, end);
        if path.symlink_metadata().is_ok() {
            return Err(CopyError::NotEmpty {
                place: path.display().to_string(),
            });
        }
    }
    Ok(())
}
