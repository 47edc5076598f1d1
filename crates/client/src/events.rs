//! What happens to the account, as it happens: events over an outgoing connection, for programs that nobody can call.
//!
//! [`Client::events`] gives a [`Stream`] that connects again by itself and goes on where it was: nothing is missed while
//! the gateway keeps events (a day), and nothing is given twice by one stream.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::time::Duration;

use reqwest::Response;
use serde::{Deserialize, Serialize};

use crate::Client;
use crate::call::Call;
use crate::error::Error;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its identifier: the notification's, where there is one.
    pub id: String,
    /// When, ISO 8601 in UTC.
    pub at: String,
    /// `payment.done`, `refund.paid`, …
    pub kind: String,
    /// The payment, refund, operation or settlement.
    pub subject: String,
    /// The notification of it, where the gateway sends one.
    #[serde(default)]
    pub notice: Option<Notice>,
}

/// A notification, signed when it was put into the stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Its type.
    pub content_type: String,
    /// Its signatures.
    pub headers: BTreeMap<String, String>,
    /// Its body, byte for byte.
    pub body: String,
}

/// What a stream says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// The connection stands; nothing after this instant is missed.
    Connected,
    /// Something happened.
    Event(Box<Event>),
    /// Nothing that happened before this could be kept: the stream was away for longer than a day.
    Gap,
    /// The connection was lost, for this reason; it is opened again after the pause.
    Lost {
        /// Why.
        reason: String,
        /// Until it is tried again.
        pause: Duration,
    },
}

/// A connection that is opened again whenever it is lost.
pub struct Stream {
    client: Client,
    open: Option<Connection>,
    cursor: Option<String>,
    seen: Seen,
    losses: u32,
    waiting: Option<Duration>,
}

/// The ids that were told, the oldest forgotten first.
#[derive(Default)]
struct Seen {
    ids: HashSet<String>,
    order: VecDeque<String>,
}

struct Connection {
    response: Response,
    unread: Vec<u8>,
}

/// One message of a stream (WHATWG HTML, server-sent events).
#[derive(Default)]
struct Message {
    event: String,
    id: Option<String>,
    data: String,
}

impl Client {
    /// What happens from now on, or from an earlier stream's [`Stream::cursor`] on.
    pub fn events(&self, cursor: Option<String>) -> Stream {
        Stream {
            client: self.clone(),
            open: None,
            cursor,
            seen: Seen::default(),
            losses: 0,
            waiting: None,
        }
    }

    /// One event of the last day, or any notification, signed anew.
    ///
    /// # Errors
    /// 404 where the account has no such event.
    pub async fn event(&self, id: &str) -> Result<Event, Error> {
        self.way.answer(Call::get(format!("/ayni/v1/events/{id}"))).await
    }
}

impl Stream {
    /// How far it came: a later stream that begins here misses nothing.
    pub fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    /// What is told next; waits for it. Dropping the future loses nothing.
    ///
    /// # Errors
    /// What trying again does not mend: a key that opens nothing, a gateway without this stream.
    pub async fn next(&mut self) -> Result<Told, Error> {
        if let Some(pause) = self.waiting {
            tokio::time::sleep(pause).await;
            self.waiting = None;
        }
        loop {
            let Some(open) = &mut self.open else {
                match self.connect().await {
                    Ok(open) => self.open = Some(open),
                    Err(error) => return self.lost(error),
                }
                continue;
            };
            let message = match open.message().await {
                Ok(message) => message,
                Err(error) => return self.lost(error),
            };
            if let Some(told) = self.read(message)? {
                return Ok(told);
            }
        }
    }

    async fn connect(&self) -> Result<Connection, Error> {
        let mut call = Call::get("/ayni/v1/events").with_header("accept", "text/event-stream")?;
        if let Some(cursor) = &self.cursor {
            call = call.with_header("last-event-id", cursor)?;
        }
        let opened = tokio::time::timeout(CONNECT_MAX, self.client.way.open(call)).await;
        let response = opened.map_err(|_| silent())??;
        Ok(Connection {
            response,
            unread: Vec::new(),
        })
    }

