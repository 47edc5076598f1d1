//! The page, and the forms of keys and of the address of notifications.

use axum::extract::State;
use axum::response::Response;
use ayni_domain::audit::Action;
use ayni_domain::calendar::start_of_day;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;
use jiff::civil::Date;

use super::view::{self, Shown, Typed};
use crate::app::Shared;
use crate::console::flash::{self, Flash};
use crate::console::form::Posted;
use crate::console::frame::{Frame, Section};
use crate::console::refused::Refused;
use crate::console::seat::step_up::{self, Act, StepUp};
use crate::console::seat::{Owner, Seat};
use crate::console::told::{self, Row};
use crate::console::{audit, page, page_again};
use crate::merchants::{MerchantError, accounts, keys, secrets};
use crate::texts::console::keys::Texts;

/// `GET /console/keys`.
pub(super) async fn show(State(app): State<Shared>, Owner(seat): Owner) -> Result<Response, Refused> {
    page(&view::page(
        &app,
        &seat,
        read(&app, &seat).await?,
        Typed::default(),
    ))
}

/// `POST /console/keys`: makes a key and shows it, once. A key outlives the session that made it, so it is asked again who
/// the person is.
pub(super) async fn create(
    State(app): State<Shared>,
    Posted {
        seat: Owner(seat),
        form,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    let (t, now) = (Texts::of(seat.lang), app.clock.now());
    let mut typed = Typed {
        alias: form.text("alias").to_owned(),
        expires: form.text("expires").to_owned(),
        ..Typed::default()
    };
    let expires_at = end_of(&typed.expires, now);
    typed.alias_problem = (!keys::is_alias(&typed.alias)).then_some(t.alias_wrong);
    typed.expires_problem = expires_at.is_err().then_some(t.day_wrong);
    let Ok(expires_at) = expires_at else {
        return again(&app, &seat, typed).await;
    };
    if typed.alias_problem.is_none() && is_taken(&app, &seat, &typed.alias).await? {
        typed.alias_problem = Some(t.alias_taken);
    }
    if typed.alias_problem.is_some() {
        return again(&app, &seat, typed).await;
    }
    let act = Act {
        section: Section::Keys,
        path: Section::Keys.href(),
        said: (t.create_act)(&typed.alias),
    };
    let proof = match step_up::ask(&app, &seat, &form, &act).await? {
        StepUp::Proved(proof) => proof,
        StepUp::Asked(page) => return Ok(page),
    };
    let (key, hash) = keys::draw(&app);
    let (who, alias) = (seat.clone(), typed.alias.clone());
    let made = app.db.write("console.create-key", move |tx| {
        if !proof.spend(tx)? {
            return Ok(false);
        }
        keys::insert(tx, &hash, who.account, &alias, now, expires_at)?;
        audit::note(tx, &who, Action::KeyCreate, &alias, now)?;
        Ok::<_, StoreError>(true)
    });
    match made.await {
        Ok(true) => {}
        Ok(false) => return Err(Refused::NotThisPage),
        Err(error) if error.is_conflict() => {
            typed.alias_problem = Some(t.alias_taken);
            return again(&app, &seat, typed).await;
        }
        Err(error) => return Err(error.into()),
    }
    show_key(&seat, &key)
}

fn show_key(seat: &Seat, key: &str) -> Result<Response, Refused> {
    let t = Texts::of(seat.lang);
    let row = Row {
        id: "api-key",
        label: t.key,
        text: key,
    };
    let frame = Frame::of(seat, Section::Keys, t.key_made);
    told::show(frame, t.key_made, vec![row], t.key_use, Section::Keys.href())
}

/// Whether a key has this alias already: nobody is asked who that is for a form that can't be right.
async fn is_taken(app: &Shared, seat: &Seat, alias: &str) -> Result<bool, Refused> {
    let account = seat.account;
    let keys = app
        .db
        .read("console.key-aliases", move |tx| keys::all(tx, account))
        .await?;
    Ok(keys.iter().any(|key| key.alias == alias))
}

/// `POST /console/keys/expire`: ends a key, at once or with the end of a day.
pub(super) async fn expire(
    State(app): State<Shared>,
    Posted {
        seat: Owner(seat),
        form,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    let (t, now, day) = (Texts::of(seat.lang), app.clock.now(), form.text("day"));
    let Ok(end) = end_of(day, now) else {
        let flash = Flash::Failed(t.day_wrong.to_owned());
        return Ok(flash::see_other(&seat, Section::Keys.href(), &flash));
    };
    let (who, alias) = (seat.clone(), form.text("alias").to_owned());
    let done = app.db.write("console.expire-key", move |tx| {
        let found = keys::expire_at(tx, who.account, &alias, end.unwrap_or(now), now)?;
        if found {
            audit::note(tx, &who, Action::KeyExpire, &alias, now)?;
        }
        Ok::<_, StoreError>(found)
    });
    let flash = match (done.await?, end) {
        (true, None) => Flash::Done(t.key_ended.to_owned()),
        (true, Some(_)) => Flash::Done(t.key_will_end.to_owned()),
        (false, _) => Flash::Failed(t.no_key.to_owned()),
    };
    Ok(flash::see_other(&seat, Section::Keys.href(), &flash))
}

/// `POST /console/keys/notify-url`: where the account is notified of payments that name no address.
pub(super) async fn set_notify_url(
    State(app): State<Shared>,
    Posted {
        seat: Owner(seat),
        form,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    let t = Texts::of(seat.lang);
    let url = form.text("notify_url").to_owned();
    if let Err(problem) = view::check_url(&app, seat.lang, &url) {
        let typed = Typed {
            notify_url: Some(url),
            url_problem: Some(problem),
            ..Typed::default()
        };
        return again(&app, &seat, typed).await;
    }
    let (who, now) = (seat.clone(), app.clock.now());
    let done = app.db.write("console.notify-url", move |tx| {
        let url = (!url.is_empty()).then_some(url.as_str());
        accounts::write_notify_url(tx, who.account, url)?;
        Ok::<_, MerchantError>(audit::note(tx, &who, Action::AccountUpdate, "notify_url", now)?)
    });
    done.await?;
    let flash = Flash::Done(t.url_set.to_owned());
    Ok(flash::see_other(&seat, Section::Keys.href(), &flash))
}

/// What the page shows.
async fn read(app: &Shared, seat: &Seat) -> Result<Shown, Refused> {
    let (account, now, opens) = (seat.account, app.clock.now(), app.clone());
    let shown = app.db.read("console.keys", move |tx: &mut Tx<'_>| {
        Ok::<_, MerchantError>(Shown {
            keys: keys::all(tx, account)?,
            secrets: view::prefixes(&secrets::open(tx, &opens.keyring, account, now)?),
            notify_url: accounts::read(tx, account)?.notify_url,
        })
    });
    Ok(shown.await?)
}

async fn again(app: &Shared, seat: &Seat, typed: Typed) -> Result<Response, Refused> {
    page_again(&view::page(app, seat, read(app, seat).await?, typed))
}

/// The end of a day in Chile that is not over yet; nothing where none was named.
fn end_of(day: &str, now: Timestamp) -> Result<Option<Timestamp>, ()> {
    if day.is_empty() {
        return Ok(None);
    }
    let day: Date = day.parse().map_err(|_| ())?;
    let end = start_of_day(day.tomorrow().map_err(|_| ())?);
    match end > now {
        true => Ok(Some(end)),
        false => Err(()),
    }
}
