//! Putting a gateway together from its settings, for the commands that serve and for those that only look.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use ayni_connectors::session::visitor::SiteDriver;
use ayni_connectors::{Connectors, SiteSettings};
use ayni_crypto::entropy::Entropy;
use ayni_crypto::master::MasterKey;
use ayni_domain::calendar::Calendar;
use ayni_domain::money::Amount;
use ayni_gateway::app::{App, Parts, Shared};
use ayni_gateway::banks::Banks;
use ayni_gateway::clock::Clock;
use ayni_gateway::privacy::retention::Retention;
use ayni_gateway::settings::Settings;
use ayni_gateway::settlement::holidays;
use ayni_outbound::Outbound;
#[cfg(feature = "browser")]
use ayni_outbound::browser::Chromium;
use ayni_outbound::policy::Policy;
use ayni_store::db::Db;
use ipnet::IpNet;
use jiff::SignedDuration;
use metrics_exporter_prometheus::PrometheusHandle;
use url::Url;

use crate::config::Config;
use crate::told::Told;
use crate::{mail, place, remote_connectors};

/// A gateway for a command that looks something up or changes it, beside one that may be serving.
pub async fn beside(config: &Config) -> anyhow::Result<Shared> {
    let db = place::open_db(config, place::small())?;
    let master = place::master_key(config)?;
    open(config, db, master, None).await
}

/// The gateway over an open database.
pub async fn open(
    config: &Config,
    db: Db,
    master: MasterKey,
    metrics: Option<PrometheusHandle>,
) -> anyhow::Result<Shared> {
    let mut connectors = connectors(config)?;
    // Only who serves visits: a command that looks something up does not wait for other processes.
    if metrics.is_some() {
        remote_connectors::add(&mut connectors, config).await?;
    }
    let parts = Parts {
        db,
        master,
        clock: Clock::System,
        entropy: Entropy::system(),
        outbound: Outbound::new(policy(config)?)?,
        mailer: mail::mailer(config)?,
        connectors,
        banks: banks(config)?,
        settings: settings(config)?,
        metrics,
    };
    App::open(parts).await.map_err(|error| {
        let hint = "AYNI_MASTER_KEY, or master.key in the data directory, must be the key the database was made with";
        Told::new("the gateway could not be opened", hint).because(error).into()
    })
}

/// The settings as the gateway takes them.
pub fn settings(config: &Config) -> anyhow::Result<Settings> {
    let tuning = &config.values.tuning;
    let mut settings = Settings::with_public_url(match &config.values.edge.public_url {
        Some(_) => public_url(config)?,
        None => Url::parse(NOWHERE)?,
    });
    if let Some(pesos) = &tuning.uf_value {
        settings.uf_value = Amount::parse(pesos, false).map_err(|error| {
            config.wrong(
                "uf_value",
                &format!("is no amount: {error}"),
                "write pesos, as 39500.12",
            )
        })?;
    }
    let hours = |hours: u64| Duration::from_secs(hours.saturating_mul(3600));
    settings.rate_limit_per_s = tuning
        .rate_limit_per_s
        .unwrap_or(settings.rate_limit_per_s)
        .max(1);
    settings.body_limit_bytes = tuning.body_limit_bytes.unwrap_or(settings.body_limit_bytes);
    settings.verifying_life = tuning.verifying_hours.map_or(settings.verifying_life, hours);
    settings.order_life = tuning.order_life_s.map_or(settings.order_life, |life_s| {
        Duration::from_secs(life_s).max(ORDER_LIFE_MIN)
    });
    settings.statement_pause = tuning
        .statement_pause_s
        .map_or(settings.statement_pause, |pause_s| {
            Duration::from_secs(pause_s.max(1))
        });
    settings.deliveries_per_destination = tuning
        .deliveries_per_destination
        .unwrap_or(settings.deliveries_per_destination)
        .max(1);
    settings.deliveries = tuning.deliveries.unwrap_or(settings.deliveries).max(1);
    settings.operation_budget = tuning
        .operation_budget_s
        .map_or(settings.operation_budget, |budget_s| {
            Duration::from_secs(budget_s.max(1))
        });
    settings.operation_life = tuning
        .operation_minutes
        .map_or(settings.operation_life, |minutes| {
            SignedDuration::from_mins(minutes.max(1).into())
        });
    settings.retention = retention(config);
    settings.calendar = calendar(config)?;
    if let Some(hour) = tuning.settlement_hour {
        settings.settlement_hour = i8::try_from(hour)
            .ok()
            .filter(|hour| *hour < 24)
            .ok_or_else(|| config.wrong("settlement_hour", "is no hour", "write a number from 0 to 23"))?;
    }
    settings.development = config.dev_file.is_some();
    if let Some(scheme) = &tuning.app_url_scheme {
        settings.app_url_scheme.clone_from(scheme);
    }
    Ok(settings)
}

