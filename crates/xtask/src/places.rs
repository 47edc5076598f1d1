//! Where things are: everything a chore makes lies under Cargo's target folder, so that `cargo clean` removes it.

use std::path::{Path, PathBuf};

use anyhow::Context;

/// The repository's root, two folders above this crate.
///
/// # Errors
/// When the chore was not started by Cargo.
pub fn repository() -> anyhow::Result<PathBuf> {
    let crate_folder = std::env::var_os("CARGO_MANIFEST_DIR").context("start this with `cargo xtask`")?;
    let root = Path::new(&crate_folder)
        .ancestors()
        .nth(2)
        .context("xtask is not in crates/xtask")?;
    Ok(root.to_path_buf())
}

/// Cargo's target folder: the one the environment names, else `target` in the repository.
///
/// # Errors
/// As [`repository`].
pub fn target() -> anyhow::Result<PathBuf> {
    let root = repository()?;
    Ok(match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root.join(folder),
        None => root.join("target"),
    })
}

/// The Cargo that runs us, so that a toolchain chosen with `cargo +…` stays the same for what we start.
#[must_use]
pub fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".into())
}
