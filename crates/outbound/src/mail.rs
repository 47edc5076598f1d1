//! Mail to people, by the operator's own server or, in development, into a folder.
//!
//! A mail's bytes depend on nothing but the mail: sent again it is the same, with the same `Message-ID`, so a client that
//! has it already shows it once. Nothing that a stranger typed can become a header of its own, and the password is
//! spoken over TLS only.
//!
//! The server is the operator's, not a caller's: it may lie at any address, and no other is ever connected to. We speak
//! with it on a connection of its own for each mail, each answer awaited so long and no longer.

pub mod error;
pub mod folder;
pub mod mailbox;
pub mod message;
pub mod server;

mod conversation;
mod starttls;
mod wire;

use std::sync::Arc;

use error::MailError;
use folder::MailFolder;
use mailbox::Mailbox;
use message::Mail;
use server::SmtpServer;

/// Sends mails, all from the same sender. Clones share what they need.
#[derive(Clone)]
pub struct Mailer {
    from: Mailbox,
    way: Way,
}

#[derive(Clone)]
enum Way {
    Smtp(Arc<SmtpServer>),
    Folder(MailFolder),
}

/// A mail that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The server's own words, or the file's path.
    pub said: String,
}

impl Mailer {
    /// By the operator's server.
    #[must_use]
    pub fn by_smtp(from: Mailbox, server: SmtpServer) -> Mailer {
        Mailer {
            from,
            way: Way::Smtp(Arc::new(server)),
        }
    }

    /// Into a folder, as `.eml` files.
    #[must_use]
    pub fn into_folder(from: Mailbox, folder: MailFolder) -> Mailer {
        Mailer {
            from,
            way: Way::Folder(folder),
        }
    }

    /// Where the mails go, for people; without a password.
    #[must_use]
    pub fn place(&self) -> String {
        match &self.way {
            Way::Smtp(server) => server.to_string(),
            Way::Folder(folder) => folder.path().display().to_string(),
        }
    }

    /// Sends it once.
    ///
    /// # Errors
    /// Why it was not taken, or why nobody knows whether it was; [`MailError::is_final`] tells whether to try again.
    pub async fn send(&self, mail: &Mail) -> Result<Taken, MailError> {
        let bytes = message::compose(mail, &self.from)?;
        match &self.way {
            Way::Smtp(server) => conversation::deliver(server, &self.from, &mail.to, &bytes).await,
            Way::Folder(folder) => folder.put(&mail.id, bytes).await,
        }
    }

    /// Whether mails would be taken: goes as far as the login, or makes the folder. Sends nothing.
    ///
    /// # Errors
    /// Why they would not.
    pub async fn check(&self) -> Result<(), MailError> {
        match &self.way {
            Way::Smtp(server) => conversation::greet(server).await,
            Way::Folder(folder) => folder.make().await,
        }
    }
}

#[cfg(test)]
mod tests;
