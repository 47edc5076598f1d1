//! `ayni serve` starts only when it is safe to, and ends without cutting anybody off.

use crate::support::{Serving, ayni, get, json, run, said};

#[test]
fn serving_needs_a_public_https_url_unless_told_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let none = run(folder.path(), &["serve"]);
    assert_eq!(none.code, 1);
    assert!(none.err.contains("--public-url https://"), "{}", none.err);
    let plain = run(
        folder.path(),
        &["serve", "--public-url", "http://pay.example.com"],
    );
    assert_eq!(plain.code, 1);
    assert!(
        plain.err.contains("is not https") && plain.err.contains("--insecure-public-url"),
        "{}",
        plain.err
    );
    let path = run(
        folder.path(),
        &["serve", "--public-url", "https://pay.example.com/shop"],
    );
    assert_eq!(path.code, 1);
    assert!(
        path.err.contains("nothing but scheme, host and port"),
        "{}",
        path.err
    );
}

#[test]
fn serving_makes_neither_database_nor_master_key_and_says_what_does() {
    let folder = tempfile::tempdir().unwrap();
    let serve = [
        "serve",
        "--public-url",
        "https://pay.example.com",
        "--listen",
        "127.0.0.1:0",
    ];
    let keyless = run(folder.path(), &serve);
    assert_eq!(keyless.code, 1);
    assert!(
        keyless.err.contains("no master key") && keyless.err.contains("ayni migrate"),
        "{}",
        keyless.err
    );
    let mut command = ayni(folder.path(), &serve);
    let unmigrated = said(command.env("AYNI_MASTER_KEY", "5e".repeat(32)).output().unwrap());
    assert_eq!(unmigrated.code, 1);
    assert!(
        unmigrated.err.contains("no database") && unmigrated.err.contains("ayni migrate"),
        "{}",
        unmigrated.err
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_master_key_that_is_not_the_databases_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(json(folder.path(), &["migrate"])["master_key"], "made");
    let mut command = ayni(
        folder.path(),
        &[
            "serve",
            "--public-url",
            "https://pay.example.com",
            "--listen",
            "127.0.0.1:0",
        ],
    );
    let other = said(command.env("AYNI_MASTER_KEY", "5e".repeat(32)).output().unwrap());
    assert_eq!(other.code, 1);
    assert!(other.err.contains("master key"), "{}", other.err);
}

#[test]
fn migrating_makes_the_master_key_once_and_never_where_another_one_is_needed() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(json(folder.path(), &["migrate"])["master_key"], "made");
    assert_eq!(json(folder.path(), &["migrate"])["master_key"], "fits");
    std::fs::remove_file(folder.path().join("master.key")).unwrap();
    assert_eq!(json(folder.path(), &["migrate"])["master_key"], "missing");
    assert!(!folder.path().join("master.key").exists());
}

#[test]
fn a_migrated_database_is_served_until_the_process_is_asked_to_stop() {
    let folder = tempfile::tempdir().unwrap();
    json(folder.path(), &["migrate"]);
    let url = ["--public-url", "http://pay.example.com", "--insecure-public-url"];
    let serving = Serving::start(
        folder.path(),
        &[&["serve", "--listen", "127.0.0.1:0"], &url[..]].concat(),
    );
    let answer = get(serving.ready["listen"].as_str().unwrap(), "/readyz");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(serving.stop().success());
}

#[test]
fn metrics_have_a_listener_of_their_own_and_https_is_for_good() {
    let folder = tempfile::tempdir().unwrap();
    json(folder.path(), &["migrate"]);
    let listen = ["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"];
    let url = ["--public-url", "https://pay.example.com"];
    let serving = Serving::start(folder.path(), &[&["serve"], &listen[..], &url[..]].concat());
    let public = get(serving.ready["listen"].as_str().unwrap(), "/metrics");
    assert!(public.starts_with("HTTP/1.1 404"), "{public}");
    assert!(
        public.contains("strict-transport-security: max-age=31536000"),
        "{public}"
    );
    let own = get(serving.ready["metrics"].as_str().unwrap(), "/metrics");
    assert!(
        own.starts_with("HTTP/1.1 200") && own.contains("ayni_http_requests_total"),
        "{own}"
    );
    assert!(serving.stop().success());
}

#[test]
fn as_many_files_are_opened_as_the_system_permits() {
    let folder = tempfile::tempdir().unwrap();
    json(folder.path(), &["migrate"]);
    let url = ["--public-url", "https://pay.example.com"];
    let listen = ["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"];
    let serving = Serving::start(folder.path(), &[&["serve"], &listen[..], &url[..]].concat());
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", serving.id())).unwrap();
    let files = limits
        .lines()
        .find(|line| line.starts_with("Max open files"))
        .unwrap();
    let [soft, hard] = [3, 4].map(|word| files.split_whitespace().nth(word).unwrap());
    assert_eq!(soft, hard);
    assert!(serving.stop().success());
}
