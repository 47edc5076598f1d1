//! `/console/sign-in/code`: the second step of a sign-in.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use ayni_crypto::keyring::KeyringError;
use ayni_domain::audit::Action;
use ayni_store::error::StoreError;

use super::Shown;
use crate::app::Shared;
use crate::console::audit::{self, Actor};
use crate::console::page_as;
use crate::console::refused::Refused;
use crate::console::seat::browser::Browser;
use crate::console::seat::failures::{self, Counted};
use crate::console::seat::sessions::{self, Session, SessionId};
use crate::console::seat::sign_in::{self, Visitor};
use crate::console::seat::sql as seats;
use crate::http::pages::query;
use crate::payer::page::Frame;
use crate::texts::console::second::Texts;

#[derive(Template)]
#[template(path = "console/seat/code.html")]
struct CodePage {
    frame: Frame,
    t: &'static Texts,
    csrf: String,
    next: String,
    problem: Option<String>,
}

/// `GET /console/sign-in/code`.
pub(in crate::console::seat) async fn page(
    State(app): State<Shared>,
    request: Request,
) -> Result<Response, Refused> {
    let (parts, _) = request.into_parts();
    let visitor = Visitor::of(&app, &parts);
    waiting(&visitor).await?;
    let next = query(&parts).remove("next").unwrap_or_default();
    page_as(StatusCode::OK, &code_page(&visitor, &next, None))
}

/// `POST /console/sign-in/code`.
pub(in crate::console::seat) async fn give(
    State(app): State<Shared>,
    request: Request,
) -> Result<Response, Refused> {
    let (visitor, form) = sign_in::read(&app, request).await?;
    let session = waiting(&visitor).await?;
    let t = Texts::of(visitor.lang);
    let refuse = |problem: String| {
        let template = code_page(&visitor, form.text("next"), Some(problem));
        page_as(StatusCode::UNPROCESSABLE_ENTITY, &template)
    };
    let counted = match failures::count(&app, &session.email, visitor.address).await? {
        Ok(counted) => counted,
        Err(locked) => return refuse(sign_in::locked(&visitor, locked)),
    };
    let factor = super::find(&app, &session.email).await?;
    let (who, now) = ((session.email.as_str(), &factor), app.clock.now());
    let shown = Shown::read(&app.keyring, who, form.text("code"), now)
        .map_err(|error: KeyringError| Refused::internal(&error))?;
    let Some(shown) = shown else {
        return refuse(t.wrong.to_owned());
    };
    match let_in(&visitor, session, shown, counted).await? {
        Some(browser) => Ok(sign_in::go_on(&browser, form.text("next"))),
        None => refuse(t.wrong.to_owned()),
    }
}

/// Spends what was shown and puts a complete session, with a token of its own, in place of the waiting one.
async fn let_in(
    visitor: &Visitor,
    waiting: Session,
    shown: Shown,
    counted: Counted,
) -> Result<Option<Browser>, StoreError> {
    let app = &visitor.app;
    let (browser, now, request) = (Browser::draw(app), app.clock.now(), app.entropy.uuid());
    let complete = Session {
        hash: browser.hash(),
        id: SessionId(app.entropy.uuid().to_string()),
        is_complete: true,
        created_at: now,
        seen_at: now,
        ..waiting.clone()
    };
    let is_in = app
        .db
        .write("console.second-factor", move |tx| {
            // It ended meanwhile, as all do when the password is replaced.
            if seats::select_session(tx, &waiting.hash)?.is_none() {
                return Ok::<_, StoreError>(false);
            }
            if !shown.spend(tx, &complete.email)? {
                return Ok(false);
            }
            failures::take_back(tx, &counted)?;
            seats::delete_session(tx, &waiting.hash)?;
            seats::insert_session(tx, &complete)?;
            let actor = Actor {
                email: complete.email.clone(),
                account: complete.account,
                address: complete.address.clone(),
                request,
            };
            if matches!(shown, Shown::Recovery(_)) {
                audit::note_by(tx, &actor, Action::RecoveryCodeUse, &complete.email, now)?;
            }
            audit::note_by(tx, &actor, Action::SessionStart, &complete.id.0, now)?;
            Ok(true)
        })
        .await?;
    Ok(is_in.then_some(browser))
}

/// The session of this browser that waits for its second factor.
async fn waiting(visitor: &Visitor) -> Result<Session, Refused> {
    let (hash, now) = (visitor.browser.hash(), visitor.app.clock.now());
    let found = visitor
        .app
        .db
        .point("console.waiting", move |tx| sessions::waiting(tx, &hash, now))
        .await?;
    found.ok_or_else(|| Refused::SignIn("/console/sign-in".to_owned()))
}

fn code_page(visitor: &Visitor, next: &str, problem: Option<String>) -> CodePage {
    let t = Texts::of(visitor.lang);
    CodePage {
        frame: visitor.frame("code", t.code_title, "/console/sign-in/code"),
        t,
        csrf: visitor.browser.early_csrf(&visitor.app.keyring),
        next: next.to_owned(),
        problem,
    }
}
