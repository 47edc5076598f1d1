//! `/payment/simplified/{id}`: the bank asks, the page shows what it asks.

use askama::Template;
use axum::http::StatusCode;
use ayni_connectors::prompt::{FieldKind, Prompt};
use ayni_domain::method::Method;
use ayni_domain::time::wire;

use super::attempt::Attempt;
use super::begin;
use super::contract::{self, ContractView};
use super::end;
use super::info::{BankChoice, choices};
use super::page::{Frame, render, shown};
use super::step;
use super::stop::Stop;
use super::viewed::{Viewed, load};
use super::visitor::{Answer, Post, Visitor};
use super::waiting::Waiting;
use crate::texts::dates;
use crate::texts::pages::bank::{self, Bank, Trouble};
use crate::texts::pages::info::Info;
use crate::texts::pages::refusals::Refusal;

#[derive(Template)]
#[template(path = "payer/begin.html")]
struct BeginPage {
    frame: Frame,
    t: &'static Bank,
    info: &'static Info,
    csrf: String,
    action: String,
    banks: Vec<BankChoice>,
    problem: Option<&'static str>,
    info_href: String,
}

#[derive(Template)]
#[template(path = "payer/prompt.html")]
struct PromptPage {
    frame: Frame,
    t: &'static Bank,
    heading: &'static str,
    hint: &'static str,
    button: String,
    steps: Vec<StepView>,
    bank_name: String,
    problem: Option<&'static str>,
    first_field: String,
    csrf: String,
    action: String,
    stop_action: String,
    attempt: String,
    version: i64,
    is_card: bool,
    fields: Vec<FieldOfPrompt>,
    until: String,
    until_machine: String,
    contract: Option<ContractView>,
}

struct StepView {
    name: &'static str,
    is_past: bool,
    is_now: bool,
}

struct FieldOfPrompt {
    name: String,
    kind: FieldView,
}

enum FieldView {
    Rut,
    Password,
    Choice(Vec<ChoiceView>),
    Coordinate(String),
}

struct ChoiceView {
    dom_id: String,
    value: String,
    label: String,
}

/// The page: the bank's question to this browser's payer, or the choice of a bank.
pub(super) async fn show(visitor: &Visitor) -> Result<Answer, Stop> {
    let viewed = load(visitor).await?;
    if let Some(outcome) = viewed.outcome() {
        return end::page(visitor, &viewed, outcome);
    }
    let asking = viewed.asking(Method::SimplifiedTransfer).cloned();
    if let Some(attempt) = asking
        && let Some(waiting) = Waiting::open(&visitor.app.keyring, &attempt)?
    {
        let trouble = waiting.prompt.problem.map(Trouble::Bank);
        return prompt_page(visitor, &viewed, &attempt, &waiting.prompt, trouble);
    }
    if !viewed.allows(Method::SimplifiedTransfer) {
        return Err(Stop::Refused(Refusal::NotOffered));
    }
    begin_page(visitor, &viewed, None)
}

/// A bank was chosen on this page.
pub(super) async fn begin(post: &Post) -> Result<Answer, Stop> {
    let visitor = &post.visitor;
    let viewed = load(visitor).await?;
    if viewed.outcome().is_some() {
        return Err(Stop::Stale);
    }
    if !viewed.allows(Method::SimplifiedTransfer) {
        return Err(Stop::Refused(Refusal::NotOffered));
    }
    let offered = viewed.banks(&visitor.app);
    let chosen = offered.into_iter().find(|bank| bank.id == post.form.text("bank"));
    let Some(bank) = chosen.filter(|bank| bank.connector.is_some()) else {
        return begin_page(visitor, &viewed, Some(Info::of(visitor.lang).choose_one));
    };
    begin::simplified(visitor, &viewed, bank).await?;
    Ok(Answer::SeeOther(visitor.to("simplified")))
}

/// The bank's question was answered.
pub(super) async fn answer(post: &Post) -> Result<Answer, Stop> {
    let visitor = &post.visitor;
    let Some(attempt) = step::own_attempt(post).await? else {
        return Err(Stop::Stale);
    };
    if !attempt.is_asking_at(visitor.app.clock.now()) {
        return Err(Stop::Stale);
    }
    let Some(waiting) = Waiting::open(&visitor.app.keyring, &attempt)? else {
        return Err(Stop::Stale);
    };
    if post.form.text("version") != attempt.version.to_string() {
        return Ok(Answer::SeeOther(visitor.to("simplified")));
    }
    let viewed = load(visitor).await?;
    if viewed.payment.state != ayni_domain::payment::state::State::Pending {
        return Err(Stop::Stale);
    }
    let trouble = step::trouble(&viewed, &waiting.prompt, &post.form);
    let must_sign = asks_to_move_money(&waiting.prompt) && !contract::is_accepted(&viewed, &post.form);
    if let Some(trouble) = trouble.or(must_sign.then_some(Trouble::ContractNotAccepted)) {
        return prompt_page(visitor, &viewed, &attempt, &waiting.prompt, Some(trouble));
    }
    let page = step::take(post, attempt, waiting).await?;
    Ok(Answer::SeeOther(visitor.to(page)))
}

