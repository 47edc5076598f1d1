//! The log of what merchants were told and payers were written.

use anyhow::Result;
use ayni_domain::role::Role;
use ayni_testkit::gateway::{TestGateway, Wishes};
use ayni_testkit::merchant::{Merchant, Reply};
use ayni_testkit::on_both_engines;
use ayni_testkit::person::Person;
use ayni_testkit::truth::rows;
use jiff::SignedDuration;
use serde_json::json;

use super::house::{ONCE, act, acts, csrf, once, said, stranger};
use crate::bodies::payment;
use crate::reconciliation::movements::read_again;

on_both_engines!(with seldom_reading;
    a_notification_shows_what_was_sent_and_is_sent_again_once,
    all_that_failed_is_sent_again_within_a_limit,
    what_is_stopped_is_not_tried_any_more,
    who_may_not_act_only_looks_and_strangers_find_nothing,
    a_picture_that_could_not_be_fetched_is_tried_again,
);
on_both_engines!(with post_office; a_mail_is_shown_as_its_reader_sees_it_and_sent_again);

fn seldom_reading() -> Wishes {
    Wishes {
        statement_pause: std::time::Duration::from_secs(30),
        ..Wishes::default()
    }
}

fn post_office() -> Wishes {
    Wishes {
        mail: true,
        ..Wishes::default()
    }
}

/// A payment whose merchant is told here; its money was seen, and its first notification sent.
async fn paid(gateway: &TestGateway, url: &str) -> Result<String> {
    let id = gateway.create(payment(&json!({"notify_url": url}))).await?;
    let rut = ayni_testkit::gateway::MERCHANT_RUT;
    gateway.bank.transfer("44.444.444-4", rut, 1000, &id).await?;
    read_again(gateway).await?;
    Ok(id)
}

async fn notice_of(gateway: &TestGateway, payment: &str) -> Result<(String, String)> {
    let all = rows(&gateway.app.db, "SELECT id, state, payment_id FROM notices").await?;
    for row in all {
        if row.str(2)? == payment {
            return Ok((row.text(0)?, row.text(1)?));
        }
    }
    anyhow::bail!("no notice of {payment}")
}

async fn a_notification_shows_what_was_sent_and_is_sent_again_once(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    let id = paid(gateway, &merchant.url("/n")).await?;
    let (notice, state) = notice_of(gateway, &id).await?;
    assert_eq!(state, "delivered");
    let mut owner = gateway.console().await?;
    assert_eq!(owner.open("/console/deliveries").await?, "deliveries");
    assert!(owner.html().contains(&id));
    let path = format!("/console/deliveries/{notice}");
    assert_eq!(owner.open(&path).await?, "delivery");
    let received = merchant.received().remove(0);
    assert!(
        owner.html().contains(received.signature()),
        "the signature is the one that was sent"
    );
    assert_eq!(owner.text("#body").map(|body| body.contains(&id)), Some(true));
    let form = format!("form[action=\"{path}/resend\"]");
    let (mut first, mut second) = (owner.clone(), owner.clone());
    let sent = tokio::join!(first.submit(&form, &[]), second.submit(&form, &[]));
    assert_eq!((sent.0?, sent.1?), ("delivery".into(), "delivery".into()));
    gateway.work().await?;
    assert_eq!(merchant.received().len(), 2, "one press, one more");
    assert_eq!(acts(gateway).await?, [act("notice.resend", &notice)]);
    for (query, is_there) in [
        ("state=delivered", true),
        ("state=pending", false),
        ("topic=payment", true),
        ("topic=operation", false),
        ("from=2026-03-02&until=2026-03-02", true),
        ("from=2026-03-03", false),
        ("until=2026-03-01", false),
        ("url=http://127.0.0.1", true),
        ("url=https://", false),
        ("state=nonsense", true),
    ] {
        owner.open(&format!("/console/deliveries?{query}")).await?;
        assert_eq!(owner.text(".list").is_some(), is_there, "{query}");
    }
    Ok(())
}

async fn all_that_failed_is_sent_again_within_a_limit(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    merchant.reply_always(Reply::Status(500));
    let ids = [
        paid(gateway, &merchant.url("/a")).await?,
        paid(gateway, &merchant.url("/b")).await?,
    ];
    for _ in 0..6 {
        gateway.advance(SignedDuration::from_hours(12)).await?;
    }
    for id in &ids {
        assert_eq!(notice_of(gateway, id).await?.1, "spent");
    }
    merchant.reply_always(Reply::Status(200));
    let before = merchant.received().len();
    let mut owner = gateway.console().await?;
    let filtered = format!("/console/deliveries?url={}", merchant.url("/a"));
    owner.open(&filtered).await?;
    owner.submit("#resend-failed", &[]).await?;
    assert!(said(&owner).starts_with("1 "), "{}", said(&owner));
    gateway.work().await?;
    assert_eq!(notice_of(gateway, &ids[0]).await?.1, "delivered");
    assert_eq!(notice_of(gateway, &ids[1]).await?.1, "spent");
    owner.open("/console/deliveries").await?;
    let token = once(&owner, "#resend-failed");
    let same = [("once", token.as_str())];
    let (mut first, mut second) = (owner.clone(), owner.clone());
    let sent = tokio::join!(
        first.submit("#resend-failed", &same),
        second.submit("#resend-failed", &same)
    );
    sent.0?;
    sent.1?;
    gateway.work().await?;
    assert_eq!(merchant.received().len(), before + 2);
    owner.open("/console/deliveries").await?;
    assert!(owner.text("#resend-failed").is_none(), "nothing failed any more");
    let resent = act("notice.resend", "1 failed");
    assert_eq!(acts(gateway).await?, [resent.clone(), resent]);
    Ok(())
}

