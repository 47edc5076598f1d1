//! `/payment/manual/{id}`: the transfer that the payer makes without us. The destination is shown to the browser that
//! said who pays, and to no other.

use askama::Template;
use axum::http::StatusCode;
use ayni_domain::email;
use ayni_domain::method::Method;
use ayni_domain::rut::Rut;
use ayni_domain::time::wire;

use super::attempt::Attempt;
use super::begin::{self, Payer, collecting_account};
use super::contract::{self, ContractView};
use super::end;
use super::page::{Frame, render, shown};
use super::step;
use super::stop::Stop;
use super::viewed::{Viewed, load};
use super::visitor::{Answer, Post, Visitor};
use crate::texts::dates;
use crate::texts::pages::bank::{Trouble, trouble};
use crate::texts::pages::manual::Manual;
use crate::texts::pages::refusals::Refusal;

#[derive(Template)]
#[template(path = "payer/manual-form.html")]
struct FormPage {
    frame: Frame,
    t: &'static Manual,
    csrf: String,
    action: String,
    bank: String,
    rut: String,
    email: String,
    problems: Vec<FieldProblem>,
    rut_problem: Option<&'static str>,
    email_problem: Option<&'static str>,
    info_href: String,
    contract: Option<ContractView>,
}

struct FieldProblem {
    field: &'static str,
    text: &'static str,
}

#[derive(Template)]
#[template(path = "payer/manual-transfer.html")]
struct TransferPage {
    frame: Frame,
    t: &'static Manual,
    rows: Vec<Row>,
    payer_rut: String,
    until: String,
    until_machine: String,
    csrf: String,
    attempt: String,
    declare_action: String,
    info_href: String,
}

struct Row {
    id: &'static str,
    label: &'static str,
    shown: String,
    copied: String,
    hint: Option<&'static str>,
    is_strong: bool,
}

/// The page: the form, or for the browser that filled it in the destination.
pub(super) async fn show(visitor: &Visitor) -> Result<Answer, Stop> {
    let viewed = load(visitor).await?;
    if let Some(outcome) = viewed.outcome() {
        return end::page(visitor, &viewed, outcome);
    }
    if let Some(attempt) = viewed.asking(Method::RegularTransfer) {
        return transfer_page(visitor, &viewed, attempt).await;
    }
    if !viewed.allows(Method::RegularTransfer) {
        return Err(Stop::Refused(Refusal::NotOffered));
    }
    let bank = visitor.query.get("bank").map(String::as_str).unwrap_or_default();
    let typed = Typed {
        bank,
        rut: "",
        email: "",
    };
    form_page(visitor, &viewed, typed, Problems::default())
}

/// The payer says who pays.
pub(super) async fn begin(post: &Post) -> Result<Answer, Stop> {
    let visitor = &post.visitor;
    let viewed = load(visitor).await?;
    if viewed.outcome().is_some() {
        return Err(Stop::Stale);
    }
    if !viewed.allows(Method::RegularTransfer) {
        return Err(Stop::Refused(Refusal::NotOffered));
    }
    let typed = Typed {
        bank: post.form.text("bank"),
        rut: post.form.text("rut"),
        email: post.form.text("email"),
    };
    let t = Manual::of(visitor.lang);
    let rut = Rut::parse(typed.rut);
    let rut_trouble = match rut {
        Err(_) => Some(Trouble::NotARut),
        Ok(rut) if !step::may_pay(&viewed, &rut.plain()) => Some(Trouble::OtherPerson),
        Ok(_) => None,
    };
    let problems = Problems {
        rut: rut_trouble.map(|kind| trouble(kind, visitor.lang)),
        email: (!email::is_valid(typed.email)).then_some(t.email_problem),
        contract: (!contract::is_accepted(&viewed, &post.form))
            .then(|| trouble(Trouble::ContractNotAccepted, visitor.lang)),
    };
    let (Ok(rut), true) = (rut, problems.is_empty()) else {
        return form_page(visitor, &viewed, typed, problems);
    };
    let known = viewed
        .banks(&visitor.app)
        .into_iter()
        .any(|bank| bank.id == typed.bank);
    let bank = if known { typed.bank } else { "" };
    begin::manual(
        visitor,
        bank,
        Payer {
            identifier: rut.plain(),
            email: typed.email.to_owned(),
            accepted: post.form.text(contract::FIELD).to_owned(),
        },
    )
    .await?;
    Ok(Answer::SeeOther(visitor.to("manual")))
}

