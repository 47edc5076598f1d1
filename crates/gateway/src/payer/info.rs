//! `/payment/info/{id}`: what is to be paid, and how.

use askama::Template;
use axum::http::StatusCode;
use ayni_domain::method::Method;

use super::begin;
use super::contract::{self, ContractView};
use super::end;
use super::page::{Frame, render};
use super::qr::{self, Qr};
use super::stop::Stop;
use super::viewed::{Viewed, load};
use super::visitor::{Answer, Post, Visitor};
use crate::banks::Bank;
use crate::texts::pages::info::Info;
use crate::texts::pages::refusals::Refusal;

#[derive(Template)]
#[template(path = "payer/info.html")]
struct InfoPage {
    frame: Frame,
    t: &'static Info,
    csrf: String,
    action: String,
    banks: Vec<BankChoice>,
    first_bank: String,
    preset_not_offered: bool,
    simplified: bool,
    manual: bool,
    main_method: &'static str,
    problem: Option<&'static str>,
    resume_href: Option<String>,
    cancel_url: Option<String>,
    reject_href: String,
    abuse_href: String,
    qr: Option<Qr>,
    contract: Option<ContractView>,
}

/// A bank as it is offered.
pub(super) struct BankChoice {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) message: String,
    pub(super) driven: bool,
    pub(super) chosen: bool,
}

/// The page.
pub(super) async fn show(visitor: &Visitor) -> Result<Answer, Stop> {
    let viewed = load(visitor).await?;
    if let Some(outcome) = viewed.outcome() {
        return end::page(visitor, &viewed, outcome);
    }
    if viewed.now > viewed.payment.expires_at {
        return Ok(Answer::SeeOther(continue_href(visitor, &viewed)));
    }
    page(visitor, &viewed, None)
}

/// What was chosen: a simplified transfer begins at once, a manual one first asks who pays.
pub(super) async fn choose(post: &Post) -> Result<Answer, Stop> {
    let visitor = &post.visitor;
    let viewed = load(visitor).await?;
    let bank_id = post.form.text("bank");
    let method = Method::parse(post.form.text("method")).unwrap_or(Method::SimplifiedTransfer);
    if viewed.outcome().is_some() {
        return Err(Stop::Stale);
    }
    if !viewed.allows(method) {
        return Err(Stop::Refused(Refusal::NotOffered));
    }
    let bank = viewed
        .banks(&visitor.app)
        .into_iter()
        .find(|bank| bank.id == bank_id);
    match (method, bank) {
        (Method::SimplifiedTransfer, None) => page(visitor, &viewed, Some(Info::of(visitor.lang).choose_one)),
        (Method::SimplifiedTransfer, Some(bank)) if bank.connector.is_some() => {
            begin::simplified(visitor, &viewed, bank).await?;
            Ok(Answer::SeeOther(visitor.to("simplified")))
        }
        (_, Some(bank)) if viewed.allows(Method::RegularTransfer) => Ok(Answer::SeeOther(format!(
            "{}?bank={}",
            visitor.to("manual"),
            bank.id
        ))),
        (Method::RegularTransfer, None) => Ok(Answer::SeeOther(visitor.to("manual"))),
        _ => Err(Stop::Refused(Refusal::NotOffered)),
    }
}

/// The banks as they are offered: those the connectors drive only, or all; the one that the payment asks for alone,
/// where it is among them.
pub(super) fn choices(visitor: &Visitor, viewed: &Viewed, driven_only: bool) -> Vec<BankChoice> {
    let offered = viewed.banks(&visitor.app);
    let preset = viewed.payment.details.bank_id.as_deref();
    let has_preset = preset.is_some_and(|id| offered.iter().any(|bank| bank.id == id));
    let wanted = |bank: &&Bank| {
        (!driven_only || bank.connector.is_some()) && (!has_preset || preset == Some(bank.id.as_str()))
    };
    let wanted: Vec<&Bank> = offered.into_iter().filter(wanted).collect();
    let is_only = wanted.len() == 1;
    wanted
        .into_iter()
        .map(|bank| BankChoice {
            id: bank.id.clone(),
            name: bank.name.clone(),
            message: bank.message_in(visitor.lang).to_owned(),
            driven: bank.connector.is_some(),
            chosen: is_only,
        })
        .collect()
}

fn page(visitor: &Visitor, viewed: &Viewed, problem: Option<&'static str>) -> Result<Answer, Stop> {
    let t = Info::of(visitor.lang);
    let (simplified, manual) = (Method::SimplifiedTransfer, Method::RegularTransfer);
    let (allows_simplified, allows_manual) = (viewed.allows(simplified), viewed.allows(manual));
    let banks = choices(visitor, viewed, !allows_manual);
    let is_driven = banks.iter().any(|bank| bank.driven);
    let preset = viewed.payment.details.bank_id.as_deref();
    let frame = Frame::of(visitor, viewed, "info", t.heading).live(visitor, viewed, false);
    let template = InfoPage {
        frame,
        t,
        csrf: visitor.csrf(),
        action: visitor.to("info"),
        first_bank: banks.first().map(|bank| bank.id.clone()).unwrap_or_default(),
        preset_not_offered: preset.is_some_and(|id| !banks.iter().any(|bank| bank.id == id)),
        simplified: allows_simplified && is_driven,
        manual: allows_manual,
        main_method: if allows_simplified {
            simplified.as_str()
        } else {
            manual.as_str()
        },
        banks,
        problem,
        resume_href: viewed.is_asked().then(|| continue_href(visitor, viewed)),
        cancel_url: viewed.payment.details.cancel_url.clone(),
        reject_href: visitor.to("reject"),
        abuse_href: visitor.to("abuse"),
        qr: qr::of(&visitor.app.settings.link(&visitor.to("info"))),
        contract: contract::shown(visitor, viewed),
    };
    render(
        if problem.is_some() {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        },
        &template,
    )
}

/// Where this browser's attempt goes on: one that began before the expiry may finish after it.
fn continue_href(visitor: &Visitor, viewed: &Viewed) -> String {
    match viewed.asking(Method::RegularTransfer) {
        Some(_) => visitor.to("manual"),
        None => visitor.to("simplified"),
    }
}