    fn read(&mut self, message: Message) -> Result<Option<Told>, Error> {
        let told = match message.event.as_str() {
            "ready" => {
                self.losses = 0;
                Some(Told::Connected)
            }
            "gap" => Some(Told::Gap),
            "item" => {
                let event: Event = serde_json::from_str(&message.data)
                    .map_err(|error| Error::NotUnderstood(error.to_string()))?;
                let is_new = self.seen.add(&event.id);
                is_new.then(|| Told::Event(Box::new(event)))
            }
            // Of a newer gateway: not for us.
            _ => None,
        };
        if message.id.is_some() {
            self.cursor = message.id;
        }
        Ok(told)
    }

    fn lost(&mut self, error: Error) -> Result<Told, Error> {
        self.open = None;
        let is_hopeless = matches!(error.status(), Some(400..=428 | 430..=499))
            || matches!(error, Error::Setup(_) | Error::NotUnderstood(_));
        if is_hopeless {
            return Err(error);
        }
        self.losses = self.losses.saturating_add(1);
        let asked = error.refusal().and_then(|refusal| refusal.retry_after);
        let pause = self.client.way.pause(self.losses.saturating_add(1), asked);
        self.waiting = Some(pause);
        Ok(Told::Lost {
            reason: error.to_string(),
            pause,
        })
    }
}

impl Connection {
    /// The next message; an end or a long silence of the connection is an error, since a stream has neither.
    async fn message(&mut self) -> Result<Message, Error> {
        loop {
            if let Some(message) = self.parse() {
                return Ok(message);
            }
            let next = tokio::time::timeout(SILENCE_MAX, self.response.chunk()).await;
            match next
                .map_err(|_| silent())?
                .map_err(|error| Error::NoAnswer(error.without_url()))?
            {
                Some(chunk) if self.unread.len() + chunk.len() <= MESSAGE_BYTES_MAX => {
                    self.unread.extend_from_slice(&chunk);
                }
                Some(_) => {
                    return Err(Error::TooLarge {
                        limit_bytes: MESSAGE_BYTES_MAX,
                    });
                }
                None => return Err(ended()),
            }
        }
    }

    /// Takes the first whole message, leaving out comments, which only keep the connection alive.
    fn parse(&mut self) -> Option<Message> {
        loop {
            let end = self.unread.windows(2).position(|pair| pair == b"\n\n")?;
            let text: Vec<u8> = self.unread.drain(..end + 2).collect();
            let mut message = Message::default();
            for line in String::from_utf8_lossy(&text).lines() {
                let (name, value) = line.split_once(':').unwrap_or((line, ""));
                let value = value.strip_prefix(' ').unwrap_or(value);
                match name {
                    "event" => value.clone_into(&mut message.event),
                    "id" => message.id = Some(value.to_owned()),
                    "data" => message.data.push_str(value),
                    _ => {}
                }
            }
            if !message.event.is_empty() {
                return Some(message);
            }
        }
    }
}

impl Seen {
    /// Whether it was not there.
    fn add(&mut self, id: &str) -> bool {
        if !self.ids.insert(id.to_owned()) {
            return false;
        }
        self.order.push_back(id.to_owned());
        if self.order.len() > SEEN_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.ids.remove(&oldest);
        }
        true
    }
}

fn silent() -> Error {
    Error::Refused(away("the gateway was silent"))
}

fn ended() -> Error {
    Error::Refused(away("the gateway ended the connection"))
}

/// A connection that is gone is as good as an answer 503.
fn away(message: &str) -> crate::error::Refusal {
    crate::error::Refusal {
        status: 503,
        message: message.to_owned(),
        fields: Vec::new(),
        request_id: String::new(),
        retry_after: None,
    }
}

const CONNECT_MAX: Duration = Duration::from_secs(15);
/// The gateway says something every 15 s.
const SILENCE_MAX: Duration = Duration::from_secs(45);
/// A notification with all of its `custom`, twice over.
const MESSAGE_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Far more than a gateway repeats after a new connection.
const SEEN_MAX: usize = 20_000;
