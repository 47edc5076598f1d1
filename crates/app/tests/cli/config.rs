//! Settings: which layer wins, what is refused, what is never shown.

use std::fs;

use crate::support::{ayni, json, run, said};

#[test]
fn flags_win_over_the_environment_that_over_the_file_and_that_over_defaults() {
    let folder = tempfile::tempdir().unwrap();
    let shown = |arguments: &[&str], variable: Option<&str>| {
        let mut command = ayni(folder.path(), &[&["--json", "config"], arguments].concat());
        command.envs(variable.map(|value| ("AYNI_RATE_LIMIT_PER_S", value)));
        let config: serde_json::Value = serde_json::from_str(&said(command.output().unwrap()).out).unwrap();
        let setting = config["rate_limit_per_s"].clone();
        (
            setting["value"].as_i64().unwrap(),
            setting["source"].as_str().unwrap().to_owned(),
        )
    };
    assert_eq!(shown(&[], None), (200, "default".to_owned()));
    let file = folder.path().join("ayni.toml");
    fs::write(&file, "rate_limit_per_s = 300\n").unwrap();
    assert_eq!(shown(&[], None), (300, file.display().to_string()));
    assert_eq!(shown(&[], Some("400")), (400, "AYNI_RATE_LIMIT_PER_S".to_owned()));
    assert_eq!(
        shown(&["--rate-limit-per-s", "500"], Some("400")),
        (500, "flag".to_owned())
    );
}

#[test]
fn an_unknown_key_of_the_file_is_named_with_the_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ayni.toml"), "lissten = \"0.0.0.0:80\"\n").unwrap();
    let said = run(folder.path(), &["config"]);
    assert_eq!(said.code, 1);
    assert!(
        said.err.contains("ayni.toml: unknown key «lissten»"),
        "{}",
        said.err
    );
    assert!(said.err.contains("listen"), "{}", said.err);
}

#[test]
fn a_value_of_the_wrong_type_is_named_with_its_source() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("other.toml");
    fs::write(&file, "rate_limit_per_s = \"many\"\n").unwrap();
    let from_file = run(folder.path(), &["config", "--config", file.to_str().unwrap()]);
    assert!(
        from_file
            .err
            .contains("other.toml: «rate_limit_per_s» must be a whole number"),
        "{}",
        from_file.err
    );
    let mut command = ayni(folder.path(), &["config"]);
    let from_environment = said(command.env("AYNI_VERIFYING_HOURS", "two").output().unwrap());
    assert!(
        from_environment
            .err
            .contains("AYNI_VERIFYING_HOURS must be a whole number"),
        "{}",
        from_environment.err
    );
}

#[test]
fn no_secret_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let key = "5e".repeat(32);
    for form in [&["config"][..], &["config", "--json"][..]] {
        let database = [
            "--database",
            "postgres://ana:s3cret@db.internal/ayni?password=0ther",
        ];
        let mut command = ayni(folder.path(), &[form, &database].concat());
        let shown = said(command.env("AYNI_MASTER_KEY", &key).output().unwrap());
        assert_eq!(shown.code, 0, "{}", shown.err);
        assert!(shown.out.contains("postgres://db.internal/ayni"), "{}", shown.out);
        for secret in ["s3cret", "0ther", key.as_str()] {
            assert!(
                !shown.out.contains(secret) && !shown.err.contains(secret),
                "{}",
                shown.out
            );
        }
    }
}

#[test]
fn a_directory_of_dev_has_the_settings_of_dev() {
    let house = crate::support::House::open();
    let config = json(&house.directory(), &["config"]);
    assert_eq!(config["rate_limit_per_s"]["value"], 10_000);
    assert_eq!(config["public_url"]["value"], house.serving.ready["gateway_url"]);
    assert_eq!(config["public_url"]["source"], "dev.json");
}
