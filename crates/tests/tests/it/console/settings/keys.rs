//! API keys, the secret's rotation and the address of notifications, by way of the console.

use anyhow::{Context as _, Result};
use ayni_crypto::sign::verify_notification;
use ayni_testkit::console::PASSWORD;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::merchant::Merchant;
use ayni_testkit::on_both_engines;
use ayni_testkit::truth::rows;
use jiff::SignedDuration;
use serde_json::json;

use crate::notices::told::paid_with;

on_both_engines!(
    a_key_is_shown_once_and_opens_the_api_until_it_is_ended,
    a_key_ends_with_the_day_that_was_said,
    an_alias_that_can_not_be_is_told_beside_its_field,
    a_receiver_sees_both_secrets_until_the_merchant_ends_the_change,
    payments_without_an_address_are_told_to_the_accounts_own,
    an_address_that_may_not_be_called_is_refused_with_its_reason,
);

async fn opens(gateway: &TestGateway, key: &str) -> Result<u16> {
    let headers = [("x-api-key", key)];
    let answer = gateway.call_as("GET", "/v3/banks", &headers).await?;
    Ok(answer.status.as_u16())
}

async fn a_key_is_shown_once_and_opens_the_api_until_it_is_ended(gateway: &TestGateway) -> Result<()> {
    let mut owner = gateway.console().await?;
    owner.open("/console/keys").await?;
    assert_eq!(
        owner.submit("#new-key", &[("alias", "tienda-web")]).await?,
        "step-up"
    );
    assert_eq!(rows(&gateway.app.db, SELECT_ALIASES).await?.len(), 1);
    assert_eq!(owner.submit("#step-up", &[("proof", PASSWORD)]).await?, "told");
    let key = owner.text("#api-key").context("no key")?;
    assert_eq!(opens(gateway, &key).await?, 200);
    assert_eq!(owner.header("cache-control"), Some("no-store"));

    for path in ["/console/keys", "/console/audit", "/console"] {
        owner.open(path).await?;
        assert!(!owner.html().contains(&key), "{path}");
    }
    owner.open("/console/audit").await?;
    assert!(owner.html().contains("tienda-web") && owner.html().contains("key.create"));
    assert_eq!(rows(&gateway.app.db, SELECT_ALIASES).await?.len(), 2);

    owner.open("/console/keys").await?;
    let form = "form[action=\"/console/keys/expire\"]";
    assert_eq!(owner.submit(form, &[("alias", "tienda-web")]).await?, "keys");
    assert_eq!(
        owner.text("#flash").as_deref(),
        Some("La llave venció: su próxima solicitud se rechaza.")
    );
    assert_eq!(opens(gateway, &key).await?, 401, "at once");
    assert_eq!(opens(gateway, &gateway.api_key).await?, 200, "and no other");
    owner.submit(form, &[("alias", "tienda-web")]).await?;
    assert_eq!(
        owner.text("#flash").as_deref(),
        Some("Ninguna llave vigente tiene ese alias.")
    );
    Ok(())
}

async fn a_key_ends_with_the_day_that_was_said(gateway: &TestGateway) -> Result<()> {
    let mut owner = gateway.console().await?;
    owner.open("/console/keys").await?;
    let past = [("alias", "corta"), ("expires", "2026-03-01")];
    assert_eq!(owner.submit("#new-key", &past).await?, "keys");
    assert_eq!(owner.status(), 422);
    owner.text("#expires-problem").context("no problem")?;
    let today = [("alias", "corta"), ("expires", "2026-03-02")];
    assert_eq!(owner.submit("#new-key", &today).await?, "step-up");
    assert_eq!(owner.submit("#step-up", &[("proof", PASSWORD)]).await?, "told");
    let key = owner.text("#api-key").context("no key")?;
    owner.open("/console").await?;
    assert!(owner.text("#attention-keys").is_some(), "{}", owner.html());
    // Noon of Monday in Chile; the day ends at 03:00 in UTC.
    gateway.advance(SignedDuration::from_secs(12 * 3600 - 1)).await?;
    assert_eq!(opens(gateway, &key).await?, 200);
    gateway.advance(SignedDuration::from_secs(1)).await?;
    assert_eq!(opens(gateway, &key).await?, 401);
    Ok(())
}

