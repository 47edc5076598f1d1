//! What tests of the console's acts look at.

use anyhow::Result;
use ayni_domain::role::Role;
use ayni_testkit::account;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::person::Person;
use ayni_testkit::truth::rows;

/// The acts in the audit log, but for those about sessions: action and subject, the first one first.
pub async fn acts(gateway: &TestGateway) -> Result<Vec<(String, String)>> {
    let noted = rows(
        &gateway.app.db,
        "SELECT action, subject FROM audit WHERE email <> '' AND action NOT LIKE 'session.%' ORDER BY at, request, number",
    )
    .await?;
    noted.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
}

/// An entry of [`acts`].
pub fn act(action: &str, subject: &str) -> (String, String) {
    (action.to_owned(), subject.to_owned())
}

/// An owner of another account.
pub async fn stranger(gateway: &TestGateway) -> Result<Person> {
    let other = account::open(&gateway.app, "77.777.777-7", None).await?;
    gateway
        .console_of(other.receiver_id, "otra@example.com", Role::Owner)
        .await
}

/// The CSRF token of whatever page is open.
pub fn csrf(person: &Person) -> String {
    person.attribute("input[name=csrf]", "value").unwrap_or_default()
}

/// A token of a form that was never sent.
pub const ONCE: &str = "00000000-0000-4000-8000-000000000001";

/// The token of a form on the open page.
pub fn once(person: &Person, form: &str) -> String {
    person
        .attribute(&format!("{form} input[name=once]"), "value")
        .unwrap_or_default()
}

/// What the page said of the last act.
pub fn said(person: &Person) -> String {
    person.text("#flash").unwrap_or_default()
}
