//! What the commands that copy databases share: a bar, a thread of their own, and words for what went wrong.

use std::io::IsTerminal as _;

use ayni_store::copy::error::CopyError;
use ayni_store::copy::{Copied, Progress, Step};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::told::Told;

/// Runs a copy on a thread that may block, with a bar on standard error where that is a terminal.
pub async fn aside<T: Send + 'static>(
    copy: impl FnOnce(&mut dyn FnMut(Progress)) -> Result<T, CopyError> + Send + 'static,
) -> anyhow::Result<T> {
    let bar = bar();
    let shown = bar.clone();
    let copied = tokio::task::spawn_blocking(move || copy(&mut |progress| show(&shown, progress))).await;
    bar.finish_and_clear();
    copied?.map_err(failed)
}

/// A copy as JSON.
pub fn described(copied: &Copied) -> Value {
    let table = |table: &ayni_store::copy::CopiedTable| json!({ "table": table.name, "rows": table.rows, "digest": table.digest });
    json!({
        "schema": copied.schema, "rows": copied.rows(),
        "tables": copied.tables.iter().map(table).collect::<Vec<Value>>(),
    })
}

/// What a person is told of a copy.
pub fn counted(copied: &Copied) -> String {
    format!(
        "{} rows of {} tables, schema {}",
        copied.rows(),
        copied.tables.len(),
        copied.schema
    )
}

fn failed(error: CopyError) -> anyhow::Error {
    let hint = match &error {
        CopyError::NotEmpty { .. } => {
            "name a place where nothing is: a file that is not there, or a new PostgreSQL database;\n\
             nothing is ever written over"
        }
        CopyError::InUse { .. } => "stop every gateway that uses it, and the commands beside it, first",
        CopyError::Partial { .. }
        | CopyError::Damaged
        | CopyError::Line { .. }
        | CopyError::Differs { .. } => "take another copy of the file; nothing was made that could be opened",
        CopyError::Shape { .. } => {
            "this version of ayni has no such table: use the version that wrote it, or remove a table of another program"
        }
        CopyError::Unsure(_) => {
            "see whether the new place can be opened: ayni doctor --database PLACE. If so, everything is there, and it is the one\n\
             to use. If not, nothing is: do it again; after a move, first open the old one with ayni move --undo"
        }
        _ => return error.into(),
    };
    Told::new(error.to_string(), hint).into()
}

fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style =
        ProgressStyle::with_template("{msg:9} {bar:40} {percent:>3} %  {pos} of {len} rows  {eta} left");
    match style {
        Ok(style) => ProgressBar::new(0).with_style(style),
        Err(_) => ProgressBar::new(0),
    }
}

fn show(bar: &ProgressBar, progress: Progress) {
    bar.set_message(match progress.step {
        Step::Copying => "copying",
        Step::Comparing => "comparing",
    });
    bar.set_length(progress.of.max(progress.rows));
    bar.set_position(progress.rows);
}
