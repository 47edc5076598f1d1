//! `/console/forgotten`: who forgot the password asks for a link alone.
//!
//! Whether somebody has an e-mail is nobody's business: known or not, the answer is the same, and so is the work before it,
//! which is to count the request and to leave a job. The job looks the person up and arranges for the mail. What was asked
//! for lies sealed in it until then. Asking ends nothing that the person has, since anybody may ask; using the link does.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use ayni_domain::audit::Action;
use ayni_domain::email;
use ayni_domain::ids::AccountId;
use ayni_domain::lang::Lang;
use ayni_store::error::StoreError;
use ayni_store::queue::{self, Job, NewJob};
use ayni_store::tx::Tx;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::address;
use super::failures::{self, Locked};
use super::links::{self, Cause, Link};
use super::sign_in::{self, Visitor};
use crate::app::{App, Shared};
use crate::console::audit::{self, Actor};
use crate::console::refused::Refused;
use crate::console::{page as shown, page_as};
use crate::merchants::users;
use crate::payer::page::Frame;
use crate::signals::JobKind;
use crate::texts::console::forgotten::Texts;
use crate::worker::{Pump, Unfinished};

/// How requests are looked up: few at once.
pub(super) const FORGOTTEN: Pump = Pump {
    kind: JobKind::Forgotten,
    concurrency: 2,
    per_lane: 2,
};

#[derive(Template)]
#[template(path = "console/seat/forgotten.html")]
struct ForgottenPage {
    frame: Frame,
    t: &'static Texts,
    csrf: String,
    email: String,
    /// Whether a link can be sent at all.
    is_mailed: bool,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "console/seat/asked.html")]
struct AskedPage {
    frame: Frame,
    t: &'static Texts,
}

/// What a job holds, sealed.
#[derive(Serialize, Deserialize)]
struct Asked {
    email: String,
    is_english: bool,
    address: String,
}

/// `GET /console/forgotten`.
pub(super) async fn page(State(app): State<Shared>, request: Request) -> Result<Response, Refused> {
    let (parts, _) = request.into_parts();
    let visitor = Visitor::of(&app, &parts);
    let response = shown(&forgotten_page(&visitor, "", None))?;
    Ok(visitor.keeping_cookie(response))
}

/// `POST /console/forgotten`.
pub(super) async fn ask(State(app): State<Shared>, request: Request) -> Result<Response, Refused> {
    let (visitor, form) = sign_in::read(&app, request).await?;
    let t = Texts::of(visitor.lang);
    let refuse = |problem: Option<String>| {
        let template = forgotten_page(&visitor, form.text("email"), problem);
        page_as(StatusCode::UNPROCESSABLE_ENTITY, &template)
    };
    if app.mailer.is_none() {
        return refuse(None);
    }
    let asked = Asked {
        email: form.text("email").to_lowercase(),
        is_english: visitor.lang == Lang::En,
        address: address::text(visitor.address),
    };
    if !email::is_valid(&asked.email) || asked.email.chars().count() > EMAIL_LENGTH_MAX {
        return refuse(Some(t.no_email.to_owned()));
    }
    match keep(&visitor, &asked).await? {
        Some(locked) => refuse(Some(t.locked(visitor.minutes_until(locked)))),
        None => Ok((StatusCode::SEE_OTHER, [(header::LOCATION, ASKED)]).into_response()),
    }
}

/// `GET /console/forgotten/asked`: the same for everybody.
pub(super) async fn asked(State(app): State<Shared>, request: Request) -> Result<Response, Refused> {
    let (parts, _) = request.into_parts();
    let visitor = Visitor::of(&app, &parts);
    let t = Texts::of(visitor.lang);
    let template = AskedPage {
        frame: visitor.frame("forgotten-asked", t.asked, ASKED),
        t,
    };
    shown(&template)
}

