//! Asking alone for a link to set a forgotten password.

use anyhow::{Context as _, Result};
use ayni_testkit::console::{OWNER, PASSWORD};
use ayni_testkit::gateway::{TestGateway, Wishes};
use ayni_testkit::mail_server::Received;
use ayni_testkit::on_both_engines;
use ayni_testkit::person::Person;
use ayni_testkit::truth::rows;

use super::second::{code_now, enrol};

const NEW: &str = "otra clave bien larga";

/// The path of the link that a mail carries.
pub(super) fn link_of(mail: &Received) -> Result<String> {
    let text = mail.text("text/plain");
    let begin = text.find("/console/password/").context("no link")?;
    Ok(text[begin..]
        .split_whitespace()
        .next()
        .context("no link")?
        .to_owned())
}

/// Asks, as somebody who is not signed in, for a link for this e-mail; returns the browser.
async fn ask(gateway: &TestGateway, email: &str) -> Result<Person> {
    let mut person = Person::at(gateway);
    person.open("/console/sign-in").await?;
    assert!(person.text("#forgotten").is_some());
    assert_eq!(person.open("/console/forgotten").await?, "forgotten");
    person.submit("#forgotten", &[("email", email)]).await?;
    Ok(person)
}

/// The links that were mailed so far.
async fn mailed(gateway: &TestGateway) -> Result<Vec<String>> {
    gateway.work().await?;
    gateway.mail()?.received().iter().map(link_of).collect()
}

async fn set(person: &mut Person, link: &str, password: &str) -> Result<String> {
    assert_eq!(person.open(link).await?, "new-password");
    let fields = [("password", password), ("again", password)];
    person.submit("#new-password", &fields).await
}

mod with_mail {
    use super::*;

    on_both_engines!(
        with wishes;
        who_forgot_the_password_sets_a_new_one_alone,
        nobody_learns_who_has_an_e_mail,
        the_link_lasts_an_hour,
        the_second_factor_is_asked_for_after_it,
        of_one_person_and_of_one_address_so_many_are_taken_within_an_hour,
    );

    fn wishes() -> Wishes {
        Wishes {
            mail: true,
            ..Wishes::default()
        }
    }

    async fn who_forgot_the_password_sets_a_new_one_alone(gateway: &TestGateway) -> Result<()> {
        let mut signed_in = gateway.console().await?;
        let mut person = ask(gateway, "Cobros@Comercio.example").await?;
        assert_eq!(person.page(), "forgotten-asked");
        ask(gateway, OWNER).await?;
        let links = mailed(gateway).await?;
        let [first, second] = links.as_slice() else {
            anyhow::bail!("{links:?}");
        };
        let mail = &gateway.mail()?.received()[0];
        assert_eq!(mail.recipients, [OWNER]);
        assert!(mail.text("text/plain").contains("Si usted no lo pidió"));
        assert_eq!(signed_in.open("/console").await?, "home", "asking ends nothing");

        assert_eq!(set(&mut person, second, NEW).await?, "sign-in");
        assert_eq!(person.open(second).await?, "link-gone");
        assert_eq!(
            person.open(first).await?,
            "link-gone",
            "the other one ended with it"
        );
        assert_eq!(signed_in.open("/console").await?, "sign-in");
        person.open("/console/sign-in").await?;
        let old = [("email", OWNER), ("password", PASSWORD)];
        assert_eq!(person.submit("#sign-in", &old).await?, "sign-in");
        let new = [("email", OWNER), ("password", NEW)];
        assert_eq!(person.submit("#sign-in", &new).await?, "home");
        for action in ["password.forget", "password.set"] {
            person.open(&format!("/console/audit?action={action}")).await?;
            let noted = person.text("main table tbody").unwrap_or_default();
            assert!(
                noted.contains(OWNER) && noted.contains("127.0.0.1"),
                "{action}: {noted}"
            );
        }
        Ok(())
    }

