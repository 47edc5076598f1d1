//! The page, and the form that makes a client.

use axum::extract::State;
use axum::response::Response;
use ayni_domain::audit::Action;
use ayni_domain::oauth::scope::Scopes;
use ayni_domain::time;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;

use super::view::{self, Shown, Typed};
use crate::app::Shared;
use crate::console::form::Posted;
use crate::console::frame::{Frame, Section};
use crate::console::refused::Refused;
use crate::console::seat::step_up::{self, Act, StepUp};
use crate::console::seat::{Owner, Seat};
use crate::console::told::{self, Row};
use crate::console::{audit, page, page_again};
use crate::http::pages::Form;
use crate::oauth::clients::{self, Client, ClientError, NewClient};
use crate::texts::console::clients::Texts;
use crate::{consents, links};

/// `GET /console/clients`.
pub(super) async fn show(State(app): State<Shared>, Owner(seat): Owner) -> Result<Response, Refused> {
    let shown = read(&app, &seat).await?;
    page(&view::page(&app, &seat, &shown, Typed::default()))
}

/// The same with what was typed into one of its forms.
pub(super) async fn show_again(app: &Shared, seat: &Seat, typed: Typed) -> Result<Response, Refused> {
    page_again(&view::page(app, seat, &read(app, seat).await?, typed))
}

/// `POST /console/clients`: makes a client and shows its secret, once. A client outlives the session that made it, so it is
/// asked again who the person is.
pub(super) async fn create(
    State(app): State<Shared>,
    Posted {
        seat: Owner(seat),
        form,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    let t = Texts::of(seat.lang);
    let new = new_client(&app, &seat, &form);
    let typed = |problem: String| Typed {
        name: form.text("name").to_owned(),
        redirects: form.text("redirect_uris").to_owned(),
        is_public: form.text("kind") == PUBLIC,
        problem: Some(problem),
        ..Typed::default()
    };
    if new.scopes.is_empty() {
        return show_again(&app, &seat, typed(t.no_scope.to_owned())).await;
    }
    let (client, secret) = match clients::prepare(&app, new) {
        Ok(prepared) => prepared,
        Err(ClientError::Store(error)) => return Err(StoreError::into(error)),
        Err(error) => return show_again(&app, &seat, typed(t.problem(&error))).await,
    };
    let act = Act {
        section: Section::Clients,
        path: Section::Clients.href(),
        said: (t.create_act)(&client.name),
    };
    let proof = match step_up::ask(&app, &seat, &form, &act).await? {
        StepUp::Proved(proof) => proof,
        StepUp::Asked(page) => return Ok(page),
    };
    let (who, now, row) = (seat.clone(), app.clock.now(), client.clone());
    let done = app.db.write("console.create-client", move |tx| {
        if !proof.spend(tx)? {
            return Ok(false);
        }
        clients::insert(tx, &row)?;
        audit::note(tx, &who, Action::ClientCreate, &row.id, now)?;
        Ok::<_, StoreError>(true)
    });
    match done.await? {
        true => show_client(&seat, &client, secret.as_deref().map(String::as_str)),
        false => Err(Refused::NotThisPage),
    }
}

fn show_client(seat: &Seat, client: &Client, secret: Option<&str>) -> Result<Response, Refused> {
    let t = Texts::of(seat.lang);
    let id = Row {
        id: "client-id",
        label: "client_id",
        text: &client.id,
    };
    let secret = secret.map(|secret| Row {
        id: "client-secret",
        label: "client_secret",
        text: secret,
    });
    let what_now = if client.is_public() {
        t.public_use
    } else {
        t.secret_use
    };
    let rows = [Some(id), secret].into_iter().flatten().collect();
    let frame = Frame::of(seat, Section::Clients, t.client_made);
    told::show(frame, t.client_made, rows, what_now, Section::Clients.href())
}

/// The addresses of a text with one a line.
pub(super) fn redirects(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(str::to_owned).collect()
}

fn new_client(app: &Shared, seat: &Seat, form: &Form) -> NewClient {
    let asked = |scope: &&str| !form.text(&format!("scope-{scope}")).is_empty();
    let known = clients::known_scopes(app);
    let scopes: Scopes = known.iter().filter(asked).map(str::to_owned).collect();
    NewClient {
        account: seat.account,
        name: form.text("name").to_owned(),
        is_public: form.text("kind") == PUBLIC,
        redirect_uris: redirects(form.text("redirect_uris")),
        scopes,
    }
}

async fn read(app: &Shared, seat: &Seat) -> Result<Shown, Refused> {
    let (account, place) = (seat.account, seat.asked("before").to_owned());
    let shown = app.db.read("console.clients", move |tx: &mut Tx<'_>| {
        let before = place.split_once('.');
        let before = before.and_then(|(at, id)| Some((time::from_ms(at.parse().ok()?), id)));
        let mut given = consents::of_account(tx, account, before, CONSENTS + 1)?;
        let has_more = given.len() as i64 > CONSENTS;
        given.truncate(usize::try_from(CONSENTS).unwrap_or(usize::MAX));
        Ok::<_, StoreError>(Shown {
            clients: clients::all(tx, account)?,
            consents: given,
            has_more,
            is_first: before.is_none(),
            links: links::commands::all(tx, account)?,
        })
    });
    Ok(shown.await?)
}

/// The choice of a client without secret.
const PUBLIC: &str = "public";
/// Consents of a page.
const CONSENTS: i64 = 25;
