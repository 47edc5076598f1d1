//! Making a link, changing what it asks, switching it off and on.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use ayni_domain::audit::Action;
use ayni_domain::currency::Currency;
use ayni_domain::ids::LinkCode;
use ayni_domain::privilege::Privilege;
use ayni_domain::violation::Violation;

use super::form::{self, Group, Typed};
use super::{pages, refused, signed_by};
use crate::app::{App, Shared};
use crate::console::flash::{self, Flash};
use crate::console::form::Posted;
use crate::console::frame::{Frame, Section};
use crate::console::refused::Refused;
use crate::console::seat::{Collects, Seat};
use crate::console::{page, page_as};
use crate::http::error::ApiError;
use crate::merchants::accounts;
use crate::payment_links::{LinkError, commands};
use crate::texts::console::links::Texts;

#[derive(Template)]
#[template(path = "console/links/form.html")]
struct FormPage {
    frame: Frame,
    t: &'static Texts,
    heading: &'static str,
    action: String,
    code: String,
    version: i64,
    submit: &'static str,
    back: String,
    groups: Vec<Group>,
    currencies: [&'static str; 9],
    problems: Vec<(&'static str, String)>,
}

/// `GET /console/links/new`.
pub(super) async fn blank(State(app): State<Shared>, Collects(seat): Collects) -> Result<Response, Refused> {
    let typed = Typed::from([("currency", Currency::Clp.code().to_owned())]);
    let code = LinkCode::from_random_bytes(&app.entropy.bytes());
    page(&new_page(&app, &seat, code, &typed, &[]).await?)
}

/// `POST /console/links`. The link's code comes with the form, so that one that is sent twice makes one link.
pub(super) async fn create(
    State(app): State<Shared>,
    Posted {
        seat: Collects(seat),
        form,
    }: Posted<Collects>,
) -> Result<Response, Refused> {
    let code = LinkCode::parse(form.text("code")).map_err(|_| Refused::NotThisPage)?;
    let (typed, t) = (form::typed(&form), Texts::of(seat.lang));
    let account = accounts::find(&app.db, seat.account).await?;
    let witness = signed_by(&seat, Action::LinkCreate, app.clock.now());
    let body = form::json(&typed, seat.lang);
    match commands::create(&app, &account, (code, &body), seat.lang, &witness).await {
        Ok(link) => Ok(flash::see_other(
            &seat,
            &path(link.code),
            &Flash::Done(t.made.to_owned()),
        )),
        Err(LinkError::Refused(ApiError::Invalid(violations))) => {
            let page = new_page(&app, &seat, code, &typed, &violations).await?;
            page_as(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(refused(error)),
    }
}

/// `GET /console/links/{code}/edit`.
pub(super) async fn filled(
    State(app): State<Shared>,
    Collects(seat): Collects,
    Path(code): Path<String>,
) -> Result<Response, Refused> {
    let link = pages::find(&app, &seat, &code).await?;
    let typed = form::of_terms(&link.terms);
    page(&edit_page(&app, &seat, (link.code, link.version), &typed, &[]).await?)
}

/// `POST /console/links/{code}`.
pub(super) async fn change(
    State(app): State<Shared>,
    Path(code): Path<String>,
    Posted {
        seat: Collects(seat),
        form,
    }: Posted<Collects>,
) -> Result<Response, Refused> {
    let (link, t) = (pages::find(&app, &seat, &code).await?, Texts::of(seat.lang));
    let version = form.text("version").parse().unwrap_or_default();
    let typed = form::typed(&form);
    let account = accounts::find(&app.db, seat.account).await?;
    let witness = signed_by(&seat, Action::LinkUpdate, app.clock.now());
    let body = form::json(&typed, seat.lang);
    let at = (link.code, version);
    match commands::change(&app, &account, at, &body, seat.lang, &witness).await {
        Ok(()) => Ok(flash::see_other(
            &seat,
            &path(link.code),
            &Flash::Done(t.changed.to_owned()),
        )),
        Err(LinkError::Raced) => Ok(flash::see_other(
            &seat,
            &path(link.code),
            &Flash::Failed(t.raced.to_owned()),
        )),
        Err(LinkError::Refused(ApiError::Invalid(violations))) => {
            let page = edit_page(&app, &seat, at, &typed, &violations).await?;
            page_as(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(refused(error)),
    }
}

/// `POST /console/links/{code}/active`.
pub(super) async fn set_active(
    State(app): State<Shared>,
    Path(code): Path<String>,
    Posted {
        seat: Collects(seat),
        form,
    }: Posted<Collects>,
) -> Result<Response, Refused> {
    let (code, t) = (
        LinkCode::parse(&code).map_err(|_| Refused::NotFound)?,
        Texts::of(seat.lang),
    );
    let is_active = form.text("active") == "yes";
    let (action, said) = match is_active {
        true => (Action::LinkUpdate, t.switched_on),
        false => (Action::LinkEnd, t.switched_off),
    };
    let witness = signed_by(&seat, action, app.clock.now());
    let done = commands::set_active(&app, seat.account, code, is_active, &witness).await;
    done.map_err(refused)?;
    Ok(flash::see_other(
        &seat,
        &path(code),
        &Flash::Done(said.to_owned()),
    ))
}

async fn new_page(
    app: &App,
    seat: &Seat,
    code: LinkCode,
    typed: &Typed,
    violations: &[Violation],
) -> Result<FormPage, Refused> {
    let t = Texts::of(seat.lang);
    let page = edit_page(app, seat, (code, 0), typed, violations).await?;
    Ok(FormPage {
        frame: Frame::of(seat, Section::Links, t.new).named("new-link"),
        heading: t.new,
        action: Section::Links.href().to_owned(),
        submit: t.make,
        back: Section::Links.href().to_owned(),
        ..page
    })
}

async fn edit_page(
    app: &App,
    seat: &Seat,
    (code, version): (LinkCode, i64),
    typed: &Typed,
    violations: &[Violation],
) -> Result<FormPage, Refused> {
    let t = Texts::of(seat.lang);
    let account = accounts::find(&app.db, seat.account).await?;
    let said = |wrong: &Violation| {
        let label = t.field(wrong.field).0;
        (wrong.field, format!("{label}: {}", wrong.problem.text(seat.lang)))
    };
    Ok(FormPage {
        frame: Frame::of(seat, Section::Links, t.edit).named("edit-link"),
        t,
        heading: t.edit,
        action: path(code),
        code: code.to_string(),
        version,
        submit: t.save,
        back: path(code),
        groups: form::groups(
            typed,
            violations,
            seat.lang,
            account.privileges.has(Privilege::Psp),
        ),
        currencies: Currency::ALL.map(Currency::code),
        problems: violations.iter().map(said).collect(),
    })
}

fn path(code: LinkCode) -> String {
    format!("{}/{code}", Section::Links.href())
}
