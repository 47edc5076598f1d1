//! The ports of `ayni dev`, side by side: whoever knows the gateway's knows the others.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::TcpListener;

use crate::config::Config;
use crate::config::layers::Source;
use crate::run;
use crate::told::Told;

/// Where this process listens. All are taken before anything is made.
pub struct Doors {
    /// The gateway's.
    pub gateway: TcpListener,
    /// DemoBank's, unless it is elsewhere.
    pub bank: Option<TcpListener>,
    /// The bill portal's, unless it is elsewhere.
    pub portal: Option<TcpListener>,
}

impl Doors {
    /// Takes the gateway's port and the ones after it.
    pub async fn open(config: &Config, port: u16) -> anyhow::Result<Doors> {
        let tuning = &config.values.tuning;
        let elsewhere = |url: &Option<String>, key: &str| url.is_some() && !is_of_last_time(config, key);
        let gateway = run::listen(at(port), "--port").await?;
        let bank = match elsewhere(&tuning.demo_bank_url, "demo_bank_url") {
            true => None,
            false => Some(neighbour(port, 1, "DemoBank").await?),
        };
        let portal = match elsewhere(&tuning.portal_url, "portal_url") {
            true => None,
            false => Some(neighbour(port, 2, "the bill portal").await?),
        };
        Ok(Doors {
            gateway,
            bank,
            portal,
        })
    }

    /// Writes the URLs into the settings, where the developer did not choose others.
    pub fn announce(&self, config: &mut Config) -> anyhow::Result<()> {
        if config.values.edge.public_url.is_none() || is_of_last_time(config, "public_url") {
            config.values.edge.public_url = Some(format!("http://{}", self.gateway.local_addr()?));
        }
        if let Some(bank) = &self.bank {
            config.values.tuning.demo_bank_url = Some(format!("http://{}", bank.local_addr()?));
        }
        if let Some(portal) = &self.portal {
            config.values.tuning.portal_url = Some(format!("http://{}", portal.local_addr()?));
        }
        Ok(())
    }
}

/// Listens so many ports after the gateway's, or anywhere if that is anywhere.
async fn neighbour(port: u16, after: u16, who: &str) -> anyhow::Result<TcpListener> {
    let beside = if port == 0 {
        Some(0)
    } else {
        port.checked_add(after)
    };
    let Some(beside) = beside else {
        let what = format!("there is no port after 65535 for {who}");
        return Err(Told::new(what, "choose a lower --port").into());
    };
    run::listen(
        at(beside),
        &format!("--port ({who} takes the one {after} after it)"),
    )
    .await
}

fn at(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

/// Whether a value stands only in dev.json, from an earlier start.
fn is_of_last_time(config: &Config, key: &str) -> bool {
    config.sources.get(key) == Some(&Source::DevFile)
}
