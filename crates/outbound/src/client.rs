//! The clients, made once: every limit that holds for all requests is set here.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::HeaderName;
use reqwest::redirect::Policy as Redirects;
use reqwest::{Client, ClientBuilder, Response};
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};

use crate::error::{ClientError, SendError};
use crate::names::{CheckedNames, Names};
use crate::policy::{Policy, Transport};

/// Time to open a connection, TLS included.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long an unused connection is kept.
const IDLE_TIMEOUT: Duration = Duration::from_secs(15);

/// Unused connections that are kept for each destination.
const IDLE_MAX_PER_HOST: usize = 32;

/// Most headers of an answer.
const HEADERS_MAX: usize = 100;

/// Whether a body still fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Body {
    Fits,
    Cut,
}

/// A client that opens connections only where the policy permits.
pub(crate) fn checked_client(
    policy: &Policy,
    names: &Names,
    transport: Transport,
    tls: &ClientConfig,
) -> Result<Client, ClientError> {
    let names = CheckedNames {
        names: names.clone(),
        policy: policy.clone(),
        transport,
    };
    let builder = limited_builder(tls).dns_resolver(Arc::new(names));
    build(builder.https_only(transport == Transport::Encrypted))
}

/// What all clients have in common: no redirects, no proxy of the environment, no second try behind our back.
pub(crate) fn limited_builder(tls: &ClientConfig) -> ClientBuilder {
    Client::builder()
        .tls_backend_preconfigured(tls.clone())
        .redirect(Redirects::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
        .http1_only()
        .http1_max_headers(HEADERS_MAX)
        .tcp_nodelay(true)
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .pool_max_idle_per_host(IDLE_MAX_PER_HOST)
        .user_agent(concat!("Ayni/", env!("CARGO_PKG_VERSION")))
}

pub(crate) fn build(builder: ClientBuilder) -> Result<Client, ClientError> {
    builder.build().map_err(|e| ClientError {
        reason: e.to_string(),
    })
}

/// TLS with the machine's roots; with the public ones where the machine has none (a bare container).
pub(crate) fn tls_config() -> Result<ClientConfig, ClientError> {
    tls_config_with(Vec::new())
}

/// The same, believing these roots too.
pub(crate) fn tls_config_with(more_roots: Vec<CertificateDer<'static>>) -> Result<ClientConfig, ClientError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    for root in more_roots {
        roots.add(root).map_err(|e| ClientError {
            reason: e.to_string(),
        })?;
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| ClientError {
            reason: e.to_string(),
        })?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

/// The whole body, or an error: a part of a document is none.
pub(crate) async fn whole_body(mut response: Response, max_bytes: usize) -> Result<Bytes, SendError> {
    let too_large = SendError::TooLarge {
        limit_bytes: max_bytes,
    };
    let announced = response.content_length().unwrap_or(0);
    if usize::try_from(announced).map_or(true, |bytes| bytes > max_bytes) {
        return Err(too_large);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(SendError::from_client)? {
        if append_up_to(&mut body, &chunk, max_bytes) == Body::Cut {
            return Err(too_large);
        }
    }
    Ok(body.into())
}

pub(crate) fn append_up_to(body: &mut Vec<u8>, chunk: &[u8], max_bytes: usize) -> Body {
    let left = max_bytes.saturating_sub(body.len());
    body.extend_from_slice(&chunk[..chunk.len().min(left)]);
    if chunk.len() > left { Body::Cut } else { Body::Fits }
}

pub(crate) fn header_text(response: &Response, name: &HeaderName) -> Option<String> {
    response
        .headers()
        .get(name)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned)
}
