//! What people typed is nowhere to be found afterwards: not in the logs, not in the database's file.

use anyhow::{Context as _, Result, ensure};
use ayni_testkit::engine::Engine;
use ayni_testkit::gateway::{TestGateway, usual};
use ayni_testkit::logs;
use ayni_testkit::merchant::Merchant;
use ayni_testkit::run;
use serde_json::json;

use super::calls::{PASSWORD, RUT, SERVICES, TOKEN, of_services, services};

#[test]
fn what_was_typed_is_in_no_log_no_file_and_no_error() {
    run::run(Engine::Sqlite, usual(), nothing_is_left);
}

async fn nothing_is_left(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    let url = merchant.url("/c");
    let mut told = Vec::new();
    told.push(services(gateway, RUT, PASSWORD).await?.text());
    told.push(services(gateway, RUT, WRONG).await?.text());
    let login = json!({"Username": RUT, "Password": PASSWORD});
    let made = gateway.call("POST", TOKEN, Some(login)).await?.json();
    let link = made["Data"]["AccountLink"]
        .as_str()
        .context("no link")?
        .to_owned();
    let accepted = gateway
        .call("POST", SERVICES, Some(of_services(RUT, PASSWORD, Some(&url))))
        .await?;
    told.push(accepted.text());
    let misplaced =
        json!({"RequestData": {"Password": WRONG}, "Username": RUT, "AccountCredential": PASSWORD});
    told.push(gateway.call("POST", SERVICES, Some(misplaced)).await?.text());
    let secrets = [RUT, "111111111", PASSWORD, WRONG, link.as_str()];
    in_no_file(gateway, &secrets)?;
    gateway.work().await?;
    ensure!(merchant.received().len() == 1);
    in_no_file(gateway, &secrets)?;
    for secret in secrets {
        ensure!(
            !told.iter().any(|text| text.contains(secret)),
            "an answer tells {secret}"
        );
    }
    logs::tell_none_of(&secrets)
}

fn in_no_file(gateway: &TestGateway, secrets: &[&str]) -> Result<()> {
    let mut read = 0;
    for entry in std::fs::read_dir(gateway.folder.path())? {
        let path = entry?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        // DemoBank's own file is the bank's: it knows its customers.
        if !path.is_file() || name.contains("bank") {
            continue;
        }
        let bytes = std::fs::read(&path)?;
        read += 1;
        for secret in secrets {
            let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            ensure!(!found, "{name} holds {secret}");
        }
    }
    ensure!(read > 0, "no file was read");
    Ok(())
}

const WRONG: &str = "quite-wrong-9876";
