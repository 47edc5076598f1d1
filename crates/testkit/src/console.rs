//! People of the console, signed in as they would in a browser.

use anyhow::{Result, ensure};
use ayni_domain::ids::AccountId;
use ayni_domain::role::Role;
use ayni_gateway::console::seat::people;
use ayni_gateway::merchants::users;

use crate::gateway::TestGateway;
use crate::person::Person;

/// The developer account's own e-mail, its owner.
pub const OWNER: &str = "cobros@comercio.example";
/// The password of everybody in tests.
pub const PASSWORD: &str = "una clave bien larga";

impl Person {
    /// Shows again, with the tests' password, who it is, where the open page asks for that.
    pub async fn confirm(&mut self) -> Result<String> {
        self.submit("#step-up", &[("proof", PASSWORD)]).await
    }
}

impl TestGateway {
    /// A browser in which an owner of the developer account is signed in, on the console's first page.
    pub async fn console(&self) -> Result<Person> {
        people::set_password(&self.app, OWNER, PASSWORD).await?;
        self.sign_in(OWNER).await
    }

    /// The same with somebody of this role, who is made a user of the account first.
    pub async fn console_as(&self, role: Role) -> Result<Person> {
        let email = format!("{}@comercio.example", role.as_str());
        self.console_of(self.receiver_id, &email, role).await
    }

    /// The same with this person in any account.
    pub async fn console_of(&self, account: i64, email: &str, role: Role) -> Result<Person> {
        users::set(&self.app, AccountId(account), email, role).await?;
        people::set_password(&self.app, email, PASSWORD).await?;
        self.sign_in(email).await
    }

    /// Signs in a person who has the tests' password.
    pub async fn sign_in(&self, email: &str) -> Result<Person> {
        let mut person = Person::at(self);
        person.open("/console/sign-in").await?;
        let fields = [("email", email), ("password", PASSWORD)];
        let page = person.submit("#sign-in", &fields).await?;
        ensure!(page == "home", "{email} is at {page}: {}", person.html());
        Ok(person)
    }
}
