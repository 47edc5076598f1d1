//! The log of every act.

use anyhow::Result;
use ayni_domain::audit::Action;
use ayni_domain::ids::AccountId;
use ayni_domain::role::Role;
use ayni_gateway::console::audit::{self, Actor};
use ayni_gateway::console::seat::links::{self, Terms};
use ayni_gateway::merchants::users;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use ayni_testkit::account;
use ayni_testkit::console::OWNER;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::truth::rows;

on_both_engines!(
    every_act_is_noted_with_who_did_it_and_from_where,
    what_the_operator_does_with_people_is_noted_as_the_operators,
    the_log_is_read_a_page_at_a_time_and_is_its_own_accounts,
);

async fn every_act_is_noted_with_who_did_it_and_from_where(gateway: &TestGateway) -> Result<()> {
    let mut owner = gateway.console().await?;
    owner.open("/console/people").await?;
    owner
        .submit("#add-person", &[("email", "luis@example.com")])
        .await?;
    owner
        .submit(
            "form[action=\"/console/people/remove\"]",
            &[("email", "luis@example.com")],
        )
        .await?;
    owner.open("/console/audit").await?;
    for word in [
        "session.start",
        "user.set",
        "user.remove",
        "luis@example.com collector",
        "127.0.0.1",
    ] {
        assert!(owner.html().contains(word), "{word}");
    }
    owner.open("/console/audit?action=user.remove").await?;
    assert!(owner.html().contains("luis@example.com"));
    assert!(!owner.html().contains("luis@example.com collector"));
    owner
        .open(&format!("/console/audit?email={OWNER}&action=session.end"))
        .await?;
    assert!(owner.text("#none").is_some());
    owner.open("/console/audit.csv?action=user.set").await?;
    let csv = owner.html();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 2, "{csv}");
    assert_eq!(lines[0], "at,email,address,action,subject");
    assert!(lines[1].ends_with(",cobros@comercio.example,127.0.0.1,user.set,luis@example.com collector"));
    owner.open("/console/audit").await?;
    assert!(owner.html().contains("audit.export"));
    Ok(())
}

async fn what_the_operator_does_with_people_is_noted_as_the_operators(gateway: &TestGateway) -> Result<()> {
    let (app, account) = (&gateway.app, AccountId(gateway.receiver_id));
    users::set(app, account, "Luis@Example.com", Role::ReadOnly).await?;
    let terms = Terms {
        role: Some(Role::Collector),
        ..Terms::default()
    };
    links::invite(app, account, "ana@example.com", terms).await?;
    users::remove(app, account, "luis@example.com").await?;
    users::remove(app, account, "ana@example.com").await?;
    assert!(users::remove(app, account, OWNER).await.is_err());
    let noted = rows(
        &app.db,
        "SELECT action, subject FROM audit WHERE email = '' AND address = '' ORDER BY action, subject",
    );
    let noted: Vec<(String, String)> = (noted.await?.iter())
        .map(|row| Ok((row.text(0)?, row.text(1)?)))
        .collect::<Result<_, StoreError>>()?;
    let expected = [
        ("invitation.cancel", "ana@example.com"),
        ("user.invite", "ana@example.com"),
        ("user.remove", "ana@example.com"),
        ("user.remove", "luis@example.com"),
        ("user.set", "ana@example.com collector"),
        ("user.set", "luis@example.com read-only"),
    ];
    assert_eq!(
        noted,
        expected.map(|(action, subject)| (action.to_owned(), subject.to_owned()))
    );
    Ok(())
}

async fn the_log_is_read_a_page_at_a_time_and_is_its_own_accounts(gateway: &TestGateway) -> Result<()> {
    let other = account::open(&gateway.app, "76.111.111-6", None).await?;
    let mut stranger = gateway
        .console_of(other.receiver_id, "otra@example.com", Role::Owner)
        .await?;
    let actor = Actor::operator(&gateway.app, AccountId(gateway.receiver_id));
    let now = gateway.clock.now();
    let lines = move |tx: &mut Tx<'_>| -> Result<(), StoreError> {
        for number in 0..60 {
            audit::note_by(tx, &actor, Action::LinkCreate, &format!("link-{number:02}."), now)?;
        }
        Ok(())
    };
    gateway.app.db.write("test.audit", lines).await?;
    let mut owner = gateway
        .console_of(gateway.receiver_id, "duena@example.com", Role::Owner)
        .await?;
    owner.open("/console/audit?action=link.create").await?;
    let first = owner.html();
    assert!(first.contains("link-59.") && !first.contains("link-05."));
    let older = owner.attribute("#older", "href").unwrap_or_default();
    owner.open(&older).await?;
    let rest = owner.html();
    for number in 0..60 {
        let subject = format!("link-{number:02}.");
        let seen = [&first, &rest]
            .iter()
            .filter(|page| page.contains(&subject))
            .count();
        assert_eq!(seen, 1, "{subject}");
    }
    assert_eq!(owner.attribute("#older", "href"), None);
    stranger.open("/console/audit").await?;
    assert!(!stranger.html().contains("link-59."));
    Ok(())
}
