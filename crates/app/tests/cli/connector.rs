//! `ayni connector check`, with the example in Python in a process of its own.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::support::{ayni, run, said};

struct Biller(Child, String);

impl Biller {
    fn start() -> Biller {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/connectors/biller.py");
        let mut process = Command::new("python3")
            .arg(script)
            .arg("0")
            .env("BILLER_SECRET", "un-secreto")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the example needs python3");
        let mut url = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut url)
            .unwrap();
        Biller(process, url.trim().to_owned())
    }
}

impl Drop for Biller {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
fn the_check_of_the_example_passes_and_says_every_sentence() {
    let (folder, biller) = (tempfile::tempdir().unwrap(), Biller::start());
    let named = format!("biller={}", biller.1);
    let mut command = ayni(folder.path(), &["connector", "check", &named]);
    let passed = said(
        command
            .env("AYNI_CONNECTOR_SECRET_BILLER", "un-secreto")
            .output()
            .unwrap(),
    );
    assert_eq!(passed.code, 0, "{}{}", passed.out, passed.err);
    for sentence in [
        "GET /health answers 200",
        "consult-debt without ClientIdentifier is P001",
        ", 0 failed",
    ] {
        assert!(passed.out.contains(sentence), "{sentence}: {}", passed.out);
    }
}

#[test]
fn a_check_that_fails_exits_with_1_and_says_what_was_seen() {
    let (folder, biller) = (tempfile::tempdir().unwrap(), Biller::start());
    let refused = run(folder.path(), &["--json", "connector", "check", &biller.1]);
    assert_eq!(refused.code, 1, "{}", refused.err);
    let told: Value = serde_json::from_str(&refused.out).unwrap();
    assert_eq!(told["failed"], 2);
    assert_eq!(told["findings"][0]["problem"], "status 401");
    let wrong = run(folder.path(), &["connector", "check", "biller=ftp://x"]);
    assert_eq!(wrong.code, 1);
    assert!(
        wrong.err.contains("AYNI_CONNECTOR_SECRET_BILLER"),
        "{}",
        wrong.err
    );
}

#[test]
fn a_named_connector_is_among_the_sites() {
    let (folder, biller) = (tempfile::tempdir().unwrap(), Biller::start());
    let named = format!("biller={}", biller.1);
    let mut command = ayni(folder.path(), &["sites", "list"]);
    command.env("AYNI_CONNECTORS", &named);
    let listed = said(
        command
            .env("AYNI_CONNECTOR_SECRET_BILLER", "un-secreto")
            .output()
            .unwrap(),
    );
    assert_eq!(listed.code, 0, "{}", listed.err);
    assert!(
        listed.out.contains("/v1/cl/services/biller.example"),
        "{}",
        listed.out
    );
}
