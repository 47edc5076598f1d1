//! What a mail server in bad hands may say, and what a file is. A real server is spoken to in the `tests` crate.

use std::time::{Duration, SystemTime};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::Mailer;
use super::error::{MailError, Step};
use super::folder::MailFolder;
use super::mailbox::Mailbox;
use super::message::{Attachment, Mail, compose};
use super::server::{SmtpLimits, SmtpServer, SmtpSettings, SmtpUrl};

fn mail() -> Mail {
    Mail {
        id: "gqzdy6chjne9-request".to_owned(),
        id_domain: "pay.example.com".to_owned(),
        at: SystemTime::UNIX_EPOCH,
        to: Mailbox::new("José Núñez", "pagador@email.com").unwrap(),
        subject: "Cobro de ñandú".to_owned(),
        language: "es",
        text: "Hola\n.\nadiós".to_owned(),
        html: "<p>Hola</p>".to_owned(),
        unsubscribe: None,
        attachment: None,
    }
}

fn sender() -> Mailbox {
    Mailbox::parse("Pagos <pagos@example.com>").unwrap()
}

fn text(mail: &Mail) -> String {
    String::from_utf8(compose(mail, &sender()).unwrap()).unwrap()
}

#[test]
fn the_same_mail_has_the_same_bytes() {
    let mut mail = mail();
    mail.attachment = Some(Attachment {
        name: "CPKH-1.pdf".to_owned(),
        content_type: "application/pdf",
        bytes: b"%PDF-1.7".to_vec(),
    });
    let once = text(&mail);
    assert_eq!(once, text(&mail));
    assert!(once.contains("Message-ID: <gqzdy6chjne9-request@pay.example.com>\r\n"));
    assert!(once.contains("Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n"));
    assert!(once.is_ascii());
}

#[test]
fn nothing_that_was_typed_becomes_a_header() {
    let mut mail = mail();
    mail.subject = "Hola\r\nBcc: x@y.cl\u{2028}\nX-Evil: 1\u{0}".to_owned();
    mail.to = Mailbox::new("Ana\r\nX-Evil: 2", "a@b.cl").unwrap();
    let composed = text(&mail);
    let (headers, _) = composed.split_once("\r\n\r\n").unwrap();
    assert!(
        !headers
            .lines()
            .any(|line| line.starts_with("Bcc") || line.starts_with("X-Evil")),
        "{headers}"
    );
    mail.unsubscribe = Some("https://pay.example.com/\r\nX-Evil: 3".to_owned());
    assert!(matches!(compose(&mail, &sender()), Err(MailError::Message(_))));
    mail.unsubscribe = None;
    mail.id = "../../etc/passwd".to_owned();
    assert!(matches!(compose(&mail, &sender()), Err(MailError::Message(_))));
}

#[test]
fn a_long_address_to_unsubscribe_at_stays_on_its_line() {
    let mut mail = mail();
    let url = format!(
        "https://pay.example.com/mails/unsubscribe/{}?lang=en",
        "a".repeat(64)
    );
    mail.unsubscribe = Some(url.clone());
    assert!(text(&mail).contains(&format!("\r\nList-Unsubscribe: <{url}>\r\n")));
}

#[tokio::test]
async fn a_mail_in_a_folder_is_one_file_however_often_it_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mails");
    let mailer = Mailer::into_folder(sender(), MailFolder::new(path.clone()));
    mailer.check().await.unwrap();
    let mail = mail();
    for _ in 0..2 {
        let taken = mailer.send(&mail).await.unwrap();
        assert_eq!(
            taken.said,
            path.join("gqzdy6chjne9-request.eml").display().to_string()
        );
    }
    let names: Vec<_> = std::fs::read_dir(&path)
        .unwrap()
        .map(|file| file.unwrap().file_name())
        .collect();
    assert_eq!(names, ["gqzdy6chjne9-request.eml"]);
}

