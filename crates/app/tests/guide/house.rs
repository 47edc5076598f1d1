//! A reader's machine: a clone's files, the programs that the pages name, and a page's blocks done one after the other.
//!
//! Three things differ from what a reader sees. `cargo build` and `cargo run` take the programs that are built already, `pip install`
//! finds what was installed for the tests, and every port is a free one, since tests run beside each other: the pages' ports are
//! replaced in commands and in what they print.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::blocks::{Block, Kind, repository};
use crate::shell::{Background, Shell};

pub struct House {
    folder: TempDir,
    /// What the pages call an address, and what it is here.
    ports: Vec<(&'static str, String)>,
    running: Vec<Background>,
}

impl House {
    pub fn open() -> House {
        let folder = tempfile::tempdir().unwrap();
        let clone = folder.path().join("clone");
        fs::create_dir_all(&clone).unwrap();
        for name in ["docs", "examples", "openapi", "README.md"] {
            symlink(repository().join(name), clone.join(name)).unwrap();
        }
        let programs = folder.path().join("bin");
        fs::create_dir(&programs).unwrap();
        let built = std::env::var("AYNI_BIN").unwrap_or_else(|_| env!("CARGO_BIN_EXE_ayni").to_owned());
        program(
            &programs,
            "ayni",
            &format!("[ \"$1\" = dev ] && set -- \"$@\" --port 0\nexec {built} \"$@\""),
        );
        program(&programs, "cargo", &cargo(Path::new(&built)));
        python_tools(&programs);
        let free = || {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            listener.local_addr().unwrap().port().to_string()
        };
        House {
            folder,
            ports: vec![("9000", free()), ("9100", free())],
            running: Vec::new(),
        }
    }

    /// Starts what every page but the first takes as running.
    pub fn with_dev() -> House {
        let mut house = House::open();
        house.background("ayni dev");
        house
    }

    /// Does a page's blocks in order; the first that does not go as the page says ends the test.
    pub fn walk(&mut self, page: &Path, blocks: &[Block]) {
        let mut shell = Shell::start(&self.clone_folder(), &self.programs(), self.folder.path());
        for (at, block) in blocks.iter().enumerate() {
            let output = blocks.get(at + 1).filter(|next| next.kind == Kind::Output);
            match block.kind {
                Kind::Run { exit, retry } => {
                    let said = self.run(&mut shell, block, exit, output, retry);
                    said.unwrap_or_else(|why| panic!("{}:{}: {why}", page.display(), block.line));
                }
                Kind::Background => self.background(&block.body),
                Kind::Output | Kind::Shown { .. } | Kind::Included => {}
            }
        }
    }

    /// One command, which must succeed, and what it printed.
    pub fn say(&self, command: &str) -> String {
        let mut shell = Shell::start(&self.clone_folder(), &self.programs(), self.folder.path());
        let (code, printed) = shell.run(&self.here(command));
        assert_eq!(code, 0, "{command}: {printed}");
        printed.trim().to_owned()
    }

    fn run(
        &self,
        shell: &mut Shell,
        block: &Block,
        exit: Option<i32>,
        output: Option<&Block>,
        retry: bool,
    ) -> Result<(), String> {
        let command = self.here(&block.body);
        let wanted = output.map(|output| self.here(&output.body));
        let give_up = Instant::now() + if retry { PATIENCE } else { Duration::ZERO };
        loop {
            let (code, printed) = shell.run(&command);
            let fits = wanted.as_ref().is_none_or(|wanted| matches(wanted, &printed));
            if exit.is_none_or(|exit| exit == code) && fits {
                return Ok(());
            }
            if Instant::now() >= give_up {
                let wanted = wanted.unwrap_or_default();
                return Err(format!(
                    "\n{command}\nended with {code}, not {exit:?}, and printed\n{printed}\nwhere the page has\n{wanted}"
                ));
            }
            pause();
        }
    }

