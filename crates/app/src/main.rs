//! `ayni`, the one binary: the gateway, its sandbox, and everything an operator does from a shell.
//!
//! Each command is a file of [`commands`]. All of them take their settings from the same layers ([`config`]), find the
//! database the same way ([`place`]), work while a gateway runs on it, and print for a person or, with `--json`, for a
//! script ([`output`]).

mod calling;
mod cli;
mod commands;
mod config;
mod copying;
mod dev_file;
mod developer;
#[cfg(feature = "otel")]
mod exporting;
mod gateway;
mod logs;
mod mail;
mod output;
mod place;
mod remote_connectors;
mod run;
mod standing;
mod stop;
mod tls;
mod told;

use std::process::ExitCode;

use clap::Parser as _;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let form = output::Form::of(cli.common.json);
    raise_open_files();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            return output::fail(
                &anyhow::Error::new(error).context("the runtime could not start"),
                form,
            );
        }
    };
    match runtime.block_on(Box::pin(commands::run(cli))) {
        Ok(code) => code,
        Err(error) => output::fail(&error, form),
    }
}

/// Every connection is an open file, and many systems begin a process with a limit far below what it may have.
fn raise_open_files() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    // Where that is refused the process goes on with fewer: connections then wait to be accepted.
    let _ = setrlimit(Resource::Nofile, raised);
}
