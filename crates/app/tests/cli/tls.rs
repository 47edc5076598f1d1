//! `ayni serve` over TLS, with certificates of the test's own.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use tokio_rustls::rustls::client::Resumption;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::support::{Serving, json};

#[test]
fn a_renewed_certificate_is_shown_to_new_connections_and_breaks_none_off() {
    let folder = tempfile::tempdir().unwrap();
    json(folder.path(), &["migrate"]);
    let (chain, key) = (folder.path().join("chain.pem"), folder.path().join("key.pem"));
    let first = certify(folder.path(), "first", &chain, &key);
    let serving = Serving::start(
        folder.path(),
        &[
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--metrics-listen",
            "127.0.0.1:0",
            "--public-url",
            "https://localhost",
            "--tls-cert",
            chain.to_str().unwrap(),
            "--tls-key",
            key.to_str().unwrap(),
        ],
    );
    let address = serving.ready["listen"].as_str().unwrap().to_owned();
    let mut open = connect(&address, &first).unwrap();
    assert!(ready(&mut open));

    let second = certify(folder.path(), "second", &chain, &key);
    assert!(connect(&address, &second).is_none(), "it was not read yet");
    serving.signal("HUP");
    let shown = (0..TRIES).any(|_| connect(&address, &second).is_some());
    assert!(shown, "the renewed certificate is not shown");
    assert!(connect(&address, &first).is_none());
    assert!(ready(&mut open), "the connection from before goes on");

    std::fs::write(&chain, "no certificate").unwrap();
    serving.signal("HUP");
    assert!((0..TRIES).all(|_| connect(&address, &second).is_some()));
    drop(open);
    assert!(serving.stop().success());
}

/// Makes a certificate for `localhost`, as itself its root, and its key; returns what trusts it.
fn certify(folder: &Path, name: &str, chain: &Path, key: &Path) -> Arc<ClientConfig> {
    let (new_chain, new_key) = (folder.join("new.pem"), folder.join("new-key.pem"));
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
        ])
        .args(["-nodes", "-days", "2", "-subj", &format!("/CN={name}")])
        .args(["-addext", "subjectAltName=DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-out")
        .arg(&new_chain)
        .arg("-keyout")
        .arg(&new_key)
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(made.success(), "openssl made no certificate");
    std::fs::rename(&new_key, key).unwrap();
    std::fs::rename(&new_chain, chain).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(chain).unwrap()).unwrap();
    let mut client = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    // A session that is taken up again shows no certificate.
    client.resumption = Resumption::disabled();
    Arc::new(client)
}

type Connection = StreamOwned<ClientConnection, TcpStream>;

/// A connection whose handshake is done; nothing where the certificate is not trusted.
fn connect(address: &str, trusting: &Arc<ClientConfig>) -> Option<Connection> {
    let name = ServerName::try_from("localhost").unwrap();
    let client = ClientConnection::new(trusting.clone(), name).unwrap();
    let mut stream = StreamOwned::new(client, TcpStream::connect(address).unwrap());
    while stream.conn.is_handshaking() {
        stream.conn.complete_io(&mut stream.sock).ok()?;
    }
    Some(stream)
}

/// Whether the gateway says on this connection that it is ready.
fn ready(connection: &mut Connection) -> bool {
    connection
        .write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"ready\n") {
        let mut bytes = [0; 1024];
        match connection.read(&mut bytes) {
            Ok(count) if count > 0 => answer.extend(&bytes[..count]),
            _ => return false,
        }
    }
    answer.starts_with(b"HTTP/1.1 200")
}

const TRIES: usize = 1000;
