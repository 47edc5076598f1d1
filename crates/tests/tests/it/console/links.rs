//! Payment links in the console: made, changed, switched off, and by whom.

use anyhow::Result;
use ayni_domain::role::Role;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;

on_both_engines!(
    a_collector_makes_changes_prints_and_ends_a_link,
    who_may_only_read_changes_nothing,
);

async fn a_collector_makes_changes_prints_and_ends_a_link(gateway: &TestGateway) -> Result<()> {
    let mut person = gateway.console_as(Role::Collector).await?;
    assert_eq!(person.open("/console/links").await?, "links");
    person.open("/console/links/new").await?;
    let wrong = [("amount", "1.00x"), ("subject", "Entrada")];
    assert_eq!(
        person.submit("#link", &wrong).await?,
        "new-link",
        "{}",
        person.html()
    );
    assert_eq!(person.status(), 422);
    let right = [
        ("amount", "4.500"),
        ("quantity_max", "3"),
        ("expires_date", "2026-12-31T23:59"),
    ];
    assert_eq!(person.submit("#link", &right).await?, "link", "{}", person.html());
    assert!(person.html().contains("$4.500") && person.html().contains("31 de diciembre de 2026, 23:59"));
    let path = person.path().to_owned();
    assert_eq!(person.open(&format!("{path}/print?size=a6")).await?, "print-link");
    person.open(&format!("{path}/edit")).await?;
    assert_eq!(
        person.attribute("#expires_date", "value").as_deref(),
        Some("2026-12-31T23:59")
    );
    assert_eq!(person.submit("#link", &[("amount", "5.000")]).await?, "link");
    assert!(person.html().contains("$5.000"), "{}", person.html());
    person.submit("main form.inline", &[]).await?;
    assert!(
        person.text("#state").is_some_and(|state| state == "Desactivado"),
        "{}",
        person.html()
    );
    let mut owner = gateway.console().await?;
    owner.open("/console/audit").await?;
    for word in ["link.create", "link.update", "link.end"] {
        assert!(owner.html().contains(word), "{word}");
    }
    Ok(())
}

async fn who_may_only_read_changes_nothing(gateway: &TestGateway) -> Result<()> {
    let mut person = gateway.console_as(Role::ReadOnly).await?;
    person.open("/console/links").await?;
    assert!(!person.html().contains("id=\"new-link\""));
    person.open("/console/links/new").await?;
    assert_eq!(person.status(), 403);
    person.open("/console/links/aaaaaaaaaaaa").await?;
    assert_eq!(person.status(), 404);
    Ok(())
}