    /// Starts a block; where it is the gateway, waits until it serves and learns its ports.
    fn background(&mut self, block: &str) {
        let command = self.here(block);
        let log = self
            .folder
            .path()
            .join(format!("background-{}.log", self.running.len()));
        self.running.push(Background::start(
            &self.clone_folder(),
            &self.programs(),
            &command,
            &log,
        ));
        if !command.trim_end().ends_with(" dev") {
            return;
        }
        let give_up = Instant::now() + PATIENCE;
        let file = self.clone_folder().join("ayni-data/dev.json");
        let dev: Value = loop {
            if let Some(dev) = fs::read(&file)
                .ok()
                .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            {
                break dev;
            }
            let told = fs::read_to_string(&log).unwrap_or_default();
            assert!(
                Instant::now() < give_up,
                "{block} does not begin to serve: {told}"
            );
            pause();
        };
        for (written, key) in [
            ("127.0.0.1:8080", "gateway_url"),
            ("127.0.0.1:8081", "demo_bank_url"),
            ("127.0.0.1:8082", "portal_url"),
        ] {
            let address = dev[key]
                .as_str()
                .unwrap()
                .trim_start_matches("http://")
                .to_owned();
            self.ports.push((written, address));
        }
    }

    fn here(&self, text: &str) -> String {
        let replaced = |text: String, (written, here): &(&str, String)| replace_number(&text, written, here);
        self.ports.iter().fold(text.to_owned(), replaced)
    }

    fn clone_folder(&self) -> PathBuf {
        self.folder.path().join("clone")
    }

    fn programs(&self) -> PathBuf {
        self.folder.path().join("bin")
    }
}

/// Whether a text is what a page shows, where `…` stands for anything.
pub fn matches(wanted: &str, printed: &str) -> bool {
    let printed = printed.trim();
    let pieces: Vec<&str> = wanted.trim().split('…').collect();
    let [first, .., last] = pieces.as_slice() else {
        return wanted.trim() == printed;
    };
    let Some(mut rest) = printed.strip_prefix(first) else {
        return false;
    };
    for piece in &pieces[1..pieces.len() - 1] {
        let Some(at) = rest.find(piece) else {
            return false;
        };
        rest = &rest[at + piece.len()..];
    }
    rest.ends_with(last)
}

/// Replaces a port where it is not a part of a longer number.
fn replace_number(text: &str, written: &str, here: &str) -> String {
    let mut replaced = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(written) {
        let (before, after) = (&rest[..at], &rest[at + written.len()..]);
        let is_whole = !before.ends_with(|letter: char| letter.is_ascii_digit())
            && !after.starts_with(|letter: char| letter.is_ascii_digit());
        replaced.push_str(before);
        replaced.push_str(if is_whole { here } else { written });
        rest = after;
    }
    replaced + rest
}

/// A Cargo that builds nothing: `run --example NAME` is the example beside the program, `run … --` the program.
fn cargo(built: &Path) -> String {
    let examples = built.parent().unwrap().join("examples");
    format!(
        "[ \"$1\" = build ] && exit 0\n\
         while [ $# -gt 0 ]; do\n\
         case $1 in\n--example) exec {}/\"$2\";;\n--) shift; exec ayni \"$@\";;\nesac\nshift\ndone\nexit 1",
        examples.display()
    )
}

/// The Python programs that pages install: those of the environment that `cargo xtask test` made.
fn python_tools(programs: &Path) {
    let Some(environment) = std::env::var_os("AYNI_TEST_PYTHON_TOOLS").map(PathBuf::from) else {
        return program(
            programs,
            "pip",
            "echo 'start these tests with `cargo xtask test`'; exit 1",
        );
    };
    program(programs, "pip", "exit 0");
    for name in ["python3", "openapi-python-client", "ruff"] {
        let path = environment.join(name);
        program(programs, name, &format!("exec {} \"$@\"", path.display()));
    }
}

fn program(folder: &Path, name: &str, script: &str) {
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[expect(
    clippy::disallowed_methods,
    reason = "another program is looked at again, as a reader would, up to a named limit"
)]
fn pause() {
    std::thread::sleep(PAUSE);
}

/// How long something may take that takes a moment.
const PATIENCE: Duration = Duration::from_secs(40);
const PAUSE: Duration = Duration::from_millis(200);