/// What the payer typed into the form.
#[derive(Clone, Copy)]
struct Typed<'a> {
    bank: &'a str,
    rut: &'a str,
    email: &'a str,
}

/// What is wrong with it.
#[derive(Clone, Copy, Default)]
struct Problems {
    rut: Option<&'static str>,
    email: Option<&'static str>,
    contract: Option<&'static str>,
}

impl Problems {
    fn is_empty(&self) -> bool {
        self.rut.or(self.email).or(self.contract).is_none()
    }

    /// In the order of the form.
    fn listed(&self) -> Vec<FieldProblem> {
        [
            ("rut", self.rut),
            ("email", self.email),
            (contract::FIELD, self.contract),
        ]
        .into_iter()
        .filter_map(|(field, text)| Some(FieldProblem { field, text: text? }))
        .collect()
    }
}

fn form_page(
    visitor: &Visitor,
    viewed: &Viewed,
    typed: Typed<'_>,
    problems: Problems,
) -> Result<Answer, Stop> {
    let t = Manual::of(visitor.lang);
    let status = if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let template = FormPage {
        frame: Frame::of(visitor, viewed, "manual-form", t.heading),
        t,
        csrf: visitor.csrf(),
        action: visitor.to("manual"),
        bank: typed.bank.to_owned(),
        rut: typed.rut.to_owned(),
        email: typed.email.to_owned(),
        problems: problems.listed(),
        rut_problem: problems.rut,
        email_problem: problems.email,
        info_href: visitor.to("info"),
        contract: contract::asked(visitor, viewed, problems.contract.is_some()),
    };
    render(status, &template)
}

async fn transfer_page(visitor: &Visitor, viewed: &Viewed, attempt: &Attempt) -> Result<Answer, Stop> {
    let (lang, t) = (visitor.lang, Manual::of(visitor.lang));
    let identifier = attempt.payer_identifier.as_deref().unwrap_or_default();
    let template = TransferPage {
        frame: Frame::of(visitor, viewed, "manual-transfer", t.destination).live(visitor, viewed, false),
        t,
        rows: rows(visitor, viewed, attempt).await?,
        payer_rut: rut_shown(identifier),
        until: dates::shown(attempt.lapses_at, lang),
        until_machine: wire(attempt.lapses_at),
        csrf: visitor.csrf(),
        attempt: attempt.id.clone(),
        declare_action: format!("{}/declare", visitor.to("manual")),
        info_href: visitor.to("info"),
    };
    render(StatusCode::OK, &template)
}

async fn rows(visitor: &Visitor, viewed: &Viewed, attempt: &Attempt) -> Result<Vec<Row>, Stop> {
    let t = Manual::of(visitor.lang);
    let account = collecting_account(&visitor.app, &viewed.payment).await?;
    let bank = visitor
        .app
        .banks
        .find(&account.bank_id)
        .map(|bank| bank.name.clone());
    let plain = |id, label, text: String| Row {
        id,
        label,
        shown: text.clone(),
        copied: text,
        hint: None,
        is_strong: false,
    };
    Ok(vec![
        Row {
            shown: shown(attempt.amount, attempt.currency, visitor.lang),
            hint: Some(t.exact),
            is_strong: true,
            ..plain("transfer-amount", t.amount, attempt.amount.plain())
        },
        plain("transfer-bank", t.bank, bank.unwrap_or(account.bank_id)),
        plain("account", t.account, account.number),
        plain("holder", t.holder, account.holder_name),
        plain("holder-rut", t.holder_rut, rut_shown(&account.holder_identifier)),
        plain("holder-email", t.holder_email, account.holder_email),
        Row {
            hint: Some(t.reference_hint),
            is_strong: true,
            ..plain("reference", t.reference, viewed.payment.id.to_string())
        },
    ])
}

/// With dots and hyphen where it is a RUT, else as it is.
fn rut_shown(identifier: &str) -> String {
    Rut::parse(identifier).map_or_else(|_| identifier.to_owned(), Rut::formatted)
}
