//! What happened to a payment, as one list in the order in which it happened, whoever recorded it.

use ayni_domain::lang::Lang;
use ayni_domain::time::wire;
use jiff::Timestamp;

use super::facts::Facts;
use crate::app::App;
use crate::texts::console::payments::{One, Payments};
use crate::texts::dates;

/// One thing that happened.
pub(super) struct Happened {
    at: Timestamp,
    /// Things of one instant stay in the order in which they were caused.
    order: u8,
    pub when: String,
    pub when_machine: String,
    pub title: String,
    pub details: Vec<String>,
    /// `good`, `wait`, `bad` or nothing.
    pub tone: &'static str,
}

/// The timeline, the newest first; and whether older things were left out.
pub(super) fn of(app: &App, facts: &Facts, lang: Lang) -> (Vec<Happened>, bool) {
    let mut timeline = Timeline {
        app,
        facts,
        lang,
        t: One::of(lang),
        all: Vec::new(),
    };
    timeline.made();
    timeline.attempts();
    timeline.money();
    timeline.events();
    timeline.refunds();
    timeline.notices();
    timeline.mails();
    let mut all = timeline.all;
    all.sort_by_key(|one| std::cmp::Reverse((one.at, one.order)));
    let has_more = all.len() > SHOWN_MAX;
    all.truncate(SHOWN_MAX);
    (all, has_more)
}

struct Timeline<'a> {
    app: &'a App,
    facts: &'a Facts,
    lang: Lang,
    t: &'static One,
    all: Vec<Happened>,
}

impl Timeline<'_> {
    fn made(&mut self) {
        let payment = &self.facts.payment;
        let amount = payment.amount.shown(payment.currency, self.lang);
        self.add(payment.created_at, 0, self.t.made.to_owned(), vec![amount], "");
    }

    fn attempts(&mut self) {
        for attempt in &self.facts.attempts {
            let bank = self
                .app
                .banks
                .find(&attempt.bank_id)
                .map_or("", |bank| bank.name.as_str());
            let method = Payments::of(self.lang).method(attempt.method.as_str());
            let mut details = vec![
                joined([method, bank]),
                self.t.word(attempt.state.as_str()).to_owned(),
                attempt.amount.shown(attempt.currency, self.lang),
            ];
            details.extend(
                attempt
                    .operation_number
                    .as_ref()
                    .map(|number| format!("{}: {number}", self.t.operation)),
            );
            details.extend(attempt.reason.clone());
            let title = format!("{} ({})", self.t.attempt, attempt.number);
            let tone = match attempt.state.as_str() {
                "settled" | "authorised" => "good",
                "failed" | "lapsed" => "bad",
                _ => "wait",
            };
            self.add(attempt.started_at, 1, title, details, tone);
        }
    }

    fn money(&mut self) {
        let Some(seen) = &self.facts.seen else {
            return;
        };
        let currency = self.facts.payment.currency.paid_in();
        let mut details = vec![
            seen.paid.shown(currency, self.lang),
            joined([&seen.bank, &seen.payer_name]),
        ];
        if let Some((booked_at, comment)) = &self.facts.movement {
            details.push(dates::shown(*booked_at, self.lang));
            details.push(comment.clone());
        }
        self.add(
            seen.conciliated_at,
            2,
            self.t.movement.to_owned(),
            details,
            "good",
        );
    }

    fn events(&mut self) {
        for event in &self.facts.events {
            let tone = match event.kind.as_str() {
                "money-seen" => "good",
                "attempt-failed" | "refund-expired" | "reported-as-abuse" => "bad",
                "attempt-authorising" | "transfer-declared" => "wait",
                _ => "",
            };
            self.add(event.at, 3, self.t.word(&event.kind).to_owned(), Vec::new(), tone);
        }
    }

    fn refunds(&mut self) {
        for refund in &self.facts.refunds {
            let state = refund.state.as_str();
            let amount = refund.amount.shown(refund.currency, self.lang);
            let details = |word: &str| vec![amount.clone(), word.to_owned(), refund.id.to_string()];
            let title = self.t.refund.to_owned();
            match refund.ended_at {
                Some(ended_at) => {
                    let tone = if state == "paid" { "good" } else { "bad" };
                    self.add(
                        refund.requested_at,
                        4,
                        title.clone(),
                        details(self.t.word("pending")),
                        "wait",
                    );
                    self.add(ended_at, 4, title, details(self.t.word(state)), tone);
                }
                None => self.add(refund.requested_at, 4, title, details(self.t.word(state)), "wait"),
            }
        }
    }

    fn notices(&mut self) {
        for (notice, tries) in &self.facts.notices {
            let mut details = vec![notice.url.clone(), self.t.word(&notice.state).to_owned()];
            details.extend(self.next(notice.next_at));
            let tone = match notice.state.as_str() {
                "delivered" => "good",
                "spent" => "bad",
                _ => "wait",
            };
            self.add(notice.created_at, 5, self.t.notice.to_owned(), details, tone);
            for tried in tries {
                let answer = match (tried.status, &tried.error) {
                    (Some(status), _) => format!("HTTP {status}"),
                    (None, Some(error)) => error.clone(),
                    (None, None) => self.t.no_answer.to_owned(),
                };
                let title = format!("{} ({})", self.t.notice_try, tried.number);
                let tone = if tried.status == Some(200) { "good" } else { "bad" };
                self.add(
                    tried.at,
                    6,
                    title,
                    vec![answer, format!("{} ms", tried.latency_ms)],
                    tone,
                );
            }
        }
    }

    fn mails(&mut self) {
        for (mail, tries) in &self.facts.mails {
            let mut details = vec![mail.address.clone(), self.t.word(&mail.state).to_owned()];
            details.extend(mail.reason.clone());
            details.extend(self.next(mail.next_at));
            let title = format!("{}: {}", self.t.mail, self.t.word(&mail.kind));
            let tone = match mail.state.as_str() {
                "sent" => "good",
                "failed" => "bad",
                "pending" | "held" => "wait",
                _ => "",
            };
            self.add(mail.created_at, 7, title, details, tone);
            for tried in tries {
                let (said, tone) = match tried.taken {
                    true => (self.t.taken.to_owned(), "good"),
                    false => (tried.said.clone(), "bad"),
                };
                let title = format!("{} ({})", self.t.mail_try, tried.number);
                self.add(
                    tried.at,
                    8,
                    title,
                    vec![said, format!("{} ms", tried.latency_ms)],
                    tone,
                );
            }
        }
    }

    fn next(&self, at: Option<Timestamp>) -> Option<String> {
        at.map(|at| format!("{} {}", self.t.next_try, dates::shown(at, self.lang)))
    }

    fn add(&mut self, at: Timestamp, order: u8, title: String, mut details: Vec<String>, tone: &'static str) {
        details.retain(|detail| !detail.is_empty());
        self.all.push(Happened {
            at,
            order,
            when: dates::shown(at, self.lang),
            when_machine: wire(at),
            title,
            details,
            tone,
        });
    }
}

/// Those of two texts that say something.
fn joined(texts: [&str; 2]) -> String {
    let said: Vec<&str> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    said.join(" · ")
}

/// Things on one page.
const SHOWN_MAX: usize = 300;
