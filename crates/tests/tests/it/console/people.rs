//! The people of an account.

use anyhow::Result;
use ayni_testkit::console::{OWNER, PASSWORD};
use ayni_testkit::gateway::{TestGateway, Wishes};
use ayni_testkit::on_both_engines;
use ayni_testkit::person::Person;
use ayni_testkit::truth::rows;

use super::forgotten::link_of;

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

    on_both_engines!(
        with wishes;
        a_new_person_is_sent_a_link_and_a_known_one_is_not,
        an_invitation_is_sent_again_and_the_link_before_it_ends,
        an_invitation_is_cancelled_with_the_persons_place,
    );

    const INVITE: &str = "form[action=\"/console/people/invite\"]";
    const REMOVE: &str = "form[action=\"/console/people/remove\"]";

    /// Invites Luis, and returns the owner's browser and the link.
    async fn invited(gateway: &TestGateway) -> Result<(Person, String)> {
        let mut owner = gateway.console().await?;
        owner.open("/console/people").await?;
        let luis = [("email", "luis@example.com"), ("role", "read-only")];
        owner.submit("#add-person", &luis).await?;
        gateway.work().await?;
        let link = link_of(&gateway.mail()?.received()[0])?;
        owner.open("/console/people").await?;
        assert!(owner.html().contains("Invitación pendiente"));
        Ok((owner, link))
    }

    async fn noted(gateway: &TestGateway, action: &str) -> Result<usize> {
        let all = rows(&gateway.app.db, "SELECT action, email FROM audit").await?;
        let mut count = 0;
        for row in all {
            count += usize::from(row.text(0)? == action && row.text(1)? == OWNER);
        }
        Ok(count)
    }

    async fn an_invitation_is_sent_again_and_the_link_before_it_ends(gateway: &TestGateway) -> Result<()> {
        let (mut owner, first) = invited(gateway).await?;
        let luis = [("email", "luis@example.com")];
        owner.submit(INVITE, &luis).await?;
        assert!(
            owner
                .text("#flash")
                .unwrap_or_default()
                .contains("Espere un minuto")
        );
        gateway.clock.advance_ms(60_000);
        owner.open("/console/people").await?;
        owner.submit(INVITE, &luis).await?;
        let said = owner.text("#flash").unwrap_or_default();
        assert!(said.starts_with("Se envió otra invitación"), "{said}");
        assert_eq!(noted(gateway, "user.invite").await?, 2);
        gateway.work().await?;
        let second = link_of(&gateway.mail()?.received()[1])?;
        let mut person = Person::at(gateway);
        assert_eq!(person.open(&first).await?, "link-gone");
        assert_eq!(person.open(&second).await?, "new-password");
        let fields = [("password", PASSWORD), ("again", PASSWORD)];
        person.submit("#new-password", &fields).await?;
        gateway.clock.advance_ms(60_000);
        owner.submit(INVITE, &luis).await?;
        let said = owner.text("#flash").unwrap_or_default();
        assert!(said.contains("ya tiene contraseña"), "{said}");
        assert!(!owner.html().contains("Invitación pendiente"));
        assert_eq!(owner.attribute(INVITE, "action"), None);
        Ok(())
    }

    async fn an_invitation_is_cancelled_with_the_persons_place(gateway: &TestGateway) -> Result<()> {
        let (mut owner, link) = invited(gateway).await?;
        owner.submit(REMOVE, &[("email", "luis@example.com")]).await?;
        let said = owner.text("#flash").unwrap_or_default();
        assert!(said.starts_with("La invitación quedó cancelada"), "{said}");
        assert!(!owner.html().contains("luis@example.com"));
        assert_eq!(Person::at(gateway).open(&link).await?, "link-gone");
        for action in ["invitation.cancel", "user.remove"] {
            assert_eq!(noted(gateway, action).await?, 1, "{action}");
        }
        let stranger = [("email", "otra@example.com")];
        owner.open("/console/people").await?;
        owner.submit("#add-person", &stranger).await?;
        gateway.clock.advance_ms(60_000);
        let gone = [("email", "luis@example.com")];
        owner.submit(INVITE, &gone).await?;
        assert!(
            owner
                .text("#flash")
                .unwrap_or_default()
                .contains("no usa esta cuenta")
        );
        Ok(())
    }

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
        let link = link_of(&mails[0])?;
        let mut luis = Person::at(gateway);
        luis.open(&link).await?;
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