/// Looks up who asked, and arranges for the link's mail if it is somebody.
pub(super) async fn look_up(app: Shared, job: Job) -> Result<(), Unfinished> {
    let asked = open(&app, &job);
    let (now, request) = (app.clock.now(), app.entropy.uuid());
    let drawn = asked.map(|asked| {
        let lang = if asked.is_english { Lang::En } else { Lang::Es };
        let (_, link) = links::draw(&app, &asked.email, AccountId(0), lang, LIFE);
        let actor = Actor {
            email: asked.email,
            account: AccountId(0),
            address: asked.address,
            request,
        };
        (link, actor)
    });
    app.db
        .write("console.forgotten", move |tx| {
            // Whose lease ended leaves it to who has it now.
            if !queue::finish(tx, &job)? {
                return Ok::<_, StoreError>(());
            }
            match &drawn {
                Some((link, actor)) => arrange(tx, link, actor, now),
                None => Ok(()),
            }
        })
        .await?;
    app.signals.wake(JobKind::Invitation);
    Ok(())
}

/// Counts the request, and leaves its job where there are not too many.
async fn keep(visitor: &Visitor, asked: &Asked) -> Result<Option<Locked>, Refused> {
    let (app, now) = (&visitor.app, visitor.app.clock.now());
    let id = app.entropy.uuid().to_string();
    let plain = serde_json::to_vec(asked).map_err(|error| Refused::internal(&error))?;
    let sealed = app.keyring.seal(&context(&id), &plain);
    let payload = BASE64.encode(sealed.map_err(|error| Refused::internal(&error))?);
    let bounds = failures::of_asking(&app.keyring, &asked.email, visitor.address);
    let locked = app
        .db
        .append("console.ask-link", move |tx| {
            let locked = failures::count_all(tx, &bounds, now)?;
            let job = NewJob {
                kind: JobKind::Forgotten.as_str(),
                key: &id,
                lane: "",
                payload: &payload,
                due_at: now,
            };
            if locked.is_none() {
                queue::enqueue(tx, &job, now)?;
            }
            Ok::<_, StoreError>(locked)
        })
        .await?;
    app.signals.wake(JobKind::Forgotten);
    Ok(locked)
}

/// The link and its mail, and a line in the log of each account that has the person as user; nothing where none has.
fn arrange(tx: &mut Tx<'_>, link: &Link, actor: &Actor, now: Timestamp) -> Result<(), StoreError> {
    let memberships = users::memberships(tx, &link.email)?;
    let named = memberships.iter().find(|one| !one.is_disabled);
    let Some(named) = named.or(memberships.first()) else {
        return Ok(());
    };
    let link = Link {
        account: named.account,
        ..link.clone()
    };
    links::add(tx, &link, Some(Cause::Forgotten))?;
    for membership in &memberships {
        let actor = Actor {
            account: membership.account,
            ..actor.clone()
        };
        audit::note_by(tx, &actor, Action::PasswordForget, &link.email, now)?;
    }
    Ok(())
}

/// What a job holds; nothing, which is logged, where it can't be read.
fn open(app: &App, job: &Job) -> Option<Asked> {
    let sealed = BASE64.decode(&job.payload).ok()?;
    match app.keyring.open(&context(&job.key), &sealed) {
        Ok(plain) => serde_json::from_slice(&plain).ok(),
        Err(error) => {
            tracing::error!(%error, "a request for a link to set a password can't be opened");
            None
        }
    }
}

fn forgotten_page(visitor: &Visitor, email: &str, problem: Option<String>) -> ForgottenPage {
    let t = Texts::of(visitor.lang);
    ForgottenPage {
        frame: visitor.frame("forgotten", t.title, "/console/forgotten"),
        t,
        csrf: visitor.browser.early_csrf(&visitor.app.keyring),
        email: email.to_owned(),
        is_mailed: visitor.app.mailer.is_some(),
        problem,
    }
}

fn context(id: &str) -> String {
    format!("console.forgotten:{id}")
}

const ASKED: &str = "/console/forgotten/asked";
/// How long such a link opens: it is used at once or not at all.
const LIFE: SignedDuration = SignedDuration::from_hours(1);
const EMAIL_LENGTH_MAX: usize = 255;
