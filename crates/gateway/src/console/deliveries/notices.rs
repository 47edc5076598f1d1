//! The list of notifications and operations' callbacks, and sending again all that failed.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use ayni_domain::audit::Action;
use ayni_domain::role::Role;
use ayni_domain::time::wire;

use super::again::refused;
use super::narrowed::{self, Choice, day, filled, one_of, place, written};
use super::trial;
use crate::app::Shared;
use crate::console::flash::{self, Flash};
use crate::console::form::Posted;
use crate::console::frame::{Frame, Section};
use crate::console::page;
use crate::console::press::{Press, once_field};
use crate::console::refused::Refused;
use crate::console::seat::{Owner, Seat};
use crate::http::idempotent::NotKept;
use crate::http::pages::Form;
use crate::merchants::{MerchantError, accounts};
use crate::notices::NoticeEntry;
use crate::notices::log::{self, Place, Topic, Wanted};
use crate::texts::console::deliveries::Texts;
use crate::texts::dates;
use crate::told::ToldError;

#[derive(Template)]
#[template(path = "console/deliveries/list.html")]
struct ListPage {
    frame: Frame,
    t: &'static Texts,
    once: String,
    states: Vec<Choice>,
    topics: Vec<Choice>,
    from: String,
    until: String,
    url: String,
    payment: String,
    is_narrowed: bool,
    may_act: bool,
    has_failed: bool,
    rows: Vec<RowView>,
    older: Option<String>,
    /// Where a trial would go; nothing where none is offered.
    trial_url: Option<String>,
    once_trial: String,
}

struct RowView {
    id: String,
    subject: String,
    topic: &'static str,
    tone: &'static str,
    state: &'static str,
    tries: i64,
    url: String,
    at: String,
    at_machine: String,
    next: Option<String>,
}

/// `GET /console/deliveries`.
pub(super) async fn list(State(app): State<Shared>, seat: Seat) -> Result<Response, Refused> {
    let t = Texts::of(seat.lang);
    let wanted = wanted(&seat);
    let after = place(seat.asked("after")).map(|(created_ms, id)| Place { created_ms, id });
    let found = log::page(&app.db, seat.account, wanted.clone(), after).await?;
    let account = seat.account;
    let (has_failed, notify_url) = app
        .db
        .read("console.failed", move |tx| {
            let notify_url = accounts::read(tx, account)?.notify_url;
            Ok::<_, MerchantError>((log::has_failed(tx, account)?, notify_url))
        })
        .await?;
    let older = found.next.as_ref().map(|next| {
        let next = written(next.created_ms, &next.id);
        narrowed::with(&seat, PATH, &FIELDS, Some(("after", &next)))
    });
    let topic = |topic: Topic| Choice {
        value: topic.as_str(),
        label: t.topic(topic),
        is_chosen: wanted.topic == Some(topic),
    };
    page(&ListPage {
        frame: Frame::of(&seat, Section::Deliveries, t.title),
        t,
        once: once_field(&app),
        states: t.states(wanted.state.as_deref()),
        topics: Topic::ALL.into_iter().map(topic).collect(),
        from: seat.asked("from").to_owned(),
        until: seat.asked("until").to_owned(),
        url: wanted.url.clone().unwrap_or_default(),
        payment: wanted.payment.clone().unwrap_or_default(),
        is_narrowed: wanted != Wanted::default(),
        may_act: seat.role == Role::Owner,
        has_failed,
        rows: found.entries.iter().map(|entry| row(entry, t, &seat)).collect(),
        older,
        trial_url: trial::is_offered(&seat).then(|| notify_url.unwrap_or_default()),
        once_trial: once_field(&app),
    })
}

/// `POST /console/deliveries/resend`: of what failed and is narrowed by the form's fields, as many as one press takes.
pub(super) async fn resend_failed(
    State(app): State<Shared>,
    Posted {
        seat: Owner(seat),
        form,
    }: Posted<Owner>,
) -> Result<Response, Refused> {
    let press = Press::of(&app, &seat, &form, Action::NoticeResend)?;
    let wanted = wanted_of(&|name| form.text(name).to_owned());
    let t = Texts::of(seat.lang);
    let resent = log::resend_failed(&app, seat.account, wanted, &press.witness()).await;
    let said = match resent {
        Ok(0) => Flash::Failed(t.none_failed.to_owned()),
        Ok(count) if count == log::RESEND_MAX => Flash::Done(format!("{count} {}", t.resent_and_more)),
        Ok(count) => Flash::Done(format!("{count} {}", t.resent_many)),
        Err(ToldError::NotSigned(NotKept::Taken)) => Flash::Done(t.resent_before.to_owned()),
        Err(error) => return Err(refused(error)),
    };
    Ok(flash::see_other(&seat, &address(&form), &said))
}

fn wanted(seat: &Seat) -> Wanted {
    Wanted {
        state: one_of(seat, "state", &["pending", "delivered", "spent"]),
        payment: filled(seat, "payment"),
        ..wanted_of(&|name| seat.asked(name).to_owned())
    }
}

/// What narrows both the list and what is sent again.
fn wanted_of(asked: &dyn Fn(&str) -> String) -> Wanted {
    let url = asked("url").trim().to_owned();
    Wanted {
        topic: Topic::ALL
            .into_iter()
            .find(|topic| topic.as_str() == asked("topic")),
        from: day(&asked("from"), false),
        until: day(&asked("until"), true),
        url: Some(url).filter(|url| !url.is_empty()),
        ..Wanted::default()
    }
}

/// The list as it was narrowed when the form was sent.
fn address(form: &Form) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for name in FIELDS {
        if !form.text(name).is_empty() {
            query.append_pair(name, form.text(name));
        }
    }
    format!("{PATH}?{}", query.finish())
}

fn row(entry: &NoticeEntry, t: &'static Texts, seat: &Seat) -> RowView {
    let topic = Topic::of(entry);
    let subject = match topic {
        Topic::Payment => Some(&entry.payment_id),
        Topic::Operation => entry.operation_id.as_ref(),
        Topic::Settlement => entry.settlement_id.as_ref(),
        Topic::Trial => Some(&entry.id),
    };
    RowView {
        id: entry.id.clone(),
        subject: subject.cloned().unwrap_or_default(),
        topic: t.topic(topic),
        tone: Texts::tone(&entry.state),
        state: t.state(&entry.state),
        tries: entry.tries,
        url: entry.url.clone(),
        at: dates::shown(entry.created_at, seat.lang),
        at_machine: wire(entry.created_at),
        next: entry.next_at.map(|at| dates::shown(at, seat.lang)),
    }
}

const PATH: &str = "/console/deliveries";
const FIELDS: [&str; 6] = ["state", "topic", "from", "until", "url", "payment"];
