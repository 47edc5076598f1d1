//! What a person consented to, to be seen and withdrawn: after a fresh login to that institution, or by the link that was
//! shown when the consent was given. Neither shows anything of another person.

use askama::Template;
use axum::http::StatusCode;
use ayni_connectors::data::login::Login;
use ayni_crypto::digest::sha256;
use ayni_domain::oauth::AUTHORIZATION_LIFE;
use ayni_domain::time::wire;

use super::ask;
use super::authorization::{self, Asked, Authorization, Kind, New, can_log_in};
use super::frame::{Frame, render};
use super::refusals::{Message, Stop};
use super::visitor::{Answer, Post, Visitor};
use super::{Consent, ConsentId, person_of, sql};
use crate::app::App;
use crate::merchants::accounts;
use crate::oauth::form::take_from_address;
use crate::texts::dates;
use crate::texts::pages::consents::{Texts, data_of};

#[derive(Template)]
#[template(path = "consents/own.html")]
struct OwnPage {
    frame: Frame,
    institution: Option<String>,
    action: String,
    version: i64,
    consents: Vec<ConsentView>,
}

#[derive(Template)]
#[template(path = "consents/begin.html")]
struct BeginPage {
    frame: Frame,
    institutions: Vec<(String, String)>,
}

struct ConsentView {
    id: String,
    asker: String,
    institution: String,
    data: Vec<&'static str>,
    given: String,
    given_machine: String,
    until: String,
    until_machine: String,
    used: String,
    is_live: bool,
    was_withdrawn: bool,
}

/// `GET /consents`: at which institution.
pub(super) async fn begin_page(visitor: &Visitor) -> Result<Answer, Stop> {
    let with_login = visitor
        .app
        .sites
        .all()
        .map(|site| site.declaration())
        .filter(|declaration| !declaration.login_fields.is_empty());
    let frame = Frame::of(visitor, "consents-begin", "");
    let page = BeginPage {
        institutions: with_login
            .map(|declaration| (declaration.scope.clone(), declaration.name.clone()))
            .collect(),
        frame: Frame {
            title: frame.t.own.to_owned(),
            ..frame
        },
    };
    render(StatusCode::OK, &page)
}

/// `POST /consents`: goes on to the institution's login.
pub(super) async fn begin(post: &Post) -> Result<Answer, Stop> {
    let (app, scope) = (&post.visitor.app, post.form.text("institution").to_owned());
    if !can_log_in(app, &scope) {
        return Err(Stop::Stale);
    }
    if take_from_address(app, post.visitor.address).is_err() {
        return Err(Stop::Refused(Message::TooMany));
    }
    let new = New {
        kind: Kind::Own,
        account: None,
        client: None,
        asked: Asked {
            scopes: scope,
            ..Asked::default()
        },
        browser_hash: Some(post.visitor.browser.hash()),
        life: AUTHORIZATION_LIFE,
    };
    let token = authorization::begin(app, new).await?;
    Ok(Answer::SeeOther(format!("/consents/{token}")))
}

/// The consents of the person who just logged in.
pub(super) async fn page(
    visitor: &Visitor,
    way: &Authorization,
    scope: &str,
    login: &Login,
) -> Result<Answer, Stop> {
    let app = &visitor.app;
    let person = person_of(&app.keyring, scope, &login.username);
    let found = app
        .db
        .read("consents.own", move |tx| sql::select_consents_of(tx, &person))
        .await?;
    let institution = ask::declared(app, scope)?.name.clone();
    list_page(
        visitor,
        Some(institution),
        ask::action(visitor, way),
        way.version,
        found,
    )
    .await
}

/// Withdraws one of the consents of the person who logged in.
pub(super) async fn withdraw(post: &Post, scope: &str, login: &Login) -> Result<Answer, Stop> {
    let app = &post.visitor.app;
    let person = person_of(&app.keyring, scope, &login.username);
    let id = ConsentId(post.form.text("consent").to_owned());
    super::withdraw(app, id, move |consent| consent.person == person).await?;
    Err(Stop::Stale)
}

/// `GET /consents/link/{token}`: the one consent that the link opens.
pub(super) async fn by_link(visitor: &Visitor) -> Result<Answer, Stop> {
    let consent = of_link(visitor).await?;
    list_page(visitor, None, visitor.path.clone(), 1, vec![consent]).await
}

/// Withdraws the one consent that the link opens.
pub(super) async fn withdraw_by_link(post: &Post) -> Result<Answer, Stop> {
    let consent = of_link(&post.visitor).await?;
    super::withdraw(&post.visitor.app, consent.id, |_| true).await?;
    Err(Stop::Stale)
}

async fn of_link(visitor: &Visitor) -> Result<Consent, Stop> {
    if take_from_address(&visitor.app, visitor.address).is_err() {
        return Err(Stop::Refused(Message::TooMany));
    }
    let hash = sha256(visitor.token.as_bytes());
    let found = visitor
        .app
        .db
        .point("consents.link", move |tx| sql::select_linked_consent(tx, &hash))
        .await?;
    found.ok_or(Stop::Refused(Message::Gone))
}

async fn list_page(
    visitor: &Visitor,
    institution: Option<String>,
    action: String,
    version: i64,
    consents: Vec<Consent>,
) -> Result<Answer, Stop> {
    let mut views = Vec::with_capacity(consents.len());
    for consent in consents {
        views.push(view(&visitor.app, visitor, consent).await?);
    }
    let frame = Frame::of(visitor, "consents", "");
    let page = OwnPage {
        frame: Frame {
            title: frame.t.own.to_owned(),
            ..frame
        },
        institution,
        action,
        version,
        consents: views,
    };
    render(StatusCode::OK, &page)
}

async fn view(app: &App, visitor: &Visitor, consent: Consent) -> Result<ConsentView, Stop> {
    let lang = visitor.lang;
    let client = match consent.client.clone() {
        Some(client) => crate::oauth::clients::name_of(&app.db, client).await?,
        None => None,
    };
    let account = accounts::find(&app.db, consent.account).await?.name;
    let declared = app.sites.of_scope(&consent.scope).map(|site| site.declaration());
    Ok(ConsentView {
        is_live: consent.is_live(app.clock.now()),
        was_withdrawn: consent.withdrawn_at.is_some(),
        id: consent.id.0,
        asker: match client {
            Some(client) => format!("{client} ({account})"),
            None => account,
        },
        institution: declared.map_or(consent.scope.clone(), |declared| declared.name.clone()),
        data: declared
            .map(|declared| data_of(declared, lang))
            .unwrap_or_default(),
        given: dates::shown(consent.created_at, lang),
        given_machine: wire(consent.created_at),
        until: dates::shown(consent.expires_at, lang),
        until_machine: wire(consent.expires_at),
        used: consent.last_used_at.map_or_else(
            || Texts::of(lang).never_used.to_owned(),
            |at| dates::shown(at, lang),
        ),
    })
}
