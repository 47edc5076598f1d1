//! Names become addresses here, and nowhere else: each new connection looks its name up and may only go to those of its
//! addresses that the policy permits, so a name that changes its mind between a check and a connection gains nothing.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::error::NameRefused;
use crate::policy::{Policy, Transport};

/// Time that looking up one name may take.
pub const LOOKUP_TIMEOUT: Duration = Duration::from_secs(5);

/// Most names that are looked up at once; each holds a thread while the system's resolver thinks.
pub const LOOKUPS_MAX: usize = 128;

/// Most addresses of one name that are tried.
const ADDRESSES_MAX: usize = 8;

/// Where a name's addresses come from.
#[derive(Clone)]
pub struct Names(Source);

#[derive(Clone)]
enum Source {
    System(Arc<Semaphore>),
    Given(Arc<Given>),
}

type Given = dyn Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync;

impl Names {
    /// The system's resolver.
    #[must_use]
    pub fn system() -> Names {
        Names(Source::System(Arc::new(Semaphore::new(LOOKUPS_MAX))))
    }

    /// Addresses as a function gives them: names in tests.
    pub fn given(addresses: impl Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync + 'static) -> Names {
        Names(Source::Given(Arc::new(addresses)))
    }

    async fn look_up(self, name: String) -> io::Result<Vec<IpAddr>> {
        match self.0 {
            Source::Given(addresses) => addresses(&name),
            Source::System(permits) => timeout(LOOKUP_TIMEOUT, look_up_in_system(permits, name)).await?,
        }
    }
}

/// A task of its own holds the permit for as long as the system's resolver is busy, also when nobody waits any more.
async fn look_up_in_system(permits: Arc<Semaphore>, name: String) -> io::Result<Vec<IpAddr>> {
    let permit = permits.acquire_owned().await.map_err(io::Error::other)?;
    let looking = tokio::spawn(async move {
        let found = tokio::net::lookup_host((name, 0)).await;
        drop(permit);
        found.map(|addresses| addresses.map(|address| address.ip()).collect())
    });
    looking.await.map_err(io::Error::other)?
}

/// Names as a client under a policy sees them.
pub(crate) struct CheckedNames {
    pub(crate) names: Names,
    pub(crate) policy: Policy,
    pub(crate) transport: Transport,
}

impl Resolve for CheckedNames {
    fn resolve(&self, name: Name) -> Resolving {
        let looking = self.names.clone().look_up(name.as_str().to_owned());
        let (policy, transport) = (self.policy.clone(), self.transport);
        Box::pin(async move {
            let found = looking.await?;
            let permitted: Vec<SocketAddr> = found
                .iter()
                .filter(|address| policy.permits(**address, transport))
                .take(ADDRESSES_MAX)
                .map(|address| SocketAddr::new(*address, 0))
                .collect();
            match (permitted.is_empty(), found.first()) {
                (true, Some(address)) => Err(NameRefused(*address).into()),
                (true, None) => {
                    Err(io::Error::new(io::ErrorKind::NotFound, "the name has no address").into())
                }
                (false, _) => Ok(Box::new(permitted.into_iter()) as Addrs),
            }
        })
    }
}
