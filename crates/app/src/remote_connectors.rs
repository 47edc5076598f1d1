//! The connectors of other processes that the operator names in the setting `connectors`.

use ayni_connectors::Connectors;
use ayni_connectors::data::Connector as _;
use ayni_connectors::data::declaration::Declaration;
use ayni_connectors::remote::{Place, RemoteConnector};
use std::sync::Arc;

use crate::config::Config;
use crate::told::Told;

/// Where `NAME=URL`, or a bare URL, says that a connector is; the name's secret is in the environment.
pub fn place(text: &str) -> anyhow::Result<(String, Place)> {
    // A URL may have a `=` too, but no name has a colon.
    let named = text.split_once('=').filter(|(name, _)| !name.contains(':'));
    let (name, address) = named.unwrap_or(("", text));
    let wrong = |error| {
        let hint = format!(
            "write it as biller=http://127.0.0.1:9100; its secret is read from {}",
            variable("biller")
        );
        Told::new(format!("the connector «{name}» can't be used"), hint).because(error)
    };
    let secret = Some(name).filter(|name| !name.is_empty());
    let secret = secret.and_then(|name| std::env::var(variable(name)).ok());
    let place = Place::new(address, secret.filter(|secret| !secret.is_empty())).map_err(wrong)?;
    Ok((name.to_owned(), place))
}

/// Asks each for its declaration and adds it. One that does not answer, or whose path or scope is taken, is left out
/// until the next start: a gateway that collects money does not wait for a biller.
pub async fn add(connectors: &mut Connectors, config: &Config) -> anyhow::Result<()> {
    for text in config.values.tuning.connectors.iter().flatten() {
        let (name, place) = place(text)?;
        match RemoteConnector::connect(place).await {
            Ok(connector) if is_taken(connectors, connector.declaration()) => {
                let Declaration { path, scope, .. } = connector.declaration();
                tracing::error!(
                    connector = name,
                    path,
                    scope,
                    "a connector is left out: its path or scope is another institution's"
                );
            }
            Ok(connector) => connectors.add_institution(Arc::new(connector)),
            Err(error) => {
                let error = anyhow::Error::from(error);
                tracing::error!(
                    connector = name,
                    error = format!("{error:#}"),
                    "a connector is left out until the next start"
                );
            }
        }
    }
    Ok(())
}

/// A scope is what people consent to: a second institution of the same one would be given their logins at the first.
fn is_taken(connectors: &Connectors, new: &Declaration) -> bool {
    let mut known = connectors.institutions().map(|known| known.declaration());
    known.any(|known| known.path == new.path || known.scope == new.scope)
}

/// The environment variable of a connector's secret.
fn variable(name: &str) -> String {
    format!("AYNI_CONNECTOR_SECRET_{}", name.to_uppercase().replace('-', "_"))
}
