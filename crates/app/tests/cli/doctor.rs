//! `ayni doctor`: a line for each check, and an exit code for scripts.

use serde_json::Value;

use crate::support::{House, json, run};

fn health<'a>(report: &'a Value, check: &str) -> &'a str {
    let checks = report["checks"].as_array().unwrap();
    checks.iter().find(|found| found["check"] == check).unwrap()["health"]
        .as_str()
        .unwrap()
}

#[test]
fn a_house_in_order_is_well() {
    let house = House::open();
    let report = house.json(&["doctor"]);
    assert_eq!(report["ok"], true);
    for check in [
        "configuration",
        "database",
        "master key",
        "clock",
        "banks and sites",
        "gateway",
        "DemoBank",
    ] {
        assert_eq!(health(&report, check), "ok", "{check}: {report}");
    }
}

#[test]
fn what_is_missing_fails_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let said = run(folder.path(), &["doctor"]);
    assert_eq!(said.code, 1);
    assert!(
        said.out.contains("FAIL  database") && said.out.contains("ayni migrate"),
        "{}",
        said.out
    );
    let said = run(folder.path(), &["--json", "doctor"]);
    assert_eq!(said.code, 1);
    let report: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(
        (report["ok"].as_bool(), health(&report, "master key")),
        (Some(false), "fail")
    );
}

#[test]
fn a_wrong_setting_fails_without_hiding_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    json(folder.path(), &["migrate"]);
    std::fs::write(
        folder.path().join("ayni.toml"),
        "outbound_allow = [\"0.0.0.0/0\"]\n",
    )
    .unwrap();
    let said = run(folder.path(), &["--json", "doctor"]);
    assert_eq!(said.code, 1);
    let report: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(health(&report, "outgoing policy"), "fail");
    assert_eq!(health(&report, "database"), "ok");
}