/// The payer leaves the attempt.
pub(super) async fn leave(post: &Post) -> Result<Answer, Stop> {
    if let Some(attempt) = step::own_attempt(post).await? {
        step::leave(post, attempt).await?;
    }
    Ok(Answer::SeeOther(post.visitor.to("end")))
}

fn begin_page(visitor: &Visitor, viewed: &Viewed, problem: Option<&'static str>) -> Result<Answer, Stop> {
    let t = Bank::of(visitor.lang);
    let template = BeginPage {
        frame: Frame::of(visitor, viewed, "simplified-begin", t.begin).live(visitor, viewed, false),
        t,
        info: Info::of(visitor.lang),
        csrf: visitor.csrf(),
        action: format!("{}/begin", visitor.to("simplified")),
        banks: choices(visitor, viewed, true),
        problem,
        info_href: visitor.to("info"),
    };
    render(status(problem.is_some()), &template)
}

fn prompt_page(
    visitor: &Visitor,
    viewed: &Viewed,
    attempt: &Attempt,
    prompt: &Prompt,
    trouble: Option<Trouble>,
) -> Result<Answer, Stop> {
    let (lang, t) = (visitor.lang, Bank::of(visitor.lang));
    let stage = Stage::of(prompt);
    let (page, heading, hint) = stage.names(t);
    let amount = shown(attempt.amount, attempt.currency, lang);
    let fields: Vec<FieldOfPrompt> = prompt.fields.iter().map(field).collect();
    let is_unsigned = trouble == Some(Trouble::ContractNotAccepted);
    let bank = visitor.app.banks.find(&attempt.bank_id);
    let template = PromptPage {
        frame: Frame::of(visitor, viewed, page, heading),
        t,
        heading,
        hint,
        button: match stage {
            Stage::Login => t.log_in.to_owned(),
            Stage::Account => t.choose_account.to_owned(),
            Stage::Card => format!("{} {amount}", t.authorise),
        },
        steps: stage.steps(t),
        bank_name: bank.map(|bank| bank.name.clone()).unwrap_or_default(),
        problem: trouble.map(|trouble| bank::trouble(trouble, lang)),
        first_field: match is_unsigned {
            true => contract::FIELD.to_owned(),
            false => fields.first().map(first_id).unwrap_or_default(),
        },
        csrf: visitor.csrf(),
        action: visitor.to("simplified"),
        stop_action: format!("{}/leave", visitor.to("simplified")),
        attempt: attempt.id.clone(),
        version: attempt.version,
        is_card: stage == Stage::Card,
        fields,
        until: dates::shown(attempt.lapses_at, lang),
        until_machine: wire(attempt.lapses_at),
        contract: asks_to_move_money(prompt)
            .then(|| contract::asked(visitor, viewed, is_unsigned))
            .flatten(),
    };
    render(status(trouble.is_some()), &template)
}

/// Whether a question's answer may be the last one before the money moves: what is accepted by paying is accepted there.
fn asks_to_move_money(prompt: &Prompt) -> bool {
    Stage::of(prompt) == Stage::Card
}

/// Which of the three steps a question belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Login,
    Account,
    Card,
}

impl Stage {
    fn of(prompt: &Prompt) -> Stage {
        let asks = |wanted: fn(&FieldKind) -> bool| prompt.fields.iter().any(|field| wanted(&field.kind));
        if asks(|kind| matches!(kind, FieldKind::Coordinate { .. })) {
            Stage::Card
        } else if asks(|kind| matches!(kind, FieldKind::Choice(_))) {
            Stage::Account
        } else {
            Stage::Login
        }
    }

    fn names(self, t: &'static Bank) -> (&'static str, &'static str, &'static str) {
        match self {
            Stage::Login => ("login", t.login, t.login_hint),
            Stage::Account => ("account", t.account, t.account_hint),
            Stage::Card => ("coordinates", t.coordinates, t.coordinates_hint),
        }
    }

    fn steps(self, t: &'static Bank) -> Vec<StepView> {
        let now = self as usize;
        let view = |(at, name): (usize, &'static str)| StepView {
            name,
            is_past: at < now,
            is_now: at == now,
        };
        t.step_names.into_iter().enumerate().map(view).collect()
    }
}

fn field(asked: &ayni_connectors::prompt::Field) -> FieldOfPrompt {
    let kind = match &asked.kind {
        FieldKind::Rut => FieldView::Rut,
        FieldKind::Password => FieldView::Password,
        FieldKind::Coordinate { position } => FieldView::Coordinate(position.clone()),
        FieldKind::Choice(choices) => {
            let view = |(at, choice): (usize, &ayni_connectors::prompt::Choice)| ChoiceView {
                dom_id: format!("{}-{}", asked.name, at + 1),
                value: choice.value.clone(),
                label: choice.label.clone(),
            };
            FieldView::Choice(choices.iter().enumerate().map(view).collect())
        }
    };
    FieldOfPrompt {
        name: asked.name.clone(),
        kind,
    }
}

fn first_id(field: &FieldOfPrompt) -> String {
    match &field.kind {
        FieldView::Choice(_) => format!("{}-1", field.name),
        _ => field.name.clone(),
    }
}

fn status(has_problem: bool) -> StatusCode {
    if has_problem {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    }
}
