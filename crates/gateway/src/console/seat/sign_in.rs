//! `/console/sign-in`: e-mail and password, and where a person goes from there; and the way out.

use std::net::IpAddr;

use askama::Template;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use ayni_crypto::digest::sha256;
use ayni_domain::audit::Action;
use ayni_domain::ids::AccountId;
use ayni_domain::lang::Lang;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use url::form_urlencoded;
use uuid::Uuid;

use super::browser::Browser;
use super::failures::{self, Counted, Locked};
use super::sessions::{Session, SessionId};
use super::{Present, address, agent, second, sql};
use crate::app::Shared;
use crate::console::audit::{self, Actor};
use crate::console::form::{Posted, check_origin};
use crate::console::page_as;
use crate::console::refused::Refused;
use crate::http::pages::{FORM_MAX_BYTES, Form, language, query};
use crate::merchants::users;
use crate::payer::page::Frame;
use crate::texts::console::sign_in::Texts;

#[derive(Template)]
#[template(path = "console/seat/sign-in.html")]
struct SignInPage {
    frame: Frame,
    t: &'static Texts,
    csrf: String,
    next: String,
    email: String,
    problem: Option<String>,
}

/// What came of a password that was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Begun {
    /// A session.
    SignedIn,
    /// A session that waits for the second factor, and opens no page but that one.
    WantsCode,
    /// Nothing: no account has the person as user.
    NoAccount,
    /// Nothing: it is not the person's any more.
    Outdated,
}

/// A person who is not signed in.
pub(super) struct Visitor {
    pub(super) app: Shared,
    pub(super) lang: Lang,
    pub(super) browser: Browser,
    pub(super) is_new: bool,
    pub(super) address: Option<IpAddr>,
    agent: String,
}

/// `GET /console/sign-in`.
pub(super) async fn page(State(app): State<Shared>, request: Request) -> Result<Response, Refused> {
    let (parts, _) = request.into_parts();
    let visitor = Visitor::of(&app, &parts);
    let next = query(&parts).remove("next").unwrap_or_default();
    let template = visitor.sign_in_page(&next, "", None);
    Ok(visitor.keeping_cookie(crate::console::page(&template)?))
}

/// `POST /console/sign-in`.
pub(super) async fn sign_in(State(app): State<Shared>, request: Request) -> Result<Response, Refused> {
    let (visitor, form) = read(&app, request).await?;
    let email = form.text("email").to_lowercase();
    let t = Texts::of(visitor.lang);
    let refuse = |problem: String| {
        let template = visitor.sign_in_page(form.text("next"), form.text("email"), Some(problem));
        page_as(StatusCode::UNPROCESSABLE_ENTITY, &template)
    };
    let counted = match failures::count(&app, &email, visitor.address).await? {
        Ok(counted) => counted,
        Err(locked) => return refuse(self::locked(&visitor, locked)),
    };
    let known = email.clone();
    let stored = app
        .db
        .point("console.password", move |tx| sql::select_password(tx, &known))
        .await?;
    let typed = form.raw("password").to_owned().into();
    if !app.passwords.verify(stored.clone(), typed).await? {
        return refuse(t.wrong.to_owned());
    }
    match begin(&visitor, &email, stored, counted).await? {
        (browser, Begun::SignedIn) => Ok(go_on(&browser, form.text("next"))),
        (browser, Begun::WantsCode) => Ok(ask_for_code(&browser, form.text("next"))),
        (_, Begun::NoAccount) => refuse(t.no_account.to_owned()),
        (_, Begun::Outdated) => refuse(t.wrong.to_owned()),
    }
}

