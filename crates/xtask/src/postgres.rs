//! A PostgreSQL cluster of the tests' own: in a temporary folder, on a free port of the loopback address, gone when
//! the tests are over. A cluster that the machine already runs is never touched.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, bail, ensure};
use tempfile::TempDir;

use crate::{kill, tools};

/// Every test has a database and a pool of its own, and many run at once.
const CONNECTIONS_MAX: u32 = 300;
/// Another process may take the free port between our look and the server's start.
const STARTS_MAX: u32 = 3;
/// The user that Debian's package makes; PostgreSQL refuses to run as root.
const SERVER_USER: &str = "postgres";

/// Its certificate and key, in the cluster's folder.
const CERTIFICATE: &str = "server.crt";
const KEY: &str = "server.key";

/// A running cluster; it is stopped and removed when dropped.
pub struct Cluster {
    server: Child,
    port: u16,
    folder: TempDir,
}

impl Cluster {
    /// Makes a cluster and starts it; its log goes to the given file.
    ///
    /// # Errors
    /// When the cluster can't be made or does not start.
    pub fn start(programs: &Path, log: &Path) -> anyhow::Result<Cluster> {
        let folder = tempfile::Builder::new().prefix("ayni-postgres-").tempdir()?;
        let data = folder.path().join("data");
        fs::create_dir(&data)?;
        if tools::is_root() {
            give_to_server_user(folder.path())?;
            give_to_server_user(&data)?;
        }
        initialise(programs, &data)?;
        certify(&data)?;
        for _ in 0..STARTS_MAX {
            let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
            let mut server = spawn(programs, &data, port)?;
            if follow_until_ready(&mut server, log)? {
                return Ok(Cluster { server, port, folder });
            }
            server.wait()?;
        }
        bail!("PostgreSQL did not start; its log is {}", log.display())
    }

    /// Where the tests find it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres://{SERVER_USER}@127.0.0.1:{}/postgres", self.port)
    }
}

impl Cluster {
    /// The certificate that it shows where TLS is spoken to it: its own root.
    #[must_use]
    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join("data").join(CERTIFICATE)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SIGINT is PostgreSQL's fast shutdown: it breaks the connections off and ends cleanly.
        let stopped = kill::process(self.server.id(), "INT").and_then(|()| self.server.wait());
        if let Err(error) = stopped {
            println!(
                "PostgreSQL in {} could not be stopped: {error}",
                self.folder.path().display()
            );
        }
    }
}

fn initialise(programs: &Path, data: &Path) -> anyhow::Result<()> {
    let output = as_server_user(programs.join("initdb"))
        .arg("--pgdata")
        .arg(data)
        .args([
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "--username",
            SERVER_USER,
        ])
        .current_dir("/")
        .stdin(Stdio::null())
        .output()
        .context("initdb can't be started")?;
    ensure!(
        output.status.success(),
        "initdb failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

/// Makes the certificate with which the server speaks TLS, to whoever asks for it.
fn certify(data: &Path) -> anyhow::Result<()> {
    let output = as_server_user(PathBuf::from("openssl"))
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
        ])
        .args(["-nodes", "-days", "30", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=IP:127.0.0.1"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .args(["-keyout", KEY, "-out", CERTIFICATE])
        .current_dir(data)
        .stdin(Stdio::null())
        .output()
        .context("openssl can't be started")?;
    ensure!(
        output.status.success(),
        "openssl made no certificate: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

fn spawn(programs: &Path, data: &Path, port: u16) -> anyhow::Result<Child> {
    as_server_user(programs.join("postgres"))
        .arg("-D")
        .arg(data)
        .args([
            "-p",
            &port.to_string(),
            "-h",
            "127.0.0.1",
            "-N",
            &CONNECTIONS_MAX.to_string(),
            "-k",
            "",
        ])
        .args(["-c", "ssl=on"])
        .args(["-c", &format!("ssl_cert_file={CERTIFICATE}")])
        .args(["-c", &format!("ssl_key_file={KEY}")])
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .context("PostgreSQL can't be started")
}

/// The server's log is copied for as long as it runs; true as soon as it says that it takes connections, false when
/// it ended before.
fn follow_until_ready(server: &mut Child, log: &Path) -> anyhow::Result<bool> {
    let output = server.stderr.take().context("the server's log is not there")?;
    let mut lines = BufReader::new(output).split(b'\n');
    let mut log = fs::File::create(log)?;
    for line in lines.by_ref().map_while(Result::ok) {
        writeln!(log, "{}", String::from_utf8_lossy(&line))?;
        if String::from_utf8_lossy(&line).contains("database system is ready to accept connections") {
            std::thread::spawn(move || {
                for line in lines.map_while(Result::ok) {
                    // A full disk must not stop the server for want of a reader.
                    let _ = log.write_all(&[&line[..], b"\n"].concat());
                }
            });
            return Ok(true);
        }
    }
    Ok(false)
}

/// The program run as the server's user where we are root, and ended with us, however we end.
fn as_server_user(program: PathBuf) -> Command {
    let mut command = Command::new("setpriv");
    if tools::is_root() {
        command.args(["--reuid", SERVER_USER, "--regid", SERVER_USER, "--init-groups"]);
    }
    command.args(["--pdeathsig", "INT", "--"]).arg(program);
    command
}

fn give_to_server_user(path: &Path) -> anyhow::Result<()> {
    let passwords = fs::read_to_string("/etc/passwd")?;
    let ids = passwords.lines().find_map(|line| {
        let mut parts = line.split(':');
        (parts.next()? == SERVER_USER).then_some(())?;
        Some((parts.nth(1)?.parse().ok()?, parts.next()?.parse().ok()?))
    });
    let (user, group) = ids.with_context(|| format!("there is no user {SERVER_USER}"))?;
    chown(path, Some(user), Some(group))?;
    Ok(())
}
