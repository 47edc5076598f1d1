//! Refresh tokens: each works once, for its client; a second use ends all that came of the same consent.

use anyhow::Result;
use ayni_domain::ids::AccountId;
use ayni_gateway::oauth::access::{TokenRefused, open_token};
use ayni_gateway::oauth::clients;
use ayni_testkit::client::{register, text_of};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::person::Person;
use ayni_testkit::run::all_at_once;
use jiff::SignedDuration;

on_both_engines!(
    a_refresh_token_gives_new_ones_and_the_old_one_is_over,
    the_reuse_of_a_rotated_token_revokes_the_family,
    of_two_refreshes_at_once_at_most_one_gives_tokens_and_none_lasts,
    a_refresh_token_is_worth_nothing_to_another_client_or_later,
    a_client_that_was_ended_refreshes_nothing,
);

async fn a_refresh_token_gives_new_ones_and_the_old_one_is_over(gateway: &TestGateway) -> Result<()> {
    let (client, mut person) = (register(gateway, false).await?, Person::at(gateway));
    let (first_access, mut refresh) = client.tokens(gateway, &mut person).await?;
    for _ in 0..3 {
        gateway.advance(SignedDuration::from_hours(1)).await?;
        let body = client.refresh(gateway, &refresh).await?.json();
        let access = text_of(&body, "access_token")?;
        assert!(open_token(&gateway.app, &access).await?.consent.is_some());
        let next = text_of(&body, "refresh_token")?;
        assert_ne!(next, refresh);
        refresh = next;
    }
    let refused = open_token(&gateway.app, &first_access).await;
    assert!(
        matches!(refused, Err(TokenRefused::Forged | TokenRefused::Expired)),
        "{refused:?}"
    );
    let more = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh.as_str()),
        ("scope", "cl_banking_personal_demobank"),
    ];
    let answer = client.post(gateway, "/oauth/token", &more).await?;
    assert_eq!(
        answer.json()["error"],
        "invalid_scope",
        "more than was consented to"
    );
    assert_eq!(
        client.refresh(gateway, &refresh).await?.status,
        200,
        "which spent nothing"
    );
    Ok(())
}

async fn the_reuse_of_a_rotated_token_revokes_the_family(gateway: &TestGateway) -> Result<()> {
    let (client, mut person) = (register(gateway, false).await?, Person::at(gateway));
    let (first_access, stolen) = client.tokens(gateway, &mut person).await?;
    let body = client.refresh(gateway, &stolen).await?.json();
    let (access, refresh) = (text_of(&body, "access_token")?, text_of(&body, "refresh_token")?);
    assert_eq!(
        client.refresh(gateway, &stolen).await?.json()["error"],
        "invalid_grant"
    );
    for token in [&first_access, &access] {
        let refused = open_token(&gateway.app, token).await;
        assert!(matches!(refused, Err(TokenRefused::Revoked)), "{refused:?}");
    }
    assert_eq!(
        client.refresh(gateway, &refresh).await?.json()["error"],
        "invalid_grant"
    );
    Ok(())
}

async fn of_two_refreshes_at_once_at_most_one_gives_tokens_and_none_lasts(
    gateway: &TestGateway,
) -> Result<()> {
    let (client, mut person) = (register(gateway, false).await?, Person::at(gateway));
    let (_, refresh) = client.tokens(gateway, &mut person).await?;
    let answers = all_at_once((0..4).map(|_| client.refresh(gateway, &refresh))).await;
    let mut given = 0;
    for answer in answers {
        if let Ok(token) = text_of(&answer?.json(), "access_token") {
            given += 1;
            assert!(open_token(&gateway.app, &token).await.is_err());
        }
    }
    assert_eq!(given, 1);
    Ok(())
}

async fn a_refresh_token_is_worth_nothing_to_another_client_or_later(gateway: &TestGateway) -> Result<()> {
    let (client, other) = (register(gateway, false).await?, register(gateway, true).await?);
    let (_, refresh) = client.tokens(gateway, &mut Person::at(gateway)).await?;
    assert_eq!(
        other.refresh(gateway, &refresh).await?.json()["error"],
        "invalid_grant"
    );
    gateway.advance(SignedDuration::from_hours(24 * 30)).await?;
    assert_eq!(
        client.refresh(gateway, &refresh).await?.json()["error"],
        "invalid_grant"
    );
    Ok(())
}

async fn a_client_that_was_ended_refreshes_nothing(gateway: &TestGateway) -> Result<()> {
    let client = register(gateway, false).await?;
    let (access, refresh) = client.tokens(gateway, &mut Person::at(gateway)).await?;
    clients::expire(&gateway.app, AccountId(gateway.receiver_id), &client.id).await?;
    assert!(matches!(
        open_token(&gateway.app, &access).await,
        Err(TokenRefused::Revoked)
    ));
    assert_eq!(
        client.refresh(gateway, &refresh).await?.json()["error"],
        "invalid_client"
    );
    Ok(())
}
