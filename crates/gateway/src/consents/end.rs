//! The last page: what was decided, where it can be seen and withdrawn, and the way back.
//!
//! The way back is a link of its own, not the form's answer: under our policy a form leads to us only, and browsers apply
//! that to where its answer redirects. The code is made when the link is followed, so that its minute begins then.

use askama::Template;
use axum::http::StatusCode;
use ayni_crypto::digest::{hex, sha256};
use ayni_domain::oauth::error::{Code, Refusal};
use ayni_domain::oauth::progress::State;
use ayni_domain::oauth::{CODE_LIFE, PUBLIC_TOKEN_LIFE};
use ayni_store::error::StoreError;
use jiff::Timestamp;

use super::ask::{self, Asker};
use super::authorization::{Authorization, Kind};
use super::frame::{Frame, render};
use super::refusals::{Message, Stop};
use super::visitor::{Answer, Visitor};
use super::{ConsentId, link_of, sql};
use crate::oauth;
use crate::oauth::authorize::{answered_address, error_address};

#[derive(Template)]
#[template(path = "consents/end.html")]
struct EndPage {
    frame: Frame,
    asker: Option<Asker>,
    said_yes: bool,
    /// Opens the consent that was just given.
    consent_link: Option<String>,
    /// Back to the client.
    back: Option<String>,
    /// For the window that opened this one.
    public_token: Option<String>,
    is_widget: bool,
}

/// What the person agreed to, and the link to it.
pub(super) async fn consented(visitor: &Visitor, way: &Authorization) -> Result<Answer, Stop> {
    let app = &visitor.app;
    let consent = way
        .consent
        .clone()
        .map(ConsentId)
        .ok_or(Stop::Refused(Message::Gone))?;
    let link = link_of(&app.keyring, &consent);
    let public_token = match way.kind {
        Kind::Link => make_public_token(visitor, way, consent).await?,
        _ => None,
    };
    let page = EndPage {
        frame: frame(visitor, "consented"),
        asker: ask::asker(app, way).await?,
        said_yes: true,
        consent_link: Some(app.settings.link(&format!("/consents/link/{}", link.as_str()))),
        back: back_link(visitor, way),
        public_token,
        is_widget: way.kind == Kind::Link,
    };
    render(StatusCode::OK, &page)
}

/// That nothing was shared.
pub(super) async fn refused(visitor: &Visitor, way: &Authorization) -> Result<Answer, Stop> {
    let page = EndPage {
        frame: frame(visitor, "refused"),
        asker: ask::asker(&visitor.app, way).await?,
        said_yes: false,
        consent_link: None,
        back: back_link(visitor, way),
        public_token: None,
        is_widget: way.kind == Kind::Link,
    };
    render(StatusCode::OK, &page)
}

/// Sends the browser back to the client, with a new code or with the refusal.
pub(super) async fn back(visitor: &Visitor) -> Result<Answer, Stop> {
    let app = &visitor.app;
    let way = ask::load(visitor, Kind::Code).await?;
    let asked = way.asked.clone();
    let uri = asked.redirect_uri.ok_or(Stop::Refused(Message::Gone))?;
    let state = asked.state.as_deref();
    match way.state {
        State::Asking => Ok(Answer::SeeOther(ask::action(visitor, &way))),
        State::Refused => {
            let refusal = Refusal::new(Code::AccessDenied, "the person said no");
            Ok(Answer::Back(error_address(app, &uri, state, &refusal)))
        }
        State::Consented => {
            let family = way.family.ok_or(Stop::Refused(Message::Gone))?;
            let code = hex(&app.entropy.bytes::<32>());
            let new = oauth::NewCode {
                hash: sha256(code.as_bytes()),
                family,
                redirect_uri: uri.clone(),
                challenge: asked.challenge.unwrap_or_default(),
                expires_at: later(app.clock.now(), CODE_LIFE),
            };
            oauth::make_code(app, new).await?;
            let pairs = [("code", code.as_str())];
            Ok(Answer::Back(answered_address(app, &uri, state, &pairs)))
        }
    }
}

/// A new public token; earlier ones of this way that nobody exchanged are gone. None once one was exchanged.
async fn make_public_token(
    visitor: &Visitor,
    way: &Authorization,
    consent: ConsentId,
) -> Result<Option<String>, Stop> {
    let (app, account) = (&visitor.app, way.account);
    let account = account.ok_or(Stop::Refused(Message::Gone))?;
    let token = hex(&app.entropy.bytes::<32>());
    let hash = sha256(token.as_bytes());
    let expires_at = later(app.clock.now(), PUBLIC_TOKEN_LIFE);
    let was_made = app
        .db
        .write("consents.public-token", move |tx| {
            if sql::select_exchanged(tx, &consent)? {
                return Ok(false);
            }
            sql::delete_public_tokens(tx, &consent)?;
            sql::insert_public_token(tx, &hash, account, &consent, expires_at)?;
            Ok::<_, StoreError>(true)
        })
        .await?;
    Ok(was_made.then_some(token))
}

fn back_link(visitor: &Visitor, way: &Authorization) -> Option<String> {
    (way.kind == Kind::Code).then(|| format!("{}/return", ask::action(visitor, way)))
}

fn frame(visitor: &Visitor, page: &'static str) -> Frame {
    let frame = Frame::of(visitor, page, "");
    let title = match page {
        "consented" => frame.t.consented,
        _ => frame.t.refused,
    };
    Frame {
        title: title.to_owned(),
        ..frame
    }
}

fn later(now: Timestamp, life: jiff::SignedDuration) -> Timestamp {
    now.saturating_add(life).unwrap_or(Timestamp::MAX)
}
