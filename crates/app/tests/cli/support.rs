//! The binary, run as a stranger would run it, in a directory and with ports of its own.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A command line of ours, with nothing of this process's settings.
pub fn ayni(directory: &Path, arguments: &[&str]) -> Command {
    let program = std::env::var_os("AYNI_BIN").unwrap_or_else(|| env!("CARGO_BIN_EXE_ayni").into());
    let mut command = Command::new(program);
    let is_setting = |name: &str| name.starts_with("AYNI_") || name.starts_with("OTEL_");
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_setting(&name.to_string_lossy())) {
        command.env_remove(name);
    }
    command
        .arg("--data-dir")
        .arg(directory)
        .args(arguments)
        .stdin(Stdio::null());
    command
}

/// What a finished command said.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// Runs a command to its end.
pub fn run(directory: &Path, arguments: &[&str]) -> Said {
    said(ayni(directory, arguments).output().unwrap())
}

pub fn said(output: Output) -> Said {
    Said {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs a command with `--json`, which must succeed, and reads what it printed.
pub fn json(directory: &Path, arguments: &[&str]) -> Value {
    let said = run(directory, &[&["--json"], arguments].concat());
    assert_eq!(said.code, 0, "{arguments:?}: {}", said.err);
    serde_json::from_str(&said.out).unwrap()
}

/// Fetches a path of a server, over plain HTTP, to the end of the connection.
pub fn get(address: &str, path: &str) -> String {
    let mut connection = TcpStream::connect(address).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    answer
}

/// A process that serves, and what it printed when it was ready.
pub struct Serving {
    child: Child,
    out: BufReader<ChildStdout>,
    pub ready: Value,
}

impl Serving {
    /// Starts it with `--json` and waits until it says that it is ready.
    pub fn start(directory: &Path, arguments: &[&str]) -> Serving {
        let mut command = ayni(directory, &[&["--json"], arguments].concat());
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut printed = String::new();
        while !printed.ends_with("}\n") {
            if out.read_line(&mut printed).unwrap() == 0 {
                let mut err = String::new();
                child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
                panic!("{arguments:?} ended before it was ready: {err}");
            }
        }
        let ready = serde_json::from_str(&printed).unwrap();
        Serving { child, out, ready }
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal.
    pub fn signal(&self, name: &str) {
        let send = r#"kill -s "$0" -- "$1""#;
        let sent = Command::new("sh")
            .args(["-c", send, name, &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
    }

    /// Asks it to stop, as an init system does, and waits for that.
    pub fn stop(mut self) -> ExitStatus {
        self.signal("TERM");
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
        self.child.wait().unwrap()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // One that was stopped is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `ayni dev` in a directory of its own, on free ports.
pub struct House {
    pub serving: Serving,
    pub folder: TempDir,
}

impl House {
    pub fn open() -> House {
        let folder = tempfile::tempdir().unwrap();
        let serving = Serving::start(&folder.path().join("data"), &["dev", "--port", "0"]);
        House { serving, folder }
    }

    pub fn directory(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn run(&self, arguments: &[&str]) -> Said {
        run(&self.directory(), arguments)
    }

    pub fn json(&self, arguments: &[&str]) -> Value {
        json(&self.directory(), arguments)
    }

    /// A new payment's id.
    pub fn payment(&self) -> String {
        let made = self.json(&["payment", "create", "--amount", "1000", "--subject", "Two cups"]);
        made["payment_id"].as_str().unwrap().to_owned()
    }
}
