//! What listeners are told: over real connections, by the client crate.

mod following;
mod telling;

use std::time::Duration;

use anyhow::{Result, bail};
use ayni_client::Client;
use ayni_client::events::Event;
use ayni_client::stream::{Stream, Told};
use ayni_testkit::gateway::TestGateway;
use tokio::time::timeout;

/// A client of the developer account.
fn client(gateway: &TestGateway) -> Result<Client> {
    Ok(Client::new(
        &format!("http://{}", gateway.address),
        &gateway.api_key,
    )?)
}

/// A stream whose connection stands.
async fn connected(gateway: &TestGateway) -> Result<Stream<Event>> {
    let mut stream = client(gateway)?.events(None);
    match stream.next().await? {
        Told::Connected => Ok(stream),
        other => bail!("{other:?} in place of a connection"),
    }
}

/// The next event.
async fn next(stream: &mut Stream<Event>) -> Result<Event> {
    loop {
        match timeout(PATIENCE, stream.next()).await?? {
            Told::Item(event) => return Ok(*event),
            Told::Connected => {}
            other => bail!("{other:?} in place of an event"),
        }
    }
}

/// Longer than an event takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
