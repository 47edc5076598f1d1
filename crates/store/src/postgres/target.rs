//! Where the server is and how it is spoken to, from a URL. TLS means a checked certificate: `sslmode=require` without
//! a check would keep nobody out.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use postgres::config::SslMode;
use postgres::{Client, Config, NoTls};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::StoreError;
use crate::postgres::failure::failure;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// A peer that acknowledges nothing for so long is gone.
const SILENCE_LIMIT: Duration = Duration::from_secs(15);

pub(crate) struct Target {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

impl Target {
    pub fn parse(url: &str) -> Result<Target, StoreError> {
        let (address, query) = url.split_once('?').unwrap_or((url, ""));
        let mut mode = "disable";
        let mut roots = None;
        let mut rest = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", value)) => mode = value,
                Some(("sslrootcert", value)) => roots = Some(value.replace("%2F", "/").replace("%2f", "/")),
                _ => rest.push(pair),
            }
        }
        let url = format!("{address}?{}", rest.join("&"));
        // The parser's own text may quote the URL and so its password.
        let unclear = |_| StoreError::Location("the postgres:// URL can't be understood".into());
        let mut config: Config = url.parse().map_err(unclear)?;
        config
            .application_name("ayni")
            .connect_timeout(CONNECT_TIMEOUT)
            .tcp_user_timeout(SILENCE_LIMIT);
        let tls = match mode {
            "disable" => None,
            "require" | "verify-ca" | "verify-full" => Some(tls(roots.as_deref().map(Path::new))?),
            _ => {
                let problem = "sslmode is disable, require, verify-ca or verify-full";
                return Err(StoreError::Location(problem.into()));
            }
        };
        config.ssl_mode(if tls.is_some() {
            SslMode::Require
        } else {
            SslMode::Disable
        });
        Ok(Target { config, tls })
    }

    /// Connects once. Blocks, so never on an async thread.
    pub fn connect(&self) -> Result<Client, StoreError> {
        let client = match &self.tls {
            None => self.config.connect(NoTls),
            Some(tls) => self.config.connect(tls.clone()),
        };
        client.map_err(|error| failure(&error))
    }
}

fn tls(roots_file: Option<&Path>) -> Result<MakeRustlsConnect, StoreError> {
    let mut roots = RootCertStore::empty();
    match roots_file {
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(file) => {
            let unreadable = |error| StoreError::Location(format!("sslrootcert: {error}"));
            for certificate in CertificateDer::pem_file_iter(file).map_err(unreadable)? {
                let certificate = certificate.map_err(unreadable)?;
                roots
                    .add(certificate)
                    .map_err(|error| StoreError::Location(format!("sslrootcert: {error}")))?;
            }
        }
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| StoreError::Location(format!("TLS: {error}")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tls_is_spoken_when_the_url_asks_for_it() {
        assert!(Target::parse("postgres://a@localhost/b").unwrap().tls.is_none());
        for mode in ["require", "verify-ca", "verify-full"] {
            let target = Target::parse(&format!("postgres://a@localhost/b?sslmode={mode}")).unwrap();
            assert_eq!(target.config.get_ssl_mode(), SslMode::Require);
        }
        let lax = Target::parse("postgres://a@localhost/b?sslmode=prefer").err();
        assert!(matches!(lax, Some(StoreError::Location(_))));
    }

    #[test]
    fn a_root_certificate_that_is_not_there_is_told() {
        let url = "postgres://a@localhost/b?sslmode=verify-full&sslrootcert=/nowhere/ca.pem";
        assert!(matches!(Target::parse(url).err(), Some(StoreError::Location(_))));
    }

    #[test]
    fn a_url_that_is_not_understood_is_not_repeated() {
        let error = Target::parse("postgres://ana:s3cret@localhost:port/b")
            .err()
            .unwrap();
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
}
