//! `/console/password/{token}`: who holds the link chooses a password. Looking at the page changes nothing, so programs
//! that follow a mail's links to scan them spend nobody's link.

use askama::Template;
use axum::extract::{FromRequestParts as _, Path, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use ayni_domain::audit::Action;
use ayni_store::error::StoreError;
use zeroize::Zeroizing;

use super::links::{self, Link};
use super::sign_in::{self, Visitor};
use super::{address, passwords, people, sql};
use crate::app::Shared;
use crate::console::audit::{self, Actor};
use crate::console::refused::Refused;
use crate::console::{page as shown, page_as};
use crate::http::pages::Form;
use crate::payer::page::Frame;
use crate::texts::console::sign_in::Texts;

#[derive(Template)]
#[template(path = "console/seat/new-password.html")]
struct NewPasswordPage {
    frame: Frame,
    t: &'static Texts,
    csrf: String,
    action: String,
    /// Whose; nothing where the link does not open.
    email: Option<String>,
    problem: Option<&'static str>,
}

/// `GET /console/password/{token}`.
pub(super) async fn page(State(app): State<Shared>, request: Request) -> Result<Response, Refused> {
    let (mut parts, _) = request.into_parts();
    let token = token_of(&mut parts, &app).await;
    let visitor = Visitor::of(&app, &parts);
    let found = links::find(&app, &token).await?;
    let template = new_password_page(&visitor, &token, found.as_ref(), None);
    let status = match found {
        Some(_) => StatusCode::OK,
        None => StatusCode::NOT_FOUND,
    };
    let response = match status {
        StatusCode::OK => shown(&template)?,
        status => page_as(status, &template)?,
    };
    Ok(visitor.keeping_cookie(response))
}

/// `POST /console/password/{token}`.
pub(super) async fn set_password(State(app): State<Shared>, request: Request) -> Result<Response, Refused> {
    let (mut parts, body) = request.into_parts();
    let token = token_of(&mut parts, &app).await;
    let (visitor, form) = sign_in::read(&app, Request::from_parts(parts, body)).await?;
    let Some(link) = links::find(&app, &token).await? else {
        let template = new_password_page(&visitor, &token, None, None);
        return page_as(StatusCode::NOT_FOUND, &template);
    };
    if let Some(problem) = problem_of(&form, &link.email, Texts::of(visitor.lang)) {
        let template = new_password_page(&visitor, &token, Some(&link), Some(problem));
        return page_as(StatusCode::UNPROCESSABLE_ENTITY, &template);
    }
    let chosen = Zeroizing::new(form.raw("password").to_owned());
    let hash = app.passwords.hash(&app.entropy, chosen).await?;
    match use_link(&visitor, link, hash).await? {
        true => Ok((StatusCode::SEE_OTHER, [(header::LOCATION, "/console/sign-in")]).into_response()),
        false => Err(Refused::NotFound),
    }
}

/// Spends the link and writes the password; `false` where somebody spent it meanwhile.
async fn use_link(visitor: &Visitor, link: Link, password_hash: String) -> Result<bool, StoreError> {
    let (app, now) = (&visitor.app, visitor.app.clock.now());
    let actor = Actor {
        email: link.email.clone(),
        account: link.account,
        address: address::text(visitor.address),
        request: app.entropy.uuid(),
    };
    app.db
        .write("console.use-link", move |tx| {
            if !sql::delete_link(tx, &link.hash)? {
                return Ok(false);
            }
            people::store(tx, &link.email, &password_hash, None, now)?;
            audit::note_by(tx, &actor, Action::PasswordSet, &link.email, now)?;
            Ok(true)
        })
        .await
}

/// What is wrong with the two fields of a new password.
pub(super) fn problem_of(form: &Form, email: &str, t: &Texts) -> Option<&'static str> {
    let chosen = form.raw("password");
    match passwords::check(chosen, email) {
        Err(weakness) => Some(t.weakness(weakness)),
        Ok(()) if chosen != form.raw("again") => Some(t.not_the_same),
        Ok(()) => None,
    }
}

async fn token_of(parts: &mut Parts, app: &Shared) -> String {
    let token = Path::<String>::from_request_parts(parts, app).await;
    token.map(|Path(token)| token).unwrap_or_default()
}

fn new_password_page(
    visitor: &Visitor,
    token: &str,
    link: Option<&Link>,
    problem: Option<&'static str>,
) -> NewPasswordPage {
    let t = Texts::of(visitor.lang);
    let escaped: String = url::form_urlencoded::byte_serialize(token.as_bytes()).collect();
    let action = format!("/console/password/{escaped}");
    let (name, title) = match link {
        Some(_) => ("new-password", t.new_password),
        None => ("link-gone", t.link_gone),
    };
    NewPasswordPage {
        frame: visitor.frame(name, title, &action),
        t,
        csrf: visitor.browser.early_csrf(&visitor.app.keyring),
        action,
        email: link.map(|link| link.email.clone()),
        problem,
    }
}
