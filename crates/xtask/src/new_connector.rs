//! `cargo xtask new-connector NAME`: a connector that compiles, with its site file and its test, to be changed into a
//! real one. The skeleton is a connector of its own that the crate's tests compile and run, so it can't fall behind.

use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};

use crate::places;

/// The skeleton's site, whose name becomes the new one's.
const SKELETON: &str = "ejemplo";

/// Longest name, in characters.
const NAME_CHARS_MAX: usize = 40;

/// Before this line of `lib.rs` a new connector is loaded.
const LOADING: &str = "        if let Some(site) = Servipag::load(";

/// Before this line of `sites.rs` a new connector is declared.
const DECLARING: &str = "pub(crate) mod servipag;";

/// Writes the connector.
///
/// # Errors
/// When the name is none, is taken, or the crate no longer looks as this expects.
pub fn run(name: &str) -> anyhow::Result<()> {
    let crate_folder = places::repository()?.join("crates/connectors");
    for path in write(&crate_folder, name)? {
        println!("wrote crates/connectors/{path}");
    }
    let module = name.replace('-', "_");
    println!("\nIt compiles, is loaded once it has an address, and its test passes:");
    println!("    cargo test -p ayni-connectors {module}");
    println!("\nNext, from the site itself:");
    println!("  1. src/sites/{name}.toml: address, paths, how each page is recognised, selectors.");
    println!("  2. declaration() in src/sites/{module}.rs: path, scope, operations, login fields, limits.");
    println!(
        "  3. The steps. What is not recognised stays Stopped, never a guess; money and dates come from `extract`."
    );
    println!(
        "  4. The test: kept pages with names and numbers replaced, every code of the site, changed markup."
    );
    println!("  5. CHANGELOG.md. CONTRIBUTING.md, «Add a connector», tells the rest.");
    Ok(())
}

/// Writes all of it or nothing; returns the paths within the crate.
fn write(crate_folder: &Path, name: &str) -> anyhow::Result<Vec<String>> {
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('-')
        && name.len() <= NAME_CHARS_MAX
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    ensure!(
        is_name,
        "«{name}» is no name: lower-case letters, digits and hyphens, as in banco-sur"
    );
    let module = name.replace('-', "_");
    let read = |path: &str| {
        fs::read_to_string(crate_folder.join(path)).with_context(|| format!("{path} can't be read"))
    };
    let files = [
        (
            format!("src/sites/{module}.rs"),
            named(&read("skeleton/ejemplo.rs")?, name),
        ),
        (
            format!("src/sites/{name}.toml"),
            named(&read("skeleton/ejemplo.toml")?, name),
        ),
        (
            "src/sites.rs".to_owned(),
            declared(&read("src/sites.rs")?, &module)?,
        ),
        ("src/lib.rs".to_owned(), loaded(&read("src/lib.rs")?, &module)?),
    ];
    for (path, _) in &files[..2] {
        ensure!(!crate_folder.join(path).exists(), "{path} is there already");
    }
    for (path, text) in &files {
        fs::write(crate_folder.join(path), text)?;
    }
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

/// The skeleton's text for the new name.
fn named(text: &str, name: &str) -> String {
    text.replace(
        "include_str!(\"ejemplo.toml\")",
        &format!("include_str!(\"{name}.toml\")"),
    )
    .replace("_ejemplo\"", &format!("_{}\"", name.replace('-', "_")))
    .replace("Ejemplo", &type_name(name))
    .replace(SKELETON, name)
}

fn declared(sites: &str, module: &str) -> anyhow::Result<String> {
    inserted(sites, DECLARING, &format!("pub(crate) mod {module};\n"))
}

fn loaded(lib: &str, module: &str) -> anyhow::Result<String> {
    let type_name = type_name(module);
    let lines = format!(
        "        if let Some(site) = sites::{module}::{type_name}::load(settings, Clock::clone(&clock))? {{
            institutions.insert(site.declaration().path.clone(), Arc::new(site));
        }}
"
    );
    inserted(lib, LOADING, &lines)
}

fn inserted(text: &str, before: &str, lines: &str) -> anyhow::Result<String> {
    let (head, rest) = text
        .split_once(before)
        .with_context(|| format!("nowhere stands «{before}»"))?;
    Ok(format!("{head}{lines}{before}{rest}"))
}

/// `banco-sur` as `BancoSur`.
fn type_name(name: &str) -> String {
    let words = name.split(['-', '_']).map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        format!("{}{rest}", first.to_ascii_uppercase())
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The crate's files that are read and changed, in a folder of their own.
    fn copy() -> tempfile::TempDir {
        let copy = tempfile::tempdir().unwrap();
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../connectors");
        fs::create_dir_all(copy.path().join("src/sites")).unwrap();
        fs::create_dir_all(copy.path().join("skeleton")).unwrap();
        for path in [
            "src/lib.rs",
            "src/sites.rs",
            "skeleton/ejemplo.rs",
            "skeleton/ejemplo.toml",
        ] {
            fs::copy(source.join(path), copy.path().join(path)).unwrap();
        }
        copy
    }

    #[test]
    fn a_new_connector_is_the_skeleton_under_its_name_declared_and_loaded() {
        let copy = copy();
        let paths = write(copy.path(), "banco-sur").unwrap();
        assert_eq!(paths[..2], ["src/sites/banco_sur.rs", "src/sites/banco-sur.toml"]);
        let read = |path: &str| fs::read_to_string(copy.path().join(path)).unwrap();
        let rust = read("src/sites/banco_sur.rs");
        for line in [
            "pub(crate) struct BancoSur {",
            "pub(crate) const NAME: &str = \"banco-sur\";",
            "include_str!(\"banco-sur.toml\")",
            "scope: \"cl_services_banco_sur\"",
            "path: \"cl/services/banco-sur.example\"",
        ] {
            assert!(rust.contains(line), "{line}");
        }
        for path in ["src/sites/banco_sur.rs", "src/sites/banco-sur.toml"] {
            assert!(!read(path).to_lowercase().contains(SKELETON), "{path}");
        }
        assert!(read("src/sites.rs").contains("pub(crate) mod banco_sur;\npub(crate) mod servipag;"));
        assert!(read("src/lib.rs").contains("sites::banco_sur::BancoSur::load(settings"));
    }

    #[test]
    fn a_name_that_is_taken_or_none_changes_nothing() {
        let copy = copy();
        write(copy.path(), "banco-sur").unwrap();
        let before = fs::read_to_string(copy.path().join("src/lib.rs")).unwrap();
        for name in ["banco-sur", "Banco", "../x", "", "1a", "a-", "a_b"] {
            assert!(write(copy.path(), name).is_err(), "{name}");
        }
        assert_eq!(
            fs::read_to_string(copy.path().join("src/lib.rs")).unwrap(),
            before
        );
    }
}
