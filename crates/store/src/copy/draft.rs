//! A file that is there whole or not at all: it is written under another name, reaches the disk, and only then gets its
//! own. Nothing that is there already is written over, but for the draft of one who was killed: whoever writes a draft has it
//! locked, and the lock ends with its process.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::copy::error::{self, CopyError, file};
use crate::error::StoreError;

/// A file that is being written; gone if it is dropped before [`Draft::keep`].
pub(crate) struct Draft {
    path: PathBuf,
    named: PathBuf,
    /// Locked until this is dropped.
    _locked: File,
}

impl Draft {
    /// A draft of this file, which only its owner may read; a file that is there is refused.
    pub fn new(named: &Path) -> Result<Draft, CopyError> {
        refuse_taken(named)?;
        let mut name = named.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        let path = named.with_file_name(name);
        let locked = lock(&path)?;
        Ok(Draft {
            path,
            named: named.to_owned(),
            _locked: locked,
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
        // It has its name already, and whoever wants to may open it.
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(|error| CopyError::Unsure(StoreError::Io(error.to_string())))
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

/// An empty file of this name that nobody else writes.
fn lock(path: &Path) -> Result<File, CopyError> {
    let taken = |by: &str| CopyError::NotEmpty {
        place: format!("{} ({by})", path.display()),
    };
    if path.symlink_metadata().is_ok_and(|found| !found.is_file()) {
        return Err(taken("not a file"));
    }
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path);
    let file = file.map_err(error::file("made"))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(taken("a copy to there is under way")),
        Err(TryLockError::Error(source)) => return Err(error::file("locked")(source)),
    }
    // Whoever had it locked until now may have given it its name, or removed it.
    let of = |found: std::fs::Metadata| (found.dev(), found.ino());
    let (ours, named) = (file.metadata().map(of), path.symlink_metadata().map(of));
    match (ours, named) {
        (Ok(ours), Ok(named)) if ours == named => {}
        _ => return Err(taken("a copy to there has just ended")),
    }
    // What one who was killed left is worth nothing.
    file.set_len(0).map_err(error::file("emptied"))?;
    for end in ["-journal", "-wal", "-shm"] {
        let _ = std::fs::remove_file(beside(path, end));
    }
    Ok(file)
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