    async fn nobody_learns_who_has_an_e_mail(gateway: &TestGateway) -> Result<()> {
        let (known, unknown) = (
            ask(gateway, OWNER).await?,
            ask(gateway, "nadie@example.com").await?,
        );
        assert_eq!(known.status(), unknown.status());
        assert_eq!(known.html(), unknown.html());
        let left = "SELECT payload FROM jobs WHERE kind = 'forgotten' ORDER BY key";
        let left = rows(&gateway.app.db, left).await?;
        assert_eq!(left.len(), 2, "known or not, a job is left");
        for row in &left {
            assert!(!row.text(0)?.contains('@'), "what was asked for lies sealed");
        }
        assert_eq!(mailed(gateway).await?.len(), 1);
        let links = rows(&gateway.app.db, "SELECT email FROM console_links").await?;
        assert_eq!(links.len(), 1);
        let mut typo = ask(gateway, "nadie").await?;
        assert_eq!((typo.page().as_str(), typo.status()), ("forgotten", 422));
        assert_eq!(typo.text("#problem").as_deref(), Some("Eso no es un correo."));
        assert_eq!(
            typo.submit("#forgotten", &[("csrf", "x"), ("email", OWNER)])
                .await?,
            "not-this-page"
        );
        Ok(())
    }

    async fn the_link_lasts_an_hour(gateway: &TestGateway) -> Result<()> {
        let mut person = ask(gateway, OWNER).await?;
        let link = mailed(gateway).await?.pop().context("no mail")?;
        gateway.clock.advance_ms(3_600_000 - 1);
        assert_eq!(person.open(&link).await?, "new-password");
        gateway.clock.advance_ms(1);
        assert_eq!(person.open(&link).await?, "link-gone");
        Ok(())
    }

    async fn the_second_factor_is_asked_for_after_it(gateway: &TestGateway) -> Result<()> {
        let mut owner = gateway.console().await?;
        let (secret, _) = enrol(gateway, &mut owner).await?;
        let mut person = ask(gateway, OWNER).await?;
        let link = mailed(gateway).await?.pop().context("no mail")?;
        assert_eq!(set(&mut person, &link, NEW).await?, "sign-in");
        let new = [("email", OWNER), ("password", NEW)];
        assert_eq!(person.submit("#sign-in", &new).await?, "code");
        assert_eq!(person.open("/console").await?, "sign-in");
        gateway.clock.advance_ms(30_000);
        person.open("/console/sign-in/code").await?;
        let code = code_now(gateway, &secret);
        assert_eq!(person.submit("#give-code", &[("code", &code)]).await?, "home");
        Ok(())
    }

    async fn of_one_person_and_of_one_address_so_many_are_taken_within_an_hour(
        gateway: &TestGateway,
    ) -> Result<()> {
        for email in [OWNER, "nadie@example.com"] {
            for _ in 0..3 {
                assert_eq!(ask(gateway, email).await?.page(), "forgotten-asked");
            }
            let refused = ask(gateway, email).await?;
            assert_eq!((refused.page().as_str(), refused.status()), ("forgotten", 422));
            let said = refused.text("#problem").context("no problem")?;
            assert!(said.ends_with("en 60 min."), "{said}");
        }
        assert_eq!(mailed(gateway).await?.len(), 3);
        for number in 8..20 {
            let asked = ask(gateway, &format!("nadie-{number}@example.com")).await?;
            assert_eq!(asked.page(), "forgotten-asked", "{number}");
        }
        assert_eq!(ask(gateway, "nadie-20@example.com").await?.page(), "forgotten");
        gateway.clock.advance_ms(30 * 60_000);
        gateway.work().await?;
        assert_eq!(
            ask(gateway, OWNER).await?.page(),
            "forgotten",
            "half an hour is not enough"
        );
        gateway.clock.advance_ms(30 * 60_000);
        assert_eq!(ask(gateway, OWNER).await?.page(), "forgotten-asked");
        assert_eq!(mailed(gateway).await?.len(), 4);
        Ok(())
    }
}

mod without_mail {
    use super::*;

    on_both_engines!(where_no_mail_is_sent_the_operator_is_named);

    async fn where_no_mail_is_sent_the_operator_is_named(gateway: &TestGateway) -> Result<()> {
        let mut person = Person::at(gateway);
        assert_eq!(person.open("/console/forgotten").await?, "forgotten");
        assert!(person.html().contains("ayni merchant user invite"));
        assert_eq!(person.attribute("#forgotten", "action"), None);
        person.open("/console/sign-in").await?;
        let csrf = person.attribute("#sign-in input[name=csrf]", "value");
        let csrf = csrf.context("no token")?;
        let fields = [("csrf", csrf.as_str()), ("email", OWNER)];
        assert_eq!(person.post("/console/forgotten", &fields).await?, "forgotten");
        let left = rows(&gateway.app.db, "SELECT kind FROM jobs WHERE kind = 'forgotten'").await?;
        assert!(left.is_empty());
        Ok(())
    }
}
