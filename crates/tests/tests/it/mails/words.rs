//! What payers read: in both languages, as text and as HTML, with headers that programs understand.

use anyhow::Result;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::mail_server::Received;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use serde_json::json;

use super::{asked, only, with_mail};
use crate::reconciliation::movements::arrives;

on_both_engines!(with with_mail;
    a_payment_is_asked_for_in_spanish_and_in_english,
    what_was_typed_stays_where_it_belongs,
    a_receipt_follows_the_money,
    a_receipt_goes_where_the_payer_said_and_nowhere_else,
);

/// What holds for every mail.
fn is_proper(received: &Received) {
    assert!(received.defects.is_empty(), "{:?}", received.defects);
    let types: Vec<_> = received
        .parts
        .iter()
        .map(|part| part.content_type.as_str())
        .collect();
    assert_eq!(types[..2], ["text/plain", "text/html"]);
    assert_eq!(received.header("Auto-Submitted"), "auto-generated");
    assert_eq!(received.header("MIME-Version"), "1.0");
    let html = received.text("text/html");
    for fetched in [
        "<img",
        "<link",
        "<script",
        "url(",
        "@import",
        "@font-face",
        "<style",
    ] {
        assert!(!html.contains(fetched), "{fetched} in {html}");
    }
}

async fn a_payment_is_asked_for_in_spanish_and_in_english(gateway: &TestGateway) -> Result<()> {
    for (number, language) in ["es", "en"].into_iter().enumerate() {
        let body = asked(&json!({"body": "Dos tazas\nde <loza> & té"}));
        let headers = [("accept-language", language)];
        let answer = gateway
            .call_with("POST", "/v3/payments", Some(body), &headers)
            .await?
            .json();
        let id = answer["payment_id"].as_str().unwrap();
        gateway.work().await?;
        let received = gateway.mail()?.wait_for(number + 1).await?.pop().unwrap();
        is_proper(&received);
        assert_eq!(received.recipients, ["Pagador@email.com"]);
        assert_eq!(received.name, "José Núñez");
        assert_eq!(received.header("Content-Language"), language);
        assert_eq!(received.header("Message-ID"), format!("<{id}-request@127.0.0.1>"));
        assert_eq!(received.header("Date"), "Mon, 02 Mar 2026 15:00:00 +0000");
        assert_eq!(received.header("List-Unsubscribe"), "");
        let (subject, greeting, amount, expiry) = match language {
            "es" => (
                "Solicitud de pago de",
                "Hola José Núñez,",
                "Monto: $1.000",
                "3 de marzo de 2026, 12:00",
            ),
            _ => (
                "Payment request from",
                "Hello José Núñez,",
                "Amount: $1,000",
                "3 March 2026, 12:00",
            ),
        };
        assert!(received.header("Subject").starts_with(subject));
        assert!(received.header("Subject").ends_with(": Cobro de prueba"));
        let (text, html) = (received.text("text/plain"), received.text("text/html"));
        for expected in [greeting, amount, expiry, "Dos tazas\nde <loza> & té"] {
            assert!(
                text.replace("\r\n", "\n").contains(expected),
                "{expected} in {text}"
            );
        }
        let link = answer["payment_url"].as_str().unwrap();
        assert!(text.contains(link) && html.contains(&format!("href=\"{link}\"")));
        assert!(html.contains("de &#60;loza&#62; &#38; té"), "{html}");
        assert_eq!(only(gateway, id, "request").await?.state, "sent");
    }
    Ok(())
}

async fn what_was_typed_stays_where_it_belongs(gateway: &TestGateway) -> Result<()> {
    let changes = json!({
        "subject": "Hola\r\nBcc: victima@x.cl\r\n\r\n<h1>", "payer_name": "Ana\r\nX-Evil: 1\u{202e}, <b>",
        "body": "{payee}\r\n.\r\nMAIL FROM:<x@y.cl>",
    });
    let id = gateway.create(asked(&changes)).await?;
    gateway.work().await?;
    let received = gateway.mail()?.wait_for(1).await?.pop().unwrap();
    is_proper(&received);
    assert_eq!(received.recipients.len(), 1);
    assert_eq!(received.name, "Ana X-Evil: 1, <b>");
    for name in ["Bcc", "X-Evil"] {
        assert_eq!(received.header(name), "");
    }
    assert!(
        received
            .header("Subject")
            .ends_with(": Hola Bcc: victima@x.cl <h1>")
    );
    assert!(
        !received.text("text/html").contains("<h1>\r") && received.text("text/plain").contains("{payee}")
    );
    assert_eq!(only(gateway, &id, "request").await?.tries, 1);
    Ok(())
}

async fn a_receipt_follows_the_money(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(asked(&json!({}))).await?;
    gateway.work().await?;
    Payer::at(gateway)?.pay(&id, "11.111.111-1", "11 22 33").await?;
    gateway.work().await?;
    let received = gateway.mail()?.wait_for(2).await?.pop().unwrap();
    is_proper(&received);
    assert!(received.header("Subject").starts_with("Comprobante de su pago a"));
    assert_eq!(received.header("Message-ID"), format!("<{id}-receipt@127.0.0.1>"));
    let text = received.text("text/plain");
    let receipt_url = gateway.payment(&id).await?["receipt_url"]
        .as_str()
        .unwrap()
        .to_owned();
    for expected in [
        "Monto: $1.000",
        "Banco: DemoBank",
        "Pagado el: 2 de marzo de 2026, 12:00",
        &receipt_url,
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    let file = &received.parts[2];
    assert!(
        file.file.starts_with("CPKH-0203261200-") && file.file.ends_with(".pdf"),
        "{}",
        file.file
    );
    assert!(file.text.starts_with("JVBERi0"), "a PDF");
    assert!(!text.contains("11.111.111"), "a RUT is not for a mail");
    Ok(())
}

async fn a_receipt_goes_where_the_payer_said_and_nowhere_else(gateway: &TestGateway) -> Result<()> {
    let plain = json!({"amount": 1000, "currency": "CLP", "subject": "Cobro"});
    let id = gateway.create(plain.clone()).await?;
    Payer::at(gateway)?
        .begin_by_hand(&id, "44.444.444-4", "ana@ejemplo.example")
        .await?;
    arrives(gateway, "44.444.444-4", 1000, &id).await?;
    let nobody = gateway.create(plain).await?;
    arrives(gateway, "44.444.444-4", 1000, &nobody).await?;
    gateway.work().await?;
    let received = gateway.mail()?.wait_for(1).await?;
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].recipients, ["ana@ejemplo.example"]);
    assert!(only(gateway, &nobody, "receipt").await.is_err());
    Ok(())
}