/// A server that says these things, one after each thing that it hears, beginning with the greeting; its address.
async fn that_says(lines: &'static [&'static str]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        for line in lines {
            if stream.write_all(line.as_bytes()).await.is_err() {
                return;
            }
            let mut heard = [0; 64 * 1024];
            if !matches!(stream.read(&mut heard).await, Ok(1..)) {
                return;
            }
        }
        std::future::pending::<()>().await;
    });
    address.to_string()
}

async fn sent_to(url: &str) -> MailError {
    let limits = SmtpLimits {
        connect: Duration::from_millis(500),
        answer: Duration::from_millis(500),
        end: Duration::from_millis(500),
    };
    let settings = SmtpSettings {
        limits,
        ..SmtpSettings::default()
    };
    let server = SmtpServer::new(SmtpUrl::parse(url).unwrap(), settings).unwrap();
    Mailer::by_smtp(sender(), server).send(&mail()).await.unwrap_err()
}

#[tokio::test]
async fn who_answers_in_the_servers_place_before_tls_is_not_heard() {
    let lines = &[
        "220 hi\r\n",
        "250-hi\r\n250 STARTTLS\r\n",
        "220 go\r\n250 AUTH PLAIN\r\n",
    ];
    let url = format!("smtp://{}?tls=starttls", that_says(lines).await);
    assert!(matches!(sent_to(&url).await, MailError::SaidTooMuch));
}

#[tokio::test]
async fn a_server_without_starttls_is_told_nothing() {
    let url = format!(
        "smtp://{}?tls=starttls",
        that_says(&["220 hi\r\n", "250 hi\r\n"]).await
    );
    let error = sent_to(&url).await;
    assert!(matches!(error, MailError::NoStarttls) && !error.is_final());
}

#[tokio::test]
async fn every_silence_ends_and_says_when_it_was() {
    let lines: &[&str] = &[
        "220 hi\r\n",
        "250 hi\r\n",
        "250 ok\r\n",
        "250 ok\r\n",
        "354 go on\r\n",
    ];
    let steps = [
        Step::Greeting,
        Step::Greeting,
        Step::Sender,
        Step::Recipient,
        Step::Data,
        Step::End,
    ];
    for (said, expected) in steps.into_iter().enumerate() {
        let address = that_says(&lines[..said]).await;
        match sent_to(&format!("smtp://{address}")).await {
            MailError::Timeout(step) => assert_eq!(step, expected, "after {said} lines"),
            other => panic!("after {said} lines: {other}"),
        }
    }
}

#[tokio::test]
async fn a_refusal_is_final_only_where_it_is_the_mails() {
    let refusals: [(&[&str], bool); 5] = [
        (&["554 no\r\n"], false),
        (&["220 hi\r\n", "250 hi\r\n", "550 sender\r\n"], false),
        (
            &["220 hi\r\n", "250 hi\r\n", "250 ok\r\n", "550 nobody here\r\n"],
            true,
        ),
        (
            &["220 hi\r\n", "250 hi\r\n", "250 ok\r\n", "451 later\r\n"],
            false,
        ),
        (
            &[
                "220 hi\r\n",
                "250 hi\r\n",
                "250 ok\r\n",
                "250 ok\r\n",
                "554 spam\r\n",
            ],
            true,
        ),
    ];
    for (lines, is_final) in refusals {
        let lines: &'static [&'static str] = Box::leak(lines.to_vec().into_boxed_slice());
        let error = sent_to(&format!("smtp://{}", that_says(lines).await)).await;
        assert!(
            error.code().is_some() && error.is_final() == is_final,
            "{lines:?}: {error}"
        );
    }
}

#[tokio::test]
async fn words_without_end_are_not_listened_to() {
    let endless: &'static str = Box::leak("250-more\r\n".repeat(100_000).into_boxed_str());
    let lines: &'static [&'static str] = Box::leak(vec!["220 hi\r\n", endless].into_boxed_slice());
    for protection in ["none", "starttls"] {
        let error = sent_to(&format!("smtp://{}?tls={protection}", that_says(lines).await)).await;
        assert!(matches!(error, MailError::Broken { .. }), "{error}");
    }
}
