//! The checks, each of which gives a line or more.

use std::path::{Path, PathBuf};

use ayni_connectors::BrowserState;
use ayni_domain::time::wire;
use ayni_gateway::clock::Clock;
use ayni_gateway::http::health;
use ayni_gateway::keys;
use ayni_gateway::reconciliation::review;
use ayni_store::db::Db;
use ayni_store::location::Location;
use ayni_store::migrate::LATEST_VERSION;
use jiff::{SignedDuration, Timestamp};

use super::Finding;
use super::reach::{mail, neighbours, receivers};
use crate::cli::Common;
use crate::config::Config;
use crate::{gateway, place};

/// Everything, in the order in which a gateway needs it.
pub async fn all(common: &Common, config: &Config) -> Vec<Finding> {
    let mut findings = vec![configuration(common, config), public_url(config)];
    let db = place::open_db(config, place::small());
    findings.push(database(config, &db));
    findings.push(master_key(config, db.as_ref().ok()).await);
    findings.push(clock(db.as_ref().ok()).await);
    findings.push(disk(config));
    findings.push(files(config));
    findings.extend(browser(config));
    findings.push(outgoing(config));
    findings.push(mail(config).await);
    if let Ok(db) = &db {
        findings.extend(receivers(config, db).await);
        findings.extend(waiting(db).await);
    }
    findings.extend(neighbours(config).await);
    findings
}

fn configuration(common: &Common, config: &Config) -> Finding {
    let usual = config.file("ayni.toml");
    let path = common.config.clone().or_else(|| usual.exists().then_some(usual));
    let file = path.map_or_else(|| "no TOML file".to_owned(), |path| path.display().to_string());
    let kind = if config.dev_file.is_some() {
        "a directory of ayni dev"
    } else {
        "for serve"
    };
    match gateway::settings(config) {
        Ok(_) => Finding::ok(
            "configuration",
            format!("{}: {kind}, {file}", config.data_dir.display()),
        ),
        Err(error) => Finding::error("configuration", &error),
    }
}

fn public_url(config: &Config) -> Finding {
    const CHECK: &str = "public URL";
    let url = match gateway::public_url(config) {
        Ok(url) => url,
        Err(error) if config.values.edge.public_url.is_some() => return Finding::error(CHECK, &error),
        Err(_) => {
            let advice = "serve needs --public-url https://…, AYNI_PUBLIC_URL or public_url in ayni.toml";
            return Finding::warn(CHECK, "not set", advice);
        }
    };
    let is_excused = config.dev_file.is_some() || config.values.edge.insecure_public_url == Some(true);
    match url.scheme() {
        "https" => Finding::ok(CHECK, url.to_string()),
        _ if is_excused => Finding::ok(CHECK, format!("{url} (not https, as for development)")),
        _ => Finding::fail(
            CHECK,
            format!("{url} is not https"),
            "payers' bank logins travel by it: use https",
        ),
    }
}

fn database(config: &Config, db: &anyhow::Result<Db>) -> Finding {
    match (db, place::location(config)) {
        (Ok(_), Ok(location)) => Finding::ok("database", format!("{location}, schema {LATEST_VERSION}")),
        (Err(error), _) => Finding::error("database", error),
        (_, Err(error)) => Finding::error("database", &error),
    }
}

async fn master_key(config: &Config, db: Option<&Db>) -> Finding {
    const CHECK: &str = "master key";
    let master = match place::find_master_key(config) {
        Ok(Some(master)) => master,
        Ok(None) => {
            let advice = "a new database: `ayni migrate` makes it; else copy it from the node that has it";
            return Finding::fail(CHECK, "there is none", advice);
        }
        Err(error) => return Finding::error(CHECK, &error),
    };
    let fingerprint = master.fingerprint();
    let Some(db) = db else {
        return Finding::warn(
            CHECK,
            format!("{fingerprint}, not tried: no database"),
            "see above",
        );
    };
    match keys::exist(db).await {
        Ok(false) => return Finding::warn(CHECK, "the database has no data keys yet", "run `ayni migrate`"),
        Ok(true) => {}
        Err(error) => return Finding::error(CHECK, &error.into()),
    }
    let entropy = ayni_crypto::entropy::Entropy::system();
    match keys::open(db, &master, &entropy, Clock::System.now()).await {
        Ok(_) => Finding::ok(CHECK, format!("{fingerprint} opens the database's keys")),
        Err(error) => Finding::error(CHECK, &error.into()),
    }
}

async fn clock(db: Option<&Db>) -> Finding {
    const CHECK: &str = "clock";
    let (now, advice) = (
        Clock::System.now(),
        "set it, and keep it right: timedatectl set-ntp true",
    );
    if now < BUILT_AFTER {
        return Finding::fail(CHECK, format!("{} is in the past", wire(now)), advice);
    }
    let newest: Option<Timestamp> = match db {
        Some(db) => health::newest_payment(db).await.ok().flatten(),
        None => None,
    };
    match newest.filter(|newest| newest.duration_since(now) > CLOCK_SKEW_MAX) {
        Some(newest) => {
            let said = format!("{} is before the newest payment, of {}", wire(now), wire(newest));
            Finding::fail(CHECK, said, advice)
        }
        None => Finding::ok(CHECK, wire(now)),
    }
}

