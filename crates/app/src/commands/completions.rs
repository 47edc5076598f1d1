//! `ayni completions`: a shell's completions, on standard output.

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::cli::Cli;

/// What `ayni completions` takes.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  ayni completions bash > /etc/bash_completion.d/ayni\n  ayni completions zsh > ~/.zfunc/_ayni"
)]
pub struct Args {
    /// Which shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Prints them.
pub fn run(args: &Args) {
    clap_complete::generate(args.shell, &mut Cli::command(), "ayni", &mut std::io::stdout());
}
