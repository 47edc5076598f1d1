//! The list of people, and the forms that change it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use ayni_domain::audit::Action;
use ayni_domain::role::Role;
use ayni_domain::time::wire;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;

use super::invitations::{self, InvitationView};
use crate::app::{App, Shared};
use crate::console::audit::{self, Actor};
use crate::console::flash::{self, Flash};
use crate::console::form::Posted;
use crate::console::frame::{Frame, Section};
use crate::console::page;
use crate::console::refused::Refused;
use crate::console::seat::links::{self, Waiting};
use crate::console::seat::step_up::{self, Act, StepUp};
use crate::console::seat::{Owner, Seat};
use crate::http::pages::Form;
use crate::merchants::users::User;
use crate::merchants::{MerchantError, users};
use crate::signals::JobKind;
use crate::texts::console::people::Texts;
use crate::texts::dates;

#[derive(Template)]
#[template(path = "console/people/list.html")]
struct PeoplePage {
    frame: Frame,
    t: &'static Texts,
    people: Vec<PersonView>,
    roles: Vec<RoleView>,
    /// How a new person gets a password.
    hint: &'static str,
    is_mailed: bool,
}

struct PersonView {
    email: String,
    role: &'static str,
    roles: Vec<RoleView>,
    since: String,
    since_machine: String,
    is_self: bool,
    /// Where the person has no password yet.
    invitation: Option<InvitationView>,
}

struct RoleView {
    word: &'static str,
    label: &'static str,
    means: &'static str,
    is_chosen: bool,
}

/// `GET /console/people`.
pub(super) async fn list(State(app): State<Shared>, Owner(seat): Owner) -> Result<Response, Refused> {
    let (t, account, now) = (Texts::of(seat.lang), seat.account, app.clock.now());
    let users = app
        .db
        .read("people.list", move |tx| {
            let mut people: Vec<(User, Option<Waiting>)> = Vec::new();
            for user in users::of(tx, account)? {
                let waiting = links::waiting(tx, account, &user.email, now)?;
                people.push((user, waiting));
            }
            Ok::<_, StoreError>(people)
        })
        .await?;
    let people = users.into_iter().map(|(user, waiting)| PersonView {
        invitation: waiting.map(|waiting| invitations::view(&seat, &waiting)),
        role: t.role(user.role),
        roles: roles(t, user.role),
        since: dates::brief(user.created_at, seat.lang),
        since_machine: wire(user.created_at),
        is_self: user.email == seat.email,
        email: user.email,
    });
    page(&PeoplePage {
        frame: Frame::of(&seat, Section::People, t.title),
        t,
        people: people.collect(),
        is_mailed: app.mailer.is_some(),
        hint: match app.mailer {
            Some(_) => t.by_mail,
            None => t.by_operator,
        },
        roles: roles(t, Role::Collector),
    })
}

/// `POST /console/people/set`: gives a person a role, be the person new or known.
pub(super) async fn set(
    State(app): State<Shared>,
    Posted {
        seat: Owner(seat),
        form,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    let t = Texts::of(seat.lang);
    let Ok(role) = form.text("role").parse::<Role>() else {
        return Err(Refused::NotFound);
    };
    let (who, email, now) = (seat.clone(), form.text("email").to_lowercase(), app.clock.now());
    let proof = match changes_owners(&app, &seat, &form, (SET, Some(role))).await? {
        None => None,
        Some(StepUp::Proved(proof)) => Some(proof),
        Some(StepUp::Asked(page)) => return Ok(page),
    };
    let invitation = app.mailer.is_some().then(|| links::draw_for(&app, &seat, &email));
    let done = app
        .db
        .write("people.set", move |tx| {
            if let Some(proof) = &proof
                && !proof.spend(tx)?
            {
                return Ok(None);
            }
            users::set_by(tx, &Actor::of(&who), &email, role, now)?;
            let is_invited = match &invitation {
                Some(invitation) => links::invite_in(tx, invitation)?,
                None => false,
            };
            if is_invited {
                audit::note(tx, &who, Action::UserInvite, &email, now)?;
            }
            Ok::<_, MerchantError>(Some(is_invited))
        })
        .await;
    app.signals.wake(JobKind::Invitation);
    let said = match done {
        Ok(None) => return Err(Refused::NotThisPage),
        Ok(Some(true)) => t.invited,
        _ => t.set,
    };
    answer(&seat, t, said, done.map(drop))
}

/// Who makes somebody an owner, or has somebody be one no more, shows again who that is: an owner can take everything, and
/// only owners can take it back.
async fn changes_owners(
    app: &App,
    seat: &Seat,
    form: &Form,
    (path, role): (&str, Option<Role>),
) -> Result<Option<StepUp>, Refused> {
    let (t, email, account) = (
        Texts::of(seat.lang),
        form.text("email").to_lowercase(),
        seat.account,
    );
    let said = match role {
        Some(Role::Owner) => t.makes_owner(&email),
        _ => {
            let said = t.unmakes_owner(&email);
            let look = move |tx: &mut Tx<'_>| users::is_replaceable_owner(tx, account, &email);
            match app.db.point("people.owner", look).await? {
                true => said,
                false => return Ok(None),
            }
        }
    };
    let act = Act {
        section: Section::People,
        path,
        said,
    };
    step_up::ask(app, seat, form, &act).await.map(Some)
}

/// `POST /console/people/remove`: takes a person out of the account, whose invitation ends with it.
pub(super) async fn remove(
    State(app): State<Shared>,
    Posted {
        seat: Owner(seat),
        form,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    let t = Texts::of(seat.lang);
    let (who, email, now) = (seat.clone(), form.text("email").to_lowercase(), app.clock.now());
    let proof = match changes_owners(&app, &seat, &form, (REMOVE, None)).await? {
        None => None,
        Some(StepUp::Proved(proof)) => Some(proof),
        Some(StepUp::Asked(page)) => return Ok(page),
    };
    let done = app
        .db
        .write("people.remove", move |tx| {
            if let Some(proof) = &proof
                && !proof.spend(tx)?
            {
                return Ok(None);
            }
            users::remove_by(tx, &Actor::of(&who), &email, now).map(Some)
        })
        .await;
    let said = match done {
        Ok(None) => return Err(Refused::NotThisPage),
        Ok(Some(true)) => t.cancelled,
        _ => t.removed,
    };
    answer(&seat, t, said, done.map(drop))
}

/// Back to the list, with what was done or why not.
pub(super) fn answer(
    seat: &Seat,
    t: &Texts,
    said: &str,
    done: Result<(), MerchantError>,
) -> Result<Response, Refused> {
    let flash = match done {
        Ok(()) => Flash::Done(said.to_owned()),
        Err(MerchantError::NotAnEmail(_)) => Flash::Failed(t.no_email.to_owned()),
        Err(MerchantError::LastOwner { .. }) => Flash::Failed(t.last_owner.to_owned()),
        Err(MerchantError::NoUser { .. }) => Flash::Failed(t.no_user.to_owned()),
        Err(MerchantError::Store(error)) => return Err(StoreError::into(error)),
        Err(other) => return Err(other.into()),
    };
    Ok(flash::see_other(seat, Section::People.href(), &flash))
}

fn roles(t: &Texts, chosen: Role) -> Vec<RoleView> {
    let view = |role| RoleView {
        word: Role::as_str(role),
        label: t.role(role),
        means: t.means(role),
        is_chosen: role == chosen,
    };
    Role::ALL.into_iter().map(view).collect()
}

const SET: &str = "/console/people/set";
const REMOVE: &str = "/console/people/remove";
