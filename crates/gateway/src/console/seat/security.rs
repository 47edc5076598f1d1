//! `/console/security`: one's own password and sessions.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use ayni_domain::audit::Action;
use ayni_domain::time::wire;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use zeroize::Zeroizing;

use super::failures::{self, Counted};
use super::sessions::{self, Session};
use super::{Present, Seat, link_pages, people, second, sql};
use crate::app::{App, Shared};
use crate::console::flash::{self, Flash};
use crate::console::form::Posted;
use crate::console::frame::{Frame, Section};
use crate::console::refused::Refused;
use crate::console::{audit, page_as};
use crate::texts::console::{second as second_texts, security, sign_in};
use crate::texts::dates;

#[derive(Template)]
#[template(path = "console/seat/security.html")]
struct SecurityPage {
    frame: Frame,
    t: &'static security::Texts,
    f: &'static second_texts::Texts,
    has_factor: bool,
    codes_left: String,
    problem: Option<&'static str>,
    sessions: Vec<SessionView>,
    has_others: bool,
}

/// Whether the person who sits there knows the password.
pub(super) enum Confirmed {
    /// It was, which is to be spent in the unit of work that follows.
    Yes(Confirmation),
    /// It was not, and what to say.
    No(&'static str),
}

/// That somebody who was signed in knew the password.
#[derive(Clone)]
pub(super) struct Confirmation {
    pub(super) counted: Counted,
    pub(super) session_hash: [u8; 32],
}

impl Confirmation {
    /// Takes the try back. `false` where the session ended since: whoever replaced the password meanwhile keeps everybody
    /// else out, and nothing may be done.
    pub(super) fn spend(&self, tx: &mut Tx<'_>) -> Result<bool, StoreError> {
        failures::take_back(tx, &self.counted)?;
        Ok(sql::select_session(tx, &self.session_hash)?.is_some())
    }
}

struct SessionView {
    id: String,
    agent: String,
    address: String,
    since: String,
    since_machine: String,
    seen: String,
    seen_machine: String,
    is_this: bool,
}

/// `GET /console/security`.
pub(super) async fn page(State(app): State<Shared>, Present(seat): Present) -> Result<Response, Refused> {
    show(&app, &seat, StatusCode::OK, None).await
}

/// `POST /console/security/password`: the old one is asked for, since a browser may be left open.
pub(super) async fn change_password(
    State(app): State<Shared>,
    Posted {
        seat: Present(seat),
        form,
    }: Posted<Present>,
) -> Result<Response, Refused> {
    let t = security::Texts::of(seat.lang);
    if let Some(problem) = link_pages::problem_of(&form, &seat.email, sign_in::Texts::of(seat.lang)) {
        return show_problem(&app, &seat, problem).await;
    }
    let confirmation = match confirm(&app, &seat, form.raw("old")).await? {
        Confirmed::Yes(confirmation) => confirmation,
        Confirmed::No(problem) => return show_problem(&app, &seat, problem).await,
    };
    let chosen = Zeroizing::new(form.raw("password").to_owned());
    let hash = app.passwords.hash(&app.entropy, chosen).await?;
    let (who, now) = (seat.clone(), app.clock.now());
    let is_done = app
        .db
        .write("console.change-password", move |tx| {
            if !confirmation.spend(tx)? {
                return Ok::<_, StoreError>(false);
            }
            people::store(tx, &who.email, &hash, Some(&who.session_hash), now)?;
            audit::note(tx, &who, Action::PasswordSet, &who.email, now)?;
            Ok(true)
        })
        .await?;
    if !is_done {
        return Err(signed_out());
    }
    Ok(flash::see_other(
        &seat,
        Section::Security.href(),
        &Flash::Done(t.password_changed.to_owned()),
    ))
}

/// `POST /console/security/sessions`: ends one of the person's sessions, or all but this one.
pub(super) async fn end_sessions(
    State(app): State<Shared>,
    Posted {
        seat: Present(seat),
        form,
    }: Posted<Present>,
) -> Result<Response, Refused> {
    let t = security::Texts::of(seat.lang);
    let (who, now, named) = (seat.clone(), app.clock.now(), form.text("session").to_owned());
    app.db
        .write("console.end-sessions", move |tx| {
            let subject = match named.as_str() {
                "" => {
                    sql::delete_sessions_but(tx, &who.email, &who.session_hash)?;
                    "*"
                }
                id => {
                    sql::delete_session_named(tx, &who.email, id)?;
                    id
                }
            };
            audit::note(tx, &who, Action::SessionEnd, subject, now)
        })
        .await?;
    let said = Flash::Done(t.ended.to_owned());
    Ok(flash::see_other(&seat, Section::Security.href(), &said))
}

/// Where somebody goes whose session ended meanwhile.
pub(super) fn signed_out() -> Refused {
    Refused::SignIn("/console/sign-in".to_owned())
}

/// Looks whether this is the person's password. Tries are counted as those of the sign-in are.
pub(super) async fn confirm(app: &App, seat: &Seat, typed: &str) -> Result<Confirmed, Refused> {
    let t = security::Texts::of(seat.lang);
    let Ok(counted) = failures::count(app, &seat.email, seat.address).await? else {
        return Ok(Confirmed::No(t.too_many));
    };
    let email = seat.email.clone();
    let stored = app
        .db
        .point("console.password", move |tx| sql::select_password(tx, &email))
        .await?;
    let typed = Zeroizing::new(typed.to_owned());
    Ok(match app.passwords.verify(stored, typed).await? {
        true => Confirmed::Yes(Confirmation {
            counted,
            session_hash: seat.session_hash,
        }),
        false => Confirmed::No(t.wrong_password),
    })
}

/// The page again, with what is wrong.
pub(super) async fn show_problem(app: &App, seat: &Seat, problem: &'static str) -> Result<Response, Refused> {
    show(app, seat, StatusCode::UNPROCESSABLE_ENTITY, Some(problem)).await
}

async fn show(
    app: &App,
    seat: &Seat,
    status: StatusCode,
    problem: Option<&'static str>,
) -> Result<Response, Refused> {
    let t = security::Texts::of(seat.lang);
    let (email, now) = (seat.email.clone(), app.clock.now());
    let sessions = app
        .db
        .read("console.sessions", move |tx| sessions::list(tx, &email, now))
        .await?;
    let (factor, f) = (
        second::find(app, &seat.email).await?,
        second_texts::Texts::of(seat.lang),
    );
    let template = SecurityPage {
        frame: Frame::of(seat, Section::Security, t.title),
        t,
        f,
        has_factor: factor.is_on(),
        codes_left: f.codes_left(factor.codes_left()),
        problem,
        has_others: sessions.len() > 1,
        sessions: sessions.iter().map(|session| view(seat, session)).collect(),
    };
    page_as(status, &template)
}

fn view(seat: &Seat, session: &Session) -> SessionView {
    SessionView {
        id: session.id.0.clone(),
        agent: session.agent.clone(),
        address: session.address.clone(),
        since: dates::brief(session.created_at, seat.lang),
        since_machine: wire(session.created_at),
        seen: dates::brief(session.seen_at, seat.lang),
        seen_machine: wire(session.seen_at),
        is_this: session.id == seat.session,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::seat::sessions::SessionId;
    use crate::harness::House;

    const ANA: &str = "ana@example.com";

    #[tokio::test]
    async fn who_knew_the_password_that_was_replaced_meanwhile_does_nothing_any_more() {
        let house = House::open().await;
        let app = &house.app;
        people::set_password(app, ANA, "un caballo y una grapa")
            .await
            .unwrap();
        let session = Session {
            hash: [7; 32],
            id: SessionId("one".to_owned()),
            email: ANA.to_owned(),
            account: house.account,
            is_complete: true,
            address: String::new(),
            agent: String::new(),
            created_at: app.clock.now(),
            seen_at: app.clock.now(),
        };
        let begin = move |tx: &mut Tx<'_>| sql::insert_session(tx, &session);
        app.db.write("test", begin).await.unwrap();
        let confirmation = Confirmation {
            counted: failures::count(app, ANA, None).await.unwrap().unwrap(),
            session_hash: [7; 32],
        };
        let spend = || {
            let confirmation = confirmation.clone();
            app.db.write("test", move |tx| confirmation.spend(tx))
        };
        assert!(spend().await.unwrap());
        people::set_password(app, ANA, "otra clave, muy distinta")
            .await
            .unwrap();
        assert!(!spend().await.unwrap());
    }
}
