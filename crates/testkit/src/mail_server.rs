//! A real mail server, aiosmtpd, in a process of its own: takes mails, answers as a test wants, and tells what Python's
//! own MIME parser reads in what it was sent.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result};
use ayni_outbound::mail::Mailer;
use ayni_outbound::mail::mailbox::Mailbox;
use ayni_outbound::mail::server::{SmtpLimits, SmtpServer, SmtpSettings, SmtpUrl};
use serde::Deserialize;
use tokio::sync::watch;

/// The variable that names the Python of the environment in which aiosmtpd is.
pub const PYTHON_VARIABLE: &str = "AYNI_TEST_PYTHON";
/// Who may log in.
pub const USER: &str = "ayni@example.com";
/// That user's password.
pub const PASSWORD: &str = "correct horse";

/// The running server. It ends with its holder.
pub struct MailServer {
    child: Child,
    commands: Mutex<(ChildStdin, Receiver<()>)>,
    ports: HashMap<String, u16>,
    certificate: String,
    received: watch::Receiver<Vec<Received>>,
}

/// A way to speak with it: each has a port of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// In clear, without a login.
    Plain,
    /// In clear, and addresses beyond ASCII are not known.
    Ascii,
    /// STARTTLS and AUTH PLAIN, both required.
    Starttls,
    /// STARTTLS and AUTH LOGIN, both required.
    Login,
    /// TLS from the first byte, and a login.
    Tls,
}

/// A mail as it arrived.
#[derive(Clone, Debug, Deserialize)]
pub struct Received {
    /// The envelope's sender.
    pub sender: String,
    /// The envelope's recipients.
    pub recipients: Vec<String>,
    /// Its bytes, in base64.
    pub raw: String,
    /// Whether it came over TLS.
    pub is_encrypted: bool,
    /// Who had logged in, or nobody.
    pub login: String,
    /// How many mails were ever under way at once.
    pub at_once: usize,
    /// Its headers, decoded, in their order.
    pub headers: Vec<(String, String)>,
    /// The name in `To`.
    pub name: String,
    /// The address in `To`.
    pub address: String,
    /// What the parser found wrong with it.
    pub defects: Vec<String>,
    /// Its parts that hold something, in their order.
    pub parts: Vec<Part>,
}

/// A part of a mail.
#[derive(Clone, Debug, Deserialize)]
pub struct Part {
    /// Its type.
    pub content_type: String,
    /// The file's name, or nothing.
    pub file: String,
    /// Its text, decoded; in base64 where it is no text.
    pub text: String,
}

impl Received {
    /// A header's decoded text; nothing where it is not there.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// The text of the first part of this type.
    pub fn text(&self, content_type: &str) -> &str {
        let found = self.parts.iter().find(|part| part.content_type == content_type);
        found.map_or("", |part| &part.text)
    }
}

impl MailServer {
    /// Starts one.
    pub fn start() -> Result<MailServer> {
        let python = std::env::var_os(PYTHON_VARIABLE).with_context(|| {
            format!("{PYTHON_VARIABLE} is not set: `cargo xtask test` installs a mail server and sets it")
        })?;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("mail_server/server.py");
        let mut child = Command::new(python)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("the mail server could not be started")?;
        let stdin = child.stdin.take().context("no standard input")?;
        let mut told = BufReader::new(child.stdout.take().context("no standard output")?);
        let mut first = String::new();
        told.read_line(&mut first)?;
        let opened: Opened = serde_json::from_str(&first).context("the mail server did not start")?;
        let ((heard, hearing), (sender, received)) = (sync_channel(1), watch::channel(Vec::new()));
        std::thread::spawn(move || listen(told, &heard, &sender));
        Ok(MailServer {
            child,
            commands: Mutex::new((stdin, hearing)),
            ports: opened.ports,
            certificate: opened.certificate,
            received,
        })
    }

    /// Its address as an operator writes it.
    pub fn url(&self, way: Way) -> String {
        let (scheme, name, rest) = match way {
            Way::Plain => ("smtp://", "plain", ""),
            Way::Ascii => ("smtp://", "ascii", ""),
            Way::Starttls => ("smtp://ayni%40example.com@", "starttls", "?tls=starttls"),
            Way::Login => ("smtp://ayni%40example.com@", "login", "?tls=starttls"),
            Way::Tls => ("smtps://ayni%40example.com@", "tls", ""),
        };
        let port = self.ports.get(name).copied().unwrap_or_default();
        format!("{scheme}127.0.0.1:{port}{rest}")
    }

    /// The certificate that its own is checked against.
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// A mailer that speaks with it in this way.
    pub fn mailer(&self, way: Way) -> Result<Mailer> {
        self.mailer_with(way, PASSWORD, Some(&self.certificate))
    }

    /// One with another password, or believing another certificate.
    pub fn mailer_with(&self, way: Way, password: &str, certificate: Option<&str>) -> Result<Mailer> {
        let settings = SmtpSettings {
            password: Some(password.to_owned().into()),
            more_roots_pem: certificate.map(|pem| pem.as_bytes().to_vec()),
            hello: None,
            limits: SmtpLimits {
                answer: ANSWER_LIMIT,
                end: ANSWER_LIMIT,
                ..SmtpLimits::default()
            },
        };
        let server = SmtpServer::new(SmtpUrl::parse(&self.url(way))?, settings)?;
        let from = Mailbox::parse("Pagos Ñandú <pagos@example.com>").context("no sender")?;
        Ok(Mailer::by_smtp(from, server))
    }

    /// The next recipients get these answers, in their order; then the usual one again.
    pub fn answer_recipients(&self, answers: &[&str]) -> Result<()> {
        self.script("rcpt", answers)
    }

    /// The next mails get these: a reply, `hang`, `hang up`, `hang up in the middle`, or `take and hang up`.
    pub fn answer_mails(&self, answers: &[&str]) -> Result<()> {
        self.script("data", answers)
    }

    /// Everything taken so far.
    pub fn received(&self) -> Vec<Received> {
        self.received.borrow().clone()
    }

    /// Waits until at least so many mails were taken.
    pub async fn wait_for(&self, mails: usize) -> Result<Vec<Received>> {
        let mut received = self.received.clone();
        let waiting = received.wait_for(|received| received.len() >= mails);
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        let found = waited.with_context(|| format!("{mails} mails did not come"))??;
        Ok(found.clone())
    }

    fn script(&self, step: &str, answers: &[&str]) -> Result<()> {
        let mut commands = self.lock();
        let line = serde_json::json!({ step: answers }).to_string();
        commands.0.write_all(format!("{line}\n").as_bytes())?;
        commands.0.flush()?;
        commands
            .1
            .recv_timeout(PATIENCE)
            .context("the mail server heard nothing")
    }

    fn lock(&self) -> MutexGuard<'_, (ChildStdin, Receiver<()>)> {
        self.commands.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        // It also ends by itself when its standard input closes.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Deserialize)]
struct Opened {
    ports: HashMap<String, u16>,
    certificate: String,
}

fn listen(told: BufReader<ChildStdout>, heard: &SyncSender<()>, received: &watch::Sender<Vec<Received>>) {
    for line in told.lines().map_while(Result::ok) {
        match serde_json::from_str::<Received>(&line) {
            Ok(mail) => received.send_modify(|all| all.push(mail)),
            // An error means that the test has ended.
            Err(_) => drop(heard.send(())),
        }
    }
}

/// How long a mailer of a test waits for an answer: long for a machine that is busy, short for a server that is silent.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(30);
