//! Signals to what a chore started. A fresh Debian has no `kill` program, but its shell can send signals.

use std::io;
use std::process::{Command, Stdio};

/// Sends a signal (`TERM`) to a process of ours; one that is gone already is no error.
///
/// # Errors
/// When the shell can't be started.
pub fn process(id: u32, signal: &str) -> io::Result<()> {
    send(signal, &id.to_string())
}

/// Sends a signal to a process group of ours: a program and all that it started.
///
/// # Errors
/// As [`process`].
pub fn group(id: u32, signal: &str) -> io::Result<()> {
    send(signal, &format!("-{id}"))
}

fn send(signal: &str, target: &str) -> io::Result<()> {
    Command::new("sh")
        .args(["-c", r#"kill -s "$0" -- "$1""#, signal, target])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .map(|_| ())
}
