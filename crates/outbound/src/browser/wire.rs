//! The DevTools protocol over Chromium's two pipes: JSON messages, each ended by a zero byte. Commands are answered by
//! their number; events belong to a session, that is to a visit's page.
//!
//! What passes here are typed passwords, cookies and pages. Nothing of it is logged, and the buffers are wiped.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::{mpsc, oneshot};
use zeroize::{Zeroize, Zeroizing};

use super::error::BrowserError;
use super::event::Event;

/// Longest message that is read; a page comes in one.
const MESSAGE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Commands that wait to be written.
const COMMANDS_MAX: usize = 1024;

/// Events of one page that wait to be looked at; a page that makes more is given up.
const EVENTS_MAX: usize = 8192;

/// Bytes read at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// Our ends of the pipes.
#[derive(Clone)]
pub(super) struct Wire {
    commands: mpsc::Sender<Zeroizing<Vec<u8>>>,
    routes: Arc<Mutex<Routes>>,
}

/// Where answers and events go. Closed for good when Chromium hangs up.
#[derive(Default)]
struct Routes {
    last_number: u64,
    answers: HashMap<u64, oneshot::Sender<Answer>>,
    sessions: HashMap<String, mpsc::Sender<Event>>,
    is_closed: bool,
}

/// An answer that is on its way.
pub(super) struct Pending(oneshot::Receiver<Answer>);

type Answer = Result<Zeroizing<String>, BrowserError>;

impl Wire {
    /// Speaks over these pipes until Chromium closes its end, or every clone of this is gone.
    pub(super) fn over(
        input: impl AsyncWrite + Unpin + Send + 'static,
        output: impl AsyncRead + Unpin + Send + 'static,
    ) -> Wire {
        let (commands, waiting) = mpsc::channel(COMMANDS_MAX);
        let routes = Arc::new(Mutex::new(Routes::default()));
        tokio::spawn(write(input, waiting));
        tokio::spawn(read(output, Arc::clone(&routes)));
        Wire { commands, routes }
    }

    /// Whether Chromium still listens.
    pub(super) fn is_open(&self) -> bool {
        !lock(&self.routes).is_closed
    }

    /// Sends a command, to a page's session or to the browser, and waits for its answer.
    pub(super) async fn call<A: for<'a> Deserialize<'a>>(
        &self,
        session: Option<&str>,
        method: &str,
        params: impl Serialize,
    ) -> Result<A, BrowserError> {
        self.send(session, method, params)?.answer().await
    }

    /// Sends a command; the answer may be waited for.
    pub(super) fn send(
        &self,
        session: Option<&str>,
        method: &str,
        params: impl Serialize,
    ) -> Result<Pending, BrowserError> {
        let (answer, pending) = oneshot::channel();
        let number = {
            let mut routes = lock(&self.routes);
            if routes.is_closed {
                return Err(gone());
            }
            routes.last_number += 1;
            let number = routes.last_number;
            routes.answers.insert(number, answer);
            number
        };
        let command = Command {
            id: number,
            method,
            params,
            session_id: session,
        };
        let sent = serde_json::to_vec(&command)
            .map_err(|_| gone())
            .and_then(|mut text| {
                text.push(0);
                self.commands.try_send(Zeroizing::new(text)).map_err(|_| gone())
            });
        if let Err(error) = sent {
            lock(&self.routes).answers.remove(&number);
            return Err(error);
        }
        Ok(Pending(pending))
    }

    /// The events of a session that was just attached to.
    pub(super) fn listen(&self, session: &str) -> mpsc::Receiver<Event> {
        let (sender, events) = mpsc::channel(EVENTS_MAX);
        let mut routes = lock(&self.routes);
        if !routes.is_closed {
            routes.sessions.insert(session.to_owned(), sender);
        }
        events
    }

    /// Ends [`Wire::listen`].
    pub(super) fn forget(&self, session: &str) {
        lock(&self.routes).sessions.remove(session);
    }
}

