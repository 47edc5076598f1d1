//! Keys, secret and address as the page shows them.

use askama::Template;
use ayni_domain::calendar::day_in_chile;
use ayni_domain::lang::Lang;
use ayni_domain::time::wire;
use jiff::{Timestamp, ToSpan as _};

use super::rotation::OVERLAPS_H;
use crate::app::App;
use crate::console::frame::{Frame, Section};
use crate::console::seat::Seat;
use crate::merchants::keys::KeyEntry;
use crate::merchants::secrets::Secrets;
use crate::texts::console::keys::Texts;
use crate::texts::dates;

/// What is shown of an account's keys.
pub(super) struct Shown {
    pub(super) keys: Vec<KeyEntry>,
    pub(super) secrets: Prefixes,
    pub(super) notify_url: Option<String>,
}

/// How the secrets begin: enough to tell them apart.
pub(super) struct Prefixes {
    current: String,
    next: Option<(String, Timestamp)>,
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
pub(super) struct Typed {
    pub(super) alias: String,
    pub(super) alias_problem: Option<&'static str>,
    pub(super) expires: String,
    pub(super) expires_problem: Option<&'static str>,
    pub(super) notify_url: Option<String>,
    pub(super) url_problem: Option<String>,
}

/// The page.
#[derive(Template)]
#[template(path = "console/keys/keys.html")]
pub(super) struct KeysPage {
    frame: Frame,
    t: &'static Texts,
    keys: Vec<KeyView>,
    secret: String,
    next: Option<NextView>,
    overlaps: Vec<(i64, String)>,
    notify_url: String,
    tomorrow: String,
    typed: Typed,
}

struct KeyView {
    alias: String,
    state: &'static str,
    tone: &'static str,
    is_live: bool,
    created: String,
    created_machine: String,
    used: String,
    ends: String,
}

struct NextView {
    prefix: String,
    until: String,
    until_machine: String,
}

/// How secrets begin.
pub(super) fn prefixes(secrets: &Secrets) -> Prefixes {
    let start = |secret: &str| secret.chars().take(PREFIX_LENGTH).collect::<String>();
    Prefixes {
        current: start(&secrets.current),
        next: secrets
            .next
            .as_ref()
            .map(|next| start(next))
            .zip(secrets.takes_over_at),
    }
}

/// The page with what was typed.
pub(super) fn page(app: &App, seat: &Seat, shown: Shown, typed: Typed) -> KeysPage {
    let (t, lang, now) = (Texts::of(seat.lang), seat.lang, app.clock.now());
    KeysPage {
        frame: Frame::of(seat, Section::Keys, t.title),
        t,
        keys: shown.keys.iter().map(|key| view(t, key, lang, now)).collect(),
        secret: shown.secrets.current,
        next: shown.secrets.next.map(|(prefix, until)| NextView {
            prefix,
            until: dates::shown(until, lang),
            until_machine: wire(until),
        }),
        overlaps: OVERLAPS_H.map(|hours| (hours, (t.overlap)(hours))).into(),
        notify_url: typed.notify_url.clone().or(shown.notify_url).unwrap_or_default(),
        tomorrow: day_in_chile(now).saturating_add(1.days()).to_string(),
        typed,
    }
}

/// Whether notifications may be sent there, as far as that can be said without looking its name up; nothing may be named.
pub(in crate::console) fn check_url(app: &App, lang: Lang, url: &str) -> Result<(), String> {
    let t = Texts::of(lang);
    if url.is_empty() {
        return Ok(());
    }
    if url.chars().count() > URL_LENGTH_MAX {
        return Err((t.url_long)(URL_LENGTH_MAX));
    }
    app.outbound
        .check_url(url)
        .map(drop)
        .map_err(|why| t.refused(why))
}

fn view(t: &'static Texts, key: &KeyEntry, lang: Lang, now: Timestamp) -> KeyView {
    let has_ended = key.expires_at.is_some_and(|end| end <= now);
    let (state, tone) = match (has_ended, key.expires_at) {
        (true, _) => (t.ended, "off"),
        (false, Some(_)) => (t.ends_then, "wait"),
        (false, None) => (t.live, "good"),
    };
    let never = || t.never.to_owned();
    KeyView {
        alias: key.alias.clone(),
        state,
        tone,
        is_live: !has_ended,
        created: dates::shown(key.created_at, lang),
        created_machine: wire(key.created_at),
        used: key.last_used_at.map_or_else(never, |at| dates::shown(at, lang)),
        ends: key.expires_at.map_or_else(never, |at| dates::shown(at, lang)),
    }
}

/// Longest address, as in the API.
const URL_LENGTH_MAX: usize = 1024;
/// Characters of a secret that are shown: of 40, so that the rest can't be guessed.
const PREFIX_LENGTH: usize = 4;
