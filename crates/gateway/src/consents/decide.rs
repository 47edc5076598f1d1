//! The person's word. Yes is one unit of work: the consent with its sealed login, the family of tokens to come, and the end
//! of the way, from which what waited is erased.

use ayni_connectors::data::login::Login;
use ayni_crypto::digest::sha256;
use ayni_domain::oauth::progress::{Event, apply};
use zeroize::Zeroizing;

use super::authorization::Authorization;
use super::refusals::{Message, Stop};
use super::visitor::{Answer, Post};
use super::{ConsentId, NewConsent, ask, link_of, login_context, person_of, sql, subject_of};
use crate::oauth;

/// Keeps the consent.
pub(super) async fn consent(
    post: &Post,
    way: Authorization,
    scope: &str,
    login: &Login,
) -> Result<Answer, Stop> {
    let app = &post.visitor.app;
    let state = apply(way.state, Event::Consented)?;
    let account = way.account.ok_or(Stop::Refused(Message::Gone))?;
    let id = ConsentId(app.entropy.uuid().to_string());
    let family = app.entropy.uuid().to_string();
    let plain =
        serde_json::to_vec(login).map_err(|_| Stop::Broken("a login could not be written".to_owned()))?;
    let login_sealed = app.keyring.seal(&login_context(&id), &Zeroizing::new(plain))?;
    let new = NewConsent {
        account,
        client: way.client.clone(),
        scope: scope.to_owned(),
        person: person_of(&app.keyring, scope, &login.username),
        subject: subject_of(&app.keyring, account, scope, &login.username),
        login_sealed,
        link_hash: sha256(link_of(&app.keyring, &id).as_bytes()),
        expires_at: ask::consent_ends_at(app),
        id,
    };
    let now = app.clock.now();
    app.db
        .write("consents.give", move |tx| {
            let family = way.client.as_ref().map(|_| family.as_str());
            if sql::end_authorization(tx, &way, state, Some(&new.id), family)? == 0 {
                return Err(Stop::Stale);
            }
            sql::insert_consent(tx, &new, now)?;
            if let (Some(family), Some(client)) = (family, &way.client) {
                oauth::begin_family(tx, family, client, &new.id, &new.scope, now)?;
            }
            Ok(())
        })
        .await?;
    Err(Stop::Stale)
}

/// Ends the way; nothing of the person is kept.
pub(super) async fn refuse(post: &Post, way: Authorization) -> Result<Answer, Stop> {
    let state = apply(way.state, Event::Refused)?;
    post.visitor
        .app
        .db
        .append("consents.refuse", move |tx| {
            sql::end_authorization(tx, &way, state, None, None)?;
            Ok::<_, Stop>(())
        })
        .await?;
    Err(Stop::Stale)
}