async fn what_is_stopped_is_not_tried_any_more(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    merchant.reply_always(Reply::Status(500));
    let id = paid(gateway, &merchant.url("/n")).await?;
    let (notice, state) = notice_of(gateway, &id).await?;
    assert_eq!(state, "pending");
    let mut owner = gateway.console().await?;
    let path = format!("/console/deliveries/{notice}");
    owner.open(&path).await?;
    owner
        .submit(&format!("form[action=\"{path}/stop\"]"), &[])
        .await?;
    assert_eq!(owner.text("#state").as_deref(), Some("Fallida"));
    let before = merchant.received().len();
    gateway.advance(SignedDuration::from_hours(3)).await?;
    assert_eq!(merchant.received().len(), before);
    assert_eq!(acts(gateway).await?, [act("notice.stop", &notice)]);
    owner
        .submit(&format!("form[action=\"{path}/resend\"]"), &[])
        .await?;
    merchant.reply_always(Reply::Status(200));
    gateway.work().await?;
    assert_eq!(notice_of(gateway, &id).await?.1, "delivered");
    Ok(())
}

async fn who_may_not_act_only_looks_and_strangers_find_nothing(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    let id = paid(gateway, &merchant.url("/n")).await?;
    let (notice, _) = notice_of(gateway, &id).await?;
    let path = format!("/console/deliveries/{notice}");
    let posts = [
        format!("{path}/resend"),
        format!("{path}/stop"),
        "/console/deliveries/resend".to_owned(),
        "/console/deliveries/failed".to_owned(),
        format!("/console/deliveries/mails/{id}-receipt/resend"),
    ];
    for role in [Role::Collector, Role::ReadOnly] {
        let mut person = gateway.console_as(role).await?;
        assert_eq!(person.open(&path).await?, "delivery");
        assert!(person.text("#acts").is_none());
        for post in &posts {
            assert_eq!(send(&mut person, post).await?, "forbidden", "{role:?} {post}");
        }
    }
    let mut other = stranger(gateway).await?;
    assert_eq!(other.open(&path).await?, "not-found");
    for post in [&posts[0], &posts[1], &posts[4]] {
        assert_eq!(send(&mut other, post).await?, "not-found", "{post}");
    }
    other.open("/console/deliveries").await?;
    assert!(!other.html().contains(&id));
    assert_eq!(merchant.received().len(), 1);
    Ok(())
}

async fn send(person: &mut Person, to: &str) -> Result<String> {
    person.open("/console").await?;
    let token = csrf(person);
    person.post(to, &[("csrf", token.as_str()), ("once", ONCE)]).await
}

async fn a_picture_that_could_not_be_fetched_is_tried_again(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    merchant.reply_always(Reply::Status(404));
    let url = merchant.url("/picture.png");
    let id = gateway.create(payment(&json!({"picture_url": url}))).await?;
    gateway.work().await?;
    for _ in 0..3 {
        gateway.advance(SignedDuration::from_mins(2)).await?;
    }
    let mut owner = gateway.console().await?;
    assert_eq!(owner.open("/console/deliveries/failed").await?, "failed-jobs");
    assert!(owner.html().contains(&id), "{}", owner.html());
    let form = "form[action=\"/console/deliveries/failed\"]";
    owner.submit(form, &[("key", id.as_str())]).await?;
    assert_eq!(said(&owner), "La tarea se intentará de nuevo.");
    assert!(owner.text("#none").is_some(), "it is given up no more");
    assert_eq!(acts(gateway).await?, [act("job.retry", &format!("picture {id}"))]);
    let mut other = stranger(gateway).await?;
    let token = csrf(&other);
    let fields = [
        ("csrf", token.as_str()),
        ("once", ONCE),
        ("kind", "picture"),
        ("key", id.as_str()),
    ];
    assert_eq!(
        other.post("/console/deliveries/failed", &fields).await?,
        "not-found"
    );
    Ok(())
}

async fn a_mail_is_shown_as_its_reader_sees_it_and_sent_again(gateway: &TestGateway) -> Result<()> {
    let body = json!({"payer_name": "Ana", "payer_email": "ana@example.com", "send_email": true});
    let id = gateway.create(payment(&body)).await?;
    gateway.work().await?;
    let mut owner = gateway.console().await?;
    assert_eq!(owner.open("/console/deliveries/mails").await?, "mails");
    assert!(owner.html().contains("ana@example.com"));
    let path = format!("/console/deliveries/mails/{id}-request");
    assert_eq!(owner.open(&path).await?, "mail");
    assert!(
        owner
            .text("#text")
            .unwrap_or_default()
            .contains("Cobro de prueba")
    );
    let form = format!("form[action=\"{path}/resend\"]");
    let (mut first, mut second) = (owner.clone(), owner.clone());
    let sent = tokio::join!(first.submit(&form, &[]), second.submit(&form, &[]));
    sent.0?;
    sent.1?;
    gateway.work().await?;
    assert_eq!(gateway.mail()?.received().len(), 2);
    assert_eq!(
        acts(gateway).await?,
        [act("mail.resend", &format!("{id}-request"))]
    );
    let mut other = stranger(gateway).await?;
    assert_eq!(other.open(&path).await?, "not-found");
    Ok(())
}
