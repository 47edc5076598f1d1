//! `/console/security/second-factor`: turning the second factor on and off, and new recovery codes. Each begins with the
//! password, since a browser may be left open.

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use ayni_crypto::keyring::KeyringError;
use ayni_crypto::totp;
use ayni_domain::audit::Action;
use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::SignedDuration;
use url::form_urlencoded;
use zeroize::Zeroizing;

use super::{context, digest, draw_codes, offer_context, sql, take_off};
use crate::app::{App, Shared};
use crate::console::flash::{self, Flash};
use crate::console::form::Posted;
use crate::console::frame::{Frame, Section};
use crate::console::refused::Refused;
use crate::console::seat::security::{self, Confirmed};
use crate::console::seat::sql as seats;
use crate::console::seat::{Present, Seat};
use crate::console::{audit, page_as};
use crate::payer::qr::{self, Qr};
use crate::texts::console::second::Texts;

#[derive(Template)]
#[template(path = "console/seat/enrol.html")]
struct EnrolPage {
    frame: Frame,
    t: &'static Texts,
    qr: Option<Qr>,
    typed: String,
    problem: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "console/seat/codes.html")]
struct CodesPage {
    frame: Frame,
    t: &'static Texts,
    codes: Vec<Zeroizing<String>>,
}

/// `POST /console/security/second-factor`: offers a secret.
pub(in crate::console::seat) async fn offer(
    State(app): State<Shared>,
    Posted {
        seat: Present(seat),
        form,
    }: Posted<Present>,
) -> Result<Response, Refused> {
    let confirmation = match security::confirm(&app, &seat, form.raw("current")).await? {
        Confirmed::Yes(confirmation) => confirmation,
        Confirmed::No(problem) => return security::show_problem(&app, &seat, problem).await,
    };
    let secret = Zeroizing::new(app.entropy.bytes::<{ totp::SECRET_BYTES }>());
    let until = app.clock.now() + OFFER_LIFE;
    let offer = Zeroizing::new([until.as_millisecond().to_be_bytes().as_slice(), secret.as_slice()].concat());
    let sealed = seal(&app, &offer_context(&seat.email), &offer)?;
    let email = seat.email.clone();
    let is_done = app
        .db
        .write("console.offer-factor", move |tx| {
            if !confirmation.spend(tx)? {
                return Ok::<_, StoreError>(false);
            }
            sql::update_offer(tx, &email, &sealed)?;
            Ok(true)
        })
        .await?;
    if !is_done {
        return Err(security::signed_out());
    }
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, PATH)]).into_response())
}

/// `GET /console/security/second-factor`: the secret to be read by an authenticator.
pub(in crate::console::seat) async fn page(
    State(app): State<Shared>,
    Present(seat): Present,
) -> Result<Response, Refused> {
    show(&app, &seat, StatusCode::OK, None).await
}

/// `POST /console/security/second-factor/on`: with a code, which proves that the authenticator has the secret.
pub(in crate::console::seat) async fn turn_on(
    State(app): State<Shared>,
    Posted {
        seat: Present(seat),
        form,
    }: Posted<Present>,
) -> Result<Response, Refused> {
    let Some((offered, secret)) = offered(&app, &seat).await? else {
        return Err(Refused::NotFound);
    };
    let typed: String = form.text("code").chars().filter(char::is_ascii_digit).collect();
    let (now, t) = (app.clock.now(), Texts::of(seat.lang));
    let Some(step) = totp::accepted_step(&secret, &typed, now.as_second(), None) else {
        return show(&app, &seat, StatusCode::UNPROCESSABLE_ENTITY, Some(t.wrong_first)).await;
    };
    let (codes, who) = (draw_codes(&app), seat.clone());
    let digests = digests(&app, &seat, &codes);
    let sealed = seal(&app, &context(&seat.email), &secret)?;
    let is_on = app
        .db
        .write("console.factor-on", move |tx| {
            if !sql::accept_offer(tx, &who.email, &offered, (&sealed, step))? {
                return Ok::<_, StoreError>(false);
            }
            store_codes(tx, &who.email, &digests)?;
            seats::delete_sessions_but(tx, &who.email, &who.session_hash)?;
            audit::note(tx, &who, Action::SecondFactorOn, &who.email, now)?;
            Ok(true)
        })
        .await?;
    match is_on {
        true => codes_page(&seat, codes),
        false => Err(Refused::NotThisPage),
    }
}

/// `POST /console/security/second-factor/off`.
pub(in crate::console::seat) async fn turn_off(
    State(app): State<Shared>,
    Posted {
        seat: Present(seat),
        form,
    }: Posted<Present>,
) -> Result<Response, Refused> {
    let confirmation = match security::confirm(&app, &seat, form.raw("current")).await? {
        Confirmed::Yes(confirmation) => confirmation,
        Confirmed::No(problem) => return security::show_problem(&app, &seat, problem).await,
    };
    let (who, now, t) = (seat.clone(), app.clock.now(), Texts::of(seat.lang));
    let is_done = app
        .db
        .write("console.factor-off", move |tx| {
            if !confirmation.spend(tx)? {
                return Ok::<_, StoreError>(false);
            }
            take_off(tx, &who.email)?;
            audit::note(tx, &who, Action::SecondFactorOff, &who.email, now)?;
            Ok(true)
        })
        .await?;
    if !is_done {
        return Err(security::signed_out());
    }
    let said = Flash::Done(t.is_off.to_owned());
    Ok(flash::see_other(&seat, Section::Security.href(), &said))
}

