//! What a gateway tells over a connection that the program opens: server-sent events, of which each is given once.
//!
//! A [`Stream`] connects again by itself and goes on where it was: nothing is missed while the gateway keeps what it tells
//! (a day), and nothing is given twice by one stream.

use std::collections::{HashSet, VecDeque};
use std::marker::PhantomData;
use std::time::Duration;

use reqwest::Response;
use serde::de::DeserializeOwned;

use crate::Client;
use crate::call::Call;
use crate::error::Error;

/// What a stream gives one after the other.
pub trait Item: DeserializeOwned {
    /// Where the gateway tells it.
    const PATH: &'static str;

    /// By which it is known.
    fn id(&self) -> &str;
}

/// What a stream says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told<T> {
    /// The connection stands; nothing after this instant is missed.
    Connected,
    /// Something happened.
    Item(Box<T>),
    /// Some of what happened before this is not kept: the stream was away for longer than a day, or nobody followed then.
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
pub struct Stream<T> {
    client: Client,
    open: Option<Connection>,
    cursor: Option<String>,
    seen: Seen,
    losses: u32,
    waiting: Option<Duration>,
    items: PhantomData<fn() -> T>,
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

impl<T: Item> Stream<T> {
    pub(crate) fn of(client: &Client, cursor: Option<String>) -> Stream<T> {
        Stream {
            client: client.clone(),
            open: None,
            cursor,
            seen: Seen::default(),
            losses: 0,
            waiting: None,
            items: PhantomData,
        }
    }

    /// How far it came: a later stream that begins here misses nothing.
    pub fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    /// What is told next; waits for it. Dropping the future loses nothing.
    ///
    /// # Errors
    /// What trying again does not mend: a key that opens nothing, a gateway without this stream.
    pub async fn next(&mut self) -> Result<Told<T>, Error> {
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
        let mut call = Call::get(T::PATH).with_header("accept", "text/event-stream")?;
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

    fn read(&mut self, message: Message) -> Result<Option<Told<T>>, Error> {
        let told = match message.event.as_str() {
            "ready" => {
                self.losses = 0;
                Some(Told::Connected)
            }
            "gap" => Some(Told::Gap),
            "item" => {
                let item: T = serde_json::from_str(&message.data)
                    .map_err(|error| Error::NotUnderstood(error.to_string()))?;
                let is_new = self.seen.add(item.id());
                is_new.then(|| Told::Item(Box::new(item)))
            }
            // Of a newer gateway: not for us.
            _ => None,
        };
        if message.id.is_some() {
            self.cursor = message.id;
        }
        Ok(told)
    }

    fn lost(&mut self, error: Error) -> Result<Told<T>, Error> {
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
