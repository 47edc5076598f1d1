//! Why a mail was not sent, told so that an operator knows whose turn it is: the mail's, the server's or the network's.

use std::fmt;
use std::io;

use thiserror::Error;

/// Where in the conversation with the server it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Looking up its name and connecting.
    Connect,
    /// Its greeting, and what it can do.
    Greeting,
    /// Beginning TLS.
    Tls,
    /// The login.
    Login,
    /// Naming the sender.
    Sender,
    /// Naming the recipient.
    Recipient,
    /// Handing over the mail.
    Data,
    /// After the mail's last byte: whether it was taken is not known.
    End,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Step::Connect => "connecting",
            Step::Greeting => "greeting",
            Step::Tls => "TLS",
            Step::Login => "login",
            Step::Sender => "sender",
            Step::Recipient => "recipient",
            Step::Data => "data",
            Step::End => "end of data",
        })
    }
}

/// Why a mail was not sent.
#[derive(Debug, Error)]
pub enum MailError {
    /// The mail itself can't be written down.
    #[error("the mail can't be written: {0}")]
    Message(String),
    /// Its recipient has letters beyond ASCII before the `@`, and the server has no SMTPUTF8.
    #[error("the recipient's address needs SMTPUTF8, which the server does not offer")]
    NeedsUtf8,
    /// The server said no.
    #[error("refused at {step}: {code} {said}")]
    Refused {
        /// When.
        step: Step,
        /// Its code, 400 to 599.
        code: u16,
        /// Its words, which may repeat the recipient's address.
        said: String,
    },
    /// STARTTLS is required and not offered: perhaps somebody in between took it away.
    #[error("the server offers no STARTTLS, so nothing was said to it")]
    NoStarttls,
    /// Something was said in clear beside the answer to STARTTLS: somebody in between.
    #[error("the server said more than its answer before TLS began")]
    SaidTooMuch,
    /// A login is set, and the server offers no way to log in that we know.
    #[error("the server offers neither AUTH PLAIN nor AUTH LOGIN")]
    NoLogin,
    /// TLS failed, or the certificate was refused.
    #[error("no TLS connection: {0}")]
    Tls(String),
    /// No connection was made.
    #[error("no connection: {0}")]
    Connect(String),
    /// The server did not answer in time.
    #[error("no answer in time at {0}")]
    Timeout(Step),
    /// The connection broke, or what came was not SMTP.
    #[error("broke off at {step}: {reason}")]
    Broken {
        /// When.
        step: Step,
        /// What the library says.
        reason: String,
    },
    /// The folder could not be written to.
    #[error("the folder could not be written to")]
    Folder(#[source] io::Error),
}

impl MailError {
    /// Whether trying again would change nothing: the server refused this mail for good, or it can't be written. What is
    /// wrong with the server or the sender is the operator's to mend, and mails wait for that.
    #[must_use]
    pub fn is_final(&self) -> bool {
        match self {
            MailError::Message(_) | MailError::NeedsUtf8 => true,
            MailError::Refused { step, code, .. } => {
                *code >= PERMANENT && matches!(step, Step::Recipient | Step::Data | Step::End)
            }
            _ => false,
        }
    }

    /// The server's code, if it gave one.
    #[must_use]
    pub fn code(&self) -> Option<u16> {
        match self {
            MailError::Refused { code, .. } => Some(*code),
            _ => None,
        }
    }
}

/// RFC 5321, 4.2.1: codes from here on are for good.
const PERMANENT: u16 = 500;
