//! `ayni reference`: every command's help in one text, so that the guide's page of commands can't say anything else.

use clap::{Command, CommandFactory as _};

use crate::cli::Cli;
use crate::output;

/// What `ayni reference` takes.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  ayni reference > commands.md")]
pub struct Args {}

/// Prints it, as Markdown.
pub fn run(_: &Args) {
    let mut command = Cli::command().term_width(WIDTH_CHARS);
    command.build();
    output::line(told(&mut command, PROGRAM).trim_end());
}

/// One command and then those below it; `help`, which each has, is left out.
fn told(command: &mut Command, name: &str) -> String {
    let help = command.render_help().to_string();
    let help = if name == PROGRAM {
        help
    } else {
        without_common(&help)
    };
    let mark = "#".repeat(name.split(' ').count() + 1);
    let mut text = format!(
        "{mark} `{name}`\n\n```text not-run: the program's own words\n{}\n```\n\n",
        help.trim_end()
    );
    for below in command
        .get_subcommands_mut()
        .filter(|one| one.get_name() != "help" && !one.is_hide_set())
    {
        let below_name = format!("{name} {}", below.get_name());
        text.push_str(&told(below, &below_name));
    }
    text
}

/// What every command takes is told once, by the program's own help.
fn without_common(help: &str) -> String {
    let paragraphs = help
        .split("\n\n")
        .filter(|paragraph| !paragraph.starts_with("Everywhere:"));
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

const PROGRAM: &str = "ayni";
/// As wide as the program's own help is at most.
const WIDTH_CHARS: usize = 100;
