//! Requests as bytes, so that making them costs the measured machine nothing.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

use crate::load::Requests;

/// One blocking GET: the answer's text.
pub fn get(address: SocketAddr, path: &str) -> Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_millis(200))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

/// The creation that every run posts: the seed's required fields.
pub const CREATION: &str = r#"{"amount":1000,"currency":"CLP","subject":"Cobro de prueba"}"#;

/// `POST` of the same body again and again.
pub fn posts(address: SocketAddr, path: &str, api_key: &str, body: &str) -> Arc<dyn Requests> {
    let bytes = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\nx-api-key: {api_key}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    Arc::new(move |_: u64, into: &mut Vec<u8>| into.extend_from_slice(bytes.as_bytes()))
}

/// `GET` of these paths in turn, in a scattered order.
pub fn gets(address: SocketAddr, paths: Vec<String>, api_key: &str) -> Arc<dyn Requests> {
    let tail = format!(" HTTP/1.1\r\nhost: {address}\r\nx-api-key: {api_key}\r\n\r\n");
    Arc::new(move |number: u64, into: &mut Vec<u8>| {
        let index = usize::try_from(number.wrapping_mul(SCATTER) >> 20).unwrap_or(0) % paths.len();
        into.extend_from_slice(b"GET ");
        into.extend_from_slice(paths[index].as_bytes());
        into.extend_from_slice(tail.as_bytes());
    })
}

const SCATTER: u64 = 0x9E37_79B9_7F4A_7C15;

/// One blocking GET with a key: the answer's text.
pub fn get_with_key(address: SocketAddr, path: &str, api_key: &str) -> Result<String> {
    exchange(
        address,
        &format!(
            "GET {path} HTTP/1.1\r\nhost: {address}\r\nx-api-key: {api_key}\r\nconnection: close\r\n\r\n"
        ),
    )
}

/// One blocking POST with a key: the answer's text.
pub fn post_with_key(address: SocketAddr, path: &str, api_key: &str, body: &str) -> Result<String> {
    let length = body.len();
    exchange(
        address,
        &format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\nx-api-key: {api_key}\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\nconnection: close\r\n\r\n{body}"
        ),
    )
}

fn exchange(address: SocketAddr, request: &str) -> Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
