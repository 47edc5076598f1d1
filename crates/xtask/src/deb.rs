//! `cargo xtask deb`: a Debian package of the program, with its unit, user, settings, man page and completions. The files
//! that go into it lie in `ops/`; what is written here is what depends on the version, the machine and the program.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};

use crate::places;

/// What `cargo xtask deb` takes.
#[derive(clap::Args)]
pub struct Choice {
    /// A program that was built already [default: builds one for release]
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// The folder that the package is put into [default: target/deb]
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
}

/// Files of the repository, where they go, and their mode.
const FILES: [(&str, &str, u32); 8] = [
    (
        "ops/systemd/ayni.service",
        "usr/lib/systemd/system/ayni.service",
        0o644,
    ),
    ("ops/debian/sysusers.conf", "usr/lib/sysusers.d/ayni.conf", 0o644),
    ("ops/debian/ayni.toml", "etc/ayni/ayni.toml", 0o644),
    ("ops/debian/ayni.1", "usr/share/man/man1/ayni.1", 0o644),
    ("LICENSE-MIT", "usr/share/doc/ayni/copyright", 0o644),
    ("ops/debian/postinst", "DEBIAN/postinst", 0o755),
    ("ops/debian/prerm", "DEBIAN/prerm", 0o755),
    ("ops/debian/postrm", "DEBIAN/postrm", 0o755),
];

/// Each shell's completions, and where it looks for them.
const COMPLETIONS: [(&str, &str); 3] = [
    ("bash", "usr/share/bash-completion/completions/ayni"),
    ("zsh", "usr/share/zsh/vendor-completions/_ayni"),
    ("fish", "usr/share/fish/vendor_completions.d/ayni.fish"),
];

/// Builds it.
///
/// # Errors
/// When the program can't be built or run, or `dpkg-deb` refuses.
pub fn run(choice: &Choice) -> anyhow::Result<()> {
    let root = places::repository()?;
    let binary = match &choice.binary {
        Some(binary) => binary.clone(),
        None => built(&root)?,
    };
    let folder = match &choice.to {
        Some(folder) => folder.clone(),
        None => places::target()?.join("deb"),
    };
    fs::create_dir_all(&folder)?;
    let tree = folder.join("tree");
    if tree.exists() {
        fs::remove_dir_all(&tree)?;
    }
    put(
        &fs::read(&binary).context("the program can't be read")?,
        &tree.join("usr/bin/ayni"),
        0o755,
    )?;
    for (from, to, mode) in FILES {
        let file = fs::read(root.join(from)).with_context(|| format!("{from} can't be read"))?;
        put(&file, &tree.join(to), mode)?;
    }
    for (shell, to) in COMPLETIONS {
        let script = said(Command::new(&binary).args(["completions", shell]))?;
        put(script.as_bytes(), &tree.join(to), 0o644)?;
    }
    let (version, architecture) = (
        env!("CARGO_PKG_VERSION"),
        said(dpkg().arg("--print-architecture"))?,
    );
    let architecture = architecture.trim();
    put(
        control(version, architecture).as_bytes(),
        &tree.join("DEBIAN/control"),
        0o644,
    )?;
    put(b"/etc/ayni/ayni.toml\n", &tree.join("DEBIAN/conffiles"), 0o644)?;
    let package = folder.join(format!("ayni_{version}_{architecture}.deb"));
    said(
        Command::new("dpkg-deb")
            .args(["--root-owner-group", "-Zzstd", "--build"])
            .args([&tree, &package]),
    )?;
    fs::remove_dir_all(&tree)?;
    println!("{}", package.display());
    Ok(())
}

fn control(version: &str, architecture: &str) -> String {
    format!(
        "Package: ayni\nVersion: {version}\nArchitecture: {architecture}\n\
         Maintainer: The maintainers of Ayni <maintainers@users.noreply.github.com>\n\
         Section: net\nPriority: optional\n\
         Depends: libc6, libgcc-s1, systemd | systemd-standalone-sysusers\n\
         Suggests: postgresql, chromium\n\
         Description: gateway for account-to-account payments and open data\n \
         Speaks Khipu's APIs: an existing client works against it by changing the host.\n \
         One program, on SQLite or PostgreSQL.\n"
    )
}

fn built(root: &Path) -> anyhow::Result<PathBuf> {
    let status = Command::new(places::cargo())
        .args([
            "build",
            "--release",
            "--locked",
            "-p",
            "ayni",
            "--features",
            "otel",
        ])
        .current_dir(root)
        .status()?;
    ensure!(status.success(), "the program could not be built");
    Ok(places::target()?.join("release/ayni"))
}

fn put(bytes: &[u8], to: &Path, mode: u32) -> anyhow::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(to, bytes)?;
    fs::set_permissions(to, fs::Permissions::from_mode(mode))?;
    Ok(())
}

fn dpkg() -> Command {
    Command::new("dpkg")
}

/// What a program prints; an error where it fails.
fn said(command: &mut Command) -> anyhow::Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("{name} can't be started"))?;
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(output.status.success(), "{name} failed: {error}");
    Ok(String::from_utf8(output.stdout)?)
}
