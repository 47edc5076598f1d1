//! What `ayni listen` prints: a line for each event, numbered so that it can be asked for again.

use std::collections::VecDeque;
use std::time::Duration;

use ayni_client::Client;
use ayni_client::events::Event;
use serde_json::json;

use super::described;
use super::forward::{Forwarder, Outcome};
use crate::output::{self, Form};
use crate::standing::Standing;

/// The lines so far.
pub struct Shown {
    form: Form,
    /// The ids of the last events, and the number of the first of them.
    ids: VecDeque<String>,
    first: usize,
    standing: Standing,
}

impl Shown {
    /// Nothing yet.
    pub fn new(form: Form) -> Shown {
        Shown {
            form,
            ids: VecDeque::new(),
            first: 1,
            standing: Standing::new(form),
        }
    }

    /// The connection stands.
    pub fn connected(&mut self, client: &Client, forwarder: Option<&Forwarder>) {
        let url = client.gateway_url().as_str().trim_end_matches('/').to_owned();
        let to = forwarder.map(Forwarder::url);
        let said = json!({ "listening": url, "forward_to": to });
        let to = to.map(|to| format!(", forwarding to {to}")).unwrap_or_default();
        let first = format!("listening at {url}{to}; Ctrl-C ends it");
        self.standing.connected(&said, &first);
    }

    /// What happened before this could not be kept.
    pub fn gap(&self) {
        output::note("events of before yesterday were not kept: `ayni notices list` shows what was sent");
    }

    /// The connection is gone; said once.
    pub fn lost(&mut self, reason: &str, pause: Duration) {
        self.standing.lost(reason, pause);
    }

    /// One event and what became of it.
    pub fn event(&mut self, event: &Event, outcome: Option<&Outcome>) {
        let number = self.first + self.ids.len();
        self.ids.push_back(event.id.clone());
        if self.ids.len() > REMEMBERED_MAX {
            self.ids.pop_front();
            self.first += 1;
        }
        if self.form == Form::Json {
            return output::line(&described(event, outcome).to_string());
        }
        let what = match (outcome, &event.notice) {
            (
                Some(Outcome {
                    status: Some(status),
                    latency_ms,
                    ..
                }),
                _,
            ) => format!("→ {status} in {latency_ms} ms"),
            (Some(outcome), _) => format!("→ {}", outcome.error.as_deref().unwrap_or("no answer")),
            (None, None) => "(not notified)".to_owned(),
            (None, Some(_)) => String::new(),
        };
        // The time of day stands after the T of ISO 8601.
        let time = event.at.get(11..19).unwrap_or(&event.at);
        let line = format!(
            "{time}  #{number:<4} {:<20} {}  {what}",
            event.kind, event.subject
        );
        output::line(line.trim_end());
    }

    /// The id beside a number, or the last one.
    pub fn id_of(&self, number: Option<usize>) -> Option<String> {
        match number {
            Some(number) => self.ids.get(number.checked_sub(self.first)?).cloned(),
            None => self.ids.back().cloned(),
        }
    }

    /// There is no such line.
    pub fn nothing_to_resend(&self) {
        output::note("there is no such line to hand over again");
    }

    /// It could not be fetched again.
    pub fn not_resent(&self, reason: &str) {
        output::note(&format!("it could not be handed over again: {reason}"));
    }
}

/// Lines that can be asked for again.
const REMEMBERED_MAX: usize = 1000;
