//! `/console`.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use ayni_domain::calendar::day_in_chile;
use ayni_store::error::StoreError;
use jiff::{SignedDuration, Timestamp};

use super::figures::{self, Figures};
use super::view::{Attention, FigureView, SiteView, TookView, VolumeView};
use super::{feed, sql, view};
use crate::app::Shared;
use crate::console::frame::{Frame, Section};
use crate::console::page;
use crate::console::refused::Refused;
use crate::console::seat::Seat;
use crate::merchants::keys;
use crate::texts::console::home::Texts;
use crate::texts::dates;

#[derive(Template)]
#[template(path = "console/home/home.html")]
struct HomePage {
    frame: Frame,
    t: &'static Texts,
    is_empty: bool,
    attention: Vec<Attention>,
    facts: Vec<FigureView>,
    volumes: Vec<VolumeView>,
    success: view::SuccessView,
    took: Option<TookView>,
    sites: Vec<SiteView>,
    until: String,
    until_machine: String,
}

/// The page.
pub(super) async fn show(State(app): State<Shared>, seat: Seat) -> Result<Response, Refused> {
    let (account, lang, now) = (seat.account, seat.lang, app.clock.now());
    let today = day_in_chile(now);
    let (days, waiting, keys) = app
        .db
        .read("console.home", move |tx| {
            let days = feed::days(tx, account, figures::first_day(today), now)?;
            let since = now.saturating_sub(ATTENTION_SPAN).unwrap_or(Timestamp::MIN);
            let waiting = sql::count_waiting(tx, account, since)?;
            Ok::<_, StoreError>((days, waiting, keys::all(tx, account)?))
        })
        .await?;
    let (t, figures) = (Texts::of(lang), Figures::of(&days.sums, account, today));
    let ending = keys.iter().filter(|key| view::ends_soon(key, now)).count();
    page(&HomePage {
        frame: Frame::of(&seat, Section::Home, t.title),
        t,
        is_empty: figures.is_empty(),
        attention: view::attention(t, &waiting, ending, seat.role),
        facts: view::facts(t, &figures, lang),
        volumes: view::volumes(t, &figures, lang),
        success: view::success(t, &figures, lang),
        took: view::took(t, &figures, lang),
        sites: app
            .sites
            .all()
            .map(|site| view::site(t, site, now, lang))
            .collect(),
        until: dates::shown(days.until, lang),
        until_machine: ayni_domain::time::wire(days.until),
    })
}

/// What failed longer ago than this is in the lists, and no news.
const ATTENTION_SPAN: SignedDuration = SignedDuration::from_hours(7 * 24);
