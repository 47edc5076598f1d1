//! The Debian package, built around the program under test, installed into an empty tree and removed again; and the unit in
//! it.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::said;

/// More than this, in tenths, and the unit permits what it need not.
const EXPOSURE_MAX: &str = "20";

fn program() -> PathBuf {
    std::env::var_os("AYNI_BIN").map_or_else(|| env!("CARGO_BIN_EXE_ayni").into(), PathBuf::from)
}

/// Runs a program, which must succeed; answers what it printed.
fn ran(name: &str, arguments: &[&str]) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = Command::new(name).args(arguments).current_dir(root).output();
    let said = said(output.unwrap());
    assert_eq!(said.code, 0, "{name} {arguments:?}: {}{}", said.out, said.err);
    said.out + &said.err
}

/// What `--info` tells.
const TOLD: [&str; 6] = [
    " Package: ayni",
    " Depends: libc6",
    "conffiles",
    "postinst",
    "prerm",
    "postrm",
];

/// Files with their mode and owner.
const HELD: [(&str, &str); 6] = [
    ("-rwxr-xr-x root/root", "./usr/bin/ayni"),
    ("-rw-r--r-- root/root", "./usr/lib/systemd/system/ayni.service"),
    ("-rw-r--r-- root/root", "./usr/lib/sysusers.d/ayni.conf"),
    ("-rw-r--r-- root/root", "./etc/ayni/ayni.toml"),
    ("-rw-r--r-- root/root", "./usr/share/man/man1/ayni.1"),
    (
        "-rw-r--r-- root/root",
        "./usr/share/bash-completion/completions/ayni",
    ),
];

#[test]
fn the_package_holds_a_program_that_runs_and_a_unit_that_is_sound() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let program = program();
    let package = built(&program, &at("out"));
    let told = ran("dpkg-deb", &["--info", &package]);
    for part in TOLD {
        assert!(told.contains(part), "{part}: {told}");
    }
    let contents = ran("dpkg-deb", &["--contents", &package]);
    for (mode, path) in HELD {
        let line = contents.lines().find(|line| line.ends_with(path));
        assert!(
            line.is_some_and(|line| line.starts_with(mode)),
            "{path}: {contents}"
        );
    }
    let root = at("root");
    dpkg(&root, &["--install", &package]);
    let people = std::fs::read_to_string(at("root/etc/passwd")).unwrap();
    assert!(
        people.contains("Ayni payment gateway:/var/lib/ayni:/usr/sbin/nologin"),
        "{people}"
    );
    let installed = at("root/usr/bin/ayni");
    let version = ran(program.to_str().unwrap(), &["--version"]);
    assert_eq!(ran(&installed, &["--version"]), version);
    // The settings of the package are read, and say what is missing.
    let (settings, data) = (at("root/etc/ayni/ayni.toml"), at("data"));
    let serve = ["--config", &settings, "--data-dir", &data, "serve"];
    let refused = said(Command::new(&installed).args(serve).output().unwrap());
    assert!(
        refused.code == 1 && refused.err.contains("public URL"),
        "{refused:?}"
    );
    let unit = std::fs::read_to_string(at("root/usr/lib/systemd/system/ayni.service")).unwrap();
    is_sound(&unit.replace("/usr/bin/ayni", &installed), &at("ayni.service"));
    is_removed(&root);
}

/// Removing leaves the settings, purging takes them; neither touches the data, which nobody could bring back.
fn is_removed(root: &str) {
    let is_there = |path: &str| Path::new(root).join(path).exists();
    std::fs::create_dir_all(Path::new(root).join("var/lib/ayni")).unwrap();
    std::fs::write(Path::new(root).join("var/lib/ayni/master.key"), "").unwrap();
    dpkg(root, &["--remove", "ayni"]);
    assert!(!is_there("usr/bin/ayni") && is_there("etc/ayni/ayni.toml"));
    dpkg(root, &["--purge", "ayni"]);
    assert!(!is_there("etc/ayni/ayni.toml") && is_there("var/lib/ayni/master.key"));
}

/// Works on an empty tree: its scripts are run without entering it, since there is nothing in it to run them with.
fn dpkg(root: &str, arguments: &[&str]) {
    for folder in ["updates", "info"] {
        std::fs::create_dir_all(Path::new(root).join("var/lib/dpkg").join(folder)).unwrap();
    }
    let status = Path::new(root).join("var/lib/dpkg/status");
    std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(status)
        .unwrap();
    let tree = format!("--root={root}");
    let forced = [
        "--force-script-chrootless",
        "--force-depends",
        "--path-include=/usr/share/*",
    ];
    ran("dpkg", &[&[tree.as_str()], &forced[..], arguments].concat());
}

/// Builds the package; answers where it is.
fn built(program: &Path, folder: &str) -> String {
    let program = program.to_str().unwrap();
    let build = ["run", "--quiet", "--package", "xtask", "--", "deb", "--binary"];
    let said = ran("cargo", &[&build[..], &[program, "--to", folder]].concat());
    let package = said.lines().last().unwrap().trim();
    assert!(package.ends_with(".deb"), "{said}");
    package.to_owned()
}

/// systemd takes the unit, and finds it closed enough.
fn is_sound(unit: &str, path: &str) {
    std::fs::write(path, unit).unwrap();
    ran("systemd-analyze", &["verify", "--man=no", path]);
    let exposure = ["security", "--offline=true", "--threshold", EXPOSURE_MAX, path];
    ran("systemd-analyze", &exposure);
}