async fn an_alias_that_can_not_be_is_told_beside_its_field(gateway: &TestGateway) -> Result<()> {
    let mut owner = gateway.console().await?;
    owner.open("/console/keys").await?;
    let long = "x".repeat(65);
    for (alias, problem) in [
        ("", "Escriba un alias de 1 a 64 caracteres."),
        (long.as_str(), "Escriba un alias de 1 a 64 caracteres."),
        ("test", "Ya existe una llave con este alias: elija otro."),
    ] {
        assert_eq!(owner.submit("#new-key", &[("alias", alias)]).await?, "keys");
        assert_eq!(owner.status(), 422);
        assert_eq!(owner.text("#alias-problem").as_deref(), Some(problem));
        assert_eq!(owner.attribute("#alias", "value").as_deref(), Some(alias));
    }
    Ok(())
}

async fn a_receiver_sees_both_secrets_until_the_merchant_ends_the_change(
    gateway: &TestGateway,
) -> Result<()> {
    let merchant = Merchant::start().await?;
    let fields = json!({"notify_url": merchant.url("/n")});
    let mut owner = gateway.console().await?;
    owner.open("/console/keys").await?;
    assert!(
        owner
            .text("#secret")
            .context("no secret")?
            .starts_with(&gateway.secret[..4])
    );
    assert!(!owner.html().contains(&gateway.secret));
    owner.submit("#rotate", &[]).await?;
    assert_eq!(owner.confirm().await?, "told");
    let next = owner.text("#next-secret").context("no next secret")?;

    let signs = |header: &str, secret: &str| {
        let received = merchant.received().pop().unwrap();
        let within = std::time::Duration::from_secs(60);
        let now_ms = gateway.clock.now().as_millisecond();
        received.headers.get(header).is_some_and(|signature| {
            let signature = signature.to_str().unwrap();
            verify_notification(secret, signature, &received.body, now_ms, within).is_ok()
        })
    };
    paid_with(gateway, &fields).await?;
    assert!(signs("x-khipu-signature", &gateway.secret) && signs("x-ayni-signature-next", &next));

    owner.open("/console/keys").await?;
    assert!(!owner.html().contains(&next), "it was shown once");
    assert_eq!(owner.submit("#finish", &[]).await?, "keys");
    assert_eq!(
        owner.text("#flash").as_deref(),
        Some("El secreto nuevo firma solo desde ahora.")
    );
    paid_with(gateway, &fields).await?;
    assert!(signs("x-khipu-signature", &next) && !signs("x-ayni-signature-next", &next));
    Ok(())
}

async fn payments_without_an_address_are_told_to_the_accounts_own(gateway: &TestGateway) -> Result<()> {
    let merchant = Merchant::start().await?;
    let mut owner = gateway.console().await?;
    owner.open("/console/keys").await?;
    let url = merchant.url("/own");
    assert_eq!(owner.submit("#notify", &[("notify_url", &url)]).await?, "keys");
    assert_eq!(
        owner.attribute("#notify-url", "value").as_deref(),
        Some(url.as_str())
    );
    paid_with(gateway, &json!({})).await?;
    let paths: Vec<String> = merchant.received().into_iter().map(|one| one.path).collect();
    assert_eq!(paths, ["/own"]);
    owner.submit("#notify", &[("notify_url", "")]).await?;
    paid_with(gateway, &json!({})).await?;
    assert_eq!(merchant.received().len(), 1);
    Ok(())
}

async fn an_address_that_may_not_be_called_is_refused_with_its_reason(gateway: &TestGateway) -> Result<()> {
    let mut owner = gateway.console().await?;
    for (page, form, field, problem_at) in [
        ("/console/keys", "#notify", "notify_url", "#url-problem"),
        (
            "/console/settlements",
            "#rendition",
            "rendition_url",
            "#url-problem",
        ),
    ] {
        for (url, reason) in [
            ("comercio.example", "https://"),
            ("https://10.0.0.7/n", "10.0.0.7 no es una dirección pública"),
            ("https://ana:clave@comercio.example/", "usuario y la clave"),
        ] {
            owner.open(page).await?;
            owner.submit(form, &[(field, url)]).await?;
            assert_eq!(owner.status(), 422, "{url}");
            let problem = owner.text(problem_at).context("no problem")?;
            assert!(problem.contains(reason), "{problem}");
        }
    }
    let kept = "SELECT COALESCE(notify_url, ''), COALESCE(rendition_url, '') FROM accounts";
    let row = &rows(&gateway.app.db, kept).await?[0];
    assert_eq!((row.str(0)?, row.str(1)?), ("", ""));
    Ok(())
}

const SELECT_ALIASES: &str = "SELECT alias FROM api_keys ORDER BY alias";