/// How long personal data is kept; a month at least, since payments and their notifications are still at work before.
fn retention(config: &Config) -> Retention {
    let (tuning, usual) = (&config.values.tuning, Retention::default());
    let days = |set: Option<u32>, usual: u32| set.unwrap_or(usual).max(RETAIN_DAYS_MIN);
    Retention {
        payers_days: days(tuning.retain_payers_days, usual.payers_days),
        mails_days: days(tuning.retain_mails_days, usual.mails_days),
        answers_days: days(tuning.retain_answers_days, usual.answers_days),
        operations_days: days(tuning.retain_operations_days, usual.operations_days),
        consents_days: days(tuning.retain_consents_days, usual.consents_days),
        audit_days: days(tuning.retain_audit_days, usual.audit_days),
    }
}

/// The days on which the banks work: by the shipped list, or the operator's.
pub fn calendar(config: &Config) -> anyhow::Result<Calendar> {
    let calendar = match &config.values.tuning.holidays_file {
        Some(path) => holidays::from_file(path),
        None => holidays::shipped(),
    };
    calendar.map_err(|error| {
        Told::new(
            "the list of holidays can't be used",
            "mend the file that holidays_file names",
        )
        .because(error)
        .into()
    })
}

/// The public URL, which must be set: scheme and host, no path.
pub fn public_url(config: &Config) -> anyhow::Result<Url> {
    let hint = "write it as https://pay.example.com, without a path";
    let Some(text) = &config.values.edge.public_url else {
        let what = "the public URL is not set, so that no links can be made";
        return Err(Told::new(what, "--public-url, AYNI_PUBLIC_URL or public_url in ayni.toml").into());
    };
    let wrong = |problem: &str| anyhow::Error::from(config.wrong("public_url", problem, hint));
    let url = Url::parse(text).map_err(|error| wrong(&format!("is no URL: {error}")))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(wrong("is no http or https URL"));
    }
    let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if !is_bare || !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("must have nothing but scheme, host and port"));
    }
    Ok(url)
}

/// The policy for URLs that merchants name.
pub fn policy(config: &Config) -> anyhow::Result<Policy> {
    Ok(Policy {
        allow: networks(config, "outbound_allow", &config.values.tuning.outbound_allow)?,
    })
}

/// A setting's networks; a single address is a network too.
pub fn networks(config: &Config, key: &str, texts: &Option<Vec<String>>) -> anyhow::Result<Vec<IpNet>> {
    let read = |text: &String| {
        let network = text
            .parse()
            .or_else(|error| text.parse::<IpAddr>().map(IpNet::from).map_err(|_| error));
        network.map_err(|error: ipnet::AddrParseError| {
            let hint = "write networks as 10.0.0.0/8 or ::1/128, joined by commas";
            config
                .wrong(key, &format!("holds «{text}»: {error}"), hint)
                .into()
        })
    };
    texts.iter().flatten().map(read).collect()
}

/// The banks: the shipped ones, or the operator's.
pub fn banks(config: &Config) -> anyhow::Result<Banks> {
    let banks = match &config.values.tuning.banks_dir {
        Some(folder) => Banks::from_folder(folder),
        None => Banks::shipped(),
    };
    banks.map_err(|error| {
        Told::new("the banks' files can't be used", "mend the file that is named")
            .because(error)
            .into()
    })
}

/// The sites that are driven.
pub fn connectors(config: &Config) -> anyhow::Result<Connectors> {
    let tuning = &config.values.tuning;
    let sandbox = [(DEMO_BANK, &tuning.demo_bank_url), (SERVIPAG, &tuning.portal_url)];
    let base_urls = sandbox
        .into_iter()
        .filter_map(|(site, url)| Some((site.to_owned(), url.clone()?)));
    let sites = SiteSettings {
        directory: tuning.sites_dir.clone(),
        base_urls: base_urls.collect(),
        drivers: site_drivers(config)?,
        #[cfg(feature = "browser")]
        chromium: Chromium::with_program(tuning.chromium.clone()),
        ..SiteSettings::default()
    };
    Connectors::load(&sites, Arc::new(|| Clock::System.now())).map_err(|error| {
        Told::new("the sites' files can't be used", "mend the file that is named")
            .because(error)
            .into()
    })
}

fn site_drivers(config: &Config) -> anyhow::Result<BTreeMap<String, SiteDriver>> {
    let read = |text: &String| {
        let pair = text.split_once('=');
        let read =
            pair.and_then(|(site, driver)| Some((site.trim().to_owned(), driver.trim().parse().ok()?)));
        read.ok_or_else(|| {
            let hint = "write it as servipag.com=chromium, or =http, joined by commas";
            config
                .wrong("site_drivers", &format!("holds «{text}»"), hint)
                .into()
        })
    };
    config
        .values
        .tuning
        .site_drivers
        .iter()
        .flatten()
        .map(read)
        .collect()
}

/// DemoBank's name among the connectors.
pub const DEMO_BANK: &str = "demo-bank";
/// The name of the site whose place the bill portal takes.
pub const SERVIPAG: &str = "servipag.com";
/// Below it, a transfer that is under way could be taken for one that was never sent.
const ORDER_LIFE_MIN: Duration = Duration::from_secs(20);
/// Below it, what is still at work would be taken out.
const RETAIN_DAYS_MIN: u32 = 30;
/// Stands for the public URL in commands that make no links.
const NOWHERE: &str = "http://localhost";
