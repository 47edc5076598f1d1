//! The Chromium process: its program, its arguments, its folder, its end.

use std::fs::DirBuilder;
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::error::BrowserError;
use super::wire::Wire;

/// Leads nowhere: nothing may listen on port 1 of this machine but its administrator.
pub(super) const NO_PROXY_THERE: &str = "http://127.0.0.1:1";

/// Time to start; a loaded machine takes several seconds.
const START_TIMEOUT: Duration = Duration::from_secs(30);

/// Time to end by itself after the pipe closed.
const END_TIMEOUT: Duration = Duration::from_secs(3);

/// Gives Chromium its pipes as descriptors 3 and 4 and nothing else of ours.
const WITH_PIPES: &str = r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1"#;

const ARGUMENTS: [&str; 16] = [
    "--headless",
    "--remote-debugging-pipe",
    "--no-startup-window",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-breakpad",
    "--disable-dev-shm-usage",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    // A page that eats memory ends its own process and no other.
    "--js-flags=--max-old-space-size=256",
    "--accept-lang=es",
];

/// What of our environment Chromium may see: none of it is a secret.
const ENVIRONMENT: [&str; 5] = ["PATH", "LANG", "LC_ALL", "TZ", "FONTCONFIG_PATH"];

/// A Chromium that was started. Dropping it kills it.
pub(super) struct Running {
    wire: Wire,
    process_id: u32,
    child: Mutex<Option<Child>>,
    folder: Folder,
}

impl Running {
    /// Starts the program and waits until it answers.
    pub(super) async fn start(program: &Path) -> Result<Running, BrowserError> {
        let missing = |what: &str, error: &dyn std::fmt::Display| BrowserError::Missing {
            reason: format!("{what}: {error}"),
        };
        let folder =
            Folder::make().map_err(|error| missing("no folder could be made for Chromium", &error))?;
        let program = &std::path::absolute(program).map_err(|error| missing("Chromium's program", &error))?;
        let mut child = command(program, &folder.0)
            .spawn()
            .map_err(|error| missing("Chromium could not be started", &error))?;
        let (Some(input), Some(output), Some(process_id)) =
            (child.stdin.take(), child.stdout.take(), child.id())
        else {
            return Err(BrowserError::failed("it ended at once"));
        };
        let running = Running {
            wire: Wire::over(input, output),
            process_id,
            child: Mutex::new(Some(child)),
            folder,
        };
        match timeout(
            START_TIMEOUT,
            running
                .wire
                .call::<Version>(None, "Browser.getVersion", json!({})),
        )
        .await
        {
            Ok(Ok(_)) => Ok(running),
            Ok(Err(_)) => Err(BrowserError::Missing {
                reason: format!(
                    "{} ended when it was started; run it by hand with --headless to see why (in a container its sandbox may not be permitted)",
                    program.display()
                ),
            }),
            Err(_) => Err(BrowserError::failed("it did not start in time")),
        }
    }

    /// The pipes to it.
    pub(super) fn wire(&self) -> &Wire {
        &self.wire
    }

    /// Whether it still listens.
    pub(super) fn is_alive(&self) -> bool {
        self.wire.is_open()
    }

    /// Its number in the system.
    pub(super) fn process_id(&self) -> u32 {
        self.process_id
    }

    /// Asks it to end, kills it if it does not, and waits for it, so that its folder can go.
    pub(super) async fn end(&self) {
        let Some(mut child) = self.child.lock().unwrap_or_else(PoisonError::into_inner).take() else {
            return;
        };
        drop(self.wire.send(None, "Browser.close", json!({})));
        if timeout(END_TIMEOUT, child.wait()).await.is_err() {
            // It may have ended this very moment.
            drop(child.kill().await);
        }
        self.folder.remove();
    }
}

#[derive(Deserialize)]
struct Version {}

fn command(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(WITH_PIPES).arg(program).args(ARGUMENTS);
    command.arg(format!("--user-data-dir={}", folder.display()));
    command.arg(format!("--proxy-server={NO_PROXY_THERE}"));
    command.arg("--proxy-bypass-list=<-loopback>");
    let is_root = std::fs::metadata(folder).is_ok_and(|folder| folder.uid() == 0);
    if is_root {
        // Chromium refuses to start as root with its sandbox.
        command.arg("--no-sandbox");
    }
    command.env_clear();
    command.envs(
        ENVIRONMENT
            .iter()
            .filter_map(|name| Some((name, std::env::var_os(name)?))),
    );
    command.env("HOME", folder);
    command.current_dir(folder);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command.kill_on_drop(true);
    command
}

/// A folder of Chromium's own that nobody else may look into, removed at the end.
struct Folder(PathBuf);

/// How such folders are called: this, the process that made it, a number.
const FOLDER_NAME: &str = "ayni-chromium-";

/// Folders that one process may leave behind before it finds no name.
const NAMES_MAX: u32 = 10_000;

impl Folder {
    fn make() -> std::io::Result<Folder> {
        sweep();
        let process_id = std::process::id();
        for number in 0..NAMES_MAX {
            let path = std::env::temp_dir().join(format!("{FOLDER_NAME}{process_id}-{number}"));
            // Making it fails if anything of that name is there, so nobody can prepare it for us.
            match DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => return Ok(Folder(path)),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(ErrorKind::AlreadyExists.into())
    }

    fn remove(&self) {
        // What can't be removed now is in the system's folder for temporary files.
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Removes what processes that were killed left behind, where the system tells who is alive.
fn sweep() {
    if !Path::new("/proc/self").exists() {
        return;
    }
    let Ok(entries) = std::fs::read_dir(std::env::temp_dir()) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let owner = name.to_str().and_then(|name| {
            name.strip_prefix(FOLDER_NAME)?
                .split('-')
                .next()?
                .parse::<u32>()
                .ok()
        });
        if owner.is_some_and(|owner| !Path::new("/proc").join(owner.to_string()).exists()) {
            // Another user's folder stays.
            drop(std::fs::remove_dir_all(entry.path()));
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        self.remove();
    }
}
