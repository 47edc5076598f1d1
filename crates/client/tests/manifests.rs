//! Which crates may open connections of their own.

use std::path::Path;

/// `outbound` is the gateway's way out; this crate calls the gateway from outside, and only commands may use it.
#[test]
fn only_outbound_and_this_crate_name_the_http_client_and_only_commands_use_this_crate() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let (mut naming, mut using) = (Vec::new(), Vec::new());
    for folder in std::fs::read_dir(crates).unwrap() {
        let manifest = std::fs::read_to_string(folder.as_ref().unwrap().path().join("Cargo.toml"));
        let Ok(manifest) = manifest else { continue };
        let name = folder.unwrap().file_name().into_string().unwrap();
        let product = manifest.split("[dev-dependencies]").next().unwrap();
        let has = |package: &str| {
            product
                .lines()
                .any(|line| line.starts_with(&format!("{package}.workspace")))
        };
        if has("reqwest") {
            naming.push(name.clone());
        }
        if has("ayni-client") {
            using.push(name);
        }
    }
    naming.sort();
    assert_eq!(naming, ["client", "outbound"]);
    assert_eq!(using, ["app"]);
}