/// `POST /console/security/recovery-codes`: ten new ones in place of those that are left.
pub(in crate::console::seat) async fn new_codes(
    State(app): State<Shared>,
    Posted {
        seat: Present(seat),
        form,
    }: Posted<Present>,
) -> Result<Response, Refused> {
    let confirmation = match security::confirm(&app, &seat, form.raw("current")).await? {
        Confirmed::Yes(confirmation) => confirmation,
        Confirmed::No(problem) => return security::show_problem(&app, &seat, problem).await,
    };
    if !super::find(&app, &seat.email).await?.is_on() {
        return Err(Refused::NotFound);
    }
    let (codes, who, now) = (draw_codes(&app), seat.clone(), app.clock.now());
    let digests = digests(&app, &seat, &codes);
    let is_done = app
        .db
        .write("console.new-codes", move |tx| {
            if !confirmation.spend(tx)? {
                return Ok::<_, StoreError>(false);
            }
            store_codes(tx, &who.email, &digests)?;
            audit::note(tx, &who, Action::RecoveryCodesDraw, &who.email, now)?;
            Ok(true)
        })
        .await?;
    match is_done {
        true => codes_page(&seat, codes),
        false => Err(security::signed_out()),
    }
}

fn store_codes(tx: &mut Tx<'_>, email: &str, digests: &[String]) -> Result<(), StoreError> {
    sql::delete_recovery_codes(tx, email)?;
    for digest in digests {
        sql::insert_recovery_code(tx, email, digest)?;
    }
    Ok(())
}

fn digests(app: &App, seat: &Seat, codes: &[Zeroizing<String>]) -> Vec<String> {
    let digest_of = |code: &Zeroizing<String>| digest(&app.keyring, &seat.email, code);
    codes.iter().map(digest_of).collect()
}

/// The secret that is offered, sealed and open; nothing where nobody took the offer in time. It was asked for with the
/// password: a session that somebody finds later must not be able to take it.
async fn offered(app: &App, seat: &Seat) -> Result<Option<(Vec<u8>, Zeroizing<Vec<u8>>)>, Refused> {
    let Some(offered) = super::find(app, &seat.email).await?.offered else {
        return Ok(None);
    };
    let offer = app
        .keyring
        .open(&offer_context(&seat.email), &offered)
        .map_err(|error| Refused::internal(&error))?;
    let Some((until, secret)) = offer.split_first_chunk() else {
        return Ok(None);
    };
    let is_open = app.clock.now() < time::from_ms(i64::from_be_bytes(*until));
    Ok(is_open.then(|| (offered, Zeroizing::new(secret.to_vec()))))
}

fn seal(app: &App, context: &str, plain: &[u8]) -> Result<Vec<u8>, Refused> {
    let sealed = app.keyring.seal(context, plain);
    sealed.map_err(|error: KeyringError| Refused::internal(&error))
}

async fn show(
    app: &App,
    seat: &Seat,
    status: StatusCode,
    problem: Option<&'static str>,
) -> Result<Response, Refused> {
    let Some((_, secret)) = offered(app, seat).await? else {
        return Err(Refused::NotFound);
    };
    let (t, typed) = (Texts::of(seat.lang), totp::base32(&secret));
    let groups: Vec<&str> = (0..typed.len() / 4)
        .filter_map(|group| typed.get(group * 4..group * 4 + 4))
        .collect();
    let template = EnrolPage {
        frame: Frame::of(seat, Section::Security, t.enrol_title).named("second-factor"),
        t,
        qr: qr::of(&uri(&seat.email, &typed)),
        typed: groups.join(" "),
        problem,
    };
    page_as(status, &template)
}

/// Shown once; only digests are kept.
fn codes_page(seat: &Seat, codes: Vec<Zeroizing<String>>) -> Result<Response, Refused> {
    let t = Texts::of(seat.lang);
    // The page of the second factor is gone with the offer that was taken.
    let frame = Frame::of(seat, Section::Security, t.codes_title)
        .named("recovery-codes")
        .in_other_language_at(Section::Security.href());
    page_as(StatusCode::OK, &CodesPage { frame, t, codes })
}

/// What an authenticator reads from the QR (Key URI Format).
fn uri(email: &str, secret: &str) -> Zeroizing<String> {
    let label: String = form_urlencoded::byte_serialize(email.as_bytes()).collect();
    Zeroizing::new(format!("otpauth://totp/Ayni:{label}?secret={secret}&issuer=Ayni"))
}

const PATH: &str = "/console/security/second-factor";
/// How long a person may look for an authenticator.
const OFFER_LIFE: SignedDuration = SignedDuration::from_mins(15);
