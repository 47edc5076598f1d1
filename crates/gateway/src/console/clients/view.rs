//! Clients, consents and account links as the page shows them.

use askama::Template;
use ayni_domain::lang::Lang;
use ayni_domain::link::Link;
use ayni_domain::time::{to_ms, wire};
use jiff::Timestamp;

use crate::app::App;
use crate::consents::Consent;
use crate::console::frame::{Frame, Section};
use crate::console::seat::Seat;
use crate::oauth::clients::{self, Client};
use crate::texts::console::clients::Texts;
use crate::texts::dates;

/// What is shown.
pub(super) struct Shown {
    pub(super) clients: Vec<Client>,
    pub(super) consents: Vec<Consent>,
    pub(super) has_more: bool,
    pub(super) is_first: bool,
    pub(super) links: Vec<Link>,
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
pub(super) struct Typed {
    pub(super) name: String,
    pub(super) redirects: String,
    pub(super) is_public: bool,
    pub(super) problem: Option<String>,
    /// A client, the addresses that were typed for it, and what is wrong with them.
    pub(super) edited: Option<(String, String, String)>,
}

/// The page.
#[derive(Template)]
#[template(path = "console/clients/clients.html")]
pub(super) struct ClientsPage {
    frame: Frame,
    t: &'static Texts,
    clients: Vec<ClientView>,
    scopes: Vec<(String, String)>,
    typed: Typed,
    consents: Vec<ConsentView>,
    is_first: bool,
    older: Option<String>,
    links: Vec<LinkView>,
}

struct ClientView {
    id: String,
    name: String,
    kind: &'static str,
    is_public: bool,
    is_live: bool,
    institutions: String,
    redirects: String,
    problem: Option<String>,
    created: String,
    created_machine: String,
}

struct ConsentView {
    id: String,
    institution: String,
    asker: String,
    since: String,
    since_machine: String,
    until: String,
    used: String,
    state: &'static str,
    tone: &'static str,
    is_live: bool,
}

struct LinkView {
    id: String,
    institution: String,
    since: String,
    since_machine: String,
    used: String,
    state: &'static str,
    tone: &'static str,
    is_live: bool,
}

/// The page with what was typed.
pub(super) fn page(app: &App, seat: &Seat, shown: &Shown, typed: Typed) -> ClientsPage {
    let (t, lang, now) = (Texts::of(seat.lang), seat.lang, app.clock.now());
    let older = shown.consents.last().filter(|_| shown.has_more);
    let known = clients::known_scopes(app);
    ClientsPage {
        frame: Frame::of(seat, Section::Clients, t.title),
        t,
        older: older.map(|last| format!("{}.{}", to_ms(last.created_at), last.id.0)),
        consents: shown
            .consents
            .iter()
            .map(|consent| consent_view(app, t, consent, (&shown.clients, lang, now)))
            .collect(),
        links: shown
            .links
            .iter()
            .take(LINKS_SHOWN)
            .map(|link| link_view(app, t, link, lang, now))
            .collect(),
        clients: shown
            .clients
            .iter()
            .map(|client| client_view(app, t, client, (&typed, lang)))
            .collect(),
        scopes: known
            .iter()
            .map(|scope| (scope.to_owned(), institution(app, scope)))
            .collect(),
        is_first: shown.is_first,
        typed,
    }
}

fn client_view(app: &App, t: &'static Texts, client: &Client, (typed, lang): (&Typed, Lang)) -> ClientView {
    let edited = typed.edited.as_ref().filter(|(id, _, _)| *id == client.id);
    let institutions = client.scopes.iter().map(|scope| institution(app, scope));
    ClientView {
        id: client.id.clone(),
        name: client.name.clone(),
        kind: if client.is_public() {
            t.public
        } else {
            t.confidential
        },
        is_public: client.is_public(),
        is_live: client.is_live(),
        institutions: institutions.collect::<Vec<_>>().join(", "),
        redirects: edited.map_or_else(|| client.redirect_uris.join("\n"), |(_, text, _)| text.clone()),
        problem: edited.map(|(_, _, problem)| problem.clone()),
        created: dates::shown(client.created_at, lang),
        created_machine: wire(client.created_at),
    }
}

fn consent_view(
    app: &App,
    t: &'static Texts,
    consent: &Consent,
    (clients, lang, now): (&[Client], Lang, Timestamp),
) -> ConsentView {
    let asker = consent.client.as_ref();
    let named = asker.and_then(|id| clients.iter().find(|client| client.id == *id));
    let (state, tone) = match (consent.is_live(now), consent.withdrawn_at) {
        (true, _) => (t.live, "good"),
        (false, Some(_)) => (t.withdrawn, "off"),
        (false, None) => (t.over, "off"),
    };
    ConsentView {
        id: consent.id.0.clone(),
        institution: institution(app, &consent.scope),
        asker: named.map_or_else(|| t.link_flow.to_owned(), |client| client.name.clone()),
        since: dates::shown(consent.created_at, lang),
        since_machine: wire(consent.created_at),
        until: dates::shown(consent.expires_at, lang),
        used: used(t, consent.last_used_at, lang),
        state,
        tone,
        is_live: consent.is_live(now),
    }
}

fn link_view(app: &App, t: &'static Texts, link: &Link, lang: Lang, now: Timestamp) -> LinkView {
    let is_live = link.serves(link.account, &link.institution, now);
    let (state, tone) = match (is_live, link.revoked_at) {
        (true, _) => (t.live, "good"),
        (false, Some(_)) => (t.revoked, "off"),
        (false, None) => (t.over, "off"),
    };
    let site = app.sites.at(&link.institution);
    LinkView {
        id: link.id.to_string(),
        institution: site.map_or_else(
            || link.institution.clone(),
            |site| site.declaration().name.clone(),
        ),
        since: dates::shown(link.issued_at, lang),
        since_machine: wire(link.issued_at),
        used: used(t, link.last_used_at, lang),
        state,
        tone,
        is_live,
    }
}

fn used(t: &Texts, last: Option<Timestamp>, lang: Lang) -> String {
    last.map_or_else(|| t.never.to_owned(), |at| dates::shown(at, lang))
}

/// An institution's name by its scope.
fn institution(app: &App, scope: &str) -> String {
    let site = app.sites.of_scope(scope);
    site.map_or_else(|| scope.to_owned(), |site| site.declaration().name.clone())
}

/// Account links on the page: the newest; `ayni links list` shows more.
const LINKS_SHOWN: usize = 100;