impl Pending {
    /// What Chromium answered.
    pub(super) async fn answer<A: for<'a> Deserialize<'a>>(self) -> Result<A, BrowserError> {
        let text = self.0.await.map_err(|_| gone())??;
        serde_json::from_str(&text)
            .map_err(|_| BrowserError::failed("an answer was of another form than expected"))
    }
}

#[derive(Serialize)]
struct Command<'a, P> {
    id: u64,
    method: &'a str,
    params: P,
    #[serde(rename = "sessionId", skip_serializing_if = "Option::is_none")]
    session_id: Option<&'a str>,
}

#[derive(Deserialize)]
struct Message<'a> {
    id: Option<u64>,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
    error: Option<Refusal>,
    method: Option<&'a str>,
    #[serde(borrow)]
    params: Option<&'a RawValue>,
    #[serde(rename = "sessionId")]
    session_id: Option<&'a str>,
}

#[derive(Deserialize)]
struct Refusal {
    code: i64,
}

async fn write(mut input: impl AsyncWrite + Unpin, mut commands: mpsc::Receiver<Zeroizing<Vec<u8>>>) {
    while let Some(command) = commands.recv().await {
        if input.write_all(&command).await.is_err() || input.flush().await.is_err() {
            return;
        }
    }
}

async fn read(mut output: impl AsyncRead + Unpin, routes: Arc<Mutex<Routes>>) {
    let routes = &Closing(routes).0;
    let mut chunk = Zeroizing::new(vec![0; CHUNK_BYTES]);
    let mut message = Zeroizing::new(Vec::new());
    'reading: while let Ok(count @ 1..) = output.read(&mut chunk).await {
        let mut rest = &chunk[..count];
        while let Some(end) = rest.iter().position(|byte| *byte == 0) {
            message.extend_from_slice(&rest[..end]);
            hand_out(&message, routes);
            message.zeroize();
            rest = &rest[end + 1..];
        }
        if message.len() + rest.len() > MESSAGE_BYTES_MAX {
            break 'reading;
        }
        message.extend_from_slice(rest);
    }
}

/// Nobody waits for a Chromium that hung up, nor for one that is not listened to any more.
struct Closing(Arc<Mutex<Routes>>);

impl Drop for Closing {
    fn drop(&mut self) {
        let mut routes = lock(&self.0);
        routes.is_closed = true;
        routes.answers.clear();
        routes.sessions.clear();
    }
}

fn hand_out(message: &[u8], routes: &Mutex<Routes>) {
    let Ok(message) = serde_json::from_slice::<Message<'_>>(message) else {
        return;
    };
    if let Some(number) = message.id {
        let Some(waiting) = lock(routes).answers.remove(&number) else {
            return;
        };
        let answer = match (message.error, message.result) {
            (None, Some(result)) => Ok(Zeroizing::new(result.get().to_owned())),
            (refusal, _) => Err(refused(refusal)),
        };
        // Nobody may wait for it any more.
        drop(waiting.send(answer));
        return;
    }
    let (Some(method), Some(params), Some(session)) = (message.method, message.params, message.session_id)
    else {
        return;
    };
    let Some(event) = Event::read(method, params) else {
        return;
    };
    let mut routes = lock(routes);
    let is_full = routes
        .sessions
        .get(session)
        .is_some_and(|events| events.try_send(event).is_err());
    if is_full {
        routes.sessions.remove(session);
    }
}

/// Only the number is told: the text may quote the page.
fn refused(refusal: Option<Refusal>) -> BrowserError {
    let code = refusal.map_or(0, |refusal| refusal.code);
    BrowserError::Failed {
        reason: format!("a command was refused with {code}"),
    }
}

fn gone() -> BrowserError {
    BrowserError::failed("it ended while it was needed")
}

fn lock(routes: &Mutex<Routes>) -> MutexGuard<'_, Routes> {
    routes.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