/// `POST /console/sign-out`.
pub(super) async fn sign_out(
    State(app): State<Shared>,
    posted: Posted<Present>,
) -> Result<Response, Refused> {
    let seat = posted.seat.0;
    let (hash, now, ended) = (seat.session_hash, app.clock.now(), seat.clone());
    app.db
        .write("console.sign-out", move |tx| {
            sql::delete_session(tx, &hash)?;
            audit::note(tx, &ended, Action::SessionEnd, &ended.session.0, now)
        })
        .await?;
    let browser = Browser::draw(&app);
    let headers = [
        (header::LOCATION, "/console/sign-in".to_owned()),
        (header::SET_COOKIE, browser.gone()),
        (HeaderName::from_static("clear-site-data"), "\"cache\"".to_owned()),
    ];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

/// Reads a form of a page before the sign-in, which this browser must have been shown.
pub(super) async fn read(app: &Shared, request: Request) -> Result<(Visitor, Form), Refused> {
    let (parts, body) = request.into_parts();
    check_origin(&parts.headers, &app.settings.public_url)?;
    let visitor = Visitor::of(app, &parts);
    let Ok(bytes) = to_bytes(body, FORM_MAX_BYTES).await else {
        return Err(Refused::TooLarge);
    };
    let form = Form::read(&bytes);
    let expected = visitor.browser.early_csrf(&app.keyring);
    let is_own = sha256(form.text("csrf").as_bytes()) == sha256(expected.as_bytes());
    match is_own && !visitor.is_new {
        true => Ok((visitor, form)),
        false => Err(Refused::NotThisPage),
    }
}

/// Begins a session with a token that nobody knew before, for who typed the password that was `stored`. To look at a
/// password takes a while, in which another may be set, or a second factor turned on, to keep somebody out: so what lets
/// in is read anew in the unit of work.
async fn begin(
    visitor: &Visitor,
    email: &str,
    stored: Option<String>,
    counted: Counted,
) -> Result<(Browser, Begun), StoreError> {
    let app = &visitor.app;
    let (browser, now, request) = (Browser::draw(app), app.clock.now(), app.entropy.uuid());
    let from = address::text(visitor.address);
    let new = Session {
        hash: browser.hash(),
        id: SessionId(app.entropy.uuid().to_string()),
        email: email.to_owned(),
        account: AccountId(0),
        is_complete: false,
        address: from,
        agent: visitor.agent.clone(),
        created_at: now,
        seen_at: now,
    };
    let begun = app
        .db
        .write("console.sign-in", move |tx| {
            if sql::select_password(tx, &new.email)? != stored {
                return Ok::<_, StoreError>(Begun::Outdated);
            }
            failures::take_back(tx, &counted)?;
            let memberships = users::memberships(tx, &new.email)?;
            let best = memberships
                .iter()
                .find(|one| !one.is_disabled)
                .or(memberships.first());
            let Some(shown) = best else {
                return Ok(Begun::NoAccount);
            };
            let session = Session {
                account: shown.account,
                is_complete: !second::is_on(tx, &new.email)?,
                ..new.clone()
            };
            sql::insert_session(tx, &session)?;
            if !session.is_complete {
                return Ok(Begun::WantsCode);
            }
            note_start(tx, &session, request)?;
            Ok(Begun::SignedIn)
        })
        .await?;
    Ok((browser, begun))
}

/// To the page that was asked for before the sign-in.
pub(super) fn go_on(browser: &Browser, next: &str) -> Response {
    let headers = [
        (header::LOCATION, own_path(next).to_owned()),
        (header::SET_COOKIE, browser.cookie()),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// To the second step.
fn ask_for_code(browser: &Browser, next: &str) -> Response {
    let next: String = form_urlencoded::byte_serialize(own_path(next).as_bytes()).collect();
    let headers = [
        (header::LOCATION, format!("/console/sign-in/code?next={next}")),
        (header::SET_COOKIE, browser.cookie()),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}

fn note_start(tx: &mut Tx<'_>, session: &Session, request: Uuid) -> Result<(), StoreError> {
    let actor = Actor {
        email: session.email.clone(),
        account: session.account,
        address: session.address.clone(),
        request,
    };
    audit::note_by(
        tx,
        &actor,
        Action::SessionStart,
        &session.id.0,
        session.created_at,
    )
}

/// A path of the console's; its first page where it is none. What leads elsewhere is not followed.
fn own_path(next: &str) -> &str {
    let is_own = next == "/console" || next.starts_with("/console/") || next.starts_with("/console?");
    let is_plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let leads_back = next.starts_with("/console/sign-");
    match is_own && is_plain && !leads_back {
        true => next,
        false => "/console",
    }
}

/// How long to wait after too many tries, in words.
pub(super) fn locked(visitor: &Visitor, locked: Locked) -> String {
    Texts::of(visitor.lang).locked(visitor.minutes_until(locked))
}

impl Visitor {
    pub(super) fn of(app: &Shared, parts: &Parts) -> Visitor {
        let known = Browser::known(&parts.headers, app);
        Visitor {
            app: app.clone(),
            lang: language(parts, &query(parts)),
            is_new: known.is_none(),
            browser: known.unwrap_or_else(|| Browser::draw(app)),
            address: address::of(parts),
            agent: agent::of(&parts.headers),
        }
    }

    /// How long to wait after too many tries, in minutes begun.
    pub(super) fn minutes_until(&self, locked: Locked) -> i64 {
        let wait = locked.until.duration_since(self.app.clock.now());
        (wait.as_secs() + 59).div_euclid(60)
    }

    /// The frame of a page before the sign-in.
    pub(super) fn frame(&self, name: &'static str, title: &str, path: &str) -> Frame {
        let other = self.lang.pick(Lang::En, Lang::Es).tag();
        Frame::alone(self.lang, name, title).in_other_language(format!("{path}?lang={other}"))
    }

    /// The answer, with the cookie of a browser that had none.
    pub(super) fn keeping_cookie(&self, mut response: Response) -> Response {
        if self.is_new
            && let Ok(cookie) = self.browser.cookie().parse()
        {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }

    fn sign_in_page(&self, next: &str, email: &str, problem: Option<String>) -> SignInPage {
        let t = Texts::of(self.lang);
        SignInPage {
            frame: self.frame("sign-in", t.title, "/console/sign-in"),
            t,
            csrf: self.browser.early_csrf(&self.app.keyring),
            next: next.to_owned(),
            email: email.to_owned(),
            problem,
        }
    }
}

#[cfg(test)]
mod tests {
    use ayni_domain::role::Role;

    use super::*;
    use crate::console::seat::{people, sessions};
    use crate::harness::House;

    const ANA: &str = "ana@example.com";

    #[tokio::test]
    async fn a_password_that_was_replaced_while_it_was_looked_at_lets_nobody_in() {
        let house = House::open().await;
        users::set(&house.app, house.account, ANA, Role::Owner)
            .await
            .unwrap();
        let visitor = Visitor {
            app: house.app.clone(),
            lang: Lang::Es,
            browser: Browser::draw(&house.app),
            is_new: false,
            address: None,
            agent: String::new(),
        };
        let stored = || async {
            let read = |tx: &mut Tx<'_>| sql::select_password(tx, ANA);
            house.app.db.point("test", read).await.unwrap()
        };
        let begun = |stored| async {
            let counted = failures::count(&house.app, ANA, None).await.unwrap().unwrap();
            begin(&visitor, ANA, stored, counted).await.unwrap().1
        };
        people::set_password(&house.app, ANA, "un caballo y una grapa")
            .await
            .unwrap();
        let old = stored().await;
        people::set_password(&house.app, ANA, "otra clave, muy distinta")
            .await
            .unwrap();
        assert_eq!(begun(old).await, Begun::Outdated);
        let now = house.app.clock.now();
        let listed = house.app.db.read("test", move |tx| sessions::list(tx, ANA, now));
        assert!(listed.await.unwrap().is_empty());
        assert_eq!(begun(stored().await).await, Begun::SignedIn);
    }

    #[test]
    fn after_the_sign_in_nobody_is_led_to_another_site() {
        for (next, expected) in [
            ("/console/payments?state=done", "/console/payments?state=done"),
            ("/console", "/console"),
            ("", "/console"),
            ("https://evil.example/console/", "/console"),
            ("//evil.example", "/console"),
            ("/console\\evil", "/console"),
            ("/consoles", "/console"),
            ("/console/\r\nset-cookie: a=b", "/console"),
            ("/console/sign-out", "/console"),
        ] {
            assert_eq!(own_path(next), expected, "{next}");
        }
    }
}
