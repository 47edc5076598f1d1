//! One shell for all blocks of a page, so that a variable set in one is there in the next.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A running bash.
pub struct Shell {
    child: Child,
    typed: ChildStdin,
    told: BufReader<ChildStdout>,
    folder: PathBuf,
}

impl Shell {
    /// In this directory, with these programs found first; what it notes lies in `folder`.
    pub fn start(directory: &Path, programs: &Path, folder: &Path) -> Shell {
        let mut child = bash(directory, programs)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (mut typed, told) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        writeln!(typed, "shopt -s expand_aliases").unwrap();
        Shell {
            child,
            typed,
            told: BufReader::new(told),
            folder: folder.to_owned(),
        }
    }

    /// Runs a block to its end: its exit code, and what it printed on both channels.
    pub fn run(&mut self, block: &str) -> (i32, String) {
        let (script, out) = (self.folder.join("block.sh"), self.folder.join("block.out"));
        fs::write(&script, block).unwrap();
        let line = format!(
            "{{ . {}; }} >{} 2>&1 </dev/null; echo \"ended $?\"",
            script.display(),
            out.display()
        );
        writeln!(self.typed, "{line}").unwrap();
        let mut answer = String::new();
        self.told.read_line(&mut answer).unwrap();
        let code = answer
            .trim()
            .strip_prefix("ended ")
            .and_then(|code| code.parse().ok());
        let printed = String::from_utf8_lossy(&fs::read(&out).unwrap()).into_owned();
        (
            code.unwrap_or_else(|| panic!("the shell ended in:\n{block}\n{printed}")),
            printed,
        )
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A block that goes on while others run. It has a process group of its own, which ends with it.
pub struct Background {
    child: Child,
}

impl Background {
    pub fn start(directory: &Path, programs: &Path, block: &str, log: &Path) -> Background {
        let log = fs::File::create(log).unwrap();
        let mut command = bash(directory, programs);
        command
            .args(["-c", block])
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        Background {
            child: command.spawn().unwrap(),
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill").args(["-s", "KILL", "--", &group]).status();
        let _ = self.child.wait();
    }
}

fn bash(directory: &Path, programs: &Path) -> Command {
    let path = std::env::var("PATH").unwrap_or_default();
    let mut bash = Command::new("bash");
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("AYNI_")) {
        bash.env_remove(name);
    }
    bash.current_dir(directory)
        .env("PATH", format!("{}:{path}", programs.display()))
        .env_remove("AYNI_BIN");
    bash
}