fn disk(config: &Config) -> Finding {
    const CHECK: &str = "disk";
    let place = match place::location(config) {
        Ok(Location::Sqlite(path)) => path,
        _ => config.data_dir.clone(),
    };
    let Some(existing) = place.ancestors().map(or_here).find(|path| path.exists()) else {
        return Finding::warn(CHECK, "not known", "make the data directory");
    };
    let statistics = match rustix::fs::statvfs(&existing) {
        Ok(statistics) => statistics,
        Err(error) => return Finding::warn(CHECK, format!("not known: {error}"), "look at it with df"),
    };
    let free_mib = statistics.f_bavail.saturating_mul(statistics.f_frsize) >> 20;
    let said = format!("{free_mib} MiB free at {}", existing.display());
    let advice = "make room: when it is full, payments can't be stored and are refused";
    match free_mib {
        0..DISK_FAIL_MIB => Finding::fail(CHECK, said, advice),
        DISK_FAIL_MIB..DISK_WARN_MIB => Finding::warn(CHECK, said, advice),
        _ => Finding::ok(CHECK, said),
    }
}

fn or_here(path: &Path) -> PathBuf {
    if path.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        path.to_owned()
    }
}

fn files(config: &Config) -> Finding {
    match (gateway::banks(config), gateway::connectors(config)) {
        (Err(error), _) | (_, Err(error)) => Finding::error("banks and sites", &error),
        (Ok(_), Ok(_)) => {
            let shown = |folder: &Option<PathBuf>| {
                folder
                    .as_ref()
                    .map_or_else(|| "shipped".to_owned(), |path| path.display().to_string())
            };
            let tuning = &config.values.tuning;
            let said = format!(
                "banks: {}, sites: {}",
                shown(&tuning.banks_dir),
                shown(&tuning.sites_dir)
            );
            Finding::ok("banks and sites", said)
        }
    }
}

/// Says nothing where the sites' files can't be read, which has a line of its own.
fn browser(config: &Config) -> Option<Finding> {
    const CHECK: &str = "browser";
    Some(match gateway::connectors(config).ok()?.browser() {
        BrowserState::NotNeeded => Finding::ok(CHECK, "no site needs one"),
        BrowserState::Found(program) => Finding::ok(CHECK, program.display().to_string()),
        BrowserState::Missing { reason } => {
            let advice = "until then the sites whose driver is chromium answer I001";
            Finding::fail(CHECK, reason, advice)
        }
    })
}

fn outgoing(config: &Config) -> Finding {
    const CHECK: &str = "outgoing policy";
    let networks = match gateway::policy(config) {
        Ok(policy) => policy.allow,
        Err(error) => return Finding::error(CHECK, &error),
    };
    let shown = networks
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    let is_wide = |network: &ipnet::IpNet| network.prefix_len() < WIDE_PREFIX;
    match networks.as_slice() {
        [] => Finding::ok(CHECK, "merchants' URLs: https to public addresses only"),
        some if some.iter().any(is_wide) => {
            let advice = "narrow outbound_allow: merchants' URLs can reach everything in it, by http too";
            Finding::fail(CHECK, format!("permits almost any address: {shown}"), advice)
        }
        _ if config.dev_file.is_some() => {
            Finding::ok(CHECK, format!("public addresses, and {shown} by http too"))
        }
        _ => {
            let advice = "leave outbound_allow empty unless merchants' servers are really there";
            Finding::warn(
                CHECK,
                format!("merchants' URLs may reach {shown}, by http too"),
                advice,
            )
        }
    }
}

async fn waiting(db: &Db) -> Option<Finding> {
    let entries = review::list(db, REVIEW_COUNTED_MAX).await.ok()?;
    let count = entries.len();
    let said = format!("{count} movements wait for a person");
    (count > 0).then(|| Finding::warn("review", said, "`ayni review list` shows them"))
}

/// 2025-01-01: a clock before it was never set.
const BUILT_AFTER: Timestamp = Timestamp::constant(1_735_689_600, 0);
/// How far the newest row may lie in the future: another node's clock is not exactly ours.
const CLOCK_SKEW_MAX: SignedDuration = SignedDuration::from_secs(5);
const DISK_FAIL_MIB: u64 = 100;
const DISK_WARN_MIB: u64 = 1024;
/// A network with a shorter prefix holds so many addresses that the policy protects nothing.
const WIDE_PREFIX: u8 = 8;
const REVIEW_COUNTED_MAX: u32 = 1000;
