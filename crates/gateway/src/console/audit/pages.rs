//! `/console/audit`: the log as an owner reads it, newest first, a page at a time.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use ayni_domain::audit::Action;
use ayni_domain::time;
use jiff::Timestamp;
use url::form_urlencoded;

use super::{Entry, Place, sql};
use crate::app::Shared;
use crate::console::frame::{Frame, Section};
use crate::console::page;
use crate::console::refused::Refused;
use crate::console::seat::{Owner, Seat};
use crate::merchants::users;
use crate::texts::console::audit::Texts;
use crate::texts::dates;

#[derive(Template)]
#[template(path = "console/audit/list.html")]
struct AuditPage {
    frame: Frame,
    t: &'static Texts,
    emails: Vec<Choice>,
    actions: Vec<Choice>,
    is_narrowed: bool,
    entries: Vec<EntryView>,
    csv: String,
    older: Option<String>,
}

struct Choice {
    value: String,
    is_chosen: bool,
}

struct EntryView {
    at: String,
    at_machine: String,
    email: String,
    action: String,
    subject: String,
    address: String,
}

/// What the page's query narrows the log to.
pub(super) struct Narrowed {
    pub(super) email: Option<String>,
    pub(super) action: Option<Action>,
}

impl Narrowed {
    /// As the query says; what it does not know narrows nothing.
    pub(super) fn of(seat: &Seat) -> Narrowed {
        Narrowed {
            email: Some(seat.asked("email").to_lowercase()).filter(|email| !email.is_empty()),
            action: seat.asked("action").parse().ok(),
        }
    }

    fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(email) = &self.email {
            query.append_pair("email", email);
        }
        if let Some(action) = self.action {
            query.append_pair("action", action.as_str());
        }
        query.finish()
    }
}

/// `GET /console/audit`.
pub(super) async fn list(State(app): State<Shared>, Owner(seat): Owner) -> Result<Response, Refused> {
    let (account, before, narrowed) = (
        seat.account,
        Place::read(seat.asked("before")),
        Narrowed::of(&seat),
    );
    let (email, action) = (narrowed.email.clone(), narrowed.action);
    let (mut entries, people) = app
        .db
        .read("audit.list", move |tx| {
            let entries = sql::select_entries(tx, account, &before, (email.as_deref(), action), PAGE + 1)?;
            Ok::<_, ayni_store::error::StoreError>((entries, users::of(tx, account)?))
        })
        .await?;
    let has_older = entries.len() > PAGE as usize;
    entries.truncate(PAGE as usize);
    let query = narrowed.query();
    let older = entries.last().filter(|_| has_older).map(|last| {
        let before = form_urlencoded::byte_serialize(last.place.written().as_bytes()).collect::<String>();
        format!(
            "/console/audit?{query}{}before={before}",
            if query.is_empty() { "" } else { "&" }
        )
    });
    let t = Texts::of(seat.lang);
    let emails = people.into_iter().map(|user| Choice {
        is_chosen: narrowed.email.as_ref() == Some(&user.email),
        value: user.email,
    });
    let actions = Action::ALL.iter().map(|action| Choice {
        value: action.as_str().to_owned(),
        is_chosen: narrowed.action == Some(*action),
    });
    page(&AuditPage {
        frame: Frame::of(&seat, Section::Audit, t.title),
        t,
        emails: emails.collect(),
        actions: actions.collect(),
        is_narrowed: !query.is_empty(),
        entries: entries.iter().map(|entry| view(&seat, t, entry)).collect(),
        csv: format!("/console/audit.csv?{query}"),
        older,
    })
}

fn view(seat: &Seat, t: &Texts, entry: &Entry) -> EntryView {
    EntryView {
        at: dates::brief(entry.place.at, seat.lang),
        at_machine: time::wire(entry.place.at),
        email: match entry.email.as_str() {
            "" => t.operator.to_owned(),
            email => email.to_owned(),
        },
        action: entry.action.clone(),
        subject: entry.subject.clone(),
        address: entry.address.clone(),
    }
}

impl Place {
    /// After every line that there is.
    pub(super) fn end() -> Place {
        Place {
            at: Timestamp::MAX,
            request: String::new(),
            number: 0,
        }
    }

    /// The place that a page's query names; the end where it names none.
    fn read(text: &str) -> Place {
        let parts: Vec<&str> = text.splitn(3, '.').collect();
        match parts[..] {
            [at, number, request] => match (at.parse(), number.parse()) {
                (Ok(at), Ok(number)) => Place {
                    at: time::from_ms(at),
                    request: request.to_owned(),
                    number,
                },
                _ => Place::end(),
            },
            _ => Place::end(),
        }
    }

    fn written(&self) -> String {
        format!("{}.{}.{}", self.at.as_millisecond(), self.number, self.request)
    }
}

/// Lines of a page.
const PAGE: i64 = 50;
