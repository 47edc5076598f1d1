//! The checks that look beyond this machine's files: names that must resolve, servers that must answer.

use std::net::SocketAddr;
use std::time::Duration;

use ayni_gateway::merchants::accounts;
use ayni_store::db::Db;
use url::Url;

use super::Finding;
use crate::config::Config;
use crate::{gateway, mail};

/// Whether the accounts' default `notify_url`s can be resolved and called.
pub(super) async fn receivers(config: &Config, db: &Db) -> Vec<Finding> {
    const CHECK: &str = "notify_url";
    let (Ok(policy), Ok(accounts)) = (gateway::policy(config), accounts::list(db).await) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for account in accounts
        .iter()
        .filter(|account| account.notify_url.is_some())
        .take(RECEIVERS_MAX)
    {
        let text = account.notify_url.as_deref().unwrap_or_default();
        let refused = |problem: String| {
            let advice = "the account's notifications can't be delivered there";
            Finding::warn(
                CHECK,
                format!("account {}: {text}: {problem}", account.id),
                advice,
            )
        };
        let (url, transport) = match policy.check_url(text) {
            Ok(checked) => checked,
            Err(error) => {
                findings.push(refused(error.to_string()));
                continue;
            }
        };
        findings.push(match resolve(&url).await {
            Err(problem) => refused(problem),
            Ok(found) if !found.iter().any(|at| policy.permits(at.ip(), transport)) => {
                refused("none of its addresses is permitted".to_owned())
            }
            Ok(_) => Finding::ok(CHECK, format!("account {}: {text}", account.id)),
        });
    }
    findings
}

async fn resolve(url: &Url) -> Result<Vec<SocketAddr>, String> {
    let host = url
        .host_str()
        .unwrap_or_default()
        .trim_matches(['[', ']'])
        .to_owned();
    let port = url.port_or_known_default().unwrap_or(443);
    match tokio::time::timeout(REACH_MAX, tokio::net::lookup_host((host, port))).await {
        Err(_) => Err("its name was not resolved in time".to_owned()),
        Ok(Err(error)) => Err(format!("its name can't be resolved: {error}")),
        Ok(Ok(found)) => Ok(found.collect()),
    }
}

/// Whether mails can be sent: the server takes our login, or the folder can be written to.
pub(super) async fn mail(config: &Config) -> Finding {
    const CHECK: &str = "mail";
    let mailer = match mail::mailer(config) {
        Ok(Some(mailer)) => mailer,
        Ok(None) => {
            let said = "no mail server is set, so mails are held: `ayni mails list --state held`";
            return Finding::warn(
                CHECK,
                said,
                "--smtp and --mail-from, or smtp and mail_from in ayni.toml",
            );
        }
        Err(error) => return Finding::error(CHECK, &error),
    };
    match tokio::time::timeout(MAIL_MAX, mailer.check()).await {
        Ok(Ok(())) => Finding::ok(CHECK, mailer.place()),
        Ok(Err(error)) => {
            let said = format!("{}: {error}", mailer.place());
            Finding::fail(
                CHECK,
                said,
                "mails wait for two days; mend smtp, its password or the server",
            )
        }
        Err(_) => {
            let said = format!("{} does not answer in time", mailer.place());
            Finding::fail(CHECK, said, "is the port right? smtps means 465, smtp 587")
        }
    }
}

/// In a directory of `dev`: whether gateway, bank and portal answer.
pub(super) async fn neighbours(config: &Config) -> Vec<Finding> {
    let Some(dev) = &config.dev_file else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    let sites = [
        ("gateway", &dev.gateway_url),
        ("DemoBank", &dev.demo_bank_url),
        ("bill portal", &dev.portal_url),
    ];
    for (check, url) in sites.into_iter().filter(|(_, url)| !url.is_empty()) {
        findings.push(match reach(url).await {
            true => Finding::ok(check, format!("answers at {url}")),
            false => Finding::warn(check, format!("nobody answers at {url}"), "`ayni dev` starts it"),
        });
    }
    findings
}

async fn reach(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let Ok(addresses) = resolve(&url).await else {
        return false;
    };
    let connecting = tokio::net::TcpStream::connect(addresses.as_slice());
    matches!(tokio::time::timeout(REACH_MAX, connecting).await, Ok(Ok(_)))
}

const RECEIVERS_MAX: usize = 20;
const MAIL_MAX: Duration = Duration::from_secs(15);
const REACH_MAX: Duration = Duration::from_secs(3);
