//! What those who tail an account's requests are told: over real connections, by the client crate.

mod bounds;
mod following;
mod telling;

use std::time::Duration;

use anyhow::{Result, bail};
use ayni_client::Client;
use ayni_client::requests::{Request, Requests};
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
async fn tailing(gateway: &TestGateway) -> Result<Stream<Requests>> {
    let mut stream = client(gateway)?.requests(None);
    match stream.next().await? {
        Told::Connected => Ok(stream),
        other => bail!("{other:?} in place of a connection"),
    }
}

/// What is told next.
async fn next(stream: &mut Stream<Requests>) -> Result<Requests> {
    loop {
        match timeout(PATIENCE, stream.next()).await?? {
            Told::Item(requests) => return Ok(*requests),
            Told::Connected => {}
            other => bail!("{other:?} in place of requests"),
        }
    }
}

/// What is told of a request, in one line.
fn line(request: &Request) -> String {
    let refusal = request.refusal.as_ref().map(|refusal| {
        let fields = refusal
            .fields
            .iter()
            .map(|field| format!(" {}:{}", field.field, field.code));
        format!(" {}{}", refusal.code, fields.collect::<String>())
    });
    format!(
        "{} {} {}{}",
        request.method,
        request.path,
        request.status,
        refusal.unwrap_or_default()
    )
}

fn lines(requests: &Requests) -> Vec<String> {
    requests.requests.iter().map(line).collect()
}

/// Longer than it takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
