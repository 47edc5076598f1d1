//! The load generator: a closed loop of plain HTTP/1.1 over kept-alive connections.
//!
//! It shares the machine's cores with what it measures, so it does as little as it can: requests are bytes made
//! beforehand or by a cheap function, answers are read to their length and checked for their status, nothing else.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What one run did.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// Answers with the expected status.
    pub answers: f64,
    /// As many, per second.
    pub per_s: f64,
    /// How long it took.
    pub took_s: f64,
}

/// Writes the next request of a connection into the buffer.
pub trait Requests: Send + Sync + 'static {
    /// `number` counts all requests of the run, over all connections.
    fn write(&self, number: u64, into: &mut Vec<u8>);
}

impl<F: Fn(u64, &mut Vec<u8>) + Send + Sync + 'static> Requests for F {
    fn write(&self, number: u64, into: &mut Vec<u8>) {
        self(number, into);
    }
}

/// Drives `connections` for `time`; any other status than 200 and 202 ends the run with an error.
pub async fn drive(
    address: SocketAddr,
    connections: usize,
    time: Duration,
    requests: Arc<dyn Requests>,
) -> Result<Run> {
    let (stop, number) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let mut loops = Vec::new();
    let start = Instant::now();
    for _ in 0..connections {
        let (stop, number, requests) = (stop.clone(), number.clone(), requests.clone());
        loops.push(tokio::spawn(async move {
            one_connection(address, &stop, &number, &*requests).await
        }));
    }
    tokio::time::sleep(time).await;
    stop.store(true, Ordering::Relaxed);
    let mut answers = 0_u64;
    for one in loops {
        answers += one.await??;
    }
    let (answers, took_s) = (answers as f64, start.elapsed().as_secs_f64());
    Ok(Run {
        answers,
        per_s: answers / took_s,
        took_s,
    })
}

async fn one_connection(
    address: SocketAddr,
    stop: &AtomicBool,
    number: &AtomicU64,
    requests: &dyn Requests,
) -> Result<u64> {
    let mut stream = TcpStream::connect(address)
        .await
        .with_context(|| format!("connecting to {address}"))?;
    stream.set_nodelay(true)?;
    let (mut request, mut answer) = (Vec::with_capacity(1024), Vec::with_capacity(8192));
    let mut answers = 0;
    while !stop.load(Ordering::Relaxed) {
        request.clear();
        requests.write(number.fetch_add(1, Ordering::Relaxed), &mut request);
        stream.write_all(&request).await?;
        read_answer(&mut stream, &mut answer).await?;
        answers += 1;
    }
    Ok(answers)
}

/// Reads one answer with a `content-length`; leaves nothing in the buffer.
async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<()> {
    buffer.clear();
    loop {
        if stream.read_buf(buffer).await? == 0 {
            bail!("the server closed the connection");
        }
        let Some(head) = find(buffer, b"\r\n\r\n") else {
            continue;
        };
        if !buffer.starts_with(b"HTTP/1.1 200") && !buffer.starts_with(b"HTTP/1.1 202") {
            bail!(
                "answered {}",
                String::from_utf8_lossy(&buffer[..buffer.len().min(400)])
            );
        }
        let whole = head + 4 + content_length(&buffer[..head])?;
        while buffer.len() < whole {
            if stream.read_buf(buffer).await? == 0 {
                bail!("the server closed the connection within an answer");
            }
        }
        return Ok(());
    }
}

fn content_length(head: &[u8]) -> Result<usize> {
    let text = std::str::from_utf8(head)?;
    let line = text
        .lines()
        .find(|line| line.to_ascii_lowercase().starts_with("content-length:"));
    let value = line
        .and_then(|line| line.split_once(':'))
        .context("an answer without content-length")?;
    Ok(value.1.trim().parse()?)
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}
