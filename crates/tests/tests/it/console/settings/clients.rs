//! OAuth clients, consents and account links, by way of the console.

use anyhow::{Context as _, Result};
use ayni_domain::role::Role;
use ayni_gateway::oauth::access::open_token;
use ayni_testkit::account;
use ayni_testkit::client::{Client, PASSWORD, USERNAME, register, register_for};
use ayni_testkit::console;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::person::Person;

on_both_engines!(
    a_clients_secret_is_shown_once_and_replaced_and_its_end_is_at_once,
    addresses_are_changed_and_wrong_ones_told_beside_their_field,
    a_consent_that_the_account_gives_up_ends_its_tokens,
    nobody_touches_what_is_another_accounts,
);

const GRANT: (&str, &str) = ("grant_type", "client_credentials");
const PROOF: [(&str, &str); 1] = [("proof", console::PASSWORD)];
const REDIRECT: &str = "https://cuentas.example/vuelta";

async fn token_status(gateway: &TestGateway, client: &Client) -> Result<u16> {
    let answer = client.post(gateway, "/oauth/token", &[GRANT]).await?;
    Ok(answer.status.as_u16())
}

fn told(owner: &Person) -> Result<Client> {
    Ok(Client {
        id: owner.text("#client-id").context("no id")?,
        secret: owner.text("#client-secret"),
    })
}

async fn a_clients_secret_is_shown_once_and_replaced_and_its_end_is_at_once(
    gateway: &TestGateway,
) -> Result<()> {
    let mut owner = gateway.console().await?;
    owner.open("/console/clients").await?;
    let new = [("name", "Cuentas Claras"), ("redirect_uris", REDIRECT)];
    assert_eq!(
        owner.submit("#new-client", &new).await?,
        "step-up",
        "{}",
        owner.html()
    );
    assert_eq!(owner.submit("#step-up", &PROOF).await?, "told");
    let client = told(&owner)?;
    assert_eq!(token_status(gateway, &client).await?, 200);

    owner.open("/console/clients").await?;
    let secret = client.secret.clone().context("no secret")?;
    assert!(owner.html().contains(&client.id) && !owner.html().contains(&secret));
    let chosen = [("client", client.id.as_str())];
    let replace = "form[action=\"/console/clients/secret\"]";
    assert_eq!(owner.submit(replace, &chosen).await?, "step-up");
    assert_eq!(owner.submit("#step-up", &PROOF).await?, "told");
    let renewed = told(&owner)?;
    assert_eq!(token_status(gateway, &client).await?, 401, "the old secret");
    let token = renewed.token(gateway).await?;
    open_token(&gateway.app, &token).await?;

    owner.open("/console/clients").await?;
    let end = "form[action=\"/console/clients/end\"]";
    assert_eq!(owner.submit(end, &chosen).await?, "clients");
    assert_eq!(token_status(gateway, &renewed).await?, 401);
    assert!(open_token(&gateway.app, &token).await.is_err(), "its tokens too");
    owner.open("/console/audit").await?;
    for action in ["client.create", "client.secret", "client.disable"] {
        assert!(owner.html().contains(action), "{action}");
    }
    Ok(())
}

async fn addresses_are_changed_and_wrong_ones_told_beside_their_field(gateway: &TestGateway) -> Result<()> {
    let client = register(gateway, false).await?;
    let mut owner = gateway.console().await?;
    owner.open("/console/clients").await?;
    let form = "form[action=\"/console/clients/redirects\"]";
    let send = |uris: &'static str| [("client", client.id.clone()), ("redirect_uris", uris.to_owned())];
    let [id, uris] = send("https://cuentas.example/a\nhttp://cuentas.example/b");
    owner.submit(form, &[(id.0, &id.1), (uris.0, &uris.1)]).await?;
    assert_eq!(owner.status(), 422);
    let problem = owner.text("#redirects-problem").context("no problem")?;
    assert!(
        problem.starts_with("http://cuentas.example/b: debe ser https"),
        "{problem}"
    );
    let [id, uris] = send("https://cuentas.example/a\r\n\r\n  https://cuentas.example/b ");
    assert_eq!(
        owner.submit(form, &[(id.0, &id.1), (uris.0, &uris.1)]).await?,
        "clients"
    );
    assert_eq!(
        owner.text("textarea[name=redirect_uris]").as_deref(),
        Some("https://cuentas.example/a https://cuentas.example/b")
    );
    let nothing = [("name", " "), ("redirect_uris", "")];
    assert_eq!(owner.submit("#new-client", &nothing).await?, "clients");
    assert_eq!(
        owner.text("#problem").as_deref(),
        Some("Escriba un nombre de 1 a 80 caracteres.")
    );
    Ok(())
}

async fn a_consent_that_the_account_gives_up_ends_its_tokens(gateway: &TestGateway) -> Result<()> {
    let (client, mut person) = (register(gateway, false).await?, Person::at(gateway));
    person
        .open(&client.authorize_path("com_services_servipag"))
        .await?;
    person.log_in(USERNAME, PASSWORD).await?;
    person.submit("#yes", &[]).await?;
    let code = client.go_back(&mut person).await?;
    let answer = client.exchange(gateway, &code).await?.json();
    let access = answer["access_token"].as_str().unwrap_or_default();
    open_token(&gateway.app, access).await?;

    let mut owner = gateway.console().await?;
    owner.open("/console/clients").await?;
    let listed = owner.text("#consents").context("no consents")?;
    assert!(
        listed.contains("Cuentas Claras") && listed.contains("Vigente"),
        "{listed}"
    );
    assert!(!owner.html().contains(USERNAME));
    let id = owner
        .attribute("#consents button[name=consent]", "value")
        .context("no button")?;
    let form = "form[action=\"/console/clients/consent\"]";
    assert_eq!(owner.submit(form, &[("consent", &id)]).await?, "clients");
    assert!(open_token(&gateway.app, access).await.is_err());
    assert!(
        owner
            .text("#consents")
            .context("no consents")?
            .contains("Terminado")
    );
    Ok(())
}

async fn nobody_touches_what_is_another_accounts(gateway: &TestGateway) -> Result<()> {
    let other = account::open(&gateway.app, "77.777.777-7", None).await?;
    let theirs = register_for(gateway, other.receiver_id, false, "").await?;
    let ours = register(gateway, false).await?;
    // The merchant's own e-mail is a user of both accounts.
    let mut owner = gateway
        .console_of(gateway.receiver_id, "duena@example.com", Role::Owner)
        .await?;
    for act in ["end", "secret", "redirects"] {
        owner.open("/console/clients").await?;
        assert!(!owner.html().contains(&theirs.id));
        let form = format!("form[action=\"/console/clients/{act}\"]");
        let fields = [("client", theirs.id.as_str()), ("redirect_uris", REDIRECT)];
        assert_eq!(owner.submit(&form, &fields).await?, "clients", "{act}");
        assert_eq!(
            owner.text("#flash").as_deref(),
            Some("Ese cliente no existe o ya fue revocado."),
            "{act}"
        );
    }
    assert_eq!(token_status(gateway, &theirs).await?, 200);
    assert_eq!(token_status(gateway, &ours).await?, 200);
    Ok(())
}
