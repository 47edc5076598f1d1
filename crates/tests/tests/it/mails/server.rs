//! The ways to a mail server: protection, login, and what it says that is not about a mail.

use std::time::SystemTime;

use anyhow::Result;
use ayni_outbound::mail::error::{MailError, Step};
use ayni_outbound::mail::mailbox::Mailbox;
use ayni_outbound::mail::message::{Attachment, Mail};
use ayni_testkit::mail_server::{MailServer, PASSWORD, USER, Way};

fn mail(id: &str, to: &str) -> Mail {
    Mail {
        id: id.to_owned(),
        id_domain: "pay.example.com".to_owned(),
        at: SystemTime::UNIX_EPOCH,
        to: Mailbox::new("José Núñez, \"Pepe\"", to).unwrap(),
        subject: "Cobro de ñandú «1»".to_owned(),
        language: "es",
        text: "Hola\n.\nadiós\n".to_owned(),
        html: "<p>Hola</p>\n".to_owned(),
        unsubscribe: None,
        attachment: Some(Attachment {
            name: "CPKH-0203261200-gqzdy6chjne9.pdf".to_owned(),
            content_type: "application/pdf",
            bytes: b"%PDF-1.7\n\0\xff".to_vec(),
        }),
    }
}

#[tokio::test]
async fn every_protected_way_takes_the_login_and_the_whole_mail() -> Result<()> {
    let server = MailServer::start()?;
    for (number, way) in [Way::Plain, Way::Starttls, Way::Login, Way::Tls]
        .into_iter()
        .enumerate()
    {
        let mailer = server.mailer(way)?;
        mailer.check().await?;
        mailer.send(&mail("one", "pagador@ñuñoa.cl")).await?;
        let received = server.wait_for(number + 1).await?.pop().unwrap();
        let is_plain = way == Way::Plain;
        assert_eq!(received.is_encrypted, !is_plain, "{way:?}");
        assert_eq!(received.login, if is_plain { "" } else { USER }, "{way:?}");
        assert_eq!(received.sender, "pagos@example.com");
        assert_eq!(received.recipients, ["pagador@xn--uoa-6mab.cl"]);
        assert_eq!(received.name, "José Núñez, \"Pepe\"");
        assert_eq!(received.header("Subject"), "Cobro de ñandú «1»");
        assert_eq!(received.header("From"), "Pagos Ñandú <pagos@example.com>");
        assert!(received.defects.is_empty(), "{:?}", received.defects);
        assert_eq!(
            received.text("text/plain").replace("\r\n", "\n"),
            "Hola\n.\nadiós\n"
        );
        assert_eq!(received.text("text/html").trim(), "<p>Hola</p>");
        let file = &received.parts[2];
        assert_eq!(file.file, "CPKH-0203261200-gqzdy6chjne9.pdf");
        assert_eq!(file.text, "JVBERi0xLjcKAP8=");
    }
    Ok(())
}

#[tokio::test]
async fn a_server_that_is_not_who_it_should_be_is_not_told_anything() -> Result<()> {
    let server = MailServer::start()?;
    for way in [Way::Starttls, Way::Tls] {
        let stranger = server.mailer_with(way, PASSWORD, None)?;
        let error = stranger.send(&mail("one", "a@b.cl")).await.unwrap_err();
        assert!(matches!(error, MailError::Tls(_)) && !error.is_final(), "{error}");
    }
    assert!(server.received().is_empty());
    Ok(())
}

#[tokio::test]
async fn a_wrong_password_is_the_operators_fault_and_not_repeated() -> Result<()> {
    let server = MailServer::start()?;
    for way in [Way::Starttls, Way::Login, Way::Tls] {
        let mailer = server.mailer_with(way, "hunter2", Some(server.certificate()))?;
        let error = mailer.send(&mail("one", "a@b.cl")).await.unwrap_err();
        assert!(
            matches!(
                error,
                MailError::Refused {
                    step: Step::Login,
                    code: 535,
                    ..
                }
            ) && !error.is_final(),
            "{error}"
        );
        assert!(!format!("{error} {error:?} {}", mailer.place()).contains("hunter2"));
    }
    Ok(())
}

#[tokio::test]
async fn letters_beyond_ascii_before_the_at_sign_go_where_they_are_understood() -> Result<()> {
    let server = MailServer::start()?;
    let mail = mail("one", "ñandú@ñuñoa.cl");
    server.mailer(Way::Plain)?.send(&mail).await?;
    let received = server.wait_for(1).await?.pop().unwrap();
    assert_eq!(received.recipients, ["ñandú@xn--uoa-6mab.cl"]);
    assert_eq!(received.address, "ñandú@xn--uoa-6mab.cl");
    let error = server.mailer(Way::Ascii)?.send(&mail).await.unwrap_err();
    assert!(
        matches!(error, MailError::NeedsUtf8) && error.is_final(),
        "{error}"
    );
    Ok(())
}

#[tokio::test]
async fn a_server_that_hangs_up_leaves_the_mail_to_be_sent_again() -> Result<()> {
    let server = MailServer::start()?;
    let mailer = server.mailer(Way::Starttls)?;
    server.answer_mails(&["hang up in the middle", "hang up"])?;
    for _ in 0..2 {
        let error = mailer.send(&mail("one", "a@b.cl")).await.unwrap_err();
        assert!(
            matches!(error, MailError::Broken { .. }) && !error.is_final(),
            "{error}"
        );
    }
    server.answer_mails(&["hang"])?;
    let error = mailer.send(&mail("one", "a@b.cl")).await.unwrap_err();
    assert!(matches!(error, MailError::Timeout(Step::End)), "{error}");
    mailer.send(&mail("one", "a@b.cl")).await?;
    assert_eq!(server.wait_for(1).await?.len(), 1);
    Ok(())
}
