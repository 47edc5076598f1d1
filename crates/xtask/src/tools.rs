//! What the tests need besides Rust. A tool that is there is used as it is; one that is missing is installed with
//! apt, saying what and why.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail, ensure};

/// A tool, why the tests need it, the Debian packages that bring it, and how to see that it is there.
pub struct Tool {
    name: &'static str,
    why: &'static str,
    packages: &'static [&'static str],
    is_present: fn() -> bool,
}

/// The other engine that every test of the store runs on.
pub const POSTGRES: Tool = Tool {
    name: "PostgreSQL",
    why: "the tests run on both engines",
    packages: &["postgresql", "openssl"],
    is_present: || postgres_folder().is_some(),
};
/// The browser that the payer's pages are tested in, and that sites are visited with.
pub const CHROMIUM: Tool = Tool {
    name: "Chromium",
    why: "the payer's pages are tested in a real browser, and sites are visited with it",
    packages: &["chromium"],
    is_present: || Path::new(CHROMIUM_PROGRAM).exists(),
};
/// Another reader of PDF files.
pub const PDF_READERS: Tool = Tool {
    name: "A reader of PDF files",
    why: "receipts are read with other programs than the one that wrote them",
    packages: &["poppler-utils", "qpdf"],
    is_present: || answer("qpdf", &["--version"]).is_some() && Path::new("/usr/bin/pdftotext").exists(),
};
/// Fonts, without which a page has no text to look at.
pub const FONTS: Tool = Tool {
    name: "A font",
    why: "Chromium measures and draws text with it",
    packages: &["fonts-dejavu-core"],
    is_present: || Path::new("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf").exists(),
};
/// The runner of the browser tests.
pub const NODE: Tool = Tool {
    name: "Node.js",
    why: "it runs the browser tests",
    packages: &["nodejs"],
    is_present: || node_version().is_some(),
};
/// The installer of the browser tests' packages.
pub const NPM: Tool = Tool {
    name: "npm",
    why: "it installs the browser tests' packages into target/",
    packages: &["npm"],
    is_present: || answer("npm", &["--version"]).is_some(),
};

/// What looks at the service's unit.
pub const SYSTEMD: Tool = Tool {
    name: "systemd",
    why: "the unit of the Debian package is verified with it",
    packages: &["systemd"],
    is_present: || answer("systemd-analyze", &["--version"]).is_some(),
};

/// The language of the client library that the authorization server is tested with, and of the mail server that takes
/// the tests' mails.
pub const PYTHON: Tool = Tool {
    name: "Python with venv",
    why: "the authorization server is tested with Authlib and mails with aiosmtpd, installed into target/",
    packages: &["python3", "python3-venv"],
    is_present: || answer("python3", &["-c", "import ensurepip, venv"]).is_some(),
};

/// The programs that the guide's commands use besides ours.
pub const SHELL_TOOLS: Tool = Tool {
    name: "curl and jq",
    why: "the guide's commands are run as they stand",
    packages: &["curl", "jq"],
    is_present: || answer("curl", &["--version"]).is_some() && answer("jq", &["--version"]).is_some(),
};
/// The languages of the guide's functions that verify a notification, besides those above.
pub const PHP: Tool = Tool {
    name: "PHP",
    why: "the guide's function that verifies a notification is run in it",
    packages: &["php-cli"],
    is_present: || answer("php", &["--version"]).is_some(),
};
/// As [`PHP`].
pub const RUBY: Tool = Tool {
    name: "Ruby",
    why: "the guide's function that verifies a notification is run in it",
    packages: &["ruby"],
    is_present: || answer("ruby", &["--version"]).is_some(),
};
/// As [`PHP`].
pub const JAVA: Tool = Tool {
    name: "Java's compiler",
    why: "the guide's function that verifies a notification is run in it",
    packages: &["default-jdk-headless"],
    is_present: || answer("javac", &["--version"]).is_some(),
};

/// Debian's Chromium.
pub const CHROMIUM_PROGRAM: &str = "/usr/bin/chromium";
/// The oldest Node.js whose test runner can do what the tests ask of it (Debian 12 has it).
const OLDEST_NODE: u32 = 18;

/// Sees that every tool is there and installs those that are not.
///
/// # Errors
/// When something is missing and can't be installed; the message says what to install.
pub fn provide(tools: &[Tool]) -> anyhow::Result<()> {
    let missing: Vec<&Tool> = tools.iter().filter(|tool| !(tool.is_present)()).collect();
    if !missing.is_empty() {
        install(&missing)?;
    }
    if tools.iter().any(|tool| tool.name == NODE.name) {
        let version = node_version().unwrap_or_default();
        ensure!(
            version >= OLDEST_NODE,
            "Node.js {version} is too old: the browser tests need {OLDEST_NODE} or newer"
        );
    }
    Ok(())
}

/// The folder of the newest installed PostgreSQL's programs.
#[must_use]
pub fn postgres_folder() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    versions
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let version: u32 = path.file_name()?.to_str()?.parse().ok()?;
            Some((version, path.join("bin")))
        })
        .filter(|(_, programs)| programs.join("initdb").exists())
        .max()
        .map(|(_, programs)| programs)
}

/// Whether cargo-nextest can be used in place of `cargo test`.
#[must_use]
pub fn has_nextest() -> bool {
    answer("cargo-nextest", &["nextest", "--version"]).is_some()
}

/// Whether this process may install packages and change users.
#[must_use]
pub fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

fn install(missing: &[&Tool]) -> anyhow::Result<()> {
    let packages: Vec<&str> = missing.iter().flat_map(|tool| tool.packages).copied().collect();
    for tool in missing {
        println!("{} is not installed; {}.", tool.name, tool.why);
    }
    let by_hand = format!("apt-get install --no-install-recommends {}", packages.join(" "));
    if !is_root() {
        bail!("not running as root, so nothing was installed. Run as root:\n\n    {by_hand}\n");
    }
    ensure!(
        answer("apt-get", &["--version"]).is_some(),
        "there is no apt here: install {}",
        packages.join(" ")
    );
    println!("Installing with apt: {}", packages.join(" "));
    apt(&["update", "-qq"])?;
    apt(&[
        &["install", "-y", "-qq", "--no-install-recommends"],
        &packages[..],
    ]
    .concat())?;
    for tool in missing {
        ensure!(
            (tool.is_present)(),
            "{} is still not there after `{by_hand}`",
            tool.name
        );
    }
    Ok(())
}

fn apt(arguments: &[&str]) -> anyhow::Result<()> {
    let status = Command::new("apt-get")
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .status()
        .context("apt-get can't be started")?;
    ensure!(
        status.success(),
        "apt-get {} failed: {status}",
        arguments.join(" ")
    );
    Ok(())
}

fn node_version() -> Option<u32> {
    let version = answer("node", &["--version"])?;
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// What a program prints, if it is there and succeeds.
fn answer(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
