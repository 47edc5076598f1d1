//! `ayni backup`, `restore`, `export`, `import` and `move`, beside a running gateway and without one.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::{House, Said, run};

/// Another place for a gateway, with the same master key.
struct Elsewhere {
    folder: tempfile::TempDir,
}

impl Elsewhere {
    fn with_key_of(house: &House) -> Elsewhere {
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(
            house.directory().join("master.key"),
            folder.path().join("master.key"),
        )
        .unwrap();
        Elsewhere { folder }
    }

    fn directory(&self) -> &Path {
        self.folder.path()
    }

    fn run(&self, arguments: &[&str]) -> Said {
        run(self.directory(), arguments)
    }

    fn json(&self, arguments: &[&str]) -> Value {
        crate::support::json(self.directory(), arguments)
    }
}

fn rows(copied: &Value, table: &str) -> u64 {
    let tables = copied["tables"].as_array().unwrap();
    tables.iter().find(|found| found["table"] == table).unwrap()["rows"]
        .as_u64()
        .unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_running_gateway_is_backed_up_and_restored_elsewhere_with_its_money_held() {
    let house = House::open();
    let id = house.payment();
    let backups = tempfile::tempdir().unwrap();
    let kept = house.json(&["backup", text(backups.path())]);
    let file = PathBuf::from(kept["file"].as_str().unwrap());
    assert!(file.starts_with(backups.path()) && file.extension().is_some_and(|end| end == "db"));
    assert_eq!(
        (&kept["holds_master_key"], &kept["ledger"]["ok"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(rows(&kept["copied"], "payments"), 1);
    let key = std::fs::read_to_string(house.directory().join("master.key")).unwrap();
    let bytes = std::fs::read(&file).unwrap();
    assert!(
        !bytes
            .windows(key.trim().len())
            .any(|found| found == key.trim().as_bytes())
    );
    use std::os::unix::fs::PermissionsExt as _;
    assert_eq!(
        std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );

    let again = house.run(&["backup", text(&file)]);
    assert!(again.code == 1 && again.err.contains("is not empty"), "{again:?}");

    let place = Elsewhere::with_key_of(&house);
    let restored = place.json(&["restore", text(&file)]);
    assert_eq!(
        (&restored["money_held"], rows(&restored["copied"], "payments")),
        (&json!(true), 1)
    );
    let shown = place.run(&["payment", "list"]);
    assert!(shown.code == 1 || shown.out.contains(&id), "{shown:?}");
    assert_eq!(place.json(&["ledger", "check"])["ok"], json!(true));
    let held = place.json(&["orders", "held"]);
    assert_eq!((&held["held"], &held["orders"]), (&json!(true), &json!([])));
    assert!(!held["unread"].as_array().unwrap().is_empty(), "{held}");
    let refused = place.run(&["orders", "release-held"]);
    assert!(
        refused.code == 1 && refused.err.contains("were not read since"),
        "{refused:?}"
    );
    let told = place.run(&["orders", "held"]);
    assert!(told.out.contains("no money leaves until"), "{told:?}");
    let twice = place.run(&["restore", text(&file)]);
    assert!(
        twice.code == 1 && twice.err.contains("nothing is ever written over"),
        "{twice:?}"
    );
    assert_eq!(
        house.json(&["orders", "held"]),
        json!({ "held": false }),
        "the first one goes on"
    );
}

#[test]
fn a_portable_file_is_exported_and_imported_and_a_cut_one_refused() {
    let house = House::open();
    house.payment();
    let folder = tempfile::tempdir().unwrap();
    let (file, cut) = (folder.path().join("all.ayni"), folder.path().join("cut.ayni"));
    let written = house.json(&["export", text(&file)]);
    let place = Elsewhere::with_key_of(&house);
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&cut, &whole[..whole.len() / 2]).unwrap();
    let refused = place.run(&["import", text(&cut)]);
    assert!(
        refused.code == 1 && refused.err.contains("ends in the middle"),
        "{refused:?}"
    );
    assert!(!place.directory().join("ayni.db").exists());
    let read = place.json(&["import", text(&file)]);
    assert_eq!(read["copied"], written["copied"]);
    let said = place.run(&["orders", "sent", "b7k2m9x4p1qz", "--movement", "1"]);
    assert!(
        said.code == 1 && said.err.contains("there is no order"),
        "{said:?}"
    );
}

#[test]
fn a_database_is_moved_when_nobody_uses_it_and_is_closed_then() {
    let house = House::open();
    house.payment();
    let directory = house.directory();
    let new = directory.join("new.db");
    let to = format!("sqlite:{}", new.display());
    let refused = house.run(&["move", "--to", &to]);
    assert!(
        refused.code == 1 && refused.err.contains("is in use"),
        "{refused:?}"
    );
    assert_eq!(
        house.json(&["ledger", "check"])["ok"],
        json!(true),
        "it is open still"
    );
    let House { serving, folder } = house;
    assert!(serving.stop().success());
    let moved = crate::support::json(&directory, &["move", "--to", &to]);
    assert_eq!(rows(&moved["copied"], "payments"), 1);
    let closed = run(&directory, &["ledger", "check"]);
    assert!(
        closed.code == 1 && closed.err.contains("was moved to another one"),
        "{closed:?}"
    );
    let there = crate::support::json(&directory, &["--database", &to, "ledger", "check"]);
    assert_eq!(there["ok"], json!(true));
    let undone = crate::support::json(&directory, &["move", "--undo"]);
    assert_eq!(undone["open"], json!(true));
    assert_eq!(
        crate::support::json(&directory, &["ledger", "check"])["ok"],
        json!(true)
    );
    drop(folder);
}
