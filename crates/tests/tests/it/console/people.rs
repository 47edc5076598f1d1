//! The people of an account.

use anyhow::{Context as _, Result};
use ayni_testkit::console::{OWNER, PASSWORD};
use ayni_testkit::gateway::{TestGateway, Wishes};
use ayni_testkit::on_both_engines;
use ayni_testkit::person::Person;

mod without_mail {
    use super::*;

    on_both_engines!(an_owner_gives_roles_and_takes_them_but_not_from_the_last_owner);

    async fn an_owner_gives_roles_and_takes_them_but_not_from_the_last_owner(
        gateway: &TestGateway,
    ) -> Result<()> {
        let mut owner = gateway.console().await?;
        owner.open("/console/people").await?;
        let luis = [("email", "Luis@Example.com"), ("role", "read-only")];
        owner.submit("#add-person", &luis).await?;
        assert!(owner.html().contains("luis@example.com"));
        owner.submit("#add-person", &[("email", "nadie")]).await?;
        assert_eq!(owner.text("#flash").as_deref(), Some("Eso no es un correo."));
        let remove = "form[action=\"/console/people/remove\"]";
        owner.submit(remove, &[("email", OWNER)]).await?;
        assert!(owner.text("#flash").unwrap_or_default().contains("único dueño"));
        let change = "form[action=\"/console/people/set\"]";
        owner
            .submit(change, &[("email", OWNER), ("role", "collector")])
            .await?;
        assert!(owner.text("#flash").unwrap_or_default().contains("único dueño"));
        owner.submit(remove, &[("email", "luis@example.com")]).await?;
        assert!(!owner.html().contains("luis@example.com"));
        Ok(())
    }
}

mod by_mail {
    use super::*;

    on_both_engines!(with wishes; a_new_person_is_sent_a_link_and_a_known_one_is_not);

    fn wishes() -> Wishes {
        Wishes {
            mail: true,
            ..Wishes::default()
        }
    }

    async fn a_new_person_is_sent_a_link_and_a_known_one_is_not(gateway: &TestGateway) -> Result<()> {
        let mut owner = gateway.console().await?;
        owner.open("/console/people").await?;
        owner
            .submit("#add-person", &[("email", "luis@example.com")])
            .await?;
        assert!(owner.text("#flash").unwrap_or_default().contains("enlace"));
        assert!(
            !owner.html().contains("/console/password/"),
            "no other person sees the link"
        );
        gateway.work().await?;
        let mails = gateway.mail()?.received();
        assert_eq!(mails.len(), 1);
        let text = mails[0].text("text/plain");
        let begin = text.find("/console/password/").context("no link")?;
        let token: String = text[begin + "/console/password/".len()..]
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        let mut luis = Person::at(gateway);
        luis.open(&format!("/console/password/{token}")).await?;
        let fields = [("password", PASSWORD), ("again", PASSWORD)];
        assert_eq!(luis.submit("#new-password", &fields).await?, "sign-in");
        gateway.sign_in("luis@example.com").await?;
        owner.open("/console/people").await?;
        owner
            .submit("#add-person", &[("email", "luis@example.com"), ("role", "owner")])
            .await?;
        owner.confirm().await?;
        gateway.work().await?;
        assert_eq!(gateway.mail()?.received().len(), 1, "he has a password already");
        Ok(())
    }
}
