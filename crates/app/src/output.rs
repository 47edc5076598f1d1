//! What commands print: calm tables for people, JSON for scripts, errors with their causes and what to do.

use std::io::Write as _;
use std::process::ExitCode;

use serde::Serialize;
use serde_json::json;

use crate::told::Told;

/// How a command's result is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For a person.
    Text,
    /// For a script: one JSON value on standard output.
    Json,
}

impl Form {
    /// The form that `--json` asks for.
    pub fn of(is_json: bool) -> Form {
        if is_json { Form::Json } else { Form::Text }
    }
}

/// Prints the value as JSON, or calls `text` to print it for a person.
pub fn result<T: Serialize>(form: Form, value: &T, text: impl FnOnce()) -> anyhow::Result<()> {
    match form {
        Form::Json => line(&serde_json::to_string_pretty(value)?),
        Form::Text => text(),
    }
    Ok(())
}

/// Prints a line. A closed pipe (`| head`) is no error.
pub fn line(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Prints a line on standard error: what a person should know, but a script's result does not hold.
pub fn note(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Prints a table: a header and rows of as many cells, aligned; says `nothing` where there are no rows.
pub fn table(header: &[&str], rows: &[Vec<String>], nothing: &str) {
    if rows.is_empty() {
        return line(nothing);
    }
    let width = |column: usize| {
        let cells = rows
            .iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count());
        cells.chain([header[column].chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let print = |cells: Vec<&str>| {
        let padded = cells
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"));
        line(padded.collect::<Vec<_>>().join("  ").trim_end());
    };
    print(header.to_vec());
    for row in rows {
        print(row.iter().map(String::as_str).collect());
    }
}

/// Prints names and values, aligned, leaving out empty values.
pub fn facts(facts: &[(&str, String)]) {
    let width = facts
        .iter()
        .map(|(name, _)| name.chars().count())
        .max()
        .unwrap_or(0);
    for (name, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
        line(&format!("{name:<width$}  {value}"));
    }
}

/// Says on standard error what failed, why and what to do; exit code 1.
pub fn fail(error: &anyhow::Error, form: Form) -> ExitCode {
    let causes: Vec<String> = error.chain().skip(1).map(ToString::to_string).collect();
    let hint = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<Told>())
        .map(Told::hint);
    match form {
        Form::Json => {
            let said = json!({ "error": error.to_string(), "causes": causes, "hint": hint });
            note(&said.to_string());
        }
        Form::Text => {
            note(&format!("error: {error}"));
            causes
                .iter()
                .for_each(|cause| note(&format!("  because {cause}")));
            hint.into_iter()
                .flat_map(str::lines)
                .for_each(|hint| note(&format!("  → {hint}")));
        }
    }
    ExitCode::FAILURE
}
