//! A PostgreSQL server of a test's own, which may be stopped without disturbing the other tests.

use std::os::unix::fs::chown;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use tempfile::TempDir;
use tokio::net::TcpStream;

use crate::program::{free_port, signal};
use crate::wait::{Looked, until};

/// The server; killed when dropped, and by the system if the test itself dies.
pub struct Cluster {
    folder: TempDir,
    programs: PathBuf,
    port: u16,
    server: Child,
}

/// How a server is stopped.
#[derive(Clone, Copy, Debug)]
pub enum Stop {
    /// Connections are broken off, and the server ends cleanly.
    Fast,
    /// It ends at once and recovers when it is started: a crash.
    Immediate,
}

impl Cluster {
    /// Makes a cluster and starts its server.
    pub async fn start() -> Result<Cluster> {
        let folder = tempfile::Builder::new().prefix("ayni-cluster-").tempdir()?;
        let programs = programs()?;
        if let Some((user, group)) = server_user()? {
            chown(folder.path(), Some(user), Some(group))?;
        }
        let made = command(&programs, "initdb")?
            .args([
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
                "--username=postgres",
                "--pgdata",
            ])
            .arg(folder.path().join("data"))
            .output()?;
        ensure!(
            made.status.success(),
            "initdb: {}",
            String::from_utf8_lossy(&made.stderr)
        );
        let port = free_port()?;
        let server = serve(&programs, &folder, port)?;
        let cluster = Cluster {
            folder,
            programs,
            port,
            server,
        };
        cluster.listens().await?;
        Ok(cluster)
    }

    /// Its database, as `--database` takes it.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Stops it.
    pub async fn stop(&mut self, how: Stop) -> Result<()> {
        let name = match how {
            Stop::Fast => "INT",
            Stop::Immediate => "QUIT",
        };
        signal(name, self.server.id())?;
        until("PostgreSQL to stop", DEADLINE, async || {
            Ok(match self.server.try_wait()? {
                Some(_) => Looked::There(()),
                None => Looked::NotYet("it runs".to_owned()),
            })
        })
        .await
    }

    /// Starts it again where it was.
    pub async fn start_again(&mut self) -> Result<()> {
        self.server = serve(&self.programs, &self.folder, self.port)?;
        self.listens().await
    }

    async fn listens(&self) -> Result<()> {
        until("PostgreSQL to listen", DEADLINE, async || {
            Ok(match TcpStream::connect(("127.0.0.1", self.port)).await {
                Ok(_) => Looked::There(()),
                Err(error) => Looked::NotYet(error.to_string()),
            })
        })
        .await
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // A fast stop takes its helpers along; whatever fails here, the folder goes and the system ends it with us.
        let _ = signal("INT", self.server.id());
        let _ = self.server.wait();
    }
}

fn serve(programs: &std::path::Path, folder: &TempDir, port: u16) -> Result<Child> {
    let log = std::fs::File::create(folder.path().join(format!("server-{port}.log")))?;
    let mut server = command(programs, "postgres")?;
    server.arg("-D").arg(folder.path().join("data"));
    server.args(["-p", &port.to_string(), "-h", "127.0.0.1", "-k", "", "-N", "100"]);
    let started = server
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn();
    started.context("PostgreSQL could not be started")
}

/// A program of PostgreSQL's, as its own user where we are root: it refuses to run as root.
fn command(programs: &std::path::Path, name: &str) -> Result<Command> {
    let mut command = Command::new("setpriv");
    if server_user()?.is_some() {
        command.args(["--reuid", "postgres", "--regid", "postgres", "--init-groups"]);
    }
    command
        .args(["--pdeathsig", "INT", "--"])
        .arg(programs.join(name))
        .current_dir("/");
    Ok(command)
}

/// The ids of the user that Debian's package makes, if we are root.
fn server_user() -> Result<Option<(u32, u32)>> {
    let own = std::fs::read_to_string("/proc/self/status")?;
    let is_root = own
        .lines()
        .any(|line| line.split_whitespace().eq(["Uid:", "0", "0", "0", "0"]));
    if !is_root {
        return Ok(None);
    }
    let users = std::fs::read_to_string("/etc/passwd")?;
    let line = users
        .lines()
        .find(|line| line.starts_with("postgres:"))
        .context("there is no user postgres")?;
    let parts: Vec<&str> = line.split(':').collect();
    match parts[..] {
        [_, _, user, group, ..] => Ok(Some((user.parse()?, group.parse()?))),
        _ => bail!("/etc/passwd: {line}"),
    }
}

/// Where PostgreSQL's programs are: said by `cargo xtask test`, else where Debian puts them.
fn programs() -> Result<PathBuf> {
    if let Some(folder) = std::env::var_os("AYNI_TEST_POSTGRES_PROGRAMS") {
        return Ok(folder.into());
    }
    let versions =
        std::fs::read_dir("/usr/lib/postgresql").context("run cargo xtask test: PostgreSQL is not there")?;
    let found = versions
        .flatten()
        .map(|version| version.path().join("bin"))
        .find(|bin| bin.join("postgres").exists());
    found.context("run cargo xtask test: PostgreSQL is not there")
}

const DEADLINE: Duration = Duration::from_secs(30);
