//! What is said before TLS: greeting, EHLO, STARTTLS, and nothing else.
//!
//! Ours and not the library's, which keeps what it has read beside the answer to STARTTLS and takes it for the server's
//! word under TLS: somebody in between could so answer in the server's place (as in CVE-2011-0411). Here more than the
//! answer ends the conversation.

use lettre::transport::smtp::commands::{Ehlo, Starttls};
use lettre::transport::smtp::extension::ClientId;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::error::{MailError, Step};
use super::wire::REPLY_MAX_BYTES;

/// Goes as far as the server's word to begin TLS.
pub(super) async fn ask(stream: &mut TcpStream, hello: &ClientId) -> Result<(), MailError> {
    read_reply(stream, Step::Greeting).await?;
    say(stream, &Ehlo::new(hello.clone()).to_string(), Step::Greeting).await?;
    let offered = read_reply(stream, Step::Greeting).await?;
    let offers = |line: &str| {
        line.get(4..)
            .is_some_and(|word| word.trim().eq_ignore_ascii_case("STARTTLS"))
    };
    if !offered.lines().any(offers) {
        return Err(MailError::NoStarttls);
    }
    say(stream, &Starttls.to_string(), Step::Tls).await?;
    read_reply(stream, Step::Tls).await.map(drop)
}

async fn say(stream: &mut TcpStream, command: &str, step: Step) -> Result<(), MailError> {
    let written = stream.write_all(command.as_bytes()).await;
    written.map_err(|error| broken(step, &error.to_string()))
}

/// One whole reply, which must be positive, and not a byte more.
async fn read_reply(stream: &mut TcpStream, step: Step) -> Result<String, MailError> {
    let mut read = Vec::new();
    loop {
        let mut chunk = [0; 1024];
        let count = stream.read(&mut chunk).await;
        match count.map_err(|error| broken(step, &error.to_string()))? {
            0 => return Err(broken(step, "the server hung up")),
            count => read.extend_from_slice(&chunk[..count]),
        }
        match whole_length(&read) {
            Some(length) if length == read.len() => break,
            Some(_) => return Err(MailError::SaidTooMuch),
            None if read.len() > REPLY_MAX_BYTES => return Err(broken(step, "the reply does not end")),
            None => {}
        }
    }
    let text = String::from_utf8_lossy(&read).into_owned();
    let code: u16 = text
        .get(..3)
        .and_then(|code| code.parse().ok())
        .unwrap_or_default();
    match code {
        200..300 => Ok(text),
        400..600 => Err(MailError::Refused {
            step,
            code,
            said: super::conversation::words(text.lines().filter_map(|line| line.get(4..))),
        }),
        _ => Err(broken(step, "what was said is not SMTP")),
    }
}

/// Where the first reply in these bytes ends: after the first line whose code is not followed by a hyphen.
fn whole_length(read: &[u8]) -> Option<usize> {
    let mut end = 0;
    for line in read.split_inclusive(|byte| *byte == b'\n') {
        if !line.ends_with(b"\n") {
            return None;
        }
        end += line.len();
        if line.get(3) != Some(&b'-') {
            return Some(end);
        }
    }
    None
}

fn broken(step: Step, reason: &str) -> MailError {
    MailError::Broken {
        step,
        reason: reason.to_owned(),
    }
}
