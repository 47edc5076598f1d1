//! A server on loopback that answers as badly as a test wants.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What the server does with a request, once it has read it.
#[derive(Clone, Copy)]
pub enum Behaviour {
    /// Writes these bytes and waits for the next request on the same connection.
    Answers(&'static str),
    /// Writes these bytes and closes the connection.
    AnswersAndCloses(&'static str),
    /// Writes these bytes and then more of them, as fast as they are taken, for ever.
    AnswersEndlessly(&'static str),
    /// Writes these bytes and then nothing, and keeps the connection.
    AnswersAndStalls(&'static str),
}

/// A running server and what it saw.
pub struct FakeServer {
    pub port: u16,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    connections: usize,
    requests: Vec<String>,
}

impl FakeServer {
    pub async fn start(behaviour: Behaviour) -> FakeServer {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let server = FakeServer {
            port,
            seen: seen.clone(),
        };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                seen.lock().unwrap().connections += 1;
                tokio::spawn(serve(stream, behaviour, seen.clone()));
            }
        });
        server
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub fn connections(&self) -> usize {
        self.seen.lock().unwrap().connections
    }

    pub fn requests(&self) -> Vec<String> {
        self.seen.lock().unwrap().requests.clone()
    }
}

async fn serve(mut stream: TcpStream, behaviour: Behaviour, seen: Arc<Mutex<Seen>>) {
    while let Some(request) = read_request(&mut stream).await {
        seen.lock().unwrap().requests.push(request);
        let (Behaviour::Answers(answer)
        | Behaviour::AnswersAndCloses(answer)
        | Behaviour::AnswersEndlessly(answer)
        | Behaviour::AnswersAndStalls(answer)) = behaviour;
        stream.write_all(answer.as_bytes()).await.unwrap();
        match behaviour {
            Behaviour::Answers(_) => {}
            Behaviour::AnswersAndCloses(_) => return,
            Behaviour::AnswersAndStalls(_) => std::future::pending().await,
            Behaviour::AnswersEndlessly(_) => while stream.write_all(&[b'x'; 16 * 1024]).await.is_ok() {},
        }
    }
}

/// Head and body of the next request, if one comes.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut read = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.map_or(0, |l| l.parse().unwrap()) {
                return Some(text);
            }
        }
        let mut chunk = [0; 4096];
        match stream.read(&mut chunk).await {
            Ok(count) if count > 0 => read.extend_from_slice(&chunk[..count]),
            _ => return None,
        }
    }
}
