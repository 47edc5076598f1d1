//! A mail's words, from its payment. The same facts give the same words.

use std::time::SystemTime;

use ayni_domain::currency::Currency;
use ayni_domain::lang::Lang;
use ayni_domain::money::Amount;
use ayni_outbound::mail::mailbox::Mailbox;
use ayni_outbound::mail::message::{Attachment, Mail};
use thiserror::Error;

use super::deliver::Parcel;
use super::letter::{Fact, Letter, Link};
use super::{Kind, MailId, readers};
use crate::app::App;
use crate::payments::Payment;
use crate::receipts;
use crate::reconciliation::Reconciliation;
use crate::texts::dates;
use crate::texts::mails::{self as texts, Common, Told, filled};

/// What a mail is made of.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    pub(super) payment: Payment,
    /// The payee as its payers know it.
    pub(super) payee: String,
    /// What is known since its money was seen.
    pub(super) seen: Option<Reconciliation>,
    /// Whether the account takes no money any more.
    pub(super) is_disabled: bool,
    /// Whether its reader wants no reminders.
    pub(super) has_declined: bool,
}

/// Why a mail can't be written.
#[derive(Debug, Error)]
pub(super) enum ComposeError {
    /// The recipient's is no address that a server would take.
    #[error("no mail server would take the recipient's address")]
    Address,
    /// A template.
    #[error("the mail's template could not be filled in: {0}")]
    Template(#[from] askama::Error),
}

/// The mail as it is sent.
pub(super) fn mail(
    app: &App,
    parcel: &Parcel,
    facts: &Facts,
    attachment: Option<Attachment>,
) -> Result<Mail, ComposeError> {
    let letter = letter(app, parcel, facts);
    let id = MailId {
        payment: parcel.payment,
        kind: parcel.kind,
    };
    Ok(Mail {
        id: id.to_string(),
        id_domain: id_domain(app),
        at: SystemTime::from(parcel.queued_at),
        to: Mailbox::new(&parcel.name, &parcel.address).ok_or(ComposeError::Address)?,
        text: letter.text()?,
        html: letter.html()?,
        language: parcel.lang.tag(),
        unsubscribe: letter.unsubscribe.map(|link| link.href),
        subject: letter.subject,
        attachment,
    })
}

/// Our public host, of which mails' ids are.
fn id_domain(app: &App) -> String {
    let host = app.settings.public_url.host_str().unwrap_or_default();
    match host
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
    {
        true if !host.is_empty() => host.to_owned(),
        _ => "localhost".to_owned(),
    }
}

fn letter(app: &App, parcel: &Parcel, facts: &Facts) -> Letter {
    let (lang, t) = (parcel.lang, Common::of(parcel.lang));
    let told = told(parcel.kind, lang);
    let fill = |text: &str| filled(text, &facts.payee, "");
    let payment = &facts.payment;
    let is_asked = parcel.kind != Kind::Receipt;
    Letter {
        lang,
        subject: format!("{}: {}", fill(told.subject), payment.subject),
        greeting: greeting(t, &parcel.name),
        heading: fill(told.heading),
        intro: fill(told.intro),
        amount_label: t.amount,
        amount: shown(payment.amount, payment.currency, lang),
        facts: lines(t, facts, lang),
        detail: payment
            .details
            .body
            .clone()
            .filter(|_| is_asked)
            .map(|value| Fact {
                label: t.detail,
                value,
            }),
        button: Link {
            label: told.button.to_owned(),
            href: href(app, parcel.kind, lang, facts),
        },
        notes: match is_asked {
            true => vec![told.note, t.never],
            false => vec![told.note],
        },
        footer: fill(t.footer),
        unsubscribe: matches!(parcel.kind, Kind::Reminder(_)).then(|| Link {
            label: fill(t.unsubscribe),
            href: unsubscribe_href(app, parcel, payment),
        }),
    }
}

fn told(kind: Kind, lang: Lang) -> &'static Told {
    match kind {
        Kind::Request => texts::request(lang),
        Kind::Reminder(1) => texts::reminder(lang),
        Kind::Reminder(_) => texts::last_reminder(lang),
        Kind::Receipt => texts::receipt(lang),
    }
}

fn greeting(t: &Common, name: &str) -> String {
    match name.trim() {
        "" => t.greeting.trim_end_matches(',').to_owned() + ",",
        name => format!("{} {name},", t.greeting.trim_end_matches(',')),
    }
}

fn lines(t: &'static Common, facts: &Facts, lang: Lang) -> Vec<Fact> {
    let payment = &facts.payment;
    let in_chile = |at| format!("{} ({})", dates::shown(at, lang), t.chile_time);
    let mut lines = vec![
        (t.payee, facts.payee.clone()),
        (t.subject, payment.subject.clone()),
    ];
    match &facts.seen {
        None => lines.push((t.expires, in_chile(payment.expires_at))),
        Some(seen) => lines.extend([
            (t.paid, in_chile(seen.conciliated_at)),
            (t.bank, seen.bank.clone()),
            (t.operation, seen.operation_code.clone()),
        ]),
    }
    lines.push((t.code, payment.id.to_string()));
    let filled = lines.into_iter().filter(|(_, value)| !value.is_empty());
    filled.map(|(label, value)| Fact { label, value }).collect()
}

/// Where the button leads: to the payment's page or to its receipt.
fn href(app: &App, kind: Kind, lang: Lang, facts: &Facts) -> String {
    match kind {
        Kind::Receipt => receipt_href(app, facts, lang),
        Kind::Request | Kind::Reminder(_) => {
            app.settings.link(&format!("/payment/info/{}", facts.payment.id))
        }
    }
}

fn receipt_href(app: &App, facts: &Facts, lang: Lang) -> String {
    let Some(seen) = &facts.seen else {
        return String::new();
    };
    let url = receipts::url(app, facts.payment.id, seen.conciliated_at);
    format!("{url}{}", lang.pick("", "?lang=en"))
}

fn unsubscribe_href(app: &App, parcel: &Parcel, payment: &Payment) -> String {
    let token = readers::token(&app.keyring, payment.account, &parcel.address);
    let query = parcel.lang.pick("", "?lang=en");
    app.settings.link(&format!("/mails/unsubscribe/{token}{query}"))
}

/// An amount that does not break between its symbol and its digits.
fn shown(amount: Amount, currency: Currency, lang: Lang) -> String {
    amount.shown(currency, lang).replace(' ', "\u{a0}")
}
