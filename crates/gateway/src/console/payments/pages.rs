//! `/console/payments`: the list, and the form that filters it.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use ayni_domain::currency::Currency;
use ayni_domain::method::Method;
use ayni_domain::payment::state::State as PaymentState;
use ayni_domain::time::{from_ms, wire};
use ayni_store::error::StoreError;

use super::list::page::{Page, find};
use super::list::term::sealed;
use super::list::wanted::{FIELDS, Wanted, word};
use super::list::{Key, Line, Listed};
use super::search;
use super::search::token::Token;
use crate::app::{App, Shared};
use crate::console::form::Posted;
use crate::console::frame::{Frame, Section};
use crate::console::page;
use crate::console::refused::Refused;
use crate::console::seat::Seat;
use crate::texts::console::payments::Payments;
use crate::texts::dates;

#[derive(Template)]
#[template(path = "console/payments/list.html")]
struct ListPage {
    frame: Frame,
    t: &'static Payments,
    form: FormView,
    rows: Vec<RowView>,
    is_filtered: bool,
    newer: Option<String>,
    older: Option<String>,
    stopped: Option<Stopped>,
    is_narrowed: bool,
    is_behind: bool,
    /// The list's query, for its export.
    query: String,
}

/// The form as it is filled in.
struct FormView {
    typed: String,
    /// Digests of what was typed, which stay part of the search.
    kept: Vec<KeptView>,
    kept_tokens: String,
    is_open: bool,
    filters: usize,
    selects: Vec<Select>,
    inputs: Vec<Input>,
}

struct KeptView {
    shown: &'static str,
}

/// A select of the filters.
struct Select {
    name: &'static str,
    label: &'static str,
    choices: Vec<Choice>,
    is_unread: bool,
}

/// A field of the filters that is typed.
struct Input {
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    mode: &'static str,
    value: String,
    is_unread: bool,
}

struct Choice {
    value: String,
    label: String,
    is_chosen: bool,
}

struct RowView {
    id: String,
    made: String,
    made_machine: String,
    /// What the payment's row tells; nothing where it can't be read.
    read: Option<ReadView>,
}

struct ReadView {
    subject: String,
    reference: String,
    payer: String,
    amount: String,
    state: &'static str,
    tone: &'static str,
}

/// How far was looked.
struct Stopped {
    at: String,
    href: String,
}

/// `GET /console/payments`. A RUT or an address in the URL is taken out of it at once.
pub(super) async fn list(State(app): State<Shared>, seat: Seat) -> Result<Response, Refused> {
    let wanted = Wanted::read(seat.query());
    if sealed(&wanted.typed, &app.keyring, seat.account) != wanted.typed {
        return Ok(see_list(&app, &seat, wanted));
    }
    let (reader, account, asked) = (app.clone(), seat.account, wanted.clone());
    let (found, is_behind) = app
        .db
        .read("console.payments", move |tx| {
            let is_behind = asked.is_filtered() && search::is_behind(tx, account, reader.clock.now())?;
            let found = find(tx, &reader.keyring, account, &asked, LINES_ON_A_PAGE)?;
            Ok::<_, StoreError>((found, is_behind))
        })
        .await?;
    found.log_unread();
    page(&view(&app, &seat, &wanted, &found, is_behind))
}

/// `POST /console/payments`: the form, whose fields become the URL of a list.
pub(super) async fn filter(
    State(app): State<Shared>,
    Posted { seat, form }: Posted,
) -> Result<Response, Refused> {
    let mut fields: BTreeMap<String, String> = FIELDS
        .iter()
        .map(|name| ((*name).to_owned(), form.text(name).to_owned()))
        .collect();
    let typed = fields.entry("q".to_owned()).or_default();
    for kept in form.text("kept").split_whitespace() {
        typed.push(' ');
        typed.push_str(kept);
    }
    Ok(see_list(&app, &seat, Wanted::read(&fields)))
}

