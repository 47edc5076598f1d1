//! What we say to the server, step by step, so that a refusal is known to be the mail's, the sender's or the login's.

use std::fmt::Display;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::Taken;
use super::error::{MailError, Step};
use super::mailbox::Mailbox;
use super::server::{Protection, SmtpServer};
use super::starttls;
use super::wire::Wire;

/// Hands one mail over.
pub(super) async fn deliver(
    server: &SmtpServer,
    from: &Mailbox,
    to: &Mailbox,
    bytes: &[u8],
) -> Result<Taken, MailError> {
    let mut session = Session::open(server).await?;
    let taken = session.hand_over(from, to, bytes).await?;
    session.leave().await;
    Ok(taken)
}

/// Goes as far as the login.
pub(super) async fn greet(server: &SmtpServer) -> Result<(), MailError> {
    let session = Session::open(server).await?;
    session.leave().await;
    Ok(())
}

struct Session<'a> {
    connection: AsyncSmtpConnection,
    server: &'a SmtpServer,
}

impl<'a> Session<'a> {
    /// Connects, protects the connection as the operator said, and logs in.
    async fn open(server: &'a SmtpServer) -> Result<Session<'a>, MailError> {
        let wire = connect(server).await?;
        let greeting = AsyncSmtpConnection::connect_with_transport(Box::new(wire), &server.hello);
        let mut session = Session {
            connection: within(server.limits.answer, Step::Greeting, greeting).await?,
            server,
        };
        session.log_in().await?;
        Ok(session)
    }

    /// Only over TLS: an address with a login and without TLS can't be made.
    async fn log_in(&mut self) -> Result<(), MailError> {
        let (Some(user), Some(password)) = (&self.server.url.user, &self.server.password) else {
            return Ok(());
        };
        let offered = self.connection.server_info().get_auth_mechanism(&MECHANISMS);
        let mechanism = offered.ok_or(MailError::NoLogin)?;
        let credentials = Credentials::new(user.clone(), password.as_str().to_owned());
        let mechanism = [mechanism];
        let login = self.connection.auth(&mechanism, &credentials);
        within(self.server.limits.answer, Step::Login, login)
            .await
            .map(drop)
    }

    async fn hand_over(&mut self, from: &Mailbox, to: &Mailbox, bytes: &[u8]) -> Result<Taken, MailError> {
        let parameters = self.parameters(to, bytes)?;
        self.say(Step::Sender, Mail::new(Some(from.address().clone()), parameters))
            .await?;
        let recipient: Address = to.address().clone();
        self.say(Step::Recipient, Rcpt::new(recipient, Vec::new()))
            .await?;
        self.say(Step::Data, Data).await?;
        let limit = self.server.limits.end;
        let answer = within(limit, Step::End, self.connection.message(bytes)).await?;
        Ok(Taken {
            said: words(answer.message()),
        })
    }

    fn parameters(&self, to: &Mailbox, bytes: &[u8]) -> Result<Vec<MailParameter>, MailError> {
        let info = self.connection.server_info();
        let mut parameters = Vec::new();
        if !to.is_ascii() {
            if !info.supports_feature(Extension::SmtpUtfEight) {
                return Err(MailError::NeedsUtf8);
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        if !bytes.is_ascii() {
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        Ok(parameters)
    }

    async fn say(&mut self, step: Step, command: impl Display) -> Result<Response, MailError> {
        within(self.server.limits.answer, step, self.connection.command(command)).await
    }

    /// Takes leave; what comes of it changes nothing.
    async fn leave(mut self) {
        let _ = tokio::time::timeout(QUIT_TIMEOUT, self.connection.quit()).await;
    }
}

async fn connect(server: &SmtpServer) -> Result<Wire, MailError> {
    let limits = server.limits;
    let timed_out = |step| move |_| MailError::Timeout(step);
    let mut stream = tokio::time::timeout(limits.connect, dial(server))
        .await
        .map_err(timed_out(Step::Connect))??;
    match server.url.protection {
        Protection::Plain => return Ok(Wire::plain(stream)),
        Protection::Tls => {}
        Protection::Starttls => {
            tokio::time::timeout(limits.answer, starttls::ask(&mut stream, &server.hello))
                .await
                .map_err(timed_out(Step::Greeting))??;
        }
    }
    let stream = tokio::time::timeout(limits.connect, encrypt(server, stream))
        .await
        .map_err(timed_out(Step::Tls))??;
    Ok(match server.url.protection {
        Protection::Starttls => Wire::upgraded(stream),
        _ => Wire::encrypted(stream),
    })
}

/// The first of the name's addresses that takes the connection.
async fn dial(server: &SmtpServer) -> Result<TcpStream, MailError> {
    let host = server.url.host.to_string();
    let host = host.trim_matches(['[', ']']);
    let failed = |error: std::io::Error| MailError::Connect(error.to_string());
    let addresses = tokio::net::lookup_host((host, server.url.port))
        .await
        .map_err(failed)?;
    let addresses: Vec<_> = addresses.take(ADDRESSES_MAX).collect();
    let stream = TcpStream::connect(addresses.as_slice()).await.map_err(failed)?;
    stream.set_nodelay(true).map_err(failed)?;
    Ok(stream)
}

async fn encrypt(server: &SmtpServer, stream: TcpStream) -> Result<TlsStream<TcpStream>, MailError> {
    let host = server.url.host.to_string();
    let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned());
    let name = name.map_err(|error| MailError::Tls(error.to_string()))?;
    let connector = TlsConnector::from(Arc::clone(&server.tls));
    let encrypted = connector.connect(name, stream).await;
    encrypted.map_err(|error| MailError::Tls(error.to_string()))
}

async fn within<T>(
    limit: Duration,
    step: Step,
    said: impl Future<Output = Result<T, smtp::Error>>,
) -> Result<T, MailError> {
    match tokio::time::timeout(limit, said).await {
        Err(_) => Err(MailError::Timeout(step)),
        Ok(answer) => answer.map_err(|error| told(step, &error)),
    }
}

fn told(step: Step, error: &smtp::Error) -> MailError {
    let cause = std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
    match error.status() {
        Some(code) => MailError::Refused {
            step,
            code: code.into(),
            said: words(cause.lines()),
        },
        None => MailError::Broken {
            step,
            reason: words(cause.lines()),
        },
    }
}

/// A server's words on one line, as many as are kept.
pub(super) fn words<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let all = lines.map(str::trim).collect::<Vec<_>>().join(" ");
    all.chars()
        .filter(|c| !c.is_control())
        .take(WORDS_MAX_CHARS)
        .collect()
}

/// In the order in which they are tried; both are for a connection that nobody reads.
const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];
const ADDRESSES_MAX: usize = 8;
const QUIT_TIMEOUT: Duration = Duration::from_secs(2);
const WORDS_MAX_CHARS: usize = 500;
