//! The list of links, and one link with what came of it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use ayni_domain::ids::LinkCode;
use ayni_domain::lang::Lang;
use ayni_domain::payment::state::State as PaymentState;
use ayni_domain::payment_link::terms::Price;
use ayni_domain::payment_link::{PaymentLink, Standing};
use ayni_domain::role::Role;
use ayni_domain::time::{from_ms, wire};
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;

use super::refused;
use crate::app::{App, Shared};
use crate::console::frame::{Frame, Section};
use crate::console::page;
use crate::console::refused::Refused;
use crate::console::seat::Seat;
use crate::payer::qr::{self, Qr};
use crate::payment_links::{self, Use, commands, shown};
use crate::payments;
use crate::texts::console::links::Texts;
use crate::texts::dates;

#[derive(Template)]
#[template(path = "console/links/list.html")]
struct ListPage {
    frame: Frame,
    t: &'static Texts,
    may_change: bool,
    links: Vec<LinkRow>,
    next: Option<String>,
}

struct LinkRow {
    code: String,
    subject: String,
    price: String,
    uses: String,
    state: StateView,
    made: String,
    made_machine: String,
}

/// A state's badge.
pub(super) struct StateView {
    pub(super) label: &'static str,
    pub(super) tone: &'static str,
}

#[derive(Template)]
#[template(path = "console/links/link.html")]
struct LinkPage {
    frame: Frame,
    t: &'static Texts,
    may_change: bool,
    code: String,
    subject: String,
    url: String,
    is_active: bool,
    state: StateView,
    facts: Vec<(&'static str, String)>,
    qr: Option<Qr>,
    uses: Vec<UseRow>,
    next: Option<String>,
}

struct UseRow {
    payment: String,
    at: String,
    at_machine: String,
    quantity: i64,
    amount: String,
    state: StateView,
}

/// `GET /console/links`.
pub(super) async fn list(State(app): State<Shared>, seat: Seat) -> Result<Response, Refused> {
    let after = place(seat.asked("after"));
    let after = after.and_then(|(ms, code)| Some((from_ms(ms), LinkCode::parse(&code).ok()?)));
    let links = commands::list(&app, seat.account, after, PAGE).await?;
    let is_full = i64::try_from(links.len()).is_ok_and(|length| length == PAGE);
    let next = links.last().filter(|_| is_full);
    page(&ListPage {
        frame: Frame::of(&seat, Section::Links, Texts::of(seat.lang).title),
        t: Texts::of(seat.lang),
        may_change: seat.role != Role::ReadOnly,
        next: next.map(|last| format!("?after={}.{}", last.created_at.as_millisecond(), last.code)),
        links: links.iter().map(|link| row(&app, &seat, link)).collect(),
    })
}

/// `GET /console/links/{code}`.
pub(super) async fn show(
    State(app): State<Shared>,
    seat: Seat,
    Path(code): Path<String>,
) -> Result<Response, Refused> {
    let link = find(&app, &seat, &code).await?;
    let (t, url) = (Texts::of(seat.lang), payment_links::url(&app, link.code));
    let uses = commands::uses(&app, link.code, place(seat.asked("after")), PAGE).await?;
    let is_full = i64::try_from(uses.len()).is_ok_and(|length| length == PAGE);
    let next = uses.last().filter(|_| is_full);
    let next = next.map(|last| format!("?after={}.{}", last.at.as_millisecond(), last.payment));
    page(&LinkPage {
        frame: Frame::of(&seat, Section::Links, &link.terms.subject).named("link"),
        t,
        may_change: seat.role != Role::ReadOnly,
        code: link.code.to_string(),
        subject: link.terms.subject.clone(),
        qr: qr::of(&url),
        url,
        is_active: link.deactivated_at.is_none(),
        state: state(link.standing(app.clock.now()), t),
        facts: facts(&link, t, seat.lang),
        uses: paid(&app, uses, seat.lang).await?,
        next,
    })
}

/// The account's link of this code.
pub(super) async fn find(app: &App, seat: &Seat, code: &str) -> Result<PaymentLink, Refused> {
    let code = LinkCode::parse(code).map_err(|_| Refused::NotFound)?;
    commands::find_of(app, seat.account, code).await.map_err(refused)
}

/// What one payer is asked, in words.
pub(super) fn price(link: &PaymentLink, t: &Texts, lang: Lang) -> String {
    let money = |amount| shown(amount, link.terms.currency, lang);
    match link.terms.price {
        Price::Fixed {
            unit,
            quantity_max: 1,
        } => money(unit),
        Price::Fixed { unit, quantity_max } => format!("{} {} {quantity_max}", money(unit), t.up_to),
        Price::Free { minimum, maximum } => format!("{} {}–{}", t.free, money(minimum), money(maximum)),
    }
}

fn row(app: &App, seat: &Seat, link: &PaymentLink) -> LinkRow {
    let t = Texts::of(seat.lang);
    LinkRow {
        code: link.code.to_string(),
        subject: link.terms.subject.clone(),
        price: price(link, t, seat.lang),
        uses: uses_of(link, t),
        state: state(link.standing(app.clock.now()), t),
        made: dates::shown(link.created_at, seat.lang),
        made_machine: wire(link.created_at),
    }
}

fn facts(link: &PaymentLink, t: &Texts, lang: Lang) -> Vec<(&'static str, String)> {
    let terms = &link.terms;
    let given = |text: &Option<String>| text.clone().unwrap_or_default();
    let all = [
        (t.price, price(link, t, lang)),
        (t.uses, uses_of(link, t)),
        (
            t.expires,
            terms
                .expires_at
                .map(|end| dates::shown(end, lang))
                .unwrap_or_default(),
        ),
        (t.body, given(&terms.body)),
        (t.return_url, given(&terms.return_url)),
        (t.notify_url, given(&terms.notify_url)),
        (t.code, link.code.to_string()),
    ];
    all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

fn uses_of(link: &PaymentLink, t: &Texts) -> String {
    match link.terms.uses_max {
        Some(most) => format!("{} {} {most}", link.uses, t.of_uses),
        None => link.uses.to_string(),
    }
}

fn state(standing: Standing, t: &Texts) -> StateView {
    let (label, tone) = match standing {
        Standing::Open => (t.active, "good"),
        Standing::Inactive => (t.inactive, "off"),
        Standing::Expired => (t.expired, "wait"),
        Standing::Exhausted => (t.exhausted, "wait"),
    };
    StateView { label, tone }
}

/// The payments of these uses.
async fn paid(app: &App, uses: Vec<Use>, lang: Lang) -> Result<Vec<UseRow>, StoreError> {
    let work = move |tx: &mut Tx<'_>| {
        let mut rows = Vec::with_capacity(uses.len());
        for used in &uses {
            if let Some(payment) = payments::find(tx, used.payment)? {
                rows.push(UseRow {
                    payment: used.payment.to_string(),
                    at: dates::shown(used.at, lang),
                    at_machine: wire(used.at),
                    quantity: used.quantity,
                    amount: shown(payment.amount, payment.currency, lang),
                    state: of_payment(payment.state, Texts::of(lang)),
                });
            }
        }
        Ok::<_, StoreError>(rows)
    };
    app.db.read("payment-links.paid", work).await
}

fn of_payment(state: PaymentState, t: &Texts) -> StateView {
    let (label, tone) = match state.as_str() {
        "pending" => (t.pending, "wait"),
        "verifying" => (t.verifying, "wait"),
        "done/normal" | "done/marked-paid-by-receiver" => (t.paid, "good"),
        "done/reversed" | "done/fully-refunded" | "done/partially-refunded" => (t.refunded, "off"),
        _ => (t.closed, "off"),
    };
    StateView { label, tone }
}

/// Where an earlier page ended: `ms.id`.
fn place(text: &str) -> Option<(i64, String)> {
    let (ms, id) = text.split_once('.')?;
    Some((ms.parse().ok()?, id.to_owned()))
}

/// Links, or uses, of one page.
const PAGE: i64 = 50;
