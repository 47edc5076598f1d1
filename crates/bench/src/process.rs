//! The processes that are measured: started on free ports with folders of their own, ended by their id.

pub mod cpu;

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;
use tempfile::TempDir;

use crate::wire;

/// A process that ends with its value.
pub struct Process {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// From its start to its first `/readyz` (or first answer) with 200.
    pub ready_after: Duration,
}

impl Process {
    /// Starts a command that listens on `address`, and waits until `path` answers 200.
    pub fn start(mut command: Command, address: SocketAddr, path: &str) -> Result<Process> {
        let start = Instant::now();
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("starting {command:?}"))?;
        while start.elapsed() < PATIENCE {
            if wire::get(address, path).is_ok_and(|answer| answer.starts_with("HTTP/1.1 200")) {
                return Ok(Process {
                    child,
                    address,
                    ready_after: start.elapsed(),
                });
            }
            if let Some(status) = child.try_wait()? {
                bail!("{command:?} ended with {status}");
            }
            std::thread::yield_now();
        }
        child.kill()?;
        bail!("{command:?} was not ready after {PATIENCE:?}")
    }

    /// Its id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Resident memory that is the process's own (without mapped files), in MiB.
    pub fn memory_mib(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name))?;
            line.split_whitespace().nth(1)?.parse::<f64>().ok()
        };
        let kib = line("RssAnon:").context("no RssAnon")? + line("RssShmem:").unwrap_or(0.0);
        Ok(kib / 1024.0)
    }

    /// Processor time that it has used so far, in all its threads.
    pub fn cpu(&self) -> Result<Used> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        Used::read(&stat)
    }

    /// All resident memory, mapped files included, in MiB.
    pub fn resident_mib(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS:"))
            .context("no VmRSS")?;
        let kib: f64 = line.split_whitespace().nth(1).context("no VmRSS")?.parse()?;
        Ok(kib / 1024.0)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Processor time.
#[derive(Clone, Copy)]
pub struct Used {
    /// Its own and the kernel's for it.
    pub all: Duration,
    /// The kernel's part.
    pub kernel: Duration,
}

impl Used {
    /// What this process, the load generator, has used so far.
    pub fn by_us() -> Result<Used> {
        Used::read(&std::fs::read_to_string("/proc/self/stat")?)
    }

    /// What was used since an earlier look.
    pub fn since(self, before: Used) -> Used {
        Used {
            all: self.all - before.all,
            kernel: self.kernel - before.kernel,
        }
    }

    /// A line of `/proc/…/stat`: the 14th and 15th word, in hundredths of a second. The second word is in parentheses and
    /// may hold blanks.
    fn read(stat: &str) -> Result<Used> {
        let (_, words) = stat.rsplit_once(')').context("no process's stat")?;
        let mut ticks = words.split_whitespace().skip(11).map(str::parse::<u64>);
        let mut next = || anyhow::Ok(Duration::from_millis(ticks.next().context("no times")?? * 10));
        let (user, kernel) = (next()?, next()?);
        Ok(Used {
            all: user + kernel,
            kernel,
        })
    }
}

/// A gateway process on a data directory of its own, with a developer account.
pub struct Gateway {
    /// The running process.
    pub process: Process,
    /// Its account's key.
    pub api_key: String,
    /// Its account.
    pub receiver_id: i64,
    /// The database, as `--database` takes it.
    pub database: String,
    folder: TempDir,
    database_flag: Option<String>,
}

impl Gateway {
    /// `ayni dev` on a new data directory; `database` is a PostgreSQL URL, or the folder's own SQLite file.
    pub fn start(ayni: &Path, database: Option<&str>) -> Result<Gateway> {
        Gateway::open(ayni, database, None)
    }

    /// The same on its own SQLite file, with the bill portal in another process.
    pub fn start_at(ayni: &Path, portal: SocketAddr) -> Result<Gateway> {
        Gateway::open(ayni, None, Some(portal))
    }

    fn open(ayni: &Path, database: Option<&str>, portal: Option<SocketAddr>) -> Result<Gateway> {
        let folder = TempDir::new()?;
        let process = dev(ayni, folder.path(), database, portal)?;
        let file: Value = serde_json::from_slice(&std::fs::read(folder.path().join("dev.json"))?)?;
        let text = |name: &str| {
            file[name]
                .as_str()
                .map(str::to_owned)
                .with_context(|| format!("dev.json has no {name}"))
        };
        Ok(Gateway {
            process,
            api_key: text("api_key")?,
            receiver_id: file["receiver_id"]
                .as_i64()
                .context("dev.json has no receiver_id")?,
            database: text("database")?,
            folder,
            database_flag: database.map(str::to_owned),
        })
    }

    /// Ends the process, does something to its database, and starts it again.
    pub fn restarted(self, ayni: &Path, between: impl FnOnce(&str, i64) -> Result<()>) -> Result<Gateway> {
        let Gateway {
            process,
            api_key,
            receiver_id,
            database,
            folder,
            database_flag,
        } = self;
        drop(process);
        between(&database, receiver_id)?;
        let process = dev(ayni, folder.path(), database_flag.as_deref(), None)?;
        Ok(Gateway {
            process,
            api_key,
            receiver_id,
            database,
            folder,
            database_flag,
        })
    }
}

fn dev(ayni: &Path, folder: &Path, database: Option<&str>, portal: Option<SocketAddr>) -> Result<Process> {
    let address = free_ports()?;
    let mut command = Command::new(ayni);
    command
        .arg("dev")
        .arg("--data-dir")
        .arg(folder)
        .arg("--port")
        .arg(address.port().to_string());
    if let Some(url) = database {
        command.arg("--database").arg(url);
    }
    if let Some(portal) = portal {
        command.arg("--portal-url").arg(format!("http://{portal}"));
        command.arg("--sites-dir").arg(unpaced_site(folder)?);
    }
    command
        .env("AYNI_RATE_LIMIT_PER_S", "10000000")
        .env("AYNI_LOG", "warn");
    Process::start(command, address, "/readyz")
}

/// A folder with the portal's site file without its pace, like the callers' raised rate limit: what is measured is what
/// a visit costs, not how gently a real site is treated.
fn unpaced_site(folder: &Path) -> Result<PathBuf> {
    let sites = folder.join("sites");
    std::fs::create_dir_all(&sites)?;
    let unpaced = SITE.replace(PACE, "visits_per_minute = 60000000");
    ensure!(unpaced != SITE, "the site file has no line {PACE}");
    std::fs::write(sites.join("servipag.com.toml"), unpaced)?;
    Ok(sites)
}

const SITE: &str = include_str!("../../connectors/src/sites/servipag.com.toml");
const PACE: &str = "visits_per_minute = 6000";

/// The bill portal as a process of its own.
pub fn portal(ayni: &Path) -> Result<Process> {
    let address = free_ports()?;
    let mut command = Command::new(ayni);
    command
        .args(["sandbox", "portal", "--port"])
        .arg(address.port().to_string());
    Process::start(command, address, "/")
}

/// A loopback port that is free, and the next two (DemoBank's and the bill portal's).
pub fn free_ports() -> Result<SocketAddr> {
    for _ in 0..100 {
        let first = TcpListener::bind("127.0.0.1:0")?;
        let address = first.local_addr()?;
        let is_free = |after| {
            let next = SocketAddr::new(address.ip(), address.port().wrapping_add(after));
            TcpListener::bind(next).is_ok()
        };
        if is_free(1) && is_free(2) {
            return Ok(address);
        }
    }
    bail!("no three neighbouring ports are free")
}

const PATIENCE: Duration = Duration::from_secs(60);
