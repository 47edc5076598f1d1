//! A server of this command's own, on a free loopback port, which takes one callback and answers 200.

use std::time::Duration;

use anyhow::Context as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// It listens.
pub(super) struct Receiver {
    listener: TcpListener,
    url: String,
}

impl Receiver {
    pub(super) async fn start() -> anyhow::Result<Receiver> {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .context("no loopback port is free")?;
        let url = format!("http://{}/callback", listener.local_addr()?);
        Ok(Receiver { listener, url })
    }

    pub(super) fn url(&self) -> String {
        self.url.clone()
    }

    /// The body of the first request; `None` where none comes in time.
    pub(super) async fn body(self, wait: Duration) -> Option<String> {
        tokio::time::timeout(wait, self.take()).await.ok()?.ok()
    }

    async fn take(self) -> std::io::Result<String> {
        let (mut stream, _) = self.listener.accept().await?;
        let mut read = Vec::new();
        loop {
            if let Some(body) = whole_body(&read) {
                stream
                    .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                    .await?;
                stream.shutdown().await?;
                return Ok(body);
            }
            if read.len() > REQUEST_BYTES_MAX || stream.read_buf(&mut read).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

/// The body, once as much of it is there as its header says.
fn whole_body(read: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(read);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>().ok())?
    })?;
    (body.len() >= length).then(|| body.to_owned())
}

/// An envelope is far shorter.
const REQUEST_BYTES_MAX: usize = 1024 * 1024;
