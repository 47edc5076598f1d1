//! The built program as a process of its own: started with nothing of the test's environment, ended by its own id.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use crate::wait::{Looked, until};

/// A running `ayni …`; killed when dropped, and by the system if the test itself dies.
pub struct Program {
    child: Child,
    log: PathBuf,
}

/// What is to be run.
pub struct Invocation {
    /// Arguments after `ayni`.
    pub arguments: Vec<OsString>,
    /// Environment, besides PATH.
    pub environment: Vec<(&'static str, String)>,
    /// The largest file that it may write, in blocks of 512 bytes.
    pub file_blocks_max: Option<u64>,
}

impl Invocation {
    /// `ayni` with these arguments.
    pub fn of<A: Into<OsString>>(arguments: impl IntoIterator<Item = A>) -> Invocation {
        Invocation {
            arguments: arguments.into_iter().map(Into::into).collect(),
            environment: Vec::new(),
            file_blocks_max: None,
        }
    }

    /// Starts it; what it says is appended to `log`.
    pub fn start(&self, log: &Path) -> Result<Program> {
        let said = || -> Result<File> { Ok(OpenOptions::new().create(true).append(true).open(log)?) };
        let child = self.command()?.stdout(said()?).stderr(said()?).spawn();
        Ok(Program {
            child: child.context("the program could not be started")?,
            log: log.to_owned(),
        })
    }

    fn command(&self) -> Result<Command> {
        // Beyond the limit writing is an error, not the end of the process. It is soft, so that it can be lifted.
        let limit = self
            .file_blocks_max
            .map(|blocks| format!("trap '' XFSZ; ulimit -S -f {blocks}; "));
        let script = format!(r#"{}exec "$0" "$@""#, limit.unwrap_or_default());
        let mut command = Command::new("setpriv");
        command
            .args(["--pdeathsig", "KILL", "--", "sh", "-c", &script])
            .arg(binary()?)
            .args(&self.arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        Ok(command)
    }
}

impl Program {
    /// SIGKILL: it does nothing more, not even tidy up.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// SIGTERM: it is asked to stop.
    pub fn ask_to_stop(&self) -> Result<()> {
        signal("TERM", self.child.id())
    }

    /// Its id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Its exit status, if it has ended.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Waits for its end.
    pub async fn ends_within(&mut self, deadline: Duration) -> Result<ExitStatus> {
        until("the process to end", deadline, async || {
            Ok(match self.child.try_wait()? {
                Some(status) => Looked::There(status),
                None => Looked::NotYet("it runs".to_owned()),
            })
        })
        .await
    }

    /// The end of what it said.
    pub fn last_words(&self) -> String {
        let said = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = said.lines().collect();
        lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal to a process of ours.
pub fn signal(name: &str, id: u32) -> Result<()> {
    let mut shell = Command::new("sh");
    let sent = shell
        .args(["-c", r#"kill -s "$0" "$1""#, name, &id.to_string()])
        .status()?;
    ensure!(sent.success(), "signal {name} could not be sent to process {id}");
    Ok(())
}

/// A port that nobody listens on, below those that the system gives to clients, so that it stays free while a process
/// is being restarted.
pub fn free_port() -> Result<u16> {
    let entropy = ayni_crypto::entropy::Entropy::system();
    for _ in 0..PORT_TRIES {
        let port = FIRST_PORT + entropy.u16() % PORTS;
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
    anyhow::bail!("no free port was found")
}

fn binary() -> Result<PathBuf> {
    let binary = std::env::var_os("AYNI_BIN").map(PathBuf::from);
    let binary = binary.filter(|path| path.is_file());
    binary.context("AYNI_BIN names no built program: run cargo xtask test")
}

const LAST_LINES: usize = 30;
const FIRST_PORT: u16 = 20_000;
const PORTS: u16 = 12_000;
const PORT_TRIES: u32 = 100;