fn see_list(app: &App, seat: &Seat, wanted: Wanted) -> Response {
    let typed = sealed(&wanted.typed, &app.keyring, seat.account);
    let query = Wanted { typed, ..wanted }.query();
    let to = match query.as_str() {
        "" => Section::Payments.href().to_owned(),
        query => format!("{}?{query}", Section::Payments.href()),
    };
    (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
}

fn view(app: &App, seat: &Seat, wanted: &Wanted, found: &Page, is_behind: bool) -> ListPage {
    let t = Payments::of(seat.lang);
    let beside = |name: &str, key: &Key| {
        let query = wanted.query();
        let and = if query.is_empty() { "" } else { "&" };
        format!("?{query}{and}{name}={}", key.text())
    };
    let stopped = found
        .stopped_at
        .as_ref()
        .zip(found.older.as_ref())
        .map(|(at, older)| Stopped {
            at: dates::shown(from_ms(at.created_ms), seat.lang),
            href: beside("before", older),
        });
    ListPage {
        frame: Frame::of(seat, Section::Payments, t.title),
        t,
        form: form_view(app, seat, wanted),
        is_filtered: wanted.is_filtered(),
        newer: found.newer.as_ref().map(|key| beside("after", key)),
        older: found
            .older
            .as_ref()
            .filter(|_| stopped.is_none())
            .map(|key| beside("before", key)),
        stopped,
        is_narrowed: found.is_narrowed,
        is_behind,
        query: wanted.query(),
        rows: found.lines.iter().map(|line| row(line, seat, t)).collect(),
    }
}

fn row(listed: &Listed, seat: &Seat, t: &'static Payments) -> RowView {
    let key = listed.key();
    let made = from_ms(key.created_ms);
    RowView {
        id: key.id.clone(),
        made: dates::shown(made, seat.lang),
        made_machine: wire(made),
        read: match listed {
            Listed::Read(line) => Some(read(line, seat, t)),
            Listed::Unread(_) => None,
        },
    }
}

fn read(line: &Line, seat: &Seat, t: &'static Payments) -> ReadView {
    ReadView {
        subject: line.subject.clone(),
        reference: line.transaction_id.clone().unwrap_or_default(),
        payer: match line.payer_name.is_empty() {
            true => line.payer_email.clone(),
            false => line.payer_name.clone(),
        },
        amount: line.amount.shown(line.currency, seat.lang),
        state: t.state(line.state),
        tone: tone(line.state),
    }
}

/// The class of a state's badge, which colours what its words say.
pub(super) fn tone(state: PaymentState) -> &'static str {
    match state {
        PaymentState::Pending => "off",
        PaymentState::Verifying => "wait",
        PaymentState::Deleted => "off",
        PaymentState::Done(_) if state.status_detail() == "normal" => "good",
        PaymentState::Done(_) if state.is_settled() => "",
        PaymentState::Done(_) => "bad",
    }
}

fn form_view(app: &App, seat: &Seat, wanted: &Wanted) -> FormView {
    let t = Payments::of(seat.lang);
    let tokens: Vec<Token> = wanted
        .typed
        .split_whitespace()
        .filter_map(Token::of_sealed_text)
        .collect();
    let typed = wanted
        .typed
        .split_whitespace()
        .filter(|piece| Token::of_sealed_text(piece).is_none());
    let sealed: Vec<String> = tokens.iter().map(Token::sealed_text).collect();
    FormView {
        typed: typed.collect::<Vec<_>>().join(" "),
        kept: tokens
            .iter()
            .map(|token| KeptView {
                shown: if token.is_email() {
                    t.sealed_email
                } else {
                    t.sealed_rut
                },
            })
            .collect(),
        kept_tokens: sealed.join(" "),
        is_open: wanted.filters() > 0 || !wanted.unread.is_empty(),
        filters: wanted.filters(),
        selects: selects(app, seat, wanted, t),
        inputs: inputs(wanted, t),
    }
}

fn selects(app: &App, seat: &Seat, wanted: &Wanted, t: &'static Payments) -> Vec<Select> {
    let states = PaymentState::ALL.map(|one| (word(one), t.state(one).to_owned()));
    let currencies = Currency::ALL.map(|one| (one.code().to_owned(), one.code().to_owned()));
    let methods = Method::ALL.map(|one| (one.as_str().to_owned(), t.method(one.as_str()).to_owned()));
    let banks = app
        .banks
        .seen_by(seat.mode)
        .map(|bank| (bank.id.clone(), bank.name.clone()));
    let all = [
        ("state", Vec::from(states)),
        ("currency", Vec::from(currencies)),
        ("method", Vec::from(methods)),
        ("bank", banks.collect()),
    ];
    let select = |(name, values): (&'static str, Vec<(String, String)>)| {
        let chosen = wanted.text(name);
        let choice = |(value, label): (String, String)| Choice {
            is_chosen: value == chosen,
            value,
            label,
        };
        Select {
            name,
            label: t.field(name),
            is_unread: wanted.unread.contains(&name),
            choices: values.into_iter().map(choice).collect(),
        }
    };
    all.into_iter().map(select).collect()
}

fn inputs(wanted: &Wanted, t: &'static Payments) -> Vec<Input> {
    let input = |name, (kind, mode), value| Input {
        name,
        label: t.field(name),
        kind,
        mode,
        value,
        is_unread: wanted.unread.contains(&name),
    };
    vec![
        input("least", ("text", "decimal"), wanted.text("least")),
        input("most", ("text", "decimal"), wanted.text("most")),
        input("from", ("date", "none"), wanted.text("from")),
        input("to", ("date", "none"), wanted.text("to")),
    ]
}

/// Payments on one page.
const LINES_ON_A_PAGE: usize = 25;
