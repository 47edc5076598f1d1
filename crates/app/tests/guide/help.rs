//! The page of commands is what the program says of itself.

use std::fs;
use std::process::Command;

use crate::blocks::repository;

#[test]
fn the_page_of_commands_is_what_the_program_says() {
    let program = env!("CARGO_BIN_EXE_ayni");
    let listed = Command::new(program).args(["reference"]).output().unwrap();
    assert!(
        listed.status.success(),
        "{}",
        String::from_utf8_lossy(&listed.stderr)
    );
    let committed =
        fs::read_to_string(repository().join("docs/guide/generated/commands.md")).unwrap_or_default();
    assert!(
        committed == String::from_utf8(listed.stdout).unwrap(),
        "docs/guide/generated/commands.md is not what the program says: run `cargo xtask guide`"
    );
}
