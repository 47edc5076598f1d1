//! The certificate that `serve` shows, read again when its files change: certificates are renewed every few weeks, and
//! nobody should have to drop connections for that.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use anyhow::Context as _;
use tokio::signal::unix::{SignalKind, signal};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_util::sync::CancellationToken;

use crate::told::Told;

/// Where the certificate lies, and what was last read there.
#[derive(Debug)]
pub struct Certificate {
    chain: PathBuf,
    key: PathBuf,
    shown: RwLock<Arc<CertifiedKey>>,
}

impl Certificate {
    /// Reads it: PEM files of the full chain and of its private key.
    pub fn read(chain: PathBuf, key: PathBuf) -> anyhow::Result<Arc<Certificate>> {
        let shown = RwLock::new(Arc::new(read(&chain, &key).map_err(|error| {
            let hint = "name PEM files: the full chain, and its private key";
            Told::new("the TLS certificate can't be used", hint).because(error)
        })?));
        Ok(Arc::new(Certificate { chain, key, shown }))
    }

    /// What speaks TLS with it, as it is at each handshake.
    pub fn acceptor(self: &Arc<Certificate>) -> anyhow::Result<TlsAcceptor> {
        let server = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(self.clone());
        Ok(TlsAcceptor::from(Arc::new(server)))
    }

    /// Reads the files again at SIGHUP and when they have changed, until `stop`. Connections stay as they are; files
    /// that can't be used change nothing.
    pub fn follow(self: Arc<Certificate>, stop: CancellationToken) -> anyhow::Result<()> {
        let mut asked = signal(SignalKind::hangup())?;
        tokio::spawn(async move {
            let mut seen = self.changed_at();
            while !stop.is_cancelled() {
                let is_asked = tokio::select! {
                    _ = asked.recv() => true,
                    () = tokio::time::sleep(LOOK_PAUSE) => false,
                    () = stop.cancelled() => return,
                };
                let found = self.changed_at();
                if is_asked || found != seen {
                    seen = found;
                    self.read_again();
                }
            }
        });
        Ok(())
    }

    fn read_again(&self) {
        match read(&self.chain, &self.key) {
            Ok(read) => {
                *self.shown.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(read);
                tracing::info!("the TLS certificate was read again");
            }
            Err(error) => {
                let error = format!("{error:#}");
                tracing::error!(
                    error,
                    "the changed TLS certificate can't be used; the one before is shown"
                );
            }
        }
    }

    fn changed_at(&self) -> [Option<SystemTime>; 2] {
        [&self.chain, &self.key].map(|path| std::fs::metadata(path).and_then(|file| file.modified()).ok())
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.shown.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

fn read(chain: &std::path::Path, key: &std::path::Path) -> anyhow::Result<CertifiedKey> {
    let certificates = CertificateDer::pem_file_iter(chain)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(|| format!("{} holds no certificate in PEM", chain.display()))?;
    let private = PrivateKeyDer::from_pem_file(key)
        .with_context(|| format!("{} holds no private key in PEM", key.display()))?;
    let provider = aws_lc_rs::default_provider();
    CertifiedKey::from_der(certificates, private, &provider)
        .with_context(|| format!("{} and {} do not fit", chain.display(), key.display()))
}

/// How often the files are looked at.
const LOOK_PAUSE: Duration = Duration::from_secs(30);
