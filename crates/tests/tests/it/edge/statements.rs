//! Every SQL text of the gateway is understood by both engines.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;

on_both_engines!(every_statement_prepares);

async fn every_statement_prepares(gateway: &TestGateway) -> Result<()> {
    let of_places = ayni_gateway::privacy::statements_of_places();
    for statement in ayni_gateway::statements().into_iter().chain(of_places) {
        gateway.app.db.prepare_all(&[statement]).context(statement)?;
    }
    Ok(())
}

#[test]
fn no_statement_is_left_out() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../gateway/src");
    let written = constants_below(&source);
    assert_eq!(
        ayni_gateway::statements().len(),
        written,
        "each sql.rs lists its constants in ALL"
    );
}

/// How many texts the files named `sql.rs`, and those of folders named `sql`, have.
fn constants_below(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_sql = folder.ends_with("sql");
    let count = |path: std::path::PathBuf| match path.is_dir() {
        true => constants_below(&path),
        false if is_sql || path.ends_with("sql.rs") => {
            fs::read_to_string(path).unwrap().matches(": &str =").count()
        }
        false => 0,
    };
    entries.map(count).sum()
}
