//! What is done to a client, a consent and an account link.

use axum::extract::State;
use axum::response::Response;
use ayni_domain::audit::Action;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use uuid::Uuid;

use super::pages::{redirects, show_again};
use super::view::Typed;
use crate::app::Shared;
use crate::consents::{self, ConsentId};
use crate::console::audit;
use crate::console::flash::{self, Flash};
use crate::console::form::Posted;
use crate::console::frame::{Frame, Section};
use crate::console::refused::Refused;
use crate::console::seat::step_up::{self, Act, StepUp};
use crate::console::seat::{Owner, Seat};
use crate::console::told::{self, Row};
use crate::links;
use crate::oauth::clients::{self, Client, ClientError};
use crate::texts::console::clients::Texts;

/// `POST /console/clients/secret`: gives a client another secret and shows it, once, to who shows again who that is.
pub(super) async fn replace_secret(
    State(app): State<Shared>,
    Posted {
        seat: Owner(seat),
        form,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    let (t, now) = (Texts::of(seat.lang), app.clock.now());
    let (who, id, secret) = (
        seat.clone(),
        form.text("client").to_owned(),
        clients::draw_secret(&app),
    );
    let client = match live(&app, &seat, &id).await {
        Ok(client) => client,
        Err(error) => return refused(&seat, t, error),
    };
    let act = Act {
        section: Section::Clients,
        path: "/console/clients/secret",
        said: (t.secret_act)(&client.name),
    };
    let proof = match step_up::ask(&app, &seat, &form, &act).await? {
        StepUp::Proved(proof) => proof,
        StepUp::Asked(page) => return Ok(page),
    };
    let drawn = secret.clone();
    let done = app.db.write("console.client-secret", move |tx| {
        if !proof.spend(tx)? {
            return Ok(false);
        }
        clients::replace_secret(tx, who.account, &id, &drawn)?;
        audit::note(tx, &who, Action::ClientSecret, &id, now)?;
        Ok::<_, ClientError>(true)
    });
    match done.await {
        Ok(true) => show_secret(&seat, form.text("client"), &secret),
        Ok(false) => Err(Refused::NotThisPage),
        Err(error) => refused(&seat, t, error),
    }
}

fn show_secret(seat: &Seat, id: &str, secret: &str) -> Result<Response, Refused> {
    let t = Texts::of(seat.lang);
    let rows = vec![
        Row {
            id: "client-id",
            label: "client_id",
            text: id,
        },
        Row {
            id: "client-secret",
            label: "client_secret",
            text: secret,
        },
    ];
    let frame = Frame::of(seat, Section::Clients, t.secret_made);
    told::show(
        frame,
        t.secret_made,
        rows,
        t.new_secret_use,
        Section::Clients.href(),
    )
}

/// `POST /console/clients/redirects`: replaces where a client's authorizations may be answered to.
pub(super) async fn replace_redirects(
    State(app): State<Shared>,
    Posted {
        seat: Owner(seat),
        form,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    let (t, now) = (Texts::of(seat.lang), app.clock.now());
    let (who, id, uris) = (
        seat.clone(),
        form.text("client").to_owned(),
        redirects(form.text("redirect_uris")),
    );
    let done = app.db.write("console.client-redirects", move |tx| {
        clients::replace_redirects(tx, who.account, &id, &uris)?;
        Ok::<_, ClientError>(audit::note(tx, &who, Action::ClientUpdate, &id, now)?)
    });
    match done.await {
        Ok(()) => Ok(said(&seat, &Flash::Done(t.redirects_set.to_owned()))),
        Err(
            error @ (ClientError::Redirect { .. } | ClientError::TooManyRedirects | ClientError::NoRedirect),
        ) => {
            let typed = Typed {
                edited: Some((
                    form.text("client").to_owned(),
                    form.text("redirect_uris").to_owned(),
                    t.problem(&error),
                )),
                ..Typed::default()
            };
            show_again(&app, &seat, typed).await
        }
        Err(error) => refused(&seat, t, error),
    }
}

/// `POST /console/clients/end`: the client, and every token that it was given, is refused from now on.
pub(super) async fn end(
    State(app): State<Shared>,
    Posted {
        seat: Owner(seat),
        form,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    let (t, now) = (Texts::of(seat.lang), app.clock.now());
    let (who, id) = (seat.clone(), form.text("client").to_owned());
    let done = app.db.write("console.end-client", move |tx| {
        clients::end(tx, who.account, &id, now)?;
        Ok::<_, ClientError>(audit::note(tx, &who, Action::ClientDisable, &id, now)?)
    });
    match done.await {
        Ok(()) => Ok(said(&seat, &Flash::Done(t.client_ended.to_owned()))),
        Err(error) => refused(&seat, t, error),
    }
}

/// `POST /console/clients/consent`: the account gives up what a person let it read.
pub(super) async fn give_up_consent(
    State(app): State<Shared>,
    Posted {
        seat: Owner(seat),
        form,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    let (t, now) = (Texts::of(seat.lang), app.clock.now());
    let (who, id) = (seat.clone(), ConsentId(form.text("consent").to_owned()));
    let done = app.db.write("console.end-consent", move |tx| {
        let found = consents::give_up(tx, who.account, &id, now)?;
        if found {
            audit::note(tx, &who, Action::ConsentWithdraw, &id.0, now)?;
        }
        Ok::<_, StoreError>(found)
    });
    let flash = match done.await? {
        true => Flash::Done(t.consent_ended.to_owned()),
        false => Flash::Failed(t.no_consent.to_owned()),
    };
    Ok(said(&seat, &flash))
}

/// `POST /console/clients/link`: an account link opens nothing any more.
pub(super) async fn end_link(
    State(app): State<Shared>,
    Posted {
        seat: Owner(seat),
        form,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    let (t, now) = (Texts::of(seat.lang), app.clock.now());
    let id: Uuid = form.text("link").parse().map_err(|_| Refused::NotFound)?;
    let who = seat.clone();
    let done = app.db.write("console.end-link", move |tx| {
        let found = links::commands::end(tx, who.account, id, now)?;
        if found {
            audit::note(tx, &who, Action::AccountLinkRevoke, &id.to_string(), now)?;
        }
        Ok::<_, StoreError>(found)
    });
    let flash = match done.await? {
        true => Flash::Done(t.link_ended.to_owned()),
        false => Flash::Failed(t.no_link.to_owned()),
    };
    Ok(said(&seat, &flash))
}

/// The account's live client of this id: nobody is asked who that is for one that is not there.
async fn live(app: &Shared, seat: &Seat, id: &str) -> Result<Client, ClientError> {
    let account = seat.account;
    let look = move |tx: &mut Tx<'_>| clients::all(tx, account);
    let mut all = app.db.read("console.client", look).await?.into_iter();
    all.find(|client| client.id == id && client.is_live())
        .ok_or_else(|| ClientError::NoClient {
            account,
            id: id.to_owned(),
        })
}

fn said(seat: &Seat, flash: &Flash) -> Response {
    flash::see_other(seat, Section::Clients.href(), flash)
}

fn refused(seat: &Seat, t: &'static Texts, error: ClientError) -> Result<Response, Refused> {
    match error {
        ClientError::Store(error) => Err(error.into()),
        other => Ok(said(seat, &Flash::Failed(t.problem(&other)))),
    }
}
