//! Settlements, files of transfers and statements that come as files, from the command line.

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
    assert_eq!(
        house.json(&["settlement", "list"])["settlements"],
        serde_json::json!([])
    );
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
    let id = house.serving.ready["receiver_id"].to_string();
    let added = house.json(&[
        "account",
        "add",
        "--account",
        &id,
        "--bank",
        "Bawdf",
        "--number",
        "000333",
        "--holder-name",
        "Sol",
        "--holder-rut",
        "76.086.428-5",
        "--custody",
        "gateway",
        "--no-login",
    ]);
    let uuid = added["uuid"].as_str().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let file = write(
        "cartola.csv",
        "Fecha;Abonos;Cargos\n02/03/2026;1.000;\n03/03/2026;;x\n",
    );
    let mapping = write(
        "banco.toml",
        "delimiter = \";\"\ndate_format = \"%d/%m/%Y\"\ndecimal_sign = \",\"\nthousands_sign = \".\"\n\
         [columns]\ndate = \"Fecha\"\ncredit = \"Abonos\"\ndebit = \"Cargos\"\n",
    );
    let import = [
        "--json",
        "statement",
        "import",
        &file,
        "--account",
        uuid,
        "--mapping",
        &mapping,
    ];
    for (stored, known) in [(1, 0), (0, 1)] {
        let said = house.run(&import);
        assert_eq!(said.code, 3, "{}", said.err);
        let said: serde_json::Value = serde_json::from_str(&said.out).unwrap();
        assert_eq!((&said["stored"], &said["known"]), (&stored.into(), &known.into()));
        assert_eq!(said["rejected_lines"][0]["line"], 3);
    }
    let without = house.run(&["statement", "import", &file, "--account", uuid]);
    assert!(
        without.code == 1 && without.err.contains("no column"),
        "{}",
        without.err
    );
    let out = folder.path().join("today.xml");
    let file = house.json(&[
        "payouts",
        "file",
        "--account",
        uuid,
        "--out",
        out.to_str().unwrap(),
    ]);
    assert!(file["file"].is_null() && !out.exists());
    assert_eq!(house.json(&["payouts", "list"])["files"], serde_json::json!([]));
}
