//! Changing the secret that signs notifications: for a while the old one and the next one sign both, and the merchant, or
//! the end of that while, lets the next one take over.

use axum::extract::State;
use axum::response::Response;
use ayni_domain::audit::Action;
use jiff::SignedDuration;

use crate::app::Shared;
use crate::console::audit;
use crate::console::flash::{self, Flash};
use crate::console::form::Posted;
use crate::console::frame::{Frame, Section};
use crate::console::refused::Refused;
use crate::console::seat::Owner;
use crate::console::seat::step_up::{self, Act, StepUp};
use crate::console::told::{self, Row};
use crate::merchants::MerchantError;
use crate::merchants::secrets::{self, Rotation};
use crate::texts::console::keys::Texts;
use crate::texts::dates;

/// How long both may sign, in hours, as the page offers.
pub(super) const OVERLAPS_H: [i64; 4] = [1, 24, 7 * 24, 30 * 24];

/// `POST /console/keys/secret`: begins a rotation and shows the next secret, once.
pub(super) async fn begin(
    State(app): State<Shared>,
    Posted {
        seat: Owner(seat),
        form,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    let (t, now) = (Texts::of(seat.lang), app.clock.now());
    let asked = form.text("overlap_h").parse::<i64>().unwrap_or_default();
    let overlap_h = OVERLAPS_H.into_iter().find(|hours| *hours == asked);
    let overlap = SignedDuration::from_hours(overlap_h.ok_or(Refused::NotFound)?);
    let act = Act {
        section: Section::Keys,
        path: "/console/keys/secret",
        said: t.rotate_act.to_owned(),
    };
    let proof = match step_up::ask(&app, &seat, &form, &act).await? {
        StepUp::Proved(proof) => proof,
        StepUp::Asked(page) => return Ok(page),
    };
    let rotation = Rotation::draw(&app, seat.account, overlap)?;
    let (who, next) = (seat.clone(), rotation.told());
    let done = app.db.write("console.rotate-secret", move |tx| {
        if !proof.spend(tx)? {
            return Ok::<_, MerchantError>(false);
        }
        rotation.begin(tx)?;
        audit::note(tx, &who, Action::SecretRotate, "", now)?;
        Ok(true)
    });
    match done.await {
        Ok(true) => {}
        Ok(false) => return Err(Refused::NotThisPage),
        Err(MerchantError::Rotating { .. }) => {
            let flash = Flash::Failed(t.rotating_already.to_owned());
            return Ok(flash::see_other(&seat, Section::Keys.href(), &flash));
        }
        Err(error) => return Err(error.into()),
    }
    let row = Row {
        id: "next-secret",
        label: t.next_secret,
        text: &next.secret,
    };
    let what_now = (t.secret_use)(&dates::shown(next.takes_over_at, seat.lang));
    let frame = Frame::of(&seat, Section::Keys, t.secret_made);
    told::show(frame, t.secret_made, vec![row], &what_now, Section::Keys.href())
}

/// `POST /console/keys/secret/finish`: the next secret signs alone from now on.
pub(super) async fn finish(
    State(app): State<Shared>,
    Posted {
        seat: Owner(seat), ..
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    let (t, who, now) = (Texts::of(seat.lang), seat.clone(), app.clock.now());
    let done = app.db.write("console.finish-rotation", move |tx| {
        secrets::finish(tx, who.account, now)?;
        Ok::<_, MerchantError>(audit::note(tx, &who, Action::SecretFinish, "", now)?)
    });
    let flash = match done.await {
        Ok(()) => Flash::Done(t.secret_finished.to_owned()),
        Err(MerchantError::NotRotating(_)) => Flash::Failed(t.not_rotating.to_owned()),
        Err(error) => return Err(error.into()),
    };
    Ok(flash::see_other(&seat, Section::Keys.href(), &flash))
}
