//! Chores of the repository that are more than one command: they live in Rust, so that a fresh machine with only
//! a Rust toolchain can run them.
#![expect(
    clippy::print_stdout,
    reason = "a command-line tool talks to the person who runs it"
)]

mod bench;
mod browser;
mod clients;
mod closing;
mod deb;
mod guide;
mod kill;
mod new_connector;
mod openapi;
mod places;
mod postgres;
mod promtool;
mod python;
mod step;
mod test;
mod tools;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Chores of the Ayni repository")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Installs what the tests need, starts a PostgreSQL of its own and runs all tests
    Test(test::Choice),
    /// Runs the load harness; arguments after `--` go to it
    Bench {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Builds a Debian package of the program
    Deb(deb::Choice),
    /// Writes openapi/payments.json from the handlers
    Openapi {
        /// Only compares, and fails when the committed document is not the one the handlers give
        #[arg(long)]
        check: bool,
    },
    /// Writes the guide's pages, and its list of commands, from docs/guide and the program
    Guide,
    /// Writes a connector that compiles, with its site file and its test
    NewConnector {
        /// Its name, as in banco-sur
        name: String,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().chore {
        Chore::Test(choice) => test::run(&choice),
        Chore::Bench { arguments } => bench::run(&arguments),
        Chore::Deb(choice) => deb::run(&choice),
        Chore::Openapi { check } => openapi::run(check),
        Chore::Guide => guide::run(),
        Chore::NewConnector { name } => new_connector::run(&name),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
