//! `GET /oauth/authorize`: a client sends a person here. The request is checked, kept, and the person goes on to the pages.
//!
//! As long as the client and its address are not certain, what is wrong is told to the person, and nobody is redirected:
//! else this would be a way to send people anywhere. After that every refusal goes back to the client, with `iss`
//! (RFC 9207).

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;
use ayni_domain::oauth::AUTHORIZATION_LIFE;
use ayni_domain::oauth::authorize;
use ayni_domain::oauth::error::{Code, Refusal};
use ayni_domain::oauth::params::Params;
use ayni_domain::oauth::redirect;
use ayni_domain::oauth::scope::Scopes;
use url::{Url, form_urlencoded};

use super::answer::OAuthError;
use super::clients::Client;
use super::form::take_from_address;
use super::{issuer, sql};
use crate::app::{App, Shared};
use crate::consents::authorization::{self, Asked, Kind, New};
use crate::consents::refusals::Message;
use crate::consents::visitor::{Answer, Visitor};

/// What stands before the name of a pushed request (RFC 9126, 2.2).
pub(super) const URN: &str = "urn:ietf:params:oauth:request_uri:";

/// A request that was refused, and where its client may be told; without one the person is told.
pub(super) struct Refused {
    pub(super) refusal: Refusal,
    told_at: Option<(String, Option<String>)>,
}

/// The request's parameters, and who brings them.
pub(super) struct Brought {
    visitor: Visitor,
    params: Result<Params, Refusal>,
}

impl FromRequestParts<Shared> for Brought {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Brought, Response> {
        let query = parts.uri.query().unwrap_or_default().to_owned();
        let params = Params::of(form_urlencoded::parse(query.as_bytes()).into_owned());
        let visitor = Visitor::from_request_parts(parts, app).await?;
        Ok(Brought { visitor, params })
    }
}

/// Takes the person in, or says why not.
pub(super) async fn begin(Brought { visitor, params }: Brought) -> Response {
    let answer = match admit(&visitor, params).await {
        Ok(token) => Answer::SeeOther(format!("{}/{token}", super::AUTHORIZE)),
        Err(Refused {
            refusal,
            told_at: Some((uri, state)),
        }) => Answer::Back(error_address(&visitor.app, &uri, state.as_deref(), &refusal)),
        Err(Refused {
            refusal,
            told_at: None,
        }) => return visitor.refuse(message_of(&refusal), Some(refusal.description)),
    };
    visitor.answer(Ok(answer))
}

/// The client's address with an answer added to it: the code or the error, its `state`, and who answers.
pub(crate) fn answered_address(
    app: &App,
    redirect_uri: &str,
    state: Option<&str>,
    pairs: &[(&str, &str)],
) -> String {
    let Ok(mut url) = Url::parse(redirect_uri) else {
        return redirect_uri.to_owned();
    };
    {
        let mut query = url.query_pairs_mut();
        query.extend_pairs(pairs);
        query.extend_pairs(state.map(|state| ("state", state)));
        query.append_pair("iss", &issuer(app));
    }
    url.into()
}

/// The client's address with a refusal.
pub(crate) fn error_address(app: &App, redirect_uri: &str, state: Option<&str>, refusal: &Refusal) -> String {
    let pairs = [
        ("error", refusal.code.as_str()),
        ("error_description", refusal.description),
    ];
    answered_address(app, redirect_uri, state, &pairs)
}

/// Reads a request of a known client.
pub(super) fn read(app: &App, client: &Client, params: &Params) -> Result<Asked, Refused> {
    let told = |refusal: Refusal| Refused {
        refusal,
        told_at: None,
    };
    let asked_uri = params.optional("redirect_uri").map_err(told)?;
    let uri = redirect::chosen(&client.redirect_uris, asked_uri).map_err(told)?;
    let state = authorize::state(params).unwrap_or_default();
    let back = |refusal: Refusal| Refused {
        refusal,
        told_at: Some((uri.to_owned(), state.clone())),
    };
    let asked = authorize::Asked::read(params, &client.scopes, &issuer(app)).map_err(back)?;
    let with_login: Scopes = asked
        .scopes
        .iter()
        .filter(|scope| authorization::can_log_in(app, scope))
        .map(str::to_owned)
        .collect();
    if with_login.is_empty() {
        let nobody = "no institution of this scope has logins to consent with";
        return Err(back(Refusal::new(Code::InvalidScope, nobody)));
    }
    Ok(Asked {
        scopes: with_login.to_string(),
        redirect_uri: Some(uri.to_owned()),
        state: asked.state,
        challenge: Some(asked.challenge.as_str().to_owned()),
    })
}

async fn admit(visitor: &Visitor, params: Result<Params, Refusal>) -> Result<String, Refused> {
    let app = &visitor.app;
    let told = |refusal: Refusal| Refused {
        refusal,
        told_at: None,
    };
    let fault = |error: OAuthError| told(error.refusal());
    let params = params.map_err(told)?;
    take_from_address(app, visitor.address).map_err(fault)?;
    let id = params
        .required("client_id", "client_id is missing")
        .map_err(told)?
        .to_owned();
    let found = app
        .db
        .point("oauth.client", move |tx| sql::select_client(tx, &id))
        .await;
    let client = found.map_err(|error| fault(error.into()))?;
    let client = client
        .filter(Client::is_live)
        .ok_or_else(|| told(Refusal::request("client_id names no client")))?;
    let asked = match params.optional("request_uri").map_err(told)? {
        Some(uri) => pushed(app, &client, uri).await?,
        None => read(app, &client, &params)?,
    };
    let new = New {
        kind: Kind::Code,
        account: Some(client.account),
        client: Some(client.id),
        asked,
        browser_hash: Some(visitor.browser.hash()),
        life: AUTHORIZATION_LIFE,
    };
    authorization::begin(app, new)
        .await
        .map_err(|error| fault(error.into()))
}

/// A request that the client pushed. It may be opened again while it lasts: people reload pages.
async fn pushed(app: &App, client: &Client, uri: &str) -> Result<Asked, Refused> {
    let told = |refusal: Refusal| Refused {
        refusal,
        told_at: None,
    };
    let gone = || told(Refusal::request("request_uri is unknown or has expired"));
    let token = uri.strip_prefix(URN).ok_or_else(gone)?;
    let found = authorization::find(app, token).await;
    let found = found.map_err(|error| told(OAuthError::from(error).refusal()))?;
    found
        .filter(|found| found.kind == Kind::Pushed && found.client.as_deref() == Some(&client.id))
        .filter(|found| !found.is_over(app.clock.now()))
        .map(|found| found.asked)
        .ok_or_else(gone)
}

fn message_of(refusal: &Refusal) -> Message {
    match refusal.code {
        Code::ServerError => Message::Internal,
        Code::TemporarilyUnavailable => Message::Unavailable,
        _ => Message::BadRequest,
    }
}
