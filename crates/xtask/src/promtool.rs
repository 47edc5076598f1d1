//! Prometheus's own tool, which reads the alerts and the dashboard's queries. It comes in the package of the whole
//! server, of which nothing else is wanted: so the one file is taken out of it and nothing is installed.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use crate::places;

/// Where the tool is: the one that is installed, or one in the target folder, which is fetched where it is not there yet.
///
/// # Errors
/// When it is nowhere and can't be fetched.
pub fn provide() -> anyhow::Result<PathBuf> {
    let installed = PathBuf::from("/usr/bin/promtool");
    if installed.exists() {
        return Ok(installed);
    }
    let folder = places::target()?.join("promtool");
    let fetched = folder.join("usr/bin/promtool");
    if !fetched.exists() {
        println!("promtool is not installed; it reads the alerts and the dashboard's queries.");
        println!("Fetching the package prometheus for it, 20 MB, without installing it");
        fs::create_dir_all(&folder)?;
        let script = "apt-get download -qq prometheus && dpkg-deb --fsys-tarfile prometheus_*.deb | tar -x ./usr/bin/promtool \
                      && rm -f prometheus_*.deb";
        let status = Command::new("sh")
            .args(["-c", script])
            .current_dir(&folder)
            .stdin(Stdio::null())
            .status()
            .context("sh can't be started")?;
        ensure!(
            status.success() && fetched.exists(),
            "promtool could not be fetched: install the package prometheus"
        );
    }
    Ok(fetched)
}
