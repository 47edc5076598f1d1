//! The way to people: the operator's mail server, a folder, or none.

use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use ayni_outbound::mail::Mailer;
use ayni_outbound::mail::folder::MailFolder;
use ayni_outbound::mail::mailbox::Mailbox;
use ayni_outbound::mail::server::{SmtpServer, SmtpSettings, SmtpUrl};
use url::Url;
use zeroize::Zeroizing;

use crate::config::Config;
use crate::told::Told;

/// Holds the mail server's password, where no file does.
pub const PASSWORD_VARIABLE: &str = "AYNI_SMTP_PASSWORD";

/// What the settings say: a server wins over a folder; neither is no way at all.
pub fn mailer(config: &Config) -> anyhow::Result<Option<Mailer>> {
    let tuning = &config.values.tuning;
    match (&tuning.smtp, &tuning.mail_dir) {
        (Some(text), _) => Ok(Some(Mailer::by_smtp(sender(config)?, server(config, text)?))),
        (None, Some(folder)) => {
            let from = match tuning.mail_from {
                Some(_) => Some(sender(config)?),
                None => Mailbox::new("Ayni", FOLDERS_SENDER),
            };
            Ok(from.map(|from| Mailer::into_folder(from, MailFolder::new(folder.clone()))))
        }
        (None, None) => Ok(None),
    }
}

/// A mail server's address as it may be shown: what stands in place of a password is hidden, also where it is wrong.
pub fn redacted(text: &str) -> String {
    match Url::parse(text).ok().filter(Url::has_host) {
        Some(mut url) if url.password().is_some() => match url.set_password(Some("***")) {
            Ok(()) => url.to_string(),
            Err(()) => "***".to_owned(),
        },
        Some(_) => text.to_owned(),
        None => match text.rsplit_once('@') {
            Some((_, rest)) => format!("***@{rest}"),
            None => text.to_owned(),
        },
    }
}

fn server(config: &Config, text: &str) -> anyhow::Result<SmtpServer> {
    let hint = "write smtps://user@host (TLS), smtp://user@host (STARTTLS) or smtp://127.0.0.1:25;\n\
                the password goes into AYNI_SMTP_PASSWORD or the file of smtp_password_file";
    let url = SmtpUrl::parse(text).map_err(|error| config.wrong("smtp", &error.to_string(), hint))?;
    let public_url = config.values.edge.public_url.as_deref();
    let hello = public_url.and_then(|url| Url::parse(url).ok()?.host().map(|host| host.to_owned()));
    let settings = SmtpSettings {
        password: match url.user {
            Some(_) => password(config)?,
            None => None,
        },
        more_roots_pem: roots(config)?,
        hello,
        ..SmtpSettings::default()
    };
    SmtpServer::new(url, settings)
        .map_err(|error| config.wrong("smtp", "can't be used", hint).because(error).into())
}

fn sender(config: &Config) -> anyhow::Result<Mailbox> {
    let hint = "--mail-from 'Pagos <pagos@example.com>', AYNI_MAIL_FROM or mail_from in ayni.toml";
    let Some(text) = &config.values.tuning.mail_from else {
        return Err(Told::new("mails need a sender", hint).into());
    };
    Mailbox::parse(text).ok_or_else(|| config.wrong("mail_from", "is no sender of mails", hint).into())
}

fn roots(config: &Config) -> anyhow::Result<Option<Vec<u8>>> {
    let Some(path) = &config.values.tuning.smtp_ca else {
        return Ok(None);
    };
    let read = std::fs::read(path).map_err(|error| {
        let hint = "name a PEM file of the certificates that the mail server's is checked against";
        config.wrong("smtp_ca", "can't be read", hint).because(error)
    });
    Ok(Some(read?))
}

/// From the environment, else from the file, which only its owner may read.
fn password(config: &Config) -> anyhow::Result<Option<Zeroizing<String>>> {
    if let Some(text) = std::env::var_os(PASSWORD_VARIABLE).filter(|text| !text.is_empty()) {
        let Ok(text) = text.into_string() else {
            return Err(Told::new(format!("{PASSWORD_VARIABLE} is not UTF-8"), "set it anew").into());
        };
        return Ok(Some(Zeroizing::new(text)));
    }
    let Some(path) = &config.values.tuning.smtp_password_file else {
        return Ok(None);
    };
    Ok(Some(read_secret(path).map_err(|error| {
        let hint = format!(
            "it holds the password and nothing else: chmod 600 {}",
            path.display()
        );
        config
            .wrong("smtp_password_file", "can't be used", &hint)
            .because(error)
    })?))
}

fn read_secret(path: &Path) -> anyhow::Result<Zeroizing<String>> {
    let file = File::open(path)?;
    let mode = file.metadata()?.permissions().mode() & 0o777;
    anyhow::ensure!(mode & OTHERS_MODE == 0, "others may read it (mode {mode:03o})");
    let mut text = Zeroizing::new(String::new());
    file.take(PASSWORD_MAX_BYTES).read_to_string(&mut text)?;
    Ok(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()))
}

const FOLDERS_SENDER: &str = "no-responder@ayni.example";
const OTHERS_MODE: u32 = 0o077;
const PASSWORD_MAX_BYTES: u64 = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_that_stands_in_the_address_is_not_shown() {
        for text in [
            "smtp://user:hunter2@mail.example.com",
            "smtps://user:hunter2@mail.example.com:465",
            "user:hunter2@mail.example.com",
            "smtp://user:hunter2@[mail",
        ] {
            assert!(!redacted(text).contains("hunter2"), "{}", redacted(text));
        }
        let plain = "smtp://user@mail.example.com";
        assert_eq!(redacted(plain), plain);
    }

    #[test]
    fn a_password_that_others_may_read_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        std::fs::write(&path, "hunter2\n").unwrap();
        for (mode, is_used) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false)] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            let read = read_secret(&path);
            assert_eq!(
                read.is_ok_and(|text| text.as_str() == "hunter2"),
                is_used,
                "{mode:o}"
            );
        }
    }
}
