//! One address before several nodes, as a load balancer is: it leads to one of them, and then to another.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use tokio::net::{TcpListener, TcpStream};

/// The running balancer.
pub struct Balancer {
    address: SocketAddr,
    target: Arc<Mutex<String>>,
}

impl Balancer {
    /// Listens on a free port and leads to `host:port`.
    pub async fn open(target: &str) -> Result<Balancer> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let target = Arc::new(Mutex::new(target.to_owned()));
        let current = target.clone();
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let node = current.lock().unwrap_or_else(PoisonError::into_inner).clone();
                tokio::spawn(async move {
                    if let Ok(mut server) = TcpStream::connect(node).await {
                        // Either end may hang up; then so does the other.
                        let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
                    }
                });
            }
        });
        Ok(Balancer { address, target })
    }

    /// `host:port` of the balancer.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// New connections lead there.
    pub fn lead_to(&self, target: &str) {
        *self.target.lock().unwrap_or_else(PoisonError::into_inner) = target.to_owned();
    }
}
