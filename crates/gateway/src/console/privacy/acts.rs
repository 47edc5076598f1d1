//! What an owner has done about a person.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use ayni_domain::personal::Person;

use super::pages::{ask_again, may_erase};
use super::{find, href};
use crate::app::Shared;
use crate::console::audit::Actor;
use crate::console::flash::{self, Flash};
use crate::console::form::Posted;
use crate::console::frame::Section;
use crate::console::refused::Refused;
use crate::console::seat::step_up::{self, Act, StepUp};
use crate::console::seat::{Owner, Seat};
use crate::privacy::cases::{self, CaseError};
use crate::texts::console::privacy::Texts;

/// `POST /console/privacy`: a person is looked for.
pub(super) async fn look(
    State(app): State<Shared>,
    Posted {
        seat: Owner(seat),
        form,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    let (t, said) = (Texts::of(seat.lang), (form.text("rut"), form.text("email")));
    if let Err(problem) = Person::of(said.0, said.1) {
        return ask_again(&app, &seat, said, Some(t.problem(problem))).await;
    }
    match cases::begin(&app, &Actor::of(&seat), said).await {
        Ok(id) => Ok((StatusCode::SEE_OTHER, [(header::LOCATION, href(&id))]).into_response()),
        Err(CaseError::TooMany) => ask_again(&app, &seat, said, Some(t.too_many_open)).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /console/privacy/{id}/file`: the file is written.
pub(super) async fn ask_for_file(
    State(app): State<Shared>,
    Path(id): Path<String>,
    Posted {
        seat: Owner(seat),
        form: _,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    let case = find(&app, &seat, &id).await?;
    let asked = cases::ask_for_file(&app, &Actor::of(&seat), &case).await;
    go_on(&seat, &id, asked)
}

/// `POST /console/privacy/{id}/erase`: the person is erased, after who asks was told what that does and proved once more to
/// be who sits there.
pub(super) async fn erase(
    State(app): State<Shared>,
    Path(id): Path<String>,
    Posted {
        seat: Owner(seat),
        form,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    let case = find(&app, &seat, &id).await?;
    if !may_erase(&case) {
        return go_on(&seat, &id, Err(CaseError::Gone));
    }
    let path = format!("{}/erase", href(&id));
    let act = Act {
        section: Section::Privacy,
        path: &path,
        said: Texts::of(seat.lang).erase_act.to_owned(),
    };
    let proof = match step_up::ask(&app, &seat, &form, &act).await? {
        StepUp::Proved(proof) => proof,
        StepUp::Asked(page) => return Ok(page),
    };
    let actor = Actor::of(&seat);
    let asked = cases::ask_for_erasure(&app, &actor, &case, move |tx| proof.spend(tx));
    go_on(&seat, &id, asked.await)
}

/// Back to the case, which tells how far it is.
fn go_on(seat: &Seat, id: &str, asked: Result<(), CaseError>) -> Result<Response, Refused> {
    match asked {
        Ok(()) => Ok((StatusCode::SEE_OTHER, [(header::LOCATION, href(id))]).into_response()),
        Err(CaseError::Gone) => {
            let said = Flash::Failed(Texts::of(seat.lang).gone.to_owned());
            Ok(flash::see_other(seat, &href(id), &said))
        }
        Err(error) => Err(error.into()),
    }
}
