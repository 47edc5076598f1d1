//! Test notifications: they really arrive, and nobody can take one for money.

use anyhow::Result;
use ayni_crypto::sign::verify_notification;
use ayni_domain::privilege::{Mode, Privileges};
use ayni_domain::role::Role;
use ayni_gateway::merchants::accounts::{self, NewAccount};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::merchant::{Merchant, Reply};
use ayni_testkit::on_both_engines;
use ayni_testkit::person::Person;
use jiff::SignedDuration;

use super::house::{ONCE, act, acts, csrf, said};

on_both_engines!(
    a_trial_arrives_signed_and_is_shown_with_its_answer,
    a_trial_that_is_not_answered_with_200_is_not_tried_again,
    only_owners_of_developer_accounts_send_one,
);

async fn a_trial_arrives_signed_and_is_shown_with_its_answer(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    let mut owner = gateway.console().await?;
    owner.open("/console/deliveries").await?;
    let url = merchant.url("/n");
    let fields = [("url", url.as_str())];
    let (mut first, mut second) = (owner.clone(), owner.clone());
    let sent = tokio::join!(first.submit("#trial", &fields), second.submit("#trial", &fields));
    assert_eq!((sent.0?, sent.1?), ("delivery".into(), "delivery".into()));
    assert_eq!(first.path(), second.path(), "one press, one notification");
    gateway.work().await?;
    let received = merchant.received();
    assert_eq!(received.len(), 1);
    let (sent, now_ms) = (&received[0], gateway.clock.now().as_millisecond());
    let within = std::time::Duration::from_secs(60);
    verify_notification(&gateway.secret, sent.signature(), &sent.body, now_ms, within)?;
    let body = sent.json();
    assert_eq!(body["test"], true);
    assert_eq!(body["receiver_id"], gateway.receiver_id);
    for told_of_payments in ["payment_id", "amount", "transaction_id", "status"] {
        assert!(body.get(told_of_payments).is_none(), "{told_of_payments}");
    }
    let path = first.path().to_owned();
    let id = path.rsplit('/').next().unwrap_or_default();
    owner.open(&path).await?;
    assert_eq!(owner.text("#state").as_deref(), Some("Entregada"));
    assert!(owner.html().contains("HTTP 200") && owner.html().contains(sent.signature()));
    assert_eq!(acts(gateway).await?, [act("notice.trial", id)]);
    for (topic, is_there) in [("trial", true), ("payment", false)] {
        owner.open(&format!("/console/deliveries?topic={topic}")).await?;
        assert_eq!(owner.html().contains(id), is_there, "{topic}");
    }
    Ok(())
}

async fn a_trial_that_is_not_answered_with_200_is_not_tried_again(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    merchant.reply_always(Reply::Status(500));
    let mut owner = gateway.console().await?;
    owner.open("/console/deliveries").await?;
    let url = merchant.url("/n");
    owner.submit("#trial", &[("url", url.as_str())]).await?;
    gateway.work().await?;
    let path = owner.path().to_owned();
    owner.open(&path).await?;
    assert_eq!(owner.text("#state").as_deref(), Some("Fallida"));
    assert!(owner.html().contains("HTTP 500"));
    gateway.advance(SignedDuration::from_hours(3)).await?;
    assert_eq!(merchant.received().len(), 1);
    let home = |person: &Person| (person.text("#attention-spent"), person.text("#attention-failing"));
    owner.open("/console").await?;
    assert_eq!(home(&owner), (None, None), "nobody has to see to it");
    owner.open(&path).await?;
    owner
        .submit(&format!("form[action=\"{path}/resend\"]"), &[])
        .await?;
    gateway.work().await?;
    assert_eq!(merchant.received().len(), 2, "again when somebody wants it");
    owner.open("/console").await?;
    assert_eq!(home(&owner), (None, None));
    Ok(())
}

async fn only_owners_of_developer_accounts_send_one(gateway: &TestGateway) -> Result<()> {
    let mut owner = gateway.console().await?;
    owner.open("/console/deliveries").await?;
    for wrong in ["", "ftp://comercio.example/n"] {
        assert_eq!(owner.submit("#trial", &[("url", wrong)]).await?, "deliveries");
        assert!(!said(&owner).is_empty(), "{wrong}");
        owner.open("/console/deliveries").await?;
    }
    let new = NewAccount {
        name: Some("Panadería Sol".to_owned()),
        email: "sol@example.com".to_owned(),
        mode: Mode::Live,
        privileges: Privileges::default(),
        notify_url: None,
        integrator: None,
    };
    let live = accounts::create(&gateway.app, new).await?.account.id.0;
    let sol = gateway.console_of(live, "sol@example.com", Role::Owner).await?;
    let collector = gateway.console_as(Role::Collector).await?;
    for (mut person, page) in [(sol, "not-found"), (collector, "forbidden")] {
        person.open("/console/deliveries").await?;
        assert_eq!(person.attribute("#trial", "action"), None);
        let token = csrf(&person);
        let fields = [
            ("csrf", token.as_str()),
            ("once", ONCE),
            ("url", "https://sol.example/n"),
        ];
        assert_eq!(person.post("/console/deliveries/trial", &fields).await?, page);
    }
    Ok(())
}
