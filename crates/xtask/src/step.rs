//! One program that a chore runs to its end. Its output is shown as it comes and its closing lines are kept.
//! It runs in a process group of its own, so that ctrl-C ends it and all it started, and nothing else.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use anyhow::Context;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::closing::{Runner, Tally};
use crate::kill;

/// What a program left: whether it succeeded, and the lines that its test runner closed with.
#[derive(Default)]
pub struct Outcome {
    /// Whether it ended with status 0.
    pub succeeded: bool,
    /// The runner's closing lines, as printed, with what each counts.
    pub closing: Vec<(String, Tally)>,
}

/// The process group that ctrl-C must end; 0 when nothing runs.
static RUNNING: AtomicU32 = AtomicU32::new(0);
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From here on ctrl-C and a request to terminate end the running step only; the chore then tidies up by itself.
///
/// # Errors
/// When the signals can't be taken over.
pub fn take_over_interrupts() -> anyhow::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    std::thread::spawn(move || {
        for _ in signals.forever() {
            let again = INTERRUPTED.swap(true, Ordering::SeqCst);
            signal_group(
                RUNNING.load(Ordering::SeqCst),
                if again { "KILL" } else { "TERM" },
            );
        }
    });
    Ok(())
}

/// Whether somebody asked to stop.
#[must_use]
pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// Runs the program to its end under a heading; nothing is started once somebody asked to stop.
///
/// # Errors
/// When the program can't be started.
pub fn run(heading: &str, runner: Runner, mut command: Command) -> anyhow::Result<Outcome> {
    if interrupted() {
        return Ok(Outcome::default());
    }
    println!("\n── {heading}");
    let (reader, writer) = std::io::pipe()?;
    command
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer)
        .process_group(0);
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .spawn()
        .with_context(|| format!("{name} can't be started"))?;
    drop(command); // it holds the writing ends of the pipe
    RUNNING.store(child.id(), Ordering::SeqCst);
    let shown = std::thread::spawn(move || show(runner, BufReader::new(reader)));
    let status = child.wait();
    RUNNING.store(0, Ordering::SeqCst);
    signal_group(child.id(), "KILL"); // whatever it left behind would hold the pipe open
    let closing = shown.join().unwrap_or_default();
    Ok(Outcome {
        succeeded: status?.success() && !interrupted(),
        closing,
    })
}

fn show(runner: Runner, output: impl BufRead) -> Vec<(String, Tally)> {
    let mut kept = Vec::new();
    for line in output.split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        println!("{line}");
        if let Some(tally) = runner.tally(&line) {
            kept.push((line, tally));
        }
    }
    kept
}

/// An interrupt that can't be passed on must not end the thread that waits for the next one.
fn signal_group(group: u32, signal: &str) {
    if group == 0 {
        return;
    }
    if let Err(error) = kill::group(group, signal) {
        println!("process group {group} could not be sent {signal}: {error}");
    }
}
