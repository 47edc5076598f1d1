//! Showing again who one is, before an act that a browser left open, or a stolen session, must not do: where the account
//! is paid, what signs its notifications, who owns it.
//!
//! An act that wants it asks once its form is right ([`ask`]). Without a proof the answer is a page that says what is about
//! to be done and carries the form on, so an act's own page needs no field for it. The proof is the second factor where the
//! person has one, else the password; tries are counted as those of the sign-in are.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use ayni_crypto::keyring::KeyringError;
use ayni_domain::audit::Action;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::Seat;
use super::failures;
use super::second::{self, Factor, Shown};
use super::security::{self, Confirmation, Confirmed};
use crate::app::App;
use crate::console::frame::{Frame, Section};
use crate::console::refused::Refused;
use crate::console::{audit, page_as};
use crate::http::pages::Form;
use crate::texts::console::step_up::Texts;
use crate::texts::console::{second as second_texts, security as security_texts};

/// What is about to be done.
pub(in crate::console) struct Act<'a> {
    /// Of which group of pages; there the person goes who does not do it.
    pub(in crate::console) section: Section,
    /// Where its form is sent.
    pub(in crate::console) path: &'a str,
    /// The act and what follows from it, as a sentence to the person.
    pub(in crate::console) said: String,
}

/// What came of asking.
pub(in crate::console) enum StepUp {
    /// The person showed it.
    Proved(Box<Proof>),
    /// The page that asks for it, which is the answer to the form.
    Asked(Response),
}

/// That it was the person, to be spent in the act's unit of work.
#[derive(Clone)]
pub(in crate::console) struct Proof {
    seat: Seat,
    confirmation: Confirmation,
    /// What the second factor showed; nothing where the password was given.
    shown: Option<Shown>,
    at: Timestamp,
}

#[derive(Template)]
#[template(path = "console/seat/step-up.html")]
struct StepUpPage<'a> {
    frame: Frame,
    t: &'static Texts,
    said: &'a str,
    path: &'a str,
    back: &'static str,
    carried: Vec<(&'a str, &'a str)>,
    is_code: bool,
    problem: Option<&'static str>,
}

/// Looks for the proof in the form, and asks for it where there is none or a wrong one.
pub(in crate::console) async fn ask(
    app: &App,
    seat: &Seat,
    form: &Form,
    act: &Act<'_>,
) -> Result<StepUp, Refused> {
    let factor = second::find(app, &seat.email).await?;
    let problem = match form.raw(FIELD) {
        "" => None,
        typed => match prove(app, seat, &factor, typed).await? {
            Ok(proof) => return Ok(StepUp::Proved(Box::new(proof))),
            Err(problem) => Some(problem),
        },
    };
    let t = Texts::of(seat.lang);
    let frame = Frame::of(seat, act.section, t.title).named("step-up");
    let template = StepUpPage {
        // The form is not carried over to the other language: its own page is.
        frame: frame.in_other_language_at(act.section.href()),
        t,
        said: &act.said,
        path: act.path,
        back: act.section.href(),
        carried: form
            .fields()
            .filter(|(name, _)| !NOT_CARRIED.contains(name))
            .collect(),
        is_code: factor.is_on(),
        problem,
    };
    let status = match problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    Ok(StepUp::Asked(page_as(status, &template)?))
}

impl Proof {
    /// Spends it, before anything else in the act's unit of work. `false` where its code was spent since, or the session
    /// ended: then nothing may be done.
    pub(in crate::console) fn spend(&self, tx: &mut Tx<'_>) -> Result<bool, StoreError> {
        if let Some(shown) = &self.shown {
            if !shown.spend(tx, &self.seat.email)? {
                return Ok(false);
            }
            if matches!(shown, Shown::Recovery(_)) {
                audit::note(tx, &self.seat, Action::RecoveryCodeUse, &self.seat.email, self.at)?;
            }
        }
        self.confirmation.spend(tx)
    }
}

async fn prove(
    app: &App,
    seat: &Seat,
    factor: &Factor,
    typed: &str,
) -> Result<Result<Proof, &'static str>, Refused> {
    let at = app.clock.now();
    let proof = |confirmation, shown| Proof {
        seat: seat.clone(),
        confirmation,
        shown,
        at,
    };
    if !factor.is_on() {
        return Ok(match security::confirm(app, seat, typed).await? {
            Confirmed::Yes(confirmation) => Ok(proof(confirmation, None)),
            Confirmed::No(problem) => Err(problem),
        });
    }
    let Ok(counted) = failures::count(app, &seat.email, seat.address).await? else {
        return Ok(Err(security_texts::Texts::of(seat.lang).too_many));
    };
    let shown = Shown::read(&app.keyring, (&seat.email, factor), typed, at)
        .map_err(|error: KeyringError| Refused::internal(&error))?;
    Ok(match shown {
        Some(shown) if second::is_there(app, &seat.email, &shown).await? => {
            let confirmation = Confirmation {
                counted,
                session_hash: seat.session_hash,
            };
            Ok(proof(confirmation, Some(shown)))
        }
        _ => Err(second_texts::Texts::of(seat.lang).wrong),
    })
}

/// The field that holds the password or the code.
const FIELD: &str = "proof";
/// What the page has of its own.
const NOT_CARRIED: [&str; 2] = [FIELD, "csrf"];
