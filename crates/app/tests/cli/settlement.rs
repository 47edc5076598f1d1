//! Settlements, files of transfers and statements that come as files, from the command line.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::House;

#[test]
fn a_developer_account_is_paid_out_at_demo_bank() {
    let house = House::open();
    let id = house.serving.ready["receiver_id"].to_string();
    let set = house.json(&["account", "payout", "--account", &id]);
    let accounts = set["payout_accounts"].as_array().unwrap();
    assert_eq!(accounts.len(), 8);
    assert!(accounts.iter().all(|to| to["bank_id"] == "Bawdf"));
    let new = [
        "account",
        "payout",
        "--account",
        &id,
        "--bank",
        "Bawdf",
        "--number",
        "12-3",
        "--holder-name",
        "Sol",
    ];
    let refused = house.run(&[&new[..], &["--holder-rut", "1-1"]].concat());
    assert!(
        refused.code == 1 && refused.err.contains("no RUT"),
        "{}",
        refused.err
    );
    let changed = house.json(&[&new[..], &["--holder-rut", "76.086.428-5"]].concat());
    let pesos = changed["payout_accounts"].as_array().unwrap().iter();
    let pesos = pesos.clone().find(|to| to["currency"] == "CLP").unwrap();
    assert_eq!(
        (&pesos["number"], &pesos["type"]),
        (&"12-3".into(), &"checking".into())
    );
}

#[test]
fn settlements_are_run_listed_and_reported() {
    let house = House::open();
    let id = house.serving.ready["receiver_id"].to_string();
    for day in ["2030-13-01", "2019-01-01", "2999-01-02"] {
        assert_eq!(house.run(&["settlement", "run", "--day", day]).code, 1, "{day}");
    }
    assert_eq!(house.json(&["settlement", "list"])["settlements"], json!([]));
    let report = house.run(&["settlement", "report", "--day", "2026-03-03"]);
    assert!(
        report.out.starts_with("settlement_id,day,receiver_id"),
        "{}",
        report.out
    );
    let absent = house.run(&["settlement", "show", "1-2-20260303-1"]);
    assert!(absent.err.contains("ayni settlement list"), "{}", absent.err);
    let refused = house.run(&["settlement", "notify", &id, "http://192.0.2.1/x"]);
    assert!(refused.err.contains("can't be called"), "{}", refused.err);
    let set = house.json(&["settlement", "notify", &id, "http://127.0.0.1:9/x"]);
    assert_eq!(set["rendition_url"], "http://127.0.0.1:9/x");
    assert!(house.json(&["settlement", "notify", &id, ""])["rendition_url"].is_null());
}

#[test]
fn a_statements_file_is_taken_in_once_and_its_bad_lines_are_named() {
    let house = House::open();
    let uuid = account_without_login(&house);
    let folder = tempfile::tempdir().unwrap();
    let file = written(
        &folder,
        "cartola.csv",
        "Fecha;Abonos;Cargos\n02/03/2026;1.000;\n03/03/2026;;x\n",
    );
    let mapping = written(&folder, "banco.toml", MAPPING);
    let import = ["statement", "import", &file, "--account", &uuid];
    for (stored, known) in [(1, 0), (0, 1)] {
        let said = house.run(&[&["--json"], &import[..], &["--mapping", &mapping]].concat());
        assert_eq!(said.code, 3, "{}", said.err);
        let said: Value = serde_json::from_str(&said.out).unwrap();
        assert_eq!((&said["stored"], &said["known"]), (&stored.into(), &known.into()));
        assert_eq!(said["rejected_lines"][0]["line"], 3);
    }
    let without = house.run(&import);
    assert!(
        without.code == 1 && without.err.contains("no column"),
        "{}",
        without.err
    );
}

#[test]
fn where_nothing_is_to_be_paid_out_no_file_is_written() {
    let house = House::open();
    let uuid = account_without_login(&house);
    let out = house.directory().join("today.xml");
    let file = house.json(&[
        "payouts",
        "file",
        "--account",
        &uuid,
        "--out",
        out.to_str().unwrap(),
    ]);
    assert!(file["file"].is_null() && !out.exists());
    assert_eq!(house.json(&["payouts", "list"])["files"], json!([]));
}

/// The uuid of a bank account of the operator's whose statement comes as files.
fn account_without_login(house: &House) -> String {
    let id = house.serving.ready["receiver_id"].to_string();
    let of_whom = ["account", "add", "--account", &id, "--bank", "Bawdf"];
    let number = ["--number", "000333", "--custody", "gateway", "--no-login"];
    let holder = ["--holder-name", "Sol", "--holder-rut", "76.086.428-5"];
    let added = house.json(&[&of_whom[..], &number[..], &holder[..]].concat());
    added["uuid"].as_str().unwrap().to_owned()
}

fn written(folder: &TempDir, name: &str, text: &str) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

const MAPPING: &str = "\
delimiter = \";\"
date_format = \"%d/%m/%Y\"
decimal_sign = \",\"
thousands_sign = \".\"
[columns]
date = \"Fecha\"
credit = \"Abonos\"
debit = \"Cargos\"
";
